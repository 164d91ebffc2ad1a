"""What the database itself refuses: the app role's rights, and triggers that hold even for a superuser."""

from __future__ import annotations

import psycopg
import pytest

from tests.databases import Database
from tests.store.rows import AT


@pytest.fixture(scope="module")
def written(standing: Database) -> Database:
    """Sixty chains, so that every partition has rows, one line in the access log and one anchor."""
    with standing.as_admin() as admin:
        for instance in range(60):
            admin.execute(
                "SELECT append_fact(%s, ARRAY[%s]::timestamptz[], ARRAY['x'], ARRAY['{}'])", [instance, AT]
            )
        admin.execute(
            "INSERT INTO access_log (key, at, account_key, role, organisation_key, action, allowed, object_kind,"
            " object_key, ground) VALUES (1, now(), 1, '', '', 'R', true, 'casus', '1', '')"
        )
        admin.execute("INSERT INTO anchor VALUES ('2027-01-18', 1, 1, '', now())")
    return standing


def test_every_partition_has_rows(written: Database) -> None:
    with written.as_admin() as admin:
        counted = admin.execute("SELECT count(DISTINCT tableoid) FROM fact").fetchone()
    assert counted == (8,)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO fact VALUES (7, 9, now(), 'x', '{}', '', '')",
        "UPDATE fact SET kind = 'x'",
        "DELETE FROM fact",
        "TRUNCATE fact",
        "UPDATE fact_p0 SET kind = 'x'",
        "INSERT INTO chain_head VALUES (9, 0, '')",
        "UPDATE chain_head SET seq = 99",
        "DELETE FROM chain_head",
        "UPDATE access_log SET ground = 'x'",
        "DELETE FROM access_log",
        "TRUNCATE access_log",
        "UPDATE anchor SET root = ''",
        "DELETE FROM anchor",
        "ALTER TABLE fact DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SET ROLE sluitend_owner",
        "DROP TABLE fact",
        "CREATE TABLE mine (a int)",
    ],
)
def test_the_app_role_is_refused(written: Database, statement: str) -> None:
    with written.as_app() as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute(statement.encode())


@pytest.mark.parametrize("table", ["fact", *(f"fact_p{part}" for part in range(8)), "chain_head"])
@pytest.mark.parametrize("change", ["UPDATE {} SET seq = seq", "DELETE FROM {}", "TRUNCATE {}"])
def test_triggers_refuse_even_the_owner_on_every_partition(
    written: Database, table: str, change: str
) -> None:
    with written.as_admin() as admin, pytest.raises(psycopg.errors.InsufficientPrivilege):
        admin.execute(change.format(table).encode())


@pytest.mark.parametrize("table", ["access_log", "anchor"])
@pytest.mark.parametrize("change", ["UPDATE {} SET key = 1", "DELETE FROM {}", "TRUNCATE {}"])
def test_triggers_keep_the_access_log_and_the_anchors(written: Database, table: str, change: str) -> None:
    with written.as_admin() as admin:
        wanted = change.replace("key", "day = day, chains") if table == "anchor" else change
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            admin.execute(wanted.format(table).encode())


def test_the_auditor_reads_the_history_and_nothing_of_children(written: Database) -> None:
    with written.as_admin() as admin:
        admin.execute("SET ROLE sluitend_auditor")
        assert len(admin.execute("SELECT * FROM fact").fetchall()) == 60
        for statement in ("SELECT * FROM subject", "SELECT append_fact(7, '{}', '{}', '{}')"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                admin.execute(statement.encode())
