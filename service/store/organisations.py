"""The organisations of the region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.errors import BadRequest
from service.store.rows import Found
from service.store.tables import casus, casus_participant, membership, organisation, user_task


def put(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add organisations, or change those whose key is known; what a page changed stays as the page left it."""
    if not rows:
        return
    statement = insert(organisation).values(list(rows))
    changed = {name: statement.excluded[name] for name in ("name", "kind", "municipality", "data")}
    unedited = organisation.c.edited_at.is_(None)
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed, where=unedited))


def edit(session: Session, row: Mapping[str, Any], at: datetime) -> None:
    """Add an organisation, or change one, from a page."""
    values = {**row, "edited_at": at}
    changed = {name: value for name, value in values.items() if name != "key"}
    statement = insert(organisation).values(values)
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed))


def edited(session: Session) -> frozenset[str]:
    """The organisations that a page changed."""
    return frozenset(
        session.execute(select(organisation.c.key).where(organisation.c.edited_at.is_not(None))).scalars()
    )


def everything(session: Session, *, ended: bool = False) -> Sequence[Found]:
    """The organisations of the region; with `ended` also those that are no more."""
    statement = select(organisation).order_by(organisation.c.key)
    if not ended:
        statement = statement.where(organisation.c.ended_at.is_(None))
    return session.execute(statement).all()


def hanging(session: Session, key: str) -> tuple[int, int]:
    """What hangs on an organisation: its open tasks, and the running casussen in which it takes part."""
    open_tasks = select(func.count()).where(
        user_task.c.organisation_key == key, user_task.c.state == "CREATED"
    )
    part = select(func.count(casus.c.key.distinct())).where(
        casus_participant.c.casus_key == casus.c.key,
        casus_participant.c.organisation_key == key,
        casus.c.status == "LOPEND",
    )
    return session.execute(open_tasks).scalar_one(), session.execute(part).scalar_one()


def roles_held(session: Session, keys: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The (role, organisation) pairs that at least one account holds at these organisations."""
    statement = select(membership.c.role, membership.c.organisation_key).where(
        membership.c.organisation_key.in_(set(keys))
    )
    return frozenset((row.role, row.organisation_key) for row in session.execute(statement.distinct()))


def outside(session: Session) -> frozenset[str]:
    """The organisations that do not take part, or no longer: their answers are entered for them."""
    outsiders = select(organisation.c.key).where(
        or_(organisation.c.data["doet_mee"].as_boolean().is_(False), organisation.c.ended_at.is_not(None))
    )
    return frozenset(session.execute(outsiders).scalars())


def refuse_outside(session: Session, keys: Iterable[str]) -> None:
    """Raises BadRequest for an organisation that does not take part: nobody gets a role there."""
    if outside(session) & {key for key in keys if key}:
        raise BadRequest(
            "Expected an organisation that takes part, for people with an account", field="rollen"
        )


def members(session: Session, keys: Iterable[str]) -> Mapping[str, int]:
    """How many accounts hold a role at each of these organisations."""
    counted = (
        select(membership.c.organisation_key, func.count(membership.c.account_key.distinct()).label("number"))
        .where(membership.c.organisation_key.in_(list(keys)))
        .group_by(membership.c.organisation_key)
    )
    return {row.organisation_key: row.number for row in session.execute(counted)}
