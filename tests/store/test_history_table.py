"""The history in the database: one way in, no way back, and every change shows."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import text

from service import history
from service.store import facts
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.databases import Database

AT = datetime(2027, 1, 18, 9, 0, 0, 123456, tzinfo=UTC)


def told(number: int, kind: str = "task:created") -> tuple[datetime, str, str]:
    at = AT + timedelta(seconds=number)
    payload = {"at": at.isoformat(), "kind": kind, "element": f"taak{number}", "data": {"naam": "Zoë"}}
    return at, kind, history.canonical(payload)


def write(instance: int, count: int, first: int = 1) -> None:
    with transaction(SERVICE) as session:
        facts.append(session, instance, [told(number) for number in range(first, first + count)])


def verified() -> history.Verification:
    with transaction(SERVICE, snapshot=True) as session:
        return history.verify(facts.every(session), facts.heads(session))


def broken() -> history.Break:
    found = verified().broken
    assert found is not None
    return found


def test_facts_are_numbered_and_linked_as_the_pure_chain_says(database: Database) -> None:
    write(7, 3)
    write(7, 2, first=4)
    write(8, 1)
    with transaction(SERVICE) as session:
        rows = facts.rows(session, 7)
        assert facts.heads(session)[7] == (5, rows[-1].hash)
        assert facts.counts(session, [7, 8]) == {7: 5, 8: 1}
        assert facts.total(session) == 6
    before = history.GENESIS
    for number, row in enumerate(rows, 1):
        assert (row.seq, row.at, row.payload) == (number, told(number)[0], told(number)[2])
        assert (row.prev_hash, row.hash) == (before, history.link(before, row.payload))
        before = row.hash
    assert verified() == history.Verification(facts=6, chains=2, broken=None)


def test_a_rolled_back_transaction_leaves_no_gap(database: Database) -> None:
    write(7, 1)
    with transaction(SERVICE) as session:
        facts.append(session, 7, [told(2)])
        session.rollback()
    write(7, 1, first=2)
    with transaction(SERVICE) as session:
        assert [row.seq for row in facts.rows(session, 7)] == [1, 2]
    assert verified().broken is None


def test_many_at_once_on_one_chain_wait_for_each_other(database: Database) -> None:
    barrier = threading.Barrier(6)

    def work() -> None:
        barrier.wait()
        for _ in range(10):
            write(7, 2)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verified() == history.Verification(facts=120, chains=1, broken=None)


def test_verification_of_a_live_history_sees_one_moment(database: Database) -> None:
    write(7, 5)
    with transaction(SERVICE, snapshot=True) as session:
        heads = facts.heads(session)
        write(7, 5, first=6)
        write(8, 1)
        assert history.verify(facts.every(session), heads) == history.Verification(
            facts=5, chains=1, broken=None
        )
    with transaction(SERVICE) as session:
        own, head = facts.chain(session, 7)
        write(7, 1, first=11)
        assert history.verify(own, head).broken is None
        assert len(own) == 10


def test_an_instance_without_facts_has_an_empty_chain(database: Database) -> None:
    with transaction(SERVICE) as session:
        own, head = facts.chain(session, 404)
    assert (list(own), dict(head)) == ([], {})


def test_arrays_of_different_length_are_refused(database: Database) -> None:
    statement = b"SELECT append_fact(7, ARRAY[now()], ARRAY['a', 'b'], ARRAY['{}'])"
    with database.as_app() as app, pytest.raises(psycopg.errors.InvalidParameterValue, match="one length"):
        app.execute(statement)


def test_a_table_of_the_same_name_made_by_the_caller_is_not_written(database: Database) -> None:
    with transaction(SERVICE) as session:
        session.execute(
            text("CREATE TEMP TABLE chain_head (instance_key bigint, seq integer, hash bytea) ON COMMIT DROP")
        )
        session.execute(text("GRANT ALL ON chain_head TO sluitend_owner"))
        facts.append(session, 7, [told(1)])
        assert session.execute(text("SELECT count(*) FROM pg_temp.chain_head")).scalar_one() == 0
    assert verified() == history.Verification(facts=1, chains=1, broken=None)


Tamper = Callable[[psycopg.Connection], object]


def _sql(statement: str) -> Tamper:
    return lambda admin: admin.execute(statement.encode())


@pytest.mark.parametrize(
    ("tamper", "seq", "reason"),
    [
        (_sql("UPDATE fact SET payload = replace(payload, 'Zoë', 'Zoe') WHERE seq = 2"), 2, "changed"),
        (_sql("UPDATE fact SET kind = 'task:completed' WHERE seq = 3"), 3, "kind"),
        (_sql("UPDATE fact SET at = at - interval '1 microsecond' WHERE seq = 3"), 3, "moment"),
        (_sql("UPDATE fact SET hash = set_byte(hash, 0, 255 - get_byte(hash, 0)) WHERE seq = 2"), 2, "changed"),
        (_sql("UPDATE fact SET prev_hash = hash WHERE seq = 4"), 4, "link"),
        (_sql("DELETE FROM fact WHERE seq = 2"), 2, "missing"),
        (_sql("DELETE FROM fact WHERE seq = 5"), 5, "newest"),
        (_sql("DELETE FROM fact"), 1, "newest"),
        (_sql("DELETE FROM chain_head"), 1, "head"),
        (_sql("UPDATE chain_head SET seq = 4"), 5, "head"),
        (
            _sql("UPDATE fact SET seq = CASE seq WHEN 2 THEN 3 ELSE 2 END + 100 WHERE seq IN (2, 3);"
                 "UPDATE fact SET seq = seq - 100 WHERE seq > 100"),
            2,
            "link",
        ),
    ],
    ids=["payload", "kind", "at", "hash", "link", "missing", "newest", "all", "head", "head-back", "reordered"],
)  # fmt: skip
def test_a_superuser_who_switches_the_triggers_off_is_found(
    database: Database, tamper: Tamper, seq: int, reason: str
) -> None:
    write(6, 2)
    write(7, 5)
    with database.as_admin() as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute("CREATE TEMP TABLE kept AS SELECT * FROM chain_head WHERE instance_key = 6")
        admin.execute("CREATE TEMP TABLE told AS SELECT * FROM fact WHERE instance_key = 6")
        tamper(admin)
        for table, source in (("fact", "told"), ("chain_head", "kept")):
            admin.execute(f"DELETE FROM {table} WHERE instance_key = 6".encode())  # noqa: S608  # table names of this file
            admin.execute(f"INSERT INTO {table} SELECT * FROM {source}".encode())  # noqa: S608  # table names of this file
    found = broken()
    assert (found.instance_key, found.seq) == (7, seq)
    assert reason in found.reason


def test_payloads_keep_every_character(database: Database) -> None:
    strange = {"a": '€ \u2028 😀 \\ " \x7f', "b": [1, -0.5, 1e21, None, True]}
    with transaction(SERVICE) as session:
        facts.append(session, 7, [(AT, "task:created", history.canonical(strange))])
        (row,) = facts.rows(session, 7)
    assert json.loads(row.payload) == strange
    assert verified().broken is None
