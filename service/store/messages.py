"""Messages that were sent, for as long as somebody may begin to wait for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import message, message_receipt

_UNDER_WAY = timedelta(hours=1)


def add(session: Session, row: Mapping[str, Any]) -> bool:
    """Keep a message; False when one with this name, key and message id is kept already."""
    if row.get("message_id"):
        same = [message.c[name] == row[name] for name in ("name", "correlation_key", "message_id")]
        session.execute(delete(message).where(*same, message.c.expires_at <= row["published_at"]))
    made = session.execute(
        upsert(message).values(dict(row)).on_conflict_do_nothing().returning(message.c.key)
    )
    return made.scalar() is not None


def get(session: Session, key: int) -> Found | None:
    """A message, also one that nobody may begin to wait for any more: who waited when it came gets it."""
    return session.execute(select(message).where(message.c.key == key)).one_or_none()


def meet(session: Session, name: str, correlation_key: str) -> None:
    """Let one look for the other at a time, until the end of this transaction.

    Who begins to wait and who delivers would else both look before the other is there, and miss each other.
    """
    session.execute(
        select(
            func.pg_advisory_xact_lock(func.hashtext("message"), func.hashtext(f"{name}\n{correlation_key}"))
        )
    )


def kept(session: Session, wanted: Sequence[tuple[str, str]], process_id: str, at: datetime) -> Sequence[int]:
    """Kept messages with one of these names and keys that this process did not get yet; the oldest first."""
    got = exists().where(
        message_receipt.c.message_key == message.c.key, message_receipt.c.process_id == process_id
    )
    return (
        session.execute(
            select(message.c.key)
            .where(
                tuple_(message.c.name, message.c.correlation_key).in_(wanted), message.c.expires_at > at, ~got
            )
            .order_by(message.c.published_at, message.c.key)
        )
        .scalars()
        .all()
    )


def receive(session: Session, key: int, process_id: str, instance_key: int) -> bool:
    """Note who gets it; False when this process got it before."""
    made = session.execute(
        upsert(message_receipt)
        .values(message_key=key, process_id=process_id, instance_key=instance_key)
        .on_conflict_do_nothing()
        .returning(message_receipt.c.message_key)
    )
    return made.scalar() is not None


def sweep(session: Session, at: datetime) -> None:
    """Forget what nobody waited for in time, a while after it came: its first delivery may still be on its way."""
    session.execute(
        delete(message).where(message.c.expires_at <= at, message.c.published_at <= at - _UNDER_WAY)
    )
