"""Many people complete one task at the same moment: exactly one does, the others hear who."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from service.clock import PinnedClock
from service.domain import Actor, TaskKey
from service.errors import ServiceError, TaskNotOpen
from service.operations import audit, starts, tasks
from service.store import facts
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef

PEOPLE = 8


def at_once(attempt: Callable[[int], object]) -> list[object]:
    """Run `attempt` in PEOPLE threads that start together; results or refusals, in order of thread."""
    barrier = threading.Barrier(PEOPLE)
    found: list[object] = [None] * PEOPLE

    def run(number: int) -> None:
        barrier.wait()
        try:
            found[number] = attempt(number)
        except Exception as error:  # whatever it was belongs in the result
            found[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def offered(actor: Actor, number: str) -> TaskKey:
    return next(t.key for t in tasks.mine(actor, limit=500).tasks if t.casus_number == number)


@pytest.mark.parametrize("round_", range(5))
def test_one_wins_and_the_others_hear_who(ouder: Actor, ib: Actor, round_: int) -> None:
    casus = starts.start(ouder, "proef", proef.started(), as_html=False)
    key = offered(ib, casus.casus_number)
    answers = {"advies": "plek", "toelichting": f"Ronde {round_}"}
    found = at_once(lambda _: tasks.complete(ib, key, answers, as_html=False))
    refused = [one for one in found if isinstance(one, ServiceError)]
    assert len(refused) == PEOPLE - 1
    assert all(isinstance(one, TaskNotOpen) and one.by == ib.name for one in refused)
    assert completions(casus.instance_key) == 1


def test_the_same_request_at_once_has_one_effect_and_one_answer(ouder: Actor, ib: Actor) -> None:
    casus = starts.start(ouder, "proef", proef.started(), as_html=False)
    key = offered(ib, casus.casus_number)
    answers = {"advies": "plek", "toelichting": "Dubbelklik"}
    found = at_once(lambda _: tasks.complete(ib, key, answers, as_html=False, idempotency_key="klik"))
    assert len(set(map(repr, found))) == 1
    assert not isinstance(found[0], Exception)
    assert completions(casus.instance_key) == 1


def test_parallel_steps_at_once_both_count(ouder: Actor, ib: Actor, arts: Actor, swv: Actor) -> None:
    casus = starts.start(ouder, "proef", proef.started(), as_html=False)
    keys = (offered(ib, casus.casus_number), offered(arts, casus.casus_number))
    work = (
        lambda: tasks.complete(ib, keys[0], {"advies": "plek", "toelichting": "Ja"}, as_html=False),
        lambda: tasks.complete(arts, keys[1], {"conclusie": "nooit", "bevinding": "Nee"}, as_html=False),
    )
    at_once(lambda number: work[number]() if number < 2 else None)
    assert tasks.open(swv, offered(swv, casus.casus_number)).row.name == "Advies vaststellen"
    assert audit.verify().broken is None


def test_a_double_start_at_once_makes_one_casus(ouder: Actor, clock: PinnedClock) -> None:
    found = at_once(
        lambda _: starts.start(ouder, "proef", proef.started(), as_html=False, idempotency_key="samen")
    )
    assert len(set(map(repr, found))) == 1


def completions(instance_key: int) -> int:
    with transaction(SERVICE) as session:
        return sum(row.kind == "task:completed" for row in facts.rows(session, instance_key))
