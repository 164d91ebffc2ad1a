"""Due timers move their instances, once, also with several workers, and one damaged instance stops no other."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from service import worker
from service.clock import PinnedClock
from service.domain import Actor
from service.operations import audit, casussen, housekeeping, jobs, starts, tasks, timers
from service.operations.views import Started
from service.store import instances
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef


def waiting(ouder: Actor, ib: Actor, arts: Actor, swv: Actor) -> Started:
    """A case that waits three days."""
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    for actor, answers in (
        (ib, {"advies": "geen", "toelichting": "Nee"}),
        (arts, {"conclusie": "nooit", "bevinding": "Ja"}),
        (swv, {"uitkomst": "geen"}),
    ):
        key = next(
            t.key for t in tasks.mine(actor, limit=500).tasks if t.casus_number == started.casus_number
        )
        tasks.complete(actor, key, answers, as_html=False)
    return started


@pytest.fixture
def case(ouder: Actor, ib: Actor, arts: Actor, swv: Actor, clock: PinnedClock) -> Started:
    return waiting(ouder, ib, arts, swv)


def test_a_timer_fires_when_its_moment_has_come(case: Started, ouder: Actor, clock: PinnedClock) -> None:
    assert timers.run_due() == 0
    clock.move(timedelta(days=3))
    assert timers.run_due() >= 1  # cases of other tests may wait for this day too
    view = casussen.view(ouder, case.casus_number)
    assert (view.head.status, view.processes[0].outcome) == ("AFGEROND", "Geen plek")
    assert timers.run_due() == 0


def test_several_workers_fire_each_timer_once(
    ouder: Actor, ib: Actor, arts: Actor, swv: Actor, clock: PinnedClock, auditor: Actor
) -> None:
    cases = [waiting(ouder, ib, arts, swv) for _ in range(6)]
    clock.move(timedelta(days=3))
    threads = [threading.Thread(target=timers.run_due, args=(2,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while timers.run_due(2):
        pass
    for case in cases:
        story = audit.story(auditor, case.instance_key, "werkt de klok goed")
        assert [row.kind for row in story.rows].count("timer:fired") == 1
        assert story.status == "COMPLETED"


def test_a_damaged_instance_becomes_an_incident_and_stops_no_other(
    ouder: Actor, ib: Actor, arts: Actor, swv: Actor, clock: PinnedClock
) -> None:
    damaged, sound = waiting(ouder, ib, arts, swv), waiting(ouder, ib, arts, swv)
    with transaction(SERVICE) as session:
        instances.save(session, damaged.instance_key, {"state": b"\x63damaged"})
    clock.move(timedelta(days=3))
    timers.run_due()
    assert casussen.view(ouder, sound.casus_number).head.status == "AFGEROND"
    with transaction(SERVICE) as session:
        row = instances.get(session, damaged.instance_key)
        assert row is not None
        assert row.has_incident
        instances.save(session, damaged.instance_key, {"wakes_at": None})


def test_the_worker_drains_and_stops(case: Started, ouder: Actor, clock: PinnedClock) -> None:
    clock.move(timedelta(days=3))
    stop = threading.Event()
    working = threading.Thread(target=worker.run, args=(stop,))
    working.start()
    for _ in range(200):
        if casussen.view(ouder, case.casus_number).head.status == "AFGEROND":
            break
        stop.wait(0.05)
    stop.set()
    working.join(20)
    assert not working.is_alive()
    assert casussen.view(ouder, case.casus_number).head.status == "AFGEROND"


def test_the_anchor_of_a_day_is_made_once(case: Started, clock: PinnedClock) -> None:
    assert housekeeping.anchor() == housekeeping.anchor()
    jobs.keep_house(0)
