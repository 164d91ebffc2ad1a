"""Messages and signals reach the instances that wait for them, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service import engine
from service.access import Permission
from service.domain import Actor, DefinitionKey, InstanceKey, Json, element_key, new_key
from service.engine import Step
from service.errors import BadRequest, Conflict, NotFound
from service.operations import catalog, idempotent, moves, outbox, runtime, searches, triggers
from service.operations.guard import again, working
from service.operations.records import Page, Query, SubscriptionRecord
from service.store import casus, instances, waits
from service.store import messages as kept
from service.store.rows import Found, Session
from service.store.scopes import WORKER
from service.store.session import transaction

log = logging.getLogger(__name__)

LONGEST = timedelta(days=30)  # that a message may wait for its receiver


def deliver(key: int) -> int:
    """Deliver one message that is kept, to each process that did not get it yet: its oldest waiting instance, or a new one.

    Gives how many got it. Without a receiver it stays for who begins to wait before it expires.
    """
    with transaction(WORKER) as session:
        row = kept.get(session, key)
        if row is None:
            return 0
        kept.meet(session, row.name, row.correlation_key)
        waiting = _oldest(waits.listeners(session, "message", row.name, row.correlation_key))
    told = outbox.unpack(bytes(row.sealed))
    given = sum(_give(instance_key, told, message=key) for instance_key in waiting)
    given += triggers.by_message(key, told)
    if not given:
        log.info("message_without_receiver", extra={"name_of_message": row.name})
    return given


def publish(
    actor: Actor,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Json],
    *,
    kept_for: timedelta = timedelta(),
    message_id: str = "",
) -> int:
    """Send a message from outside; gives its key. Conflict for an id that is kept already under this name and key.

    kept_for  how long it waits for who begins to wait later, at most LONGEST
    """
    if not name:
        raise BadRequest("Expected the name of a message", field="name")
    if not timedelta() <= kept_for <= LONGEST:
        raise BadRequest(f"Expected a time to live from 0 to {LONGEST.days} days", field="timeToLive")
    with working(actor) as work:
        work.require(Permission.MESSAGE_PUBLISH, action="C", kind="message", key=0, hidden=False)
        key = outbox.message(
            work.session,
            name,
            correlation_key,
            variables,
            at=runtime.now(),
            kept=kept_for,
            message_id=message_id,
        )
    if key is None:
        raise Conflict("Expected a new message id, but a message with this name, key and id is kept already")
    return key


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A message and the instance that got it."""

    message_key: int
    instance_key: int


@again
def correlate(actor: Actor, name: str, correlation_key: str, variables: Mapping[str, Json]) -> Reached:
    """Hand a message to the instance that has waited longest for it, or let it start one; NotFound when nobody does.

    It is not kept: who begins to wait later does not get it.
    """
    if not name:
        raise BadRequest("Expected the name of a message", field="name")
    key = new_key(runtime.now())
    told = {
        "kind": "message",
        "name": name,
        "correlation_key": correlation_key,
        "variables": dict(variables),
    }
    with working(actor, effect=False) as work:
        work.require(Permission.MESSAGE_PUBLISH, action="C", kind="message", key=key, hidden=False)
        work.go_on()
        found = waits.listeners(work.session, "message", name, correlation_key)
    for instance_key in sorted({row.instance_key for row in found}):
        if _give(instance_key, told):
            return Reached(message_key=key, instance_key=instance_key)
    started = triggers.start_by_message(told)
    if started is None:
        raise NotFound("Expected an instance that waits for this message, but there is none")
    return Reached(message_key=key, instance_key=started)


def subscriptions(actor: Actor, query: Query) -> Page[SubscriptionRecord]:
    """The messages that instances of technical processes wait for, of those that this actor may find."""
    with working(actor) as work:
        work.go_on()
        found, total = waits.search(
            work.session,
            searches.of(query),
            account_key=actor.account,
            candidates=sorted(actor.candidates),
            operates=work.operates,
        )
        searches.note(work, "subscription-list", Permission.INSTANCE_READ)
    return Page(items=tuple(_subscription(row) for row in found), total=total)


def _subscription(row: Found) -> SubscriptionRecord:
    return SubscriptionRecord(
        key=element_key(row.instance_key, row.token),
        instance_key=InstanceKey(row.instance_key),
        definition_key=DefinitionKey(row.definition_key),
        process_id=row.process_id,
        process_name=row.process_name,
        version=row.version,
        element_id=row.element_id,
        message_name=row.name,
        correlation_key=row.correlation_key,
        updated_at=row.updated_at or row.started_at,
    )


def signal(actor: Actor, name: str, variables: Mapping[str, Json]) -> int:
    """Send a signal from outside, to all who wait for it now; gives its key."""
    if not name:
        raise BadRequest("Expected the name of a signal", field="signalName")
    with working(actor) as work:
        key = new_key(runtime.now())
        work.require(Permission.SIGNAL_BROADCAST, action="C", kind="signal", key=key, hidden=False)
        outbox.signal(work.session, name, variables, at=runtime.now())
    return key


def broadcast(sealed: bytes, key: int | None = None) -> int:
    """Deliver one signal to all who wait for it now; gives how many got it.

    key  under which is noted who got it: a worker that died in the middle is followed by another that begins anew;
         None for what the release before this one queued, messages too: those reach who waits for them now
    """
    told = outbox.unpack(sealed)
    with transaction(WORKER) as session:
        if key is not None:
            outbox.note(session, key, sealed, told["name"], runtime.now())
        found = waits.listeners(session, told["kind"], told["name"], told["correlation_key"])
    waiting = _oldest(found) if told["kind"] == "message" else sorted({row.instance_key for row in found})
    given = sum(_give(one, told, message=key, receiver=f"instance {one}") for one in waiting)
    return given + (triggers.by_signal(key, told) if told["kind"] == "signal" else 0)


def _oldest(found: Sequence[Found]) -> list[int]:
    first: dict[str, int] = {}
    for row in sorted(found, key=lambda row: row.instance_key):
        first.setdefault(row.process_id, row.instance_key)
    return sorted(first.values())


@again
def _give(key: int, told: Mapping[str, Any], *, message: int | None = None, receiver: str = "") -> bool:
    """Lock one instance and deliver; it may have moved on, or its process got the message, since it was found.

    message   key under which is noted who got it
    receiver  who is noted; its process when not given
    """
    with transaction(WORKER) as session:
        idempotent.begin(session)
        locked = instances.lock(session, key)
        if locked is None or locked.status != "ACTIVE":
            return False
        process = catalog.running(session, locked)
        step = _step(session, locked, told)
        if not step.facts:
            return False
        if message is not None and not kept.receive(session, message, receiver or process.id, key):
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
        idempotent.mark(session)
        return True


def _step(session: Session, locked: Found, told: Mapping[str, Any]) -> Step:
    definition, host = catalog.running(session, locked).definition, runtime.host(locked.key)
    variables: Mapping[str, Json] = told["variables"]
    if told["kind"] == "signal":
        return engine.broadcast(definition, bytes(locked.state), told["name"], variables, host=host)
    return engine.deliver(
        definition, bytes(locked.state), told["name"], told["correlation_key"], variables, host=host
    )
