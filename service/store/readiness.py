"""Whether the database answers, and which migration it has."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from service.store import connection, migrate


def revision() -> str | None:
    """The database's migration; None when it does not answer."""
    try:
        return migrate.current(connection.engine())
    except SQLAlchemyError:
        return None


def newest() -> str:
    """The migration of this release."""
    return migrate.newest()
