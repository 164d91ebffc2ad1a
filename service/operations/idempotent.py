"""The same request twice has one effect and one answer.

A page's form keeps its answer in the transaction of its operation: request(), earlier(), remember(). A request of the API
is attended as a whole: begin() and mark() stand around its effect, in the same transaction, and keep() adds what was
answered. A process that dies in between leaves a mark without an answer: the effect is there, and is not done again.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from service.domain import Actor
from service.errors import AnsweredBefore, Conflict, IdempotencyMismatch
from service.operations import runtime, sealing
from service.store import idempotency
from service.store.rows import Session
from service.store.scopes import SERVICE
from service.store.session import transaction


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request that carries an Idempotency-Key; without a key nothing is remembered."""

    key_hash: bytes  # b"" without a key
    request_sha256: bytes

    @property
    def place(self) -> str:
        """Where the answer is kept."""
        return f"idempotency/{self.key_hash.hex()}"


@dataclass(kw_only=True)
class Attended:
    """A request of the API that has one effect, under way."""

    asked: Request
    foreseen: dict[str, Any] = field(default_factory=dict)  # the answer, where success has only one
    marked: bool = False


_ATTENDED: ContextVar[Attended | None] = ContextVar("attended", default=None)
_WITHOUT_ANSWER: dict[str, Any] = {}
_ANSWER_SECONDS = 3.0  # how long an equal request that was a moment earlier may take to be answered


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


def answered(asked: Request) -> dict[str, Any] | None:
    """What an equal request was answered, or None. IdempotencyMismatch, and Conflict when its answer got lost."""
    end = time.monotonic() + _ANSWER_SECONDS
    while True:
        with transaction(SERVICE) as session:
            found = earlier(session, asked)
        if found is None or found != _WITHOUT_ANSWER:
            return found
        if time.monotonic() > end:
            raise Conflict("Expected a new request: this one was carried out, but its answer was lost")
        time.sleep(0.02)  # the answer is on its way in another process


@contextmanager
def attending(asked: Request, foreseen: dict[str, Any]) -> Iterator[Attended]:
    """Let the next effect be the effect of this request.

    foreseen  its answer where success has only one: known also when the process dies right after the effect
    """
    one = Attended(asked=asked, foreseen=foreseen)
    before = _ATTENDED.set(one)
    try:
        yield one
    finally:
        _ATTENDED.reset(before)


def begin(session: Session) -> None:
    """At the start of a transaction: an equal request that runs now is waited for. Raises AnsweredBefore."""
    one = _ATTENDED.get()
    if one is None or one.marked:
        return
    alone(session, one.asked)
    if earlier(session, one.asked) is not None:
        raise AnsweredBefore


def mark(session: Session) -> bool:
    """At the end of the transaction that has the effect: from here on it is not done again. Whether this marked it."""
    one = _ATTENDED.get()
    if one is None or one.marked:
        return False
    remember(session, one.asked, one.foreseen or _WITHOUT_ANSWER)
    one.marked = True
    return True


def undo() -> None:
    """The transaction was rolled back, and the mark with it."""
    one = _ATTENDED.get()
    if one is not None:
        one.marked = False


def keep(one: Attended, answer: Mapping[str, Any]) -> None:
    """What was answered; for who asks again within a day."""
    if one.marked:
        sealed = sealing.seal_own(json.dumps(answer).encode(), one.asked.place)
        with transaction(SERVICE) as session:
            idempotency.answer(session, one.asked.key_hash, sealed)
