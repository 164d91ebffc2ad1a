"""Messages and signals reach the instances that wait for them, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from service import engine
from service.domain import Json
from service.engine import Step
from service.operations import catalog, moves, outbox, runtime
from service.store import casus, instances, waits
from service.store import messages as kept
from service.store.rows import Found, Session
from service.store.scopes import WORKER
from service.store.session import transaction

log = logging.getLogger(__name__)


def deliver(key: int) -> int:
    """Deliver one message that is kept: to the oldest waiting instance of each process that did not get it yet.

    Gives how many got it. Without a receiver it stays for who begins to wait before it expires.
    """
    with transaction(WORKER) as session:
        row = kept.get(session, key, runtime.now())
        if row is None:
            return 0
        kept.meet(session, row.name, row.correlation_key)
        waiting = _oldest(waits.listeners(session, "message", row.name, row.correlation_key))
    told = outbox.unpack(bytes(row.sealed))
    given = sum(_give(instance_key, told, message=key) for instance_key in waiting)
    if not given:
        log.info("message_without_receiver", extra={"name_of_message": row.name})
    return given


def broadcast(sealed: bytes) -> int:
    """Deliver one signal to all who wait for it now; gives how many got it.

    The release before this one queued its messages here too: those reach who waits for them now.
    """
    told = outbox.unpack(sealed)
    with transaction(WORKER) as session:
        found = waits.listeners(session, told["kind"], told["name"], told["correlation_key"])
    waiting = _oldest(found) if told["kind"] == "message" else sorted({row.instance_key for row in found})
    return sum(_give(key, told) for key in waiting)


def _oldest(found: Sequence[Found]) -> list[int]:
    first: dict[str, int] = {}
    for row in sorted(found, key=lambda row: row.instance_key):
        first.setdefault(row.process_id, row.instance_key)
    return sorted(first.values())


def _give(key: int, told: Mapping[str, Any], *, message: int | None = None) -> bool:
    """Lock one instance and deliver; it may have moved on, or its process got the message, since it was found."""
    with transaction(WORKER) as session:
        locked = instances.lock(session, key)
        if locked is None or locked.status != "ACTIVE":
            return False
        process = catalog.running(session, locked)
        step = _step(session, locked, told)
        if not step.facts or (message is not None and not kept.receive(session, message, process.id, key)):
            return False
        place = moves.Place(
            session=session,
            process=process,
            instance_key=key,
            casus_key=locked.casus_key,
            bindings=tuple(casus.bindings(session, locked.casus_key)) if locked.casus_key is not None else (),
            at=runtime.now(),
        )
        keys = moves.save(place, step, moves.before(session, locked))
        moves.tell(place, step.facts, keys, {})
        moves.close_casus(place, step)
        return True


def _step(session: Session, locked: Found, told: Mapping[str, Any]) -> Step:
    definition = catalog.running(session, locked).definition
    variables: Mapping[str, Json] = told["variables"]
    if told["kind"] == "signal":
        return engine.broadcast(definition, bytes(locked.state), told["name"], variables, host=runtime.host())
    return engine.deliver(
        definition, bytes(locked.state), told["name"], told["correlation_key"], variables, host=runtime.host()
    )
