"""The people around a child in one casus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import casus_person


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add people."""
    if rows:
        session.execute(insert(casus_person), [dict(row) for row in rows])


def of_casus(session: Session, casus_key: int) -> Sequence[Found]:
    """The people of a casus, in the order in which they were told."""
    return session.execute(
        select(casus_person)
        .where(casus_person.c.casus_key == casus_key)
        .order_by(casus_person.c.form_path, casus_person.c.key)
    ).all()


def kept_in(session: Session, casus_keys: Sequence[int], besides: int) -> Sequence[Found]:
    """In these casussen the people whose whereabouts are kept, besides the one with this account."""
    people = casus_person.c
    return session.execute(
        select(people.casus_key, people.told).where(
            people.casus_key.in_(list(casus_keys)),
            people.kept,
            people.account_key.is_distinct_from(besides),
        )
    ).all()


def keep(
    session: Session, key: int, *, kept: bool, by: int, reason: str, told: Sequence[str], at: datetime
) -> None:
    """Keep somebody's whereabouts, or no longer; `told` are the organisations that other parents may know of."""
    session.execute(
        update(casus_person)
        .where(casus_person.c.key == key)
        .values(kept=kept, kept_by=by, kept_reason=reason, kept_at=at, told=list(told))
    )


def set_custody(session: Session, key: int, custody: str, *, source: str, by: int, at: datetime) -> None:
    """Who has gezag changed, or turned out to be otherwise; with who says so."""
    session.execute(
        update(casus_person)
        .where(casus_person.c.key == key)
        .values(custody=custody, source=source, told_by=by, since=at)
    )
