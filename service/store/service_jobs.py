"""Jobs of service tasks that programs outside work on: taken for a while, given back by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from service.store import search as searching
from service.store.rows import Found
from service.store.tables import definition, deployment, instance, job

OPEN = ("CREATED", "FAILED")


def _whole() -> Select[Any]:
    return (
        select(
            job,
            instance.c.definition_key,
            definition.c.id.label("process_id"),
            definition.c.version,
            deployment.c.kind.label("deployment_kind"),
        )
        .join(instance, instance.c.key == job.c.instance_key)
        .join(definition, definition.c.key == instance.c.definition_key)
        .join(deployment, deployment.c.key == definition.c.deployment_key)
    )


def take(
    session: Session,
    kind: str,
    *,
    worker: str,
    now: datetime,
    until: datetime,
    limit: int,
    regional: bool = False,
) -> Sequence[int]:
    """Take jobs of a type that nobody holds now, oldest first, until a moment; gives their keys.

    Another program that asks at the same time skips what this one takes.

    regional  of regional processes too: for our own worker, never for a program outside
    """
    free = (
        select(job.c.key)
        .join(instance, instance.c.key == job.c.instance_key)
        .join(definition, definition.c.key == instance.c.definition_key)
        .join(deployment, deployment.c.key == definition.c.deployment_key)
        .where(
            job.c.type == kind,
            job.c.state == "CREATED",
            or_(job.c.deadline.is_(None), job.c.deadline <= now),
            or_(job.c.retry_at.is_(None), job.c.retry_at <= now),
            instance.c.status == "ACTIVE",
            deployment.c.kind.in_(("technical", "regional") if regional else ("technical",)),
        )
        .order_by(job.c.key)
        .limit(limit)
        .with_for_update(of=job, skip_locked=True)
    )
    taken = (
        update(job)
        .where(job.c.key.in_(free))
        .values(worker=worker, deadline=until, retry_at=None, changed_at=now)
        .returning(job.c.key)
    )
    return sorted(session.execute(taken).scalars())


def of(session: Session, keys: Sequence[int]) -> Sequence[Found]:
    """These jobs with their processes, in the order of their keys."""
    return session.execute(_whole().where(job.c.key.in_(list(keys))).order_by(job.c.key)).all()


def get(session: Session, key: int) -> Found | None:
    """One job with its process."""
    return session.execute(_whole().where(job.c.key == key)).one_or_none()


def change(session: Session, key: int, **values: Any) -> None:
    """Write columns of one job."""
    session.execute(update(job).where(job.c.key == key).values(**values))


def hold(session: Session, key: int, worker: str, *, until: datetime) -> None:
    """Keep a job a while longer, for who holds it still."""
    held = (job.c.key == key) & (job.c.worker == worker) & (job.c.state == "CREATED")
    session.execute(update(job).where(held).values(deadline=until))


def give_back(session: Session, key: int, worker: str, *, retry_at: datetime) -> None:
    """Let go of a job that cannot be done yet."""
    held = (job.c.key == key) & (job.c.worker == worker) & (job.c.state == "CREATED")
    session.execute(update(job).where(held).values(deadline=None, retry_at=retry_at))


def search(session: Session, wanted: searching.Search) -> tuple[Sequence[Found], int]:
    """Jobs of technical processes."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": job.c.key,
        "type": job.c.type,
        "worker": job.c.worker,
        "state": job.c.state,
        "retries": job.c.retries,
        "deadline": job.c.deadline,
        "error_code": job.c.error_code,
        "error_message": job.c.error_message,
        "created_at": job.c.created_at,
        "changed_at": job.c.changed_at,
        "ended_at": job.c.ended_at,
        "element_id": job.c.element_id,
        "instance_key": job.c.instance_key,
        "definition_key": instance.c.definition_key,
        "process_id": definition.c.id,
    }
    return searching.run(
        session, _whole().where(deployment.c.kind == "technical"), columns, wanted, key=job.c.key
    )
