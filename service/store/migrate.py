"""Brings a database to this release: roles first, then the numbered migrations, as the owner."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from service.store.connection import dialect
from service.store.script import run_script

_FOLDER = Path(__file__).resolve().parent / "migrations"
_ROLES = (Path(__file__).resolve().parent / "migrations" / "roles.sql").read_text(encoding="utf-8")
_LOCK = 7_266_210  # advisory lock: one upgrade at a time


def _configuration(url: str) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(_FOLDER))
    configuration.attributes["url"] = url
    return configuration


def newest() -> str:
    """The revision of this release."""
    return ScriptDirectory.from_config(_configuration("")).get_current_head() or ""


def current(engine: Engine) -> str:
    """The revision that a database has; "" when it has none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def of(session: Session) -> str:
    """The revision that this transaction sees; "" when it has none."""
    return MigrationContext.configure(session.connection()).get_current_revision() or ""


def known(revision: str) -> bool:
    """Whether this release, or one before it, had this revision."""
    return any(
        one.revision == revision for one in ScriptDirectory.from_config(_configuration("")).walk_revisions()
    )


def upgrade(admin_url: str, *, app_password: str = "", to: str = "head") -> str:
    """Apply what is missing up to a revision, as one who may create roles; gives the newest revision."""
    engine = create_engine(dialect(admin_url))
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            run_script(connection, _ROLES)
            if app_password:
                literal = connection.execute(
                    text("SELECT quote_literal(:word)"), {"word": app_password}
                ).scalar_one()
                run_script(connection, f"ALTER ROLE sluitend_app LOGIN PASSWORD {literal}")
        command.upgrade(_configuration(dialect(admin_url)), to)
        return newest()
    finally:
        engine.dispose()


def downgrade(admin_url: str, revision: str = "base") -> None:
    """Take migrations back; for tests."""
    command.downgrade(_configuration(dialect(admin_url)), revision)
