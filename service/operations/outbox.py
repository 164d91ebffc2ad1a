"""Messages and signals on their way to other instances: sent when this step is committed, content sealed.

A signal reaches who waits for it now. A message is kept for a while, for who begins to wait later.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from service.domain import Json, new_key
from service.engine import Subscription, Thrown
from service.operations import sealing
from service.store import messages, start_events
from service.store.queue import defer
from service.store.rows import Session

MESSAGE = "message"
SIGNAL = "deliver"
KEPT = timedelta(days=1)  # how long a message of an instance waits for its receiver
_PLACE = "queue/deliver"


def send(session: Session, thrown: Sequence[Thrown], at: datetime) -> None:
    """Send what an instance threw on this transaction: no commit, no message."""
    for one in thrown:
        if one.kind == "signal":
            signal(session, one.name, one.variables, at=at)
        else:
            message(session, one.name, one.correlation_key, one.variables, at=at)


def signal(session: Session, name: str, variables: Mapping[str, Json], *, at: datetime) -> None:
    """Send a signal when this transaction is committed."""
    defer(session, SIGNAL, sealed=_seal("signal", name, "", variables).hex(), key=new_key(at))


def note(session: Session, key: int, sealed: bytes, name: str, at: datetime) -> None:
    """Keep a signal for as long as is noted who got it; nobody who begins to wait later gets it."""
    row = {
        "key": key,
        "name": name,
        "correlation_key": "",
        "sealed": sealed,
        "published_at": at,
        "expires_at": at,
    }
    messages.add(session, row)


def message(
    session: Session,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Json],
    *,
    at: datetime,
    kept: timedelta = KEPT,
    message_id: str = "",
) -> int | None:
    """Send a message when this transaction is committed; gives its key.

    kept        how long it waits for who begins to wait later; nothing: only who waits when it comes gets it
    message_id  None comes back for a message whose id is kept already under this name and key
    """
    key = new_key(at)
    row = {
        "key": key,
        "name": name,
        "correlation_key": correlation_key,
        "message_id": message_id,
        "sealed": _seal("message", name, correlation_key, variables),
        "published_at": at,
        "expires_at": at + kept,
    }
    if not messages.add(session, row):
        return None
    defer(session, MESSAGE, key=key)
    return key


def to_casus(session: Session, name: str, number: str, at: datetime) -> None:
    """Tell the processes of a casus that wait for it now that something happened; who begins later is not told."""
    message(session, name, number, {}, at=at, kept=timedelta(0))


def _seal(kind: str, name: str, correlation_key: str, variables: Mapping[str, Json]) -> bytes:
    told = {"kind": kind, "name": name, "correlation_key": correlation_key, "variables": dict(variables)}
    return sealing.seal_own(json.dumps(told).encode(), _PLACE)


def look_for(session: Session, began: Sequence[Subscription], process_id: str, at: datetime) -> None:
    """Ask for the messages that came before an instance of this process began to wait for them."""
    wanted = sorted({(one.name, one.correlation_key) for one in began if one.kind == "message"})
    _ask(session, wanted, process_id, at)


def _ask(session: Session, wanted: Sequence[tuple[str, str]], process_id: str, at: datetime) -> None:
    for name, correlation_key in wanted:
        messages.meet(session, name, correlation_key)
    for key in messages.kept(session, wanted, process_id, at) if wanted else ():
        defer(session, MESSAGE, key=key)


def look_again(session: Session, instance_key: int, process_id: str, at: datetime) -> None:
    """An instance that a message started has ended: a message with the same key that came meanwhile may start the next."""
    correlation_key = start_events.ended(session, instance_key)
    if correlation_key:
        names = start_events.names(session, process_id)
        _ask(session, sorted({(name, correlation_key) for name in names}), process_id, at)


def unpack(sealed: bytes) -> dict[str, Any]:
    """What was sent."""
    told: dict[str, Any] = json.loads(sealing.open_own(sealed, _PLACE))
    return told
