"""Casussen that may be about one child, and what the casusregisseur decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, or_, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import casus, casus_participant, likely_match, subject

MOST = 3  # casussen that one new casus is compared with, the newest first


def alike(
    session: Session, casus_key: int, first_name: str, last_name: str, birth_date: date
) -> Sequence[int]:
    """Running casussen of a child with this birth date and first name, whose last name begins alike."""
    initial = func.lower(func.left(subject.c.last_name, 1))
    return (
        session.execute(
            select(casus.c.key)
            .join(subject, subject.c.key == casus.c.subject_key)
            .where(
                casus.c.key != casus_key,
                casus.c.status == "LOPEND",
                subject.c.birth_date == birth_date,
                func.lower(subject.c.first_name) == first_name.lower(),
                initial == last_name[:1].lower(),
            )
            .order_by(casus.c.created_at.desc(), casus.c.key.desc())
            .limit(MOST)
        )
        .scalars()
        .all()
    )


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add questions."""
    if rows:
        session.execute(insert(likely_match), [dict(row) for row in rows])


def of_candidates(
    session: Session, roles: Sequence[str], candidates: Sequence[str], *, state: str = "OPEN"
) -> Sequence[Found]:
    """The questions about casussen in which somebody holds one of these roles, with both children."""
    new, its_child = casus.alias("new"), subject.alias("its_child")
    known, known_child = casus.alias("known"), subject.alias("known_child")
    part = (
        select(casus_participant.c.casus_key)
        .where(
            casus_participant.c.casus_key == likely_match.c.known_casus_key,
            casus_participant.c.role.in_(list(roles)),
            casus_participant.c.candidate.in_(list(candidates)),
        )
        .exists()
    )
    return session.execute(
        select(
            likely_match,
            new.c.created_at.label("new_since"),
            its_child.c.first_name,
            its_child.c.last_name,
            its_child.c.birth_date,
            its_child.c.municipality,
            known.c.number.label("known_number"),
            known_child.c.first_name.label("known_first_name"),
            known_child.c.last_name.label("known_last_name"),
            known_child.c.municipality.label("known_municipality"),
        )
        .join(new, new.c.key == likely_match.c.casus_key)
        .join(its_child, its_child.c.key == new.c.subject_key)
        .join(known, known.c.key == likely_match.c.known_casus_key)
        .join(known_child, known_child.c.key == known.c.subject_key)
        .where(likely_match.c.state == state, part)
        .order_by(likely_match.c.found_at, likely_match.c.key)
    ).all()


def decide(session: Session, key: int, state: str, account_key: int, reason: str, at: datetime) -> bool:
    """Decide an open question; False when somebody did before."""
    made = session.execute(
        update(likely_match)
        .where(likely_match.c.key == key, likely_match.c.state == "OPEN")
        .values(state=state, decided_by=account_key, decided_at=at, reason=reason)
        .returning(likely_match.c.key)
    )
    return made.scalar() is not None


def linked(session: Session, casus_key: int) -> Sequence[int]:
    """The casussen that are about the same child, as decided."""
    match = likely_match.c
    found = session.execute(
        select(match.casus_key, match.known_casus_key).where(
            match.state == "LINKED", or_(match.casus_key == casus_key, match.known_casus_key == casus_key)
        )
    )
    return sorted({key for row in found for key in row} - {casus_key})
