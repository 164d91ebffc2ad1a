"""Letters of a casus. A letter is made once and never changed; what it says comes here sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import letter

_HEAD = [column for column in letter.c if column is not letter.c.content]


def add(session: Session, row: Mapping[str, Any]) -> bool:
    """Add a letter; False when its job made it before."""
    made = session.execute(insert(letter).values(dict(row)).on_conflict_do_nothing())
    return isinstance(made, CursorResult) and made.rowcount == 1


def of_casus(session: Session, casus_key: int) -> Sequence[Found]:
    """The letters of a casus without their content, newest first, in the classes that the transaction opened."""
    statement = select(*_HEAD).where(letter.c.casus_key == casus_key)
    return session.execute(statement.order_by(letter.c.made_at.desc(), letter.c.key.desc())).all()


def content(session: Session, casus_key: int, key: int) -> Found | None:
    """One letter whole."""
    return session.execute(
        select(letter).where(letter.c.casus_key == casus_key, letter.c.key == key)
    ).one_or_none()
