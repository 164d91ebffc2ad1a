"""The same request twice has one effect and one answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.domain import Actor
from service.errors import IdempotencyMismatch
from service.operations import runtime, sealing
from service.store import idempotency
from service.store.rows import Session


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request that carries an Idempotency-Key; without a key nothing is remembered."""

    key_hash: bytes  # b"" without a key
    request_sha256: bytes

    @property
    def place(self) -> str:
        """Where the answer is kept."""
        return f"idempotency/{self.key_hash.hex()}"


def request(actor: Actor, key: str, what: str, raw: Mapping[str, Any]) -> Request:
    """Tell a request apart: who sends it under which key, and what it asks."""
    if not key:
        return Request(key_hash=b"", request_sha256=b"")
    asked = json.dumps([what, raw], sort_keys=True, ensure_ascii=False, default=str)
    return Request(
        key_hash=hashlib.sha256(f"{actor.account}\n{key}".encode()).digest(),
        request_sha256=bytes.fromhex(sealing.digest(asked.encode())),
    )


def alone(session: Session, wanted: Request) -> None:
    """Wait for an equal request that runs now; for operations that lock nothing else."""
    if wanted.key_hash:
        idempotency.wait_for(session, wanted.key_hash)


def earlier(session: Session, wanted: Request) -> dict[str, Any] | None:
    """The answer given before, or None; IdempotencyMismatch when the key came with another request."""
    row = idempotency.find(session, wanted.key_hash) if wanted.key_hash else None
    if row is None:
        return None
    if bytes(row.request_sha256) != wanted.request_sha256:
        raise IdempotencyMismatch
    answer: dict[str, Any] = json.loads(sealing.open_own(bytes(row.sealed_result), wanted.place))
    return answer


def remember(session: Session, wanted: Request, answer: Mapping[str, Any]) -> None:
    """Keep the answer for a day."""
    if wanted.key_hash:
        sealed = sealing.seal_own(json.dumps(answer).encode(), wanted.place)
        idempotency.keep(session, wanted.key_hash, wanted.request_sha256, sealed, runtime.now())
