"""Questions for help that came in by the public page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import account, help_request


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Add a question."""
    session.execute(insert(help_request).values(dict(row)))


def of_municipalities(session: Session, keys: Sequence[str], limit: int) -> Sequence[Found]:
    """The questions to these municipalities: open ones first, the most urgent on top."""
    one = help_request.c
    return session.execute(
        select(help_request, account.c.name.label("handled_by_name"))
        .outerjoin(account, account.c.key == one.handled_by)
        .where(one.municipality.in_(list(keys)))
        .order_by(one.handled_at.is_not(None), one.due_at, one.key)
        .limit(limit)
    ).all()


def lock(session: Session, key: int) -> Found | None:
    """One question; a second one who handles it waits."""
    return session.execute(
        select(help_request).where(help_request.c.key == key).with_for_update()
    ).one_or_none()


def handle(session: Session, key: int, outcome: str, sealed_note: bytes, by: int, at: datetime) -> None:
    """What was done with it."""
    session.execute(
        update(help_request)
        .where(help_request.c.key == key)
        .values(outcome=outcome, sealed_note=sealed_note, handled_by=by, handled_at=at)
    )
