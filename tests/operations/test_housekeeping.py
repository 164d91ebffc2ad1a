"""What is over is removed after the time that the settings say, and nothing before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.clock import PinnedClock
from service.domain import Actor
from service.operations import housekeeping, outgoing, people, runtime, starts, tasks
from service.operations.runtime import Runtime
from service.store.scopes import SERVICE, WORKER
from service.store.session import transaction
from tests.operations import carrying, proef
from tests.operations.conftest import person


def count(statement: str, **values: Any) -> int:
    with transaction(WORKER) as session:
        return int(session.execute(text(statement), values).scalar_one())


@pytest.fixture(autouse=True)
def _settings(service: Runtime) -> Any:
    before = runtime.current()
    yield
    runtime.use(before)


def test_a_draft_stays_as_long_as_the_settings_say(ouder: Actor, ib: Actor, clock: PinnedClock) -> None:
    number = starts.start(ouder, "proef", proef.started(), as_html=False).casus_number
    key = next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == number)
    tasks.save_draft(ib, key, {"toelichting": "Nog niet af"})
    drafts = "SELECT count(*) FROM task_draft WHERE task_key = :key"
    clock.move(timedelta(days=90))
    housekeeping.sweep()
    assert count(drafts, key=key) == 1
    clock.move(timedelta(seconds=1))
    housekeeping.sweep()
    assert count(drafts, key=key) == 0
    assert number in {t.casus_number for t in tasks.mine(ib, limit=500).tasks}  # the task itself is there


def test_what_arrived_is_forgotten_and_what_was_given_up_stays(service: Runtime, clock: PinnedClock) -> None:
    carrying.clear()
    carrying.use_settings(keep_sent_days=2)
    with transaction(SERVICE) as session:
        outgoing.post(
            session, "taak", ["a@demo.invalid", "b@demo.invalid", "c@demo.invalid"], "/taken", clock.now()
        )
    sent, dead, late = carrying.waiting()
    with transaction(WORKER) as session:
        for key, state in ((sent.key, "SENT"), (dead.key, "DEAD")):
            session.execute(
                text("UPDATE outgoing SET state = :state, ended_at = :at WHERE key = :key"),
                {"state": state, "at": clock.now(), "key": key},
            )
    clock.move(timedelta(days=2))
    housekeeping.sweep()
    assert count("SELECT count(*) FROM outgoing") == 3
    clock.move(timedelta(seconds=1))
    housekeeping.sweep()
    assert {row.key for state in ("WAITING", "DEAD", "SENT") for row in carrying.waiting(state)} == {
        dead.key,
        late.key,
    }
    carrying.clear()


def test_finished_jobs_of_the_queue_are_forgotten_and_failed_ones_stay(service: Runtime) -> None:
    with transaction(WORKER) as session:
        for status in ("succeeded", "failed", "todo"):
            session.execute(
                text(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, attempts, abort_requested)"
                    " VALUES ('default', :name, 0, '{}', CAST(:status AS procrastinate_job_status), 0, false)"
                ),
                {"name": f"proef-{status}", "status": status},
            )
        session.execute(
            text(
                "UPDATE procrastinate_events SET at = :long_ago WHERE job_id IN"
                " (SELECT id FROM procrastinate_jobs WHERE task_name LIKE 'proef-%')"
            ),
            {"long_ago": runtime.now() - timedelta(days=8)},
        )
    housekeeping.sweep()
    with transaction(WORKER) as session:
        left = session.execute(
            text("SELECT task_name FROM procrastinate_jobs WHERE task_name LIKE 'proef-%'")
        ).scalars()
        assert set(left) == {"proef-failed", "proef-todo"}
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'proef-%'"))


def test_answers_of_requests_stay_for_as_many_hours_as_the_settings_say(
    service: Runtime, clock: PinnedClock
) -> None:
    with transaction(WORKER) as session:
        session.execute(text("INSERT INTO idempotency VALUES ('proef', 'x', 'x', :at)"), {"at": clock.now()})
    kept = "SELECT count(*) FROM idempotency WHERE key_hash = 'proef'"
    clock.move(timedelta(hours=24))
    housekeeping.sweep()
    assert count(kept) == 1
    clock.move(timedelta(seconds=1))
    housekeeping.sweep()
    assert count(kept) == 0


def test_an_invitation_that_nobody_accepted_in_time_is_forgotten(
    service: Runtime, clock: PinnedClock
) -> None:
    people.invite(
        person("org_beheer.regenboogbrug"),
        "regenboogbrug",
        "esther.oud@school.example",
        "Esther V.",
        ["school_ib"],
    )
    kept = "SELECT count(*) FROM invitation WHERE login = 'esther.oud@school.example'"
    housekeeping.sweep()
    assert count(kept) == 1
    clock.move(timedelta(days=runtime.registered().invitation_days, seconds=1))
    housekeeping.sweep()
    assert count(kept) == 0
