"""The children that casussen are about: identity, apart from what the processes know."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import subject


def add(
    session: Session,
    *,
    key: int,
    pseudonym: str,
    first_name: str,
    last_name: str,
    birth_date: date | None,
    municipality: str,
    wrapped_key: bytes,
    kind: str = "jeugdige",
) -> None:
    """Add a child, or a subject of policy with its title as first name, and the wrapped data key that seals."""
    session.execute(
        insert(subject).values(
            key=key,
            pseudonym=pseudonym,
            first_name=first_name,
            last_name=last_name,
            birth_date=birth_date,
            municipality=municipality,
            wrapped_key=wrapped_key,
            kind=kind,
        )
    )


def move(session: Session, key: int, municipality: str) -> None:
    """The child lives in another municipality."""
    session.execute(update(subject).where(subject.c.key == key).values(municipality=municipality))


def newest_key(session: Session) -> Found | None:
    """The wrapped data key of the child that was added last."""
    held = select(subject.c.key, subject.c.wrapped_key).where(subject.c.wrapped_key.is_not(None))
    return session.execute(held.order_by(subject.c.key.desc()).limit(1)).one_or_none()


def get(session: Session, key: int) -> Found | None:
    """One child."""
    return session.execute(select(subject).where(subject.c.key == key)).one_or_none()
