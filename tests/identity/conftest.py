"""A real database with the demo region, and real providers, for signing in."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.clock import PinnedClock, SystemClock
from service.config import Settings
from service.identity import basic
from service.operations import region, runtime
from tests.identity import elsewhere
from tests.identity.elsewhere import Browser, Provider
from tests.site import free_port, passable


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


@pytest.fixture(scope="module")
def ours() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def providers(
    service: runtime.Runtime, settings: Settings, ours: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Provider]]:
    """Two providers and our pages, all running."""
    elsewhere.need_node()
    folder = tmp_path_factory.mktemp("aanmelden")
    port = urllib.parse.urlsplit(ours).port or 0
    with (
        pytest.MonkeyPatch.context() as patch,
        elsewhere.provider("swv", "127.0.0.1", ours) as one,
        elsewhere.provider("scholen", "localhost", ours) as two,
    ):
        patch.setenv("PROEF_GEHEIM", elsewhere.SECRET)
        found = {provider.key: provider for provider in (one, two)}
        file = elsewhere.sign_in_file(folder, ours, {key: p.issuer for key, p in found.items()})
        changed = replace(settings, sign_in_file=str(file))
        runtime.use(replace(runtime.current(), settings=changed, clock=SystemClock()))
        with elsewhere.pages(changed, port):
            yield found
        runtime.use(service)


@pytest.fixture
def swv(providers: Mapping[str, Provider]) -> Provider:
    return providers["swv"]


@pytest.fixture
def browser(ours: str, providers: Mapping[str, Provider]) -> Iterator[Browser]:
    """A browser that nobody used; afterwards the clock is right and the providers are honest."""
    runtime.use_clock(SystemClock())
    yield Browser(ours)
    runtime.use_clock(SystemClock())
    for provider in providers.values():
        provider.answers()
