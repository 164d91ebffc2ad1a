"""Incidents: what stopped, where and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, literal, select, update
from sqlalchemy.orm import Session

from service.store import search as searching
from service.store.rows import Found
from service.store.tables import definition, deployment, incident, instance, job

_FAILED = and_(
    job.c.instance_key == incident.c.instance_key, job.c.token == incident.c.token, job.c.state == "FAILED"
)


def active(session: Session, instance_key: int) -> Sequence[Found]:
    """The incidents of an instance that nobody resolved yet."""
    return session.execute(
        select(incident).where(incident.c.instance_key == instance_key, incident.c.state == "ACTIVE")
    ).all()


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add incidents."""
    if rows:
        session.execute(insert(incident), [dict(row) for row in rows])


def resolve(session: Session, keys: Sequence[int], at: datetime) -> None:
    """Close incidents."""
    if keys:
        session.execute(
            update(incident).where(incident.c.key.in_(keys)).values(state="RESOLVED", resolved_at=at)
        )


def get(session: Session, key: int) -> Found | None:
    """One incident with its process."""
    return session.execute(
        select(incident, instance.c.definition_key, definition.c.id.label("process_id"))
        .add_columns(deployment.c.kind.label("deployment_kind"), job.c.key.label("job_key"))
        .join(instance, instance.c.key == incident.c.instance_key)
        .outerjoin(job, _FAILED)
        .join(definition, definition.c.key == instance.c.definition_key)
        .join(deployment, deployment.c.key == definition.c.deployment_key)
        .where(incident.c.key == key)
    ).one_or_none()


def search(session: Session, wanted: searching.Search) -> tuple[Sequence[Found], int]:
    """Incidents of technical processes."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": incident.c.key,
        "instance_key": incident.c.instance_key,
        "definition_key": instance.c.definition_key,
        "process_id": definition.c.id,
        "element_id": incident.c.element_id,
        "error_type": incident.c.error_type,
        "message": incident.c.message,
        "state": incident.c.state,
        "created_at": incident.c.created_at,
        "tenant_id": literal("<default>"),
    }
    statement = (
        select(incident, instance.c.definition_key, definition.c.id.label("process_id"))
        .add_columns(job.c.key.label("job_key"))
        .join(instance, instance.c.key == incident.c.instance_key)
        .outerjoin(job, _FAILED)
        .join(definition, definition.c.key == instance.c.definition_key)
        .join(deployment, deployment.c.key == definition.c.deployment_key)
        .where(deployment.c.kind == "technical")
    )
    return searching.run(session, statement, columns, wanted, key=incident.c.key)
