"""Messages and signals on their way to other instances: sent when this step is committed, content sealed.

A signal reaches who waits for it now. A message is kept for a while, for who begins to wait later.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from service.domain import new_key
from service.engine import Subscription, Thrown
from service.operations import sealing
from service.store import messages
from service.store.queue import defer
from service.store.rows import Session

MESSAGE = "message"
SIGNAL = "deliver"
KEPT = timedelta(days=1)  # how long a message of an instance waits for its receiver
_PLACE = "queue/deliver"


def send(session: Session, thrown: Sequence[Thrown], at: datetime) -> None:
    """Send what an instance threw on this transaction: no commit, no message."""
    for one in thrown:
        told = {
            "kind": one.kind,
            "name": one.name,
            "correlation_key": one.correlation_key,
            "variables": dict(one.variables),
        }
        sealed = sealing.seal_own(json.dumps(told).encode(), _PLACE)
        if one.kind == "signal":
            defer(session, SIGNAL, sealed=sealed.hex())
        else:
            key = new_key(at)
            messages.add(session, key, one.name, one.correlation_key, sealed, at, at + KEPT)
            defer(session, MESSAGE, key=key)


def look_for(session: Session, began: Sequence[Subscription], process_id: str, at: datetime) -> None:
    """Ask for the messages that came before an instance of this process began to wait for them."""
    wanted = sorted({(one.name, one.correlation_key) for one in began if one.kind == "message"})
    for name, correlation_key in wanted:
        messages.meet(session, name, correlation_key)
    for key in messages.kept(session, wanted, process_id, at) if wanted else ():
        defer(session, MESSAGE, key=key)


def unpack(sealed: bytes) -> dict[str, Any]:
    """What was sent."""
    told: dict[str, Any] = json.loads(sealing.open_own(sealed, _PLACE))
    return told
