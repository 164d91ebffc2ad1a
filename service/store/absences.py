"""Absences: who stands in for whom, for one role at one organisation, for a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import absence, account, membership


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Record one."""
    session.execute(insert(absence).values(dict(row)))


def get(session: Session, key: int) -> Found | None:
    """One that is not revoked."""
    return session.execute(
        select(absence).where(absence.c.key == key, absence.c.revoked_at.is_(None))
    ).one_or_none()


def revoke(session: Session, key: int, account_key: int, at: datetime) -> None:
    """End one before its time."""
    session.execute(
        update(absence)
        .where(absence.c.key == key, absence.c.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=account_key)
    )


def coming(
    session: Session, at: datetime, *, account_key: int, organisations: Sequence[str]
) -> Sequence[Found]:
    """Absences that are not over: of this account, those it stands in for, and those at these organisations."""
    away, instead = account.alias("away"), account.alias("instead")
    return session.execute(
        select(absence, away.c.name.label("name"), instead.c.name.label("replacement_name"))
        .join(away, away.c.key == absence.c.account_key)
        .join(instead, instead.c.key == absence.c.replacement_key)
        .where(
            absence.c.until > at,
            absence.c.revoked_at.is_(None),
            or_(
                absence.c.account_key == account_key,
                absence.c.replacement_key == account_key,
                absence.c.organisation_key.in_(list(organisations)),
            ),
        )
        .order_by(absence.c.starts_at, absence.c.key)
    ).all()


def overlapping(
    session: Session, account_key: int, role: str, organisation_key: str, starts_at: datetime, until: datetime
) -> bool:
    """Whether somebody is already recorded as absent in that role somewhere in that time."""
    found = select(absence.c.key).where(
        absence.c.account_key == account_key,
        absence.c.role == role,
        absence.c.organisation_key == organisation_key,
        absence.c.revoked_at.is_(None),
        absence.c.starts_at < until,
        absence.c.until > starts_at,
    )
    return session.execute(found.limit(1)).first() is not None


def standing_in(session: Session, account_key: int, at: datetime) -> Sequence[Found]:
    """For whom an account stands in now: login, role and organisation; only where it still holds that role."""
    return session.execute(
        select(account.c.key, account.c.login, absence.c.role, absence.c.organisation_key)
        .join(account, account.c.key == absence.c.account_key)
        .join(
            membership,
            (membership.c.account_key == absence.c.replacement_key)
            & (membership.c.role == absence.c.role)
            & (membership.c.organisation_key == absence.c.organisation_key),
        )
        .where(absence.c.replacement_key == account_key, *_now(at))
    ).all()


def holding(session: Session, at: datetime) -> Sequence[Found]:
    """All that hold now, as far as row-level security shows them."""
    return session.execute(select(absence).where(*_now(at))).all()


def _now(at: datetime) -> tuple[Any, ...]:
    return absence.c.revoked_at.is_(None), absence.c.starts_at <= at, absence.c.until > at
