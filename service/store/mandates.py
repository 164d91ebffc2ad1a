"""Mandates of controllers for the auditor or FG of another organisation, and the casussen that they open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, insert, or_, select, union_all, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import (
    casus,
    casus_participant,
    former_participant,
    instance,
    mandate,
    user_task,
)


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Record one."""
    session.execute(insert(mandate).values(dict(row)))


def registered(session: Session) -> frozenset[tuple[str, str, str, str]]:
    """What registers of the region gave before, revoked since or not: a start never gives it again."""
    rows = session.execute(select(mandate).where(mandate.c.recorded_by == 0))
    return frozenset((one.controller_key, one.role, one.holder_key, one.document) for one in rows)


def of_controller(session: Session, controller: str) -> Sequence[Found]:
    """The mandates that an organisation gave and did not revoke."""
    return session.execute(
        select(mandate)
        .where(mandate.c.controller_key == controller, mandate.c.revoked_at.is_(None))
        .order_by(mandate.c.starts_on, mandate.c.key)
    ).all()


def revoke(session: Session, key: int, controller: str, account_key: int, at: datetime) -> bool:
    """End one; whether there was one of this organisation to end."""
    made = session.execute(
        update(mandate)
        .where(mandate.c.key == key, mandate.c.controller_key == controller, mandate.c.revoked_at.is_(None))
        .values(revoked_at=at, revoked_by=account_key)
        .returning(mandate.c.key)
    )
    return made.scalar() is not None


def controllers(session: Session, holders: Iterable[tuple[str, str]], on: date) -> frozenset[str]:
    """The organisations whose mandate one of these (role, organisation) pairs holds on a day."""
    held = [and_(mandate.c.role == role, mandate.c.holder_key == key) for role, key in holders]
    rows = session.execute(
        select(mandate.c.controller_key).where(
            or_(False, *held),
            mandate.c.revoked_at.is_(None),
            mandate.c.starts_on <= on,
            or_(mandate.c.ends_on.is_(None), mandate.c.ends_on >= on),
        )
    )
    return frozenset(row.controller_key for row in rows)


def within(key: ColumnElement[Any], own: Iterable[str], allowed: Iterable[str]) -> ColumnElement[bool]:
    """A casus in which an own organisation takes part, or all of whose organisations, former ones too, are allowed."""
    part, former, known = casus_participant.c, former_participant.c, list(allowed)
    place = func.split_part(former.candidate, "@", 2)
    with_any = select(part.role).where(part.casus_key == key, part.organisation_key != "")
    return or_(
        with_any.where(part.organisation_key.in_(list(own))).exists(),
        and_(
            with_any.exists(),
            ~with_any.where(part.organisation_key.not_in(known)).exists(),
            ~select(former.role).where(former.casus_key == key, place != "", place.not_in(known)).exists(),
        ),
    )


def sees(session: Session, casus_key: int, own: Iterable[str], allowed: Iterable[str]) -> bool:
    """Whether one casus is within."""
    found = select(casus.c.key).where(casus.c.key == casus_key, within(casus.c.key, own, allowed))
    return session.execute(found).first() is not None


def objects(own: Iterable[str], allowed: Iterable[str]) -> Any:
    """The names under which the access log knows casussen within, their processes and their tasks."""
    inside = select(casus.c.key).where(within(casus.c.key, own, allowed))
    return union_all(
        select(cast(casus.c.key, String)).where(casus.c.key.in_(inside)),
        select(cast(instance.c.key, String)).where(instance.c.casus_key.in_(inside)),
        select(cast(user_task.c.key, String)).where(user_task.c.casus_key.in_(inside)),
    )
