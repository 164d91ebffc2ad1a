"""Messages and signals on their way to other instances: sealed in the queue, sent when this step is committed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from service.engine import Thrown
from service.operations import sealing
from service.store.queue import defer
from service.store.rows import Session

TASK = "deliver"
_PLACE = "queue/deliver"


def send(session: Session, thrown: Sequence[Thrown]) -> None:
    """Queue what an instance threw on this transaction: no commit, no message. Content is sealed."""
    for one in thrown:
        told = {
            "kind": one.kind,
            "name": one.name,
            "correlation_key": one.correlation_key,
            "variables": dict(one.variables),
        }
        defer(session, TASK, sealed=sealing.seal_own(json.dumps(told).encode(), _PLACE).hex())


def unpack(sealed: str) -> dict[str, Any]:
    """What send() queued."""
    told: dict[str, Any] = json.loads(sealing.open_own(bytes.fromhex(sealed), _PLACE))
    return told
