"""Process instances: their state is locked, moved and saved in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from service.store import mandates
from service.store import search as searching
from service.store.rows import Found
from service.store.tables import (
    account,
    casus,
    chain_head,
    definition,
    deployment,
    instance,
    task_candidate,
    user_task,
)


def lock(session: Session, key: int) -> Found | None:
    """Lock an instance until the end of the transaction and read it as it is then."""
    return session.execute(select(instance).where(instance.c.key == key).with_for_update()).one_or_none()


def lock_due(session: Session, at: datetime, limit: int) -> Sequence[Found]:
    """Lock instances whose timer is due, passing over those that another worker holds."""
    return session.execute(
        select(instance)
        .where(instance.c.wakes_at <= at)
        .order_by(instance.c.wakes_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def next_due(session: Session) -> datetime | None:
    """The moment of the first timer that runs."""
    first: datetime | None = session.execute(select(func.min(instance.c.wakes_at))).scalar()
    return first


def add(session: Session, values: Mapping[str, Any]) -> None:
    """Add an instance."""
    session.execute(insert(instance).values(dict(values)))


def save(session: Session, key: int, values: Mapping[str, Any]) -> None:
    """Save what a move changed."""
    session.execute(update(instance).where(instance.c.key == key).values(dict(values)))


def described() -> Select[Any]:
    """Instances with their definition and the kind of its deployment; without their state."""
    columns = [column for column in instance.c if column.name != "state"]
    return (
        select(
            *columns,
            definition.c.id.label("process_id"),
            definition.c.name.label("process_name"),
            definition.c.version,
            definition.c.version_tag,
            definition.c.deployment_key,
            deployment.c.kind.label("deployment_kind"),
        )
        .join(definition, definition.c.key == instance.c.definition_key)
        .join(deployment, deployment.c.key == definition.c.deployment_key)
    )


def get(session: Session, key: int) -> Found | None:
    """One instance, described, with its state and the candidates of its open tasks."""
    offered = (
        select(func.coalesce(func.array_agg(task_candidate.c.candidate.distinct()), []))
        .join(user_task, user_task.c.key == task_candidate.c.task_key)
        .where(user_task.c.instance_key == key)
        .scalar_subquery()
        .label("candidates")
    )
    return session.execute(
        described().add_columns(instance.c.state, offered).where(instance.c.key == key)
    ).one_or_none()


def of_casus(session: Session, casus_keys: Sequence[int]) -> Sequence[Found]:
    """The instances of casussen, oldest first."""
    return session.execute(
        described().where(instance.c.casus_key.in_(casus_keys)).order_by(instance.c.started_at)
    ).all()


def search(
    session: Session, wanted: searching.Search, *, account_key: int, candidates: Sequence[str], operates: bool
) -> tuple[Sequence[Found], int]:
    """Technical instances for who operates them; for others those they started or have an open task in."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": instance.c.key,
        "definition_key": instance.c.definition_key,
        "process_id": definition.c.id,
        "process_name": definition.c.name,
        "version": definition.c.version,
        "version_tag": func.nullif(definition.c.version_tag, ""),
        "state": instance.c.status,
        "has_incident": instance.c.has_incident,
        "started_at": instance.c.started_at,
        "ended_at": instance.c.ended_at,
        "tenant_id": literal("<default>"),
    }
    statement = described().where(visible(account_key, candidates, operates=operates))
    return searching.run(session, statement, columns, wanted, key=instance.c.key)


def near(session: Session, key: int, distance: int) -> Sequence[int]:
    """The keys of the instances that come at most so far before a key, or are it; nearest first."""
    return (
        session.execute(
            select(instance.c.key)
            .where(instance.c.key.between(max(key - distance, 0), key))
            .order_by(instance.c.key.desc())
            .limit(8)
        )
        .scalars()
        .all()
    )


def visible(account_key: int, candidates: Sequence[str], *, operates: bool) -> ColumnElement[bool]:
    """The instances that an account may find through /v2; needs instance and deployment in the statement."""
    offered = (
        select(task_candidate.c.task_key)
        .join(user_task, user_task.c.key == task_candidate.c.task_key)
        .where(user_task.c.instance_key == instance.c.key, task_candidate.c.candidate.in_(list(candidates)))
        .exists()
    )
    technical = deployment.c.kind == "technical"
    operated = technical if operates else and_(technical, instance.c.started_by == account_key)
    return or_(operated, offered)


def for_audit(
    session: Session,
    text: str,
    *,
    within: tuple[frozenset[str], frozenset[str]] | None = None,
    limit: int = 200,
) -> Sequence[Found]:
    """Instances for the auditor's list: newest first, or those that match a number, key or process name.

    within  organisations of the auditor's own and those that gave a mandate; None for the whole region
    """
    statement = (
        described()
        .add_columns(
            casus.c.number.label("casus_number"),
            func.coalesce(chain_head.c.seq, 0).label("facts"),
            account.c.name.label("started_by_name"),
        )
        .outerjoin(casus, casus.c.key == instance.c.casus_key)
        .outerjoin(chain_head, chain_head.c.instance_key == instance.c.key)
        .outerjoin(account, account.c.key == instance.c.started_by)
    )
    if within is not None:
        inside = mandates.within(instance.c.casus_key, *within)
        statement = statement.where(or_(instance.c.casus_key.is_(None), inside))
    if text:
        pattern = "%" + text.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
        matches: list[ColumnElement[bool]] = [
            casus.c.number.ilike(pattern, escape="!"),
            definition.c.name.ilike(pattern, escape="!"),
            definition.c.id.ilike(pattern, escape="!"),
        ]
        if text.isdigit() and len(text) < 19:
            matches.append(instance.c.key == int(text))
        statement = statement.where(or_(*matches))
    return session.execute(statement.order_by(instance.c.started_at.desc()).limit(limit)).all()


def sees_definition(
    session: Session, definition_key: int, account_key: int, candidates: Sequence[str]
) -> bool:
    """Whether an account may find an instance of this definition."""
    found = (
        described()
        .where(instance.c.definition_key == definition_key, visible(account_key, candidates, operates=False))
        .limit(1)
    )
    return session.execute(found).first() is not None


def chain_head_of(session: Session, key: int) -> Mapping[int, tuple[int, bytes]]:
    """The head of one instance's chain: last number and hash."""
    row = session.execute(select(chain_head).where(chain_head.c.instance_key == key)).one_or_none()
    return {row.instance_key: (row.seq, bytes(row.hash))} if row is not None else {}
