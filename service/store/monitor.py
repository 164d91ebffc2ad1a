"""What ended processes tell the region, and what their tasks and history say of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, text
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import instance, monitor_fact, user_task

_ACTIVATED = text(
    "SELECT count(*) FROM fact WHERE instance_key = :instance AND kind = 'element:activated'"
    " AND payload::jsonb ->> 'element' = ANY(:elements)"
)


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Add the figures of one ended process."""
    session.execute(insert(monitor_fact).values(dict(row)))


def started_at(session: Session, instance_key: int) -> datetime | None:
    """When an instance began."""
    return session.execute(select(instance.c.started_at).where(instance.c.key == instance_key)).scalar()


def terms(session: Session, instance_key: int) -> tuple[int, int]:
    """How many tasks with a due date were done in time, and how many were not."""
    task = user_task.c
    met = and_(task.state == "COMPLETED", task.ended_at <= task.due_at)
    missed = or_(
        and_(task.state == "COMPLETED", task.ended_at > task.due_at),
        and_(task.state == "CANCELED", task.ended_at > task.due_at),
    )
    row = session.execute(
        select(func.count().filter(met), func.count().filter(missed)).where(
            task.instance_key == instance_key, task.due_at.is_not(None)
        )
    ).one()
    return int(row[0]), int(row[1])


def activated(session: Session, instance_key: int, elements: Sequence[str]) -> int:
    """How often one of these elements began, as the history tells."""
    if not elements:
        return 0
    found = session.execute(_ACTIVATED, {"instance": instance_key, "elements": list(elements)})
    return int(found.scalar_one())


def outcomes(session: Session, process_id: str, since: date, until: date) -> Sequence[Found]:
    """How often a process ended how, per municipality and partnership; both days included."""
    fact = monitor_fact.c
    return session.execute(
        select(fact.municipality, fact.partnership, fact.outcome, func.count().label("number"))
        .where(fact.process_id == process_id, fact.ended_on.between(since, until))
        .group_by(fact.municipality, fact.partnership, fact.outcome)
        .order_by(fact.municipality, fact.partnership, fact.outcome)
    ).all()
