"""Databases for tests: one embedded PostgreSQL for all workers, migrated once as a template, copied for each test."""

from __future__ import annotations

import contextlib
import fcntl
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from service.store import embedded, migrate
from service.store.embedded.server import ADMIN, APP

TEMPLATE = "sluitend_template"


@dataclass(frozen=True)
class Database:
    """A migrated database of its own."""

    name: str
    server: embedded.Embedded

    @property
    def url_app(self) -> str:
        return self.server.url(APP, self.name)

    @property
    def url_admin(self) -> str:
        return self.server.url(ADMIN, self.name)

    def as_admin(self) -> psycopg.Connection:
        """A superuser's connection, past every grant and policy; each statement commits."""
        return psycopg.connect(self.url_admin, autocommit=True)

    def as_app(self) -> psycopg.Connection:
        """The app role's connection, without any settings."""
        return psycopg.connect(self.url_app)


@contextlib.contextmanager
def shared(folder: Path) -> Iterator[embedded.Embedded]:
    """The server of all test workers; the last one to leave stops it."""
    folder.mkdir(exist_ok=True, mode=0o711)
    folder.chmod(0o711)
    with (folder / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        server = embedded.start(folder / "data")
        _template(server, folder)
        yield server
        fcntl.flock(users, fcntl.LOCK_UN)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            server.stop()


def _template(server: embedded.Embedded, folder: Path) -> None:
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(server, TEMPLATE):
            _create(server, "made", "template0")
            migrate.upgrade(server.url(ADMIN, "made"), app_password=server.app_password)
            _run(server, sql.SQL("ALTER DATABASE made RENAME TO {}").format(sql.Identifier(TEMPLATE)))


@contextlib.contextmanager
def copy(server: embedded.Embedded, template: str = TEMPLATE) -> Iterator[Database]:
    """A copy of the template, dropped at the end."""
    name = f"test_{secrets.token_hex(6)}"
    _create(server, name, template)
    try:
        yield Database(name, server)
    finally:
        _run(server, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(server: embedded.Embedded, name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _run(server, statement.format(sql.Identifier(name), sql.Identifier(template)))


def _exists(server: embedded.Embedded, name: str) -> bool:
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def _run(server: embedded.Embedded, statement: sql.Composed) -> None:
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as connection:
        connection.execute(statement)
