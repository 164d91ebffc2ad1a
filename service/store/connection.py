"""Binds Flask-SQLAlchemy to PostgreSQL: the app role, one pool per process."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Engine, event

from service.config import Settings
from service.errors import ConfigurationError
from service.store.db import db

APP_ROLE = "sluitend_app"
_bound: list[Engine] = []


def dialect(url: str) -> str:
    """A PostgreSQL address as SQLAlchemy wants it, on psycopg 3."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in {"postgresql", "postgres"}:
        raise ConfigurationError("Expected SLUITEND_DATABASE_URL to begin with postgresql://")
    return f"postgresql+psycopg://{rest}"


def init_app(app: Flask, url: str, settings: Settings) -> None:
    """Give the application its engine; it connects at the first statement."""
    app.config["SQLALCHEMY_DATABASE_URI"] = dialect(url)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": settings.web_threads + 2,
        "max_overflow": 4,
        "pool_timeout": 5,
        "pool_recycle": 1800,
        "isolation_level": "READ COMMITTED",
        "connect_args": {"connect_timeout": 5, "application_name": "sluitend"},
    }
    db.init_app(app)
    with app.app_context():
        bind(db.engine, become_app=urlsplit(url).username != APP_ROLE)


def open_without_web(url: str, settings: Settings) -> None:
    """The engine for worker and commands: the same Flask-SQLAlchemy on an application without routes."""
    init_app(Flask("sluitend-store"), url, settings)


def bind(engine: Engine, *, become_app: bool) -> None:
    """Use this engine for every transaction; a login that is not the app role steps down to it."""
    if become_app:
        event.listen(engine, "connect", _step_down)
    _bound[:] = [engine]


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
