"""Notes of a casus. A note is added and withdrawn, never changed; its text comes here sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import casus_note


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Add a note."""
    session.execute(insert(casus_note).values(dict(row)))


def of_casus(session: Session, casus_key: int) -> Sequence[Found]:
    """The notes of a casus in the classes that the transaction opened, oldest first."""
    return session.execute(
        select(casus_note)
        .where(casus_note.c.casus_key == casus_key)
        .order_by(casus_note.c.written_at, casus_note.c.key)
    ).all()


def withdraw(session: Session, key: int, reason: bytes, at: datetime) -> bool:
    """Withdraw a note; False when that was done before."""
    made = session.execute(
        update(casus_note)
        .where(casus_note.c.key == key, casus_note.c.withdrawn_at.is_(None))
        .values(withdrawn_at=at, withdrawn_reason=reason)
        .returning(casus_note.c.key)
    )
    return made.scalar() is not None
