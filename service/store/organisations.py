"""The organisations of the region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.errors import BadRequest
from service.store.rows import Found
from service.store.tables import membership, organisation


def put(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add organisations, or change those whose key is known."""
    if not rows:
        return
    statement = insert(organisation).values(list(rows))
    changed = {name: statement.excluded[name] for name in ("name", "kind", "municipality", "data")}
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=changed))


def everything(session: Session) -> Sequence[Found]:
    """All organisations."""
    return session.execute(select(organisation).order_by(organisation.c.key)).all()


def roles_held(session: Session, keys: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The (role, organisation) pairs that at least one account holds at these organisations."""
    statement = select(membership.c.role, membership.c.organisation_key).where(
        membership.c.organisation_key.in_(set(keys))
    )
    return frozenset((row.role, row.organisation_key) for row in session.execute(statement.distinct()))


def outside(session: Session) -> frozenset[str]:
    """The organisations that do not take part: their answers are entered for them, nobody there has an account."""
    outsiders = select(organisation.c.key).where(organisation.c.data["doet_mee"].as_boolean().is_(False))
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
