"""Answers of requests that carried an Idempotency-Key, kept for a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import idempotency


def wait_for(session: Session, key_hash: bytes) -> None:
    """Let one request per key go first; the next one waits for its end."""
    number = int.from_bytes(key_hash[:8], "big", signed=True)
    session.execute(select(func.pg_advisory_xact_lock(number)))


def find(session: Session, key_hash: bytes) -> Found | None:
    """The stored answer of an earlier request."""
    return session.execute(select(idempotency).where(idempotency.c.key_hash == key_hash)).one_or_none()


def keep(
    session: Session, key_hash: bytes, request_sha256: bytes, sealed_result: bytes, at: datetime
) -> None:
    """Store the answer."""
    session.execute(
        insert(idempotency).values(
            key_hash=key_hash, request_sha256=request_sha256, sealed_result=sealed_result, created_at=at
        )
    )


def answer(session: Session, key_hash: bytes, sealed_result: bytes) -> None:
    """Add the answer to what was marked as done."""
    session.execute(
        update(idempotency).where(idempotency.c.key_hash == key_hash).values(sealed_result=sealed_result)
    )


def sweep(session: Session, before: datetime) -> int:
    """Remove what is older; gives how many."""
    gone = delete(idempotency).where(idempotency.c.created_at < before).returning(idempotency.c.created_at)
    return len(session.execute(gone).all())
