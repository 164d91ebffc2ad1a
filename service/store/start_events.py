"""Start events that wait for a message, a signal or a moment, of the newest version of each process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import definition, message_start, start_event


def replace(session: Session, process_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """The start events of a new version take the place of those of the versions before it."""
    versions = select(definition.c.key).where(definition.c.kind == "process", definition.c.id == process_id)
    session.execute(delete(start_event).where(start_event.c.definition_key.in_(versions)))
    if rows:
        session.execute(insert(start_event), [dict(row) for row in rows])


def waiting(session: Session, kind: str, name: str) -> Sequence[Found]:
    """The start events that wait for a message or signal, with their process."""
    return session.execute(
        select(start_event, definition.c.id.label("process_id"))
        .join(definition, definition.c.key == start_event.c.definition_key)
        .where(start_event.c.kind == kind, start_event.c.name == name)
        .order_by(definition.c.id, start_event.c.element_id)
    ).all()


def names(session: Session, process_id: str) -> Sequence[str]:
    """The messages that start the newest version of a process."""
    return (
        session.execute(
            select(start_event.c.name)
            .join(definition, definition.c.key == start_event.c.definition_key)
            .where(definition.c.id == process_id, start_event.c.kind == "message")
        )
        .scalars()
        .all()
    )


def lock_due(session: Session, at: datetime, limit: int) -> Sequence[Found]:
    """Timer starts that are due, locked; those that another worker has in hand are passed over."""
    return session.execute(
        select(start_event)
        .where(start_event.c.wakes_at <= at)
        .order_by(start_event.c.wakes_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def first_due(session: Session) -> datetime | None:
    """The moment of the first timer start."""
    return session.execute(select(func.min(start_event.c.wakes_at))).scalar()


def set_due(session: Session, row: Found, wakes_at: datetime | None, rounds: int | None) -> None:
    """Set when a timer start is due again."""
    session.execute(
        update(start_event)
        .where(start_event.c.definition_key == row.definition_key, start_event.c.element_id == row.element_id)
        .values(wakes_at=wakes_at, rounds=rounds)
    )


def begin(session: Session, process_id: str, correlation_key: str, instance_key: int) -> bool:
    """Note that messages with this key started an instance; False while an earlier one runs."""
    made = session.execute(
        upsert(message_start)
        .values(process_id=process_id, correlation_key=correlation_key, instance_key=instance_key)
        .on_conflict_do_nothing()
        .returning(message_start.c.instance_key)
    )
    return made.scalar() is not None


def running(session: Session, process_id: str, correlation_key: str) -> bool:
    """Whether an instance that messages with this key started is running."""
    return (
        session.execute(
            select(message_start.c.instance_key).where(
                message_start.c.process_id == process_id, message_start.c.correlation_key == correlation_key
            )
        ).first()
        is not None
    )


def ended(session: Session, instance_key: int) -> str | None:
    """Forget an instance that ended; gives the key of the message that started it, None when none did."""
    return session.execute(
        delete(message_start)
        .where(message_start.c.instance_key == instance_key)
        .returning(message_start.c.correlation_key)
    ).scalar()
