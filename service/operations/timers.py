"""Due timers: drained in batches, each instance in a savepoint of its own."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from service import engine
from service.domain import new_key
from service.operations import catalog, moves, runtime, triggers
from service.operations.guard import again
from service.store import casus, failures, incidents, instances, start_events
from service.store.rows import Found, Session
from service.store.scopes import WORKER
from service.store.session import transaction

log = logging.getLogger(__name__)

_AGAIN = timedelta(minutes=5)  # an instance that cannot be woken is tried again this much later


@again
def run_due(limit: int = 100) -> int:
    """Fire the timers that are due now, of at most `limit` instances and `limit` start events; gives how many moved."""
    started = triggers.run_due(limit)
    with transaction(WORKER) as session:
        due = instances.lock_due(session, runtime.now(), limit)
        for row in due:
            _wake(session, row)
    return started + len(due)


def next_due() -> datetime | None:
    """The moment of the first timer that runs; None when none does."""
    with transaction(WORKER) as session:
        moments = (instances.next_due(session), start_events.first_due(session))
        return min((moment for moment in moments if moment is not None), default=None)


def _wake(session: Session, row: Found) -> None:
    try:
        with session.begin_nested():
            _move(session, row)
    except Exception as error:  # one damaged instance must not stop the clock of all others
        if failures.passing(error):
            raise  # nothing is wrong with the instance
        log.exception("timer_failed", extra={"instance": row.key})
        _stopped(session, row, error)


def _move(session: Session, row: Found) -> None:
    process = catalog.running(session, row)
    step = engine.wake(process.definition, bytes(row.state), host=runtime.host(row.key))
    place = moves.Place(
        session=session,
        process=process,
        instance_key=row.key,
        casus_key=row.casus_key,
        bindings=tuple(casus.bindings(session, row.casus_key)) if row.casus_key is not None else (),
        at=runtime.now(),
    )
    keys = moves.save(place, step, moves.before(session, row))
    moves.tell(place, step.facts, keys, {})
    moves.close_casus(place, step)


def _stopped(session: Session, row: Found, error: Exception) -> None:
    """Leave an incident instead of a timer that fires for ever."""
    now = runtime.now()
    instances.save(session, row.key, {"wakes_at": now + _AGAIN, "has_incident": True})
    if any(known.error_type == "TIMER_FAILED" for known in incidents.active(session, row.key)):
        return
    incidents.add(
        session,
        [
            {
                "key": new_key(now),
                "instance_key": row.key,
                "token": -1,
                "element_id": "",
                "error_type": "TIMER_FAILED",
                "message": type(error).__name__,
                "state": "ACTIVE",
                "created_at": now,
            }
        ],
    )
