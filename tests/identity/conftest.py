"""A real database with the demo region, for signing in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from service.clock import PinnedClock
from service.config import Settings
from service.identity import basic
from service.operations import region, runtime
from tests.site import passable


@pytest.fixture(scope="package")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=str(passable(tmp_path_factory.mktemp("data"))), demo=True)


@pytest.fixture(scope="package")
def service(settings: Settings) -> Iterator[runtime.Runtime]:
    with runtime.embedded(settings):
        runtime.upgrade(settings)
        running = runtime.start(settings)
        region.load(running.region)
        yield running
        runtime.stop()


@pytest.fixture
def clock(service: runtime.Runtime) -> PinnedClock:
    """A clock that each test moves; attempts of earlier tests are a day away."""
    basic.forget()
    global _day
    _day += 1
    pinned = PinnedClock(datetime(2027, 1, 1, 9, 0, tzinfo=UTC) + timedelta(days=_day))
    runtime.use_clock(pinned)
    return pinned


_day = 1
