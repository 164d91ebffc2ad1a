"""Reads all tables as they were at one moment, and fills empty ones again, as the owner and past row-level security."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.errors import ConfigurationError, Unavailable
from service.store.connection import dialect

_OWNER = "sluitend_owner"
# What is written must read the same on every server.
_SAME_EVERYWHERE = (
    "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL row_security = off; "
    "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0"
)
_TABLES = text(
    "SELECT n.nspname AS schema, c.relname AS name, array_agg(a.attname ORDER BY a.attnum)::text[] AS columns "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid "
    "WHERE pg_get_userbyid(c.relowner) = :owner AND c.relkind IN ('r', 'p') AND NOT c.relispartition "
    "AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND c.relname <> 'alembic_version' "
    "GROUP BY 1, 2"
)
_REFERENCES = text(
    "SELECT DISTINCT n.nspname || '.' || c.relname AS one, m.nspname || '.' || t.relname AS needs "
    "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace m ON m.oid = t.relnamespace "
    "WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND NOT c.relispartition"
)
_OTHERS = text(
    "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND pg_get_userbyid(c.relowner) <> :owner "
    "AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') LIMIT 1"
)
_SEQUENCES = text(
    "SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind = 'S' AND pg_get_userbyid(c.relowner) = :owner ORDER BY 1, 2"
)
_FORCED = text(
    "SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relforcerowsecurity AND pg_get_userbyid(c.relowner) = :owner"
)
# Only what fires on INSERT: whatever refuses a change of the history stays on.
_ON_INSERT = text(
    "SELECT n.nspname || '.' || c.relname AS name, t.tgname AS trigger FROM pg_trigger t "
    "JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE NOT t.tgisinternal AND t.tgtype & 4 = 4 AND t.tgenabled = 'O' AND NOT c.relispartition "
    "AND pg_get_userbyid(c.relowner) = :owner"
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with the columns that are written."""

    name: str  # schema.table
    columns: tuple[str, ...]


@contextmanager
def snapshot(admin_url: str) -> Iterator[Session]:
    """A read-only transaction that sees one moment. Raises ConfigurationError for a role that may not see all rows."""
    with _session(admin_url, "REPEATABLE READ") as session:
        session.execute(text("SET TRANSACTION READ ONLY"))
        yield session
        session.rollback()


@contextmanager
def filling(admin_url: str) -> Iterator[Session]:
    """A transaction of the owner with every table to itself; it commits at the end of the block, or leaves nothing."""
    with _session(admin_url, "READ COMMITTED") as session:
        session.execute(text(f"SET LOCAL ROLE {_OWNER}"))
        _lock(session, tables(session), "ACCESS EXCLUSIVE")
        forced = _all(session, _FORCED)
        quiet = [(row.name, row.trigger) for row in session.execute(_ON_INSERT, {"owner": _OWNER})]
        for name in forced:
            _alter(session, name, sql.SQL("NO FORCE ROW LEVEL SECURITY"))
        for name, trigger in quiet:
            _alter(session, name, sql.SQL("DISABLE TRIGGER {}").format(sql.Identifier(trigger)))
        yield session
        for name, trigger in quiet:
            _alter(session, name, sql.SQL("ENABLE TRIGGER {}").format(sql.Identifier(trigger)))
        for name in forced:
            _alter(session, name, sql.SQL("FORCE ROW LEVEL SECURITY"))
        session.commit()


@contextmanager
def _session(admin_url: str, isolation: str) -> Iterator[Session]:
    engine = create_engine(dialect(admin_url), isolation_level=isolation, hide_parameters=True)
    try:
        with Session(engine, expire_on_commit=False) as session:
            for statement in _SAME_EVERYWHERE.split("; "):
                session.execute(text(statement))
            yield session
    except (psycopg.Error, DBAPIError) as error:
        raise _told(error) from error
    finally:
        engine.dispose()


def _told(error: psycopg.Error | DBAPIError) -> Exception:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return ConfigurationError(
            "Expected the owner's role with BYPASSRLS at SLUITEND_DATABASE_ADMIN_URL, but it may not see or fill every table"
        )
    if isinstance(cause, psycopg.OperationalError):
        return Unavailable("Expected the database to answer, but it does not, or it broke off")
    return error


def tables(session: Session) -> tuple[Table, ...]:
    """Every table of the service, each after those it refers to."""
    found = {
        f"{row.schema}.{row.name}": tuple(row.columns) for row in session.execute(_TABLES, {"owner": _OWNER})
    }
    order: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(sorted(found), ()))
    for row in session.execute(_REFERENCES):
        if row.one in found and row.needs in found:
            order.add(row.one, row.needs)
    return tuple(Table(name=name, columns=found[name]) for name in order.static_order())


def hold(session: Session, wanted: Sequence[Table]) -> None:
    """Let nobody change the form of these tables while they are read; rows may change."""
    _lock(session, wanted, "ACCESS SHARE")


def read(session: Session, table: Table) -> Iterator[bytes]:
    """The rows of a table, as PostgreSQL writes them."""
    # A table in partitions is read by a query alone.
    statement = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(_names(table), _name(table.name))
    with _driver(session).cursor() as cursor, cursor.copy(statement) as copy:
        for piece in copy:
            yield bytes(piece)


def fill(session: Session, table: Table, pieces: Iterable[bytes]) -> int:
    """Put rows into a table; gives how many."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(_name(table.name), _names(table))
    with _driver(session).cursor() as cursor:
        with cursor.copy(statement) as copy:
            for piece in pieces:
                copy.write(piece)
        return cursor.rowcount


def moment(session: Session) -> datetime:
    """When this transaction began, by the database's clock."""
    return cast(datetime, session.execute(text("SELECT transaction_timestamp()")).scalar_one())


def in_use(admin_url: str) -> str:
    """The name of a table that has rows, of ours or of somebody else; "" for a database to begin with."""
    with _session(admin_url, "READ COMMITTED") as session:
        others = session.execute(_OTHERS, {"owner": _OWNER}).scalar()
        return str(others) if others else occupied(session, tables(session))


def occupied(session: Session, wanted: Iterable[Table]) -> str:
    """The name of a table that has rows; "" when all are empty."""
    for table in wanted:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(_name(table.name))
        if session.execute(text(query.as_string(_driver(session)))).scalar_one():
            return table.name
    return ""


def sequences(session: Session) -> Mapping[str, tuple[int, bool]]:
    """Where every sequence stands, and whether that number was given out. They run ahead of the snapshot: never behind."""
    stand: dict[str, tuple[int, bool]] = {}
    for row in session.execute(_SEQUENCES, {"owner": _OWNER}).all():
        name = f"{row.schema}.{row.name}"
        query = sql.SQL("SELECT last_value, is_called FROM {}").format(_name(name))
        value, called = session.execute(text(query.as_string(_driver(session)))).one()
        stand[name] = (int(value), bool(called))
    return stand


def put_sequences(session: Session, stand: Mapping[str, tuple[int, bool]]) -> None:
    """Let the sequences go on from there."""
    for name, (value, called) in stand.items():
        session.execute(
            text("SELECT setval(CAST(:name AS regclass), :value, :called)"),
            {"name": name, "value": value, "called": called},
        )


def _lock(session: Session, wanted: Sequence[Table], mode: str) -> None:
    names = sql.SQL(", ").join(_name(table.name) for table in wanted)
    _run(session, sql.SQL("LOCK TABLE {} IN {} MODE").format(names, sql.SQL(cast(Any, mode))))


def _alter(session: Session, name: str, change: sql.Composable) -> None:
    _run(session, sql.SQL("ALTER TABLE {} {}").format(_name(name), change))


def _run(session: Session, statement: sql.Composed) -> None:
    _driver(session).execute(statement)


def _all(session: Session, query: Any) -> list[str]:
    return [row.name for row in session.execute(query, {"owner": _OWNER})]


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split(".", 1))


def _names(table: Table) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, table.columns))


def _driver(session: Session) -> psycopg.Connection:
    """The connection under the session, in the same transaction."""
    return cast(psycopg.Connection, session.connection().connection.driver_connection)
