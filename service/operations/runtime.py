"""What every operation stands on: settings, clock, region functions and the database, set once per process."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service import periods
from service.access import deciders as deciding
from service.access.deciders import Deciders
from service.clock import Clock, SharedClock, SystemClock
from service.config import Settings, shipped
from service.engine import Host
from service.errors import ConfigurationError
from service.operations import rights
from service.operations.rights import Register
from service.store import connection, migrate
from service.store import embedded as embedded_database
from service.store.crypto import Ring

if TYPE_CHECKING:
    from flask import Flask

    from service.store.embedded import Embedded

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """One running service."""

    settings: Settings
    clock: Clock
    keys: Ring
    own: dict[str, bytes] = field(default_factory=dict, repr=False)  # the service's data keys, once opened
    functions: Functions = field(default_factory=dict)  # host functions of FEEL, from the region's registers
    register: Register = field(default_factory=Register)  # who reads what, from the region's registers

    @property
    def secrets(self) -> tuple[str, ...]:
        """For signing cookies: the current one, then those that older cookies carry."""
        return tuple(master.secret for master in self.keys.masters)

    @property
    def region(self) -> Path:
        """The folder of the region's registers."""
        return region_folder(self.settings)


_lock = threading.Lock()
_current: Runtime | None = None


def region_folder(settings: Settings) -> Path:
    """config/regio/<region>, as shipped or beside the checkout."""
    return shipped("config") / "regio" / settings.region


def start(settings: Settings, *, app: Flask | None = None, clock: Clock | None = None) -> Runtime:
    """Connect to the database and read the region's registers; a second start replaces the first.

    app  the Flask application that serves pages; without it (worker, commands) the store stands on its own
    """
    global _current
    with _lock:
        connection.open(settings, app)
        _current = Runtime(
            settings=settings,
            clock=clock or _clock(settings),
            keys=connection.keys(settings),
            functions=read_functions(region_folder(settings)),
            register=read_register(region_folder(settings)),
        )
        return _current


def _clock(settings: Settings) -> Clock:
    return SharedClock(Path(settings.data_dir) / "clock") if settings.demo else SystemClock()


def use(running: Runtime) -> None:
    """Stand on a runtime whose database is open already; for tests."""
    global _current
    _current = running


def use_clock(clock: Clock) -> None:
    """Let all operations ask another clock; for tests and for playing the demo's past."""
    use(replace(current(), clock=clock))


def stop() -> None:
    """Close the connections of this process."""
    global _current
    with _lock:
        connection.close()
        _current = None


def current() -> Runtime:
    """The running service; raises ConfigurationError before start()."""
    if _current is None:
        raise ConfigurationError("Expected a started runtime: call runtime.start(settings) first")
    return _current


def registered() -> Register:
    """Who reads what in this region; the shipped rules before start(), as for pages that are tried alone."""
    return _current.register if _current is not None else Register()


def now() -> datetime:
    """The present moment, UTC."""
    return current().clock.now()


def host(instance_key: int = 0) -> Host:
    """What the engine is given with every move; an error in the state names the instance."""
    running = current()
    name = str(instance_key) if instance_key else ""
    return Host(clock=running.clock, functions=running.functions, instance=name)


@contextmanager
def embedded(settings: Settings) -> Iterator[Embedded]:
    """The embedded database of the data folder, stopped at the end."""
    server = embedded_database.start(settings.data_dir)
    try:
        yield server
    finally:
        server.stop()


def stop_database() -> None:
    """Stop the embedded database when this process started it; a command that ends leaves nothing running."""
    embedded_database.stop_launched()


def upgrade(settings: Settings, to: str = "head") -> str:
    """Bring the database to this release, or to the revision of an earlier one; gives the newest revision."""
    if settings.database_url:
        return migrate.upgrade(
            settings.database_admin_url or settings.database_url,
            app_password=connection.app_password(settings.database_url),
            to=to,
        )
    server = embedded_database.start(settings.data_dir)
    return migrate.upgrade(server.url_admin, app_password=server.app_password, to=to)


def owner_url(settings: Settings) -> str:
    """The address that upgrades, backs up and restores; an embedded database is made when there is none."""
    if settings.database_url:
        return settings.database_admin_url or settings.database_url
    return embedded_database.start(settings.data_dir).url_admin


def database_url(settings: Settings, *, admin: bool = False) -> str:
    """The address of the database; the owner's is known for an embedded database only."""
    connection.need(settings)
    if not settings.database_url:
        server = embedded_database.start(settings.data_dir)
        embedded_database.leave_running(server)  # whoever asks for the address wants to connect to it
        return server.url_admin if admin else server.url_app
    if admin:
        raise ConfigurationError("Expected an embedded database: the owner's address of another is not ours")
    connection.dialect(settings.database_url)
    return settings.database_url


def read_functions(folder: Path) -> Functions:
    """The FEEL functions of a region: working days, school weeks, periods, who decides; none where it has no registers."""
    calendar, terms = read_toml(folder / "kalender.toml"), read_toml(folder / "termijnen.toml")
    if not calendar and not terms:
        return {}
    deciders = Deciders.read(read_toml(folder / "doorzettingsmacht.toml"))
    return {
        **periods.functions(periods.Calendar.read(calendar), periods.Terms.read(terms)),
        **deciding.functions(deciders),
    }


def read_register(folder: Path) -> Register:
    """Who reads what in this region."""
    return rights.read(read_toml(folder / "inzage.toml"), read_toml(folder / "toestemming.toml"))


def read_toml(file: Path) -> Mapping[str, Any]:
    """A register of the region; empty when the region has none."""
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
