"""Master keys: whether they open what is stored, what each closed, and closing everything under the current one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from service.errors import KeyMissing
from service.operations import runtime, sealing
from service.store import crypto, keys, readiness, subjects
from service.store.crypto import Ring
from service.store.keys import Column
from service.store.rows import Found, Session
from service.store.scopes import SERVICE
from service.store.session import transaction

log = logging.getLogger(__name__)

BATCH = 200  # rows that one transaction closes anew, and locks meanwhile
_PLACES: Mapping[str, Callable[[Found], str]] = {
    "service_key": lambda row: f"service_key/{row.name}",
    "subject": lambda row: f"subject/{row.key}",
    "task_draft": lambda row: f"draft/{row.task_key}/{row.account_key}",
    "idempotency": lambda row: f"idempotency/{bytes(row.key_hash).hex()}",
    "message": lambda row: "queue/deliver",
    "sign_in_request": lambda row: f"sign_in_request/{bytes(row.state_hash).hex()}",
    "second_factor": lambda row: f"second_factor/{row.account_key}",
    "external_session": lambda row: f"external_session/{bytes(row.token_hash).hex()}",
    "queue": lambda row: "queue/deliver",
}


@dataclass(frozen=True, kw_only=True)
class Holding:
    """What one master key closed in one place."""

    place: str
    key_id: str  # "" for values of before keys had names
    count: int


@dataclass(frozen=True, kw_only=True)
class Status:
    """What every master key closed."""

    current: str
    held: tuple[str, ...]  # ids in SLUITEND_KEYS, the current one first
    holdings: tuple[Holding, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids that closed something and that this process does not hold."""
        return tuple(sorted({one.key_id for one in self.holdings if one.key_id} - set(self.held)))

    @property
    def to_do(self) -> int:
        """Values that another key than the current one closed."""
        return sum(one.count for one in self.holdings if one.key_id != self.current)


def check() -> None:
    """Raise KeyMissing when the master keys do not open this database; before the first request and the first job.

    A database that does not answer yet, or waits for its upgrade, is told by the health check instead.
    """
    if readiness.revision() != readiness.newest():
        return
    with transaction(SERVICE) as session:
        wrapped = keys.everyone_of_service(session)
        child = None if wrapped else subjects.newest_key(session)
    if child is not None:
        sealing.try_child(child.key, bytes(child.wrapped_key))
    for row in wrapped:
        sealing.service_key(row.name)
    for name in (sealing.DIGEST, sealing.STATE):
        sealing.service_key(name)
    for name in status().missing:
        log.warning("key_missing id=%s: what it closed stays closed, see docs/draaiboek.md", name)


def prove(session: Session, ring: Ring) -> int:
    """Open the service's keys and the newest child's as they stand in this transaction; gives how many opened.

    Raises KeyMissing at the first that stays closed. For a database that no runtime stands on yet.
    """
    places = [(f"service_key/{row.name}", row.wrapped) for row in keys.everyone_of_service(session)]
    child = subjects.newest_key(session)
    if child is not None:
        places.append((f"subject/{child.key}", child.wrapped_key))
    for place, wrapped in places:
        crypto.open(ring, sealing.WRAP, bytes(wrapped), place)
    return len(places)


def status() -> Status:
    """Count per place and key."""
    ring = runtime.current().keys
    with transaction(SERVICE) as session:
        counted = [(column.name, keys.count(session, column)) for column in keys.COLUMNS]
        in_clear = keys.states_in_clear(session)
    counted += [("instance", {"": in_clear})] if in_clear else []
    return Status(
        current=ring.current.id,
        held=tuple(master.id for master in ring.masters),
        holdings=tuple(
            Holding(place=place, key_id=key_id, count=count)
            for place, found in counted
            for key_id, count in sorted(found.items())
        ),
    )


def rotate(batch: int = BATCH) -> int:
    """Close everything under the current master key; gives how many values. The service works on meanwhile.

    Each batch is a transaction of its own: who stops halfway begins again where it stopped.
    Raises KeyMissing before anything changes when a key is needed that is not there.
    """
    for name in status().missing:
        raise KeyMissing(name)
    return sum(_all(partial(_some, column, batch)) for column in keys.COLUMNS) + _all(partial(_states, batch))


def _all(some: Callable[[], int]) -> int:
    done = 0
    while moved := some():
        done += moved
    return done


def _states(batch: int) -> int:
    """States of before they were sealed."""
    with transaction(SERVICE) as session:
        return keys.seal_states(session, batch)


def _some(column: Column, batch: int) -> int:
    place = _PLACES[column.name]
    with transaction(SERVICE) as session:
        rows = keys.others(session, column, runtime.current().keys.current.id, batch)
        for row in rows:
            keys.put(session, column, row, sealing.resealed(column.purpose, bytes(row.sealed), place(row)))
    return len(rows)
