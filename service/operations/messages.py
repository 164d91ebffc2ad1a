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
from service.store.rows import Found, Session
from service.store.scopes import WORKER
from service.store.session import transaction

log = logging.getLogger(__name__)


def deliver(sealed: str) -> int:
    """Deliver one queued message or signal; gives how many instances got it."""
    told = outbox.unpack(sealed)
    with transaction(WORKER) as session:
        waiting = _receivers(
            waits.listeners(session, told["kind"], told["name"], told["correlation_key"]), told
        )
    given = sum(_give(key, told) for key in waiting)
    if not given:
        log.info("message_without_receiver", extra={"name_of_message": told["name"]})
    return given


def _receivers(found: Sequence[Found], told: Mapping[str, Any]) -> list[int]:
    """A signal reaches all; a message one instance of each process, the oldest."""
    if told["kind"] == "signal":
        return sorted({row.instance_key for row in found})
    first: dict[str, int] = {}
    for row in sorted(found, key=lambda row: row.instance_key):
        first.setdefault(row.process_id, row.instance_key)
    return sorted(first.values())


def _give(key: int, told: Mapping[str, Any]) -> bool:
    """Lock one instance and deliver; it may have moved on since it was found."""
    with transaction(WORKER) as session:
        locked = instances.lock(session, key)
        if locked is None or locked.status != "ACTIVE":
            return False
        step = _step(session, locked, told)
        place = moves.Place(
            session=session,
            process=catalog.process(session, locked.definition_key),
            instance_key=key,
            casus_key=locked.casus_key,
            bindings=tuple(casus.bindings(session, locked.casus_key)) if locked.casus_key is not None else (),
            at=runtime.now(),
        )
        keys = moves.save(place, step, moves.before(session, locked))
        moves.tell(place, step.facts, keys, {})
        moves.close_casus(place, step)
        return bool(step.facts)


def _step(session: Session, locked: Found, told: Mapping[str, Any]) -> Step:
    definition = catalog.process(session, locked.definition_key).definition
    variables: Mapping[str, Json] = told["variables"]
    if told["kind"] == "signal":
        return engine.broadcast(definition, bytes(locked.state), told["name"], variables, host=runtime.host())
    return engine.deliver(
        definition, bytes(locked.state), told["name"], told["correlation_key"], variables, host=runtime.host()
    )
