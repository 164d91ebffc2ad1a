"""Casussen of brothers and sisters: asked, linked, refused and separated by who directs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import casus, casus_participant, sibling


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Add a question, or a link that needs none."""
    session.execute(insert(sibling).values(dict(row)))


def asked(session: Session, casus_key: int, states: Sequence[str]) -> Sequence[Found]:
    """What was asked from a casus, oldest first."""
    return session.execute(
        select(sibling)
        .where(sibling.c.casus_key == casus_key, sibling.c.state.in_(list(states)))
        .order_by(sibling.c.asked_at, sibling.c.key)
    ).all()


def of_casus(session: Session, casus_key: int, state: str) -> Sequence[Found]:
    """The rows about a casus from either side, oldest first."""
    one = sibling.c
    return session.execute(
        select(sibling)
        .where(one.state == state, or_(one.casus_key == casus_key, one.other_key == casus_key))
        .order_by(one.asked_at, one.key)
    ).all()


def numbers_asked(session: Session, roles: Sequence[str], candidates: Sequence[str]) -> Sequence[str]:
    """The numbers of casussen about which somebody who directs them is asked something."""
    part = casus_participant.c
    directs = (
        select(part.casus_key)
        .where(
            part.casus_key == sibling.c.other_key,
            part.role.in_(list(roles)),
            part.candidate.in_(list(candidates)),
        )
        .exists()
    )
    found = session.execute(
        select(casus.c.number)
        .join(sibling, sibling.c.other_key == casus.c.key)
        .where(sibling.c.state == "ASKED", directs)
        .distinct()
        .order_by(casus.c.number)
    )
    return found.scalars().all()


def decide(session: Session, key: int, *, was: str, state: str, by: int, at: datetime, answer: str) -> bool:
    """Bring a row from one state into the next; False when somebody did before."""
    made = session.execute(
        update(sibling)
        .where(sibling.c.key == key, sibling.c.state == was)
        .values(state=state, decided_by=by, decided_at=at, answer=answer)
        .returning(sibling.c.key)
    )
    return made.scalar() is not None
