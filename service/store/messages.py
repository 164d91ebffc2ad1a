"""Messages that were sent, for as long as somebody may begin to wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import message, message_receipt


def add(
    session: Session, key: int, name: str, correlation_key: str, sealed: bytes, at: datetime, until: datetime
) -> None:
    """Keep a message."""
    row = {"key": key, "name": name, "correlation_key": correlation_key, "sealed": sealed}
    session.execute(insert(message).values(**row, published_at=at, expires_at=until))


def get(session: Session, key: int, at: datetime) -> Found | None:
    """A message that is still kept."""
    return session.execute(
        select(message).where(message.c.key == key, message.c.expires_at > at)
    ).one_or_none()


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
    """Forget what nobody waited for in time."""
    session.execute(delete(message).where(message.c.expires_at <= at))
