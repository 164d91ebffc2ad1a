"""What the form tests share: a way to write a form in a few lines, and a clock that stands still."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from service import forms
from service.clock import PinnedClock

MakeForm = Callable[..., forms.Form]


@pytest.fixture
def clock() -> PinnedClock:
    """Thursday 14 January 2027, noon in Amsterdam."""
    return PinnedClock(datetime(2027, 1, 14, 11, tzinfo=UTC))


@pytest.fixture
def make() -> MakeForm:
    """Makes a form of these components."""

    def make_form(*components: dict[str, object], **top: object) -> forms.Form:
        whole = {"id": "proef", "type": "default", "schemaVersion": 19, "components": list(components), **top}
        return forms.read(json.dumps(whole).encode())

    return make_form
