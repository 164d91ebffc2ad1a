"""Binds Flask-SQLAlchemy to PostgreSQL: the app role, one pool per process."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask
from sqlalchemy import Engine, event

from service.config import Settings
from service.errors import ConfigurationError
from service.store import crypto, embedded
from service.store.crypto import Ring
from service.store.db import db

APP_ROLE = "sluitend_app"
_LOCK_SECONDS = 4
_bound: list[Engine] = []


def dialect(url: str) -> str:
    """A PostgreSQL address as SQLAlchemy wants it, on psycopg 3."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ConfigurationError("Expected SLUITEND_DATABASE_URL to begin with postgresql://")
    return f"postgresql+psycopg://{rest}"


def open(settings: Settings, app: Flask | None = None) -> None:
    """Bind this process to its database: the one of the settings, or the embedded one of the data folder.

    Without `app` (worker, commands) the same Flask-SQLAlchemy stands on an application without routes.
    """
    close()
    need(settings)
    url = settings.database_url or embedded.start(settings.data_dir).url_app
    host = app or Flask("sluitend-store")
    host.config["SQLALCHEMY_DATABASE_URI"] = dialect(url)
    host.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": settings.web_threads + 2,
        "max_overflow": 4,
        "pool_timeout": 3,
        "pool_recycle": 1800,
        "hide_parameters": True,  # an error names the statement, never what somebody answered
        "isolation_level": "READ COMMITTED",
        "connect_args": {"connect_timeout": 3, "application_name": "sluitend"},
    }
    db.init_app(host)
    with host.app_context():
        bind(db.engine, become_app=urlsplit(url).username != APP_ROLE)


def need(settings: Settings) -> None:
    """Raise ConfigurationError when no address is set and the data folder has no database."""
    if not settings.database_url and not embedded.present(settings.data_dir):
        raise ConfigurationError(
            f"Expected a database in {settings.data_dir}, but there is none: run 'sluitend demo' or 'sluitend db upgrade' first"
        )


def app_password(url: str) -> str:
    """The password that an address gives the app role, for the upgrade to set; "" when another role signs in."""
    parts = urlsplit(url)
    return unquote(parts.password or "") if parts.username == APP_ROLE else ""


def keys(settings: Settings) -> Ring:
    """The master keys: from the settings, or with an embedded database one made once in the data folder."""
    if settings.keys or settings.secret_key:
        return crypto.ring(settings.keys, settings.secret_key)
    if settings.database_url:
        raise ConfigurationError("Expected SLUITEND_SECRET_KEY or SLUITEND_KEYS beside SLUITEND_DATABASE_URL")
    return crypto.ring("", embedded.secret_key(settings.data_dir))


def bind(engine: Engine, *, become_app: bool) -> None:
    """Use this engine for every transaction; a login that is not the app role steps down to it."""
    event.listen(engine, "connect", _wait_no_longer)
    if become_app:
        event.listen(engine, "connect", _step_down)
    _bound[:] = [engine]


def _wait_no_longer(connection: Any, _record: object) -> None:
    """Who waits for a lock gives up before the person gives up: 503 and a moment to try again in."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
    connection.commit()


def _step_down(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {APP_ROLE}")
    connection.commit()


def engine() -> Engine:
    """The engine of this process."""
    if not _bound:
        raise ConfigurationError("Expected an open database, but none was opened in this process")
    return _bound[0]


def close() -> None:
    """Close all connections."""
    while _bound:
        _bound.pop().dispose()
