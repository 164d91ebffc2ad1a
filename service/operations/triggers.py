"""Instances that nobody starts by hand: a message, a signal or the clock reaches a start event."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from service import engine
from service.domain import SYSTEM, Json, new_key
from service.engine import StartEvent
from service.operations import catalog, idempotent, moves, participants, runtime, shown
from service.operations.catalog import Process
from service.operations.guard import Work
from service.operations.offers import Participant
from service.store import casus, failures, start_events
from service.store import messages as kept
from service.store.rows import Found, Session
from service.store.scopes import WORKER
from service.store.session import transaction

log = logging.getLogger(__name__)


def register(session: Session, definition_key: int) -> None:
    """Let the start events of a version that is published now wait, and those of older versions no longer."""
    process = catalog.process(session, definition_key)
    waiting = [event for event in process.definition.start_events if event.kind != "none"]
    start_events.replace(session, process.id, [_row(process, event) for event in waiting])


def _row(process: Process, event: StartEvent) -> dict[str, Any]:
    due = engine.first_due(event, runtime.host()) if event.kind == "timer" else None
    return {
        "definition_key": process.key,
        "element_id": event.element,
        "kind": event.kind,
        "name": event.message,
        "wakes_at": due.at if due else None,
        "rounds": due.rounds if due else 0,
    }


def by_message(key: int, told: Mapping[str, Any]) -> int:
    """Start every process that begins with this message and did not get it yet; gives how many."""
    with transaction(WORKER) as session:
        found = start_events.waiting(session, "message", told["name"])
    return sum(_message(row, key, told) is not None for row in found)


def _message(row: Found, key: int | None, told: Mapping[str, Any]) -> int | None:
    """The instance that one start event made of a message; `key` of one that is kept."""
    correlation_key: str = told["correlation_key"]
    with transaction(WORKER) as session:
        idempotent.begin(session)
        process = catalog.process(session, row.definition_key)
        if correlation_key and start_events.running(session, process.id, correlation_key):
            return None  # it waits until that one has ended
        place = _place(session, process, correlation_key)
        if place is None:
            return None
        if key is not None and not kept.receive(session, key, process.id, place.instance_key):
            return None
        _begin(place, row.element_id, told["variables"])
        if correlation_key and not start_events.begin(
            session, process.id, correlation_key, place.instance_key
        ):
            session.rollback()  # another worker was first with this key
            return None
        idempotent.mark(session)
        return place.instance_key


def start_by_message(told: Mapping[str, Any]) -> int | None:
    """Start the first process that begins with this message, which nobody keeps; gives its instance."""
    with transaction(WORKER) as session:
        found = start_events.waiting(session, "message", told["name"])
    for row in found:
        started = _message(row, None, told)
        if started is not None:
            return started
    return None


def by_signal(key: int | None, told: Mapping[str, Any]) -> int:
    """Start every process that begins with this signal and did not yet, as far as a key notes it; gives how many."""
    with transaction(WORKER) as session:
        found = start_events.waiting(session, "signal", told["name"])
    started = 0
    for row in found:
        with transaction(WORKER) as session:
            place = _place(session, catalog.process(session, row.definition_key), "")
            if place is None or not _first(session, key, row, place.instance_key):
                continue
            _begin(place, row.element_id, told["variables"])
            started += 1
    return started


def _first(session: Session, key: int | None, row: Found, instance_key: int) -> bool:
    receiver = f"start {row.definition_key} {row.element_id}"
    return key is None or kept.receive(session, key, receiver, instance_key)


def run_due(limit: int = 100) -> int:
    """Start what the clock begins; gives how many start events were due."""
    with transaction(WORKER) as session:
        due = start_events.lock_due(session, runtime.now(), limit)
        for row in due:
            try:
                with session.begin_nested():
                    _clock(session, row)
            except Exception as error:  # one process that cannot start must not stop the clock of all others
                if failures.passing(error):
                    raise  # nothing is wrong with the process, and its clock must not be lost
                log.exception("timer_start_failed", extra={"definition": row.definition_key})
                start_events.set_due(session, row, None, 0)
    return len(due)


def _clock(session: Session, row: Found) -> None:
    process = catalog.process(session, row.definition_key)
    event = next(one for one in process.definition.start_events if one.element == row.element_id)
    place = _place(session, process, "")
    if place is not None:
        _begin(place, row.element_id, {})
    following = engine.next_due(event, engine.Due(at=row.wakes_at, rounds=row.rounds), runtime.host())
    start_events.set_due(
        session, row, following.at if following else None, following.rounds if following else 0
    )


def _place(session: Session, process: Process, correlation_key: str) -> moves.Place | None:
    """Where the new instance belongs: a technical process nowhere, a regional one in the casus that the key names."""
    now = runtime.now()
    bindings: tuple[Participant, ...] = ()
    casus_key = None
    if not process.technical:
        found = casus.by_number(session, correlation_key)
        if found is None or found.status != "LOPEND":
            log.info("start_without_casus", extra={"process_id": process.id})
            return None
        casus_key = found.key
        bindings = _bound(session, process, found)
    return moves.Place(
        session=session,
        process=process,
        instance_key=new_key(now),
        casus_key=casus_key,
        bindings=bindings,
        at=now,
    )


def _bound(session: Session, process: Process, found: Found) -> tuple[Participant, ...]:
    """Who takes part, with who holds the roles that nobody held in this casus before."""
    now = runtime.now()
    before = [Participant(*one) for one in casus.bindings(session, found.key)]
    school = (one.organisation_key for one in before if one.role in {"school_ib", "school_dir"})
    child = participants.Child(
        municipality=found.municipality,
        school=next(school, ""),
        age=shown.age(found.birth_date, now),
        parent_login="",
    )
    held = {one.role for one in before}
    work = Work(session=session, actor=SYSTEM, kind="worker")
    more = [one for one in participants.bind(work, process, child, SYSTEM, now) if one["role"] not in held]
    casus.bind(session, found.key, more)
    return (
        *before,
        *(Participant(one["role"], one["candidate"], one["organisation_key"]) for one in more),
    )


def _begin(place: moves.Place, element: str, variables: Mapping[str, Json]) -> None:
    given = dict(variables)
    if place.casus_key is not None and (found := casus.get(place.session, place.casus_key)) is not None:
        given["casus_id"] = found.number
    step = engine.start(place.process.definition, variables=given, host=runtime.host(), start_element=element)
    keys = moves.begin(place, step, SYSTEM.account)
    moves.tell(place, step.facts, keys, {})
    moves.close_casus(place, step)
