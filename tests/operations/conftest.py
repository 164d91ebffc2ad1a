"""A real database with the demo region and the small regional process, one for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from service.clock import PinnedClock
from service.config import Settings
from service.domain import SYSTEM, Actor
from service.operations import accounts, catalog, deployments, guard, region, runtime
from tests.operations import proef
from tests.site import passable

NOW = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="package")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=str(passable(tmp_path_factory.mktemp("data"))), demo=True)


@pytest.fixture(scope="package")
def service(settings: Settings) -> Iterator[runtime.Runtime]:
    """A started service with the region loaded and the process published."""
    with runtime.embedded(settings):
        runtime.upgrade(settings)
        running = runtime.start(settings, clock=PinnedClock(NOW))
        catalog.forget()
        region.load(running.region)
        with guard.working(SYSTEM) as work:
            deployments.publish(work, "proef", proef.files(), reason="proef")
        yield running
        runtime.stop()


@pytest.fixture
def clock(service: runtime.Runtime) -> Iterator[PinnedClock]:
    """The clock of the service, back where it stood afterwards."""
    pinned = PinnedClock(NOW)
    runtime.use_clock(pinned)
    yield pinned
    runtime.use_clock(PinnedClock(NOW))


def person(login: str) -> Actor:
    """A demo account by the part before the @."""
    found = accounts.by_login(f"{login}@demo.invalid")
    assert found is not None, login
    return found


@pytest.fixture
def ouder(service: runtime.Runtime) -> Actor:
    return person("ouder.wilgenveen")


@pytest.fixture
def ib(service: runtime.Runtime) -> Actor:
    return person("school_ib.regenboogbrug")


@pytest.fixture
def other_ib(service: runtime.Runtime) -> Actor:
    return person("school_ib.klaverveld")


@pytest.fixture
def arts(service: runtime.Runtime) -> Actor:
    return person("jeugdarts.ggd")


@pytest.fixture
def swv(service: runtime.Runtime) -> Actor:
    return person("swv_po.samenwijs")


@pytest.fixture
def api(service: runtime.Runtime) -> Actor:
    return person("api.zilverbeek")


@pytest.fixture
def auditor(service: runtime.Runtime) -> Actor:
    return person("auditor.zilverbeek")


@pytest.fixture
def owner(service: runtime.Runtime) -> Actor:
    return person("procesregisseur.zilverbeek")
