"""An application with only the pages, and its clock standing still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, g

from service import web
from service.clock import PinnedClock
from service.domain import Actor
from tests.web import samples


@pytest.fixture
def app() -> Flask:
    made = Flask("pages", static_folder=None)
    made.secret_key = "a secret that only this test knows, long enough"
    made.config.update(SLUITEND_CLOCK=PinnedClock(samples.NOW), TESTING=False)
    web.register(made)
    return made


@pytest.fixture
def school(app: Flask) -> Iterator[Actor]:
    """A request by the intern begeleider of a school."""
    with app.test_request_context("/taken"):
        g.actor, g.session_token = samples.SCHOOL, "token"
        yield samples.SCHOOL
