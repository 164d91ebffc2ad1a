"""What an instance waits for besides people: jobs and subscriptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.orm import Session

from service.store import search as searching
from service.store.instances import visible
from service.store.rows import Found
from service.store.tables import definition, deployment, instance, job, subscription


def open_jobs(session: Session, instance_key: int) -> Sequence[Found]:
    """The jobs of an instance that still wait for a worker, or failed and can be tried again."""
    return session.execute(
        select(job.c.key, job.c.token, job.c.state, job.c.retries).where(
            job.c.instance_key == instance_key, job.c.state.in_(("CREATED", "FAILED"))
        )
    ).all()


def add_jobs(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add jobs."""
    if rows:
        session.execute(insert(job), [dict(row) for row in rows])


def end_jobs(session: Session, keys: Sequence[int], at: datetime) -> None:
    """Close jobs that nobody has to do any more; who finishes one says so itself."""
    if keys:
        session.execute(
            update(job).where(job.c.key.in_(keys)).values(state="CANCELED", ended_at=at, changed_at=at)
        )


def offer_again(session: Session, key: int, retries: int, at: datetime) -> None:
    """A job that failed waits for a worker once more."""
    values = {"state": "CREATED", "retries": retries, "deadline": None, "retry_at": None, "changed_at": at}
    session.execute(update(job).where(job.c.key == key).values(values))


def subscriptions(session: Session, instance_key: int) -> Sequence[Found]:
    """What an instance listens to."""
    return session.execute(select(subscription).where(subscription.c.instance_key == instance_key)).all()


def set_subscriptions(session: Session, instance_key: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace what an instance listens to."""
    session.execute(delete(subscription).where(subscription.c.instance_key == instance_key))
    if rows:
        session.execute(insert(subscription), [{"instance_key": instance_key, **row} for row in rows])


def search(
    session: Session,
    wanted: searching.Search,
    *,
    account_key: int,
    candidates: Sequence[str],
    operates: bool,
) -> tuple[Sequence[Found], int]:
    """The messages that instances wait for, of those that an account may find."""
    columns: dict[str, ColumnElement[Any]] = {
        "key": _KEY,
        "instance_key": subscription.c.instance_key,
        "definition_key": instance.c.definition_key,
        "process_id": definition.c.id,
        "element_id": subscription.c.element_id,
        "message_name": subscription.c.name,
        "correlation_key": subscription.c.correlation_key,
        "state": literal("CREATED"),
        "type": literal("PROCESS_EVENT"),
        "updated_at": func.coalesce(subscription.c.updated_at, instance.c.started_at),
        "tenant_id": literal("<default>"),
    }
    statement = (
        select(
            subscription,
            instance.c.definition_key,
            instance.c.started_at,
            definition.c.id.label("process_id"),
            definition.c.name.label("process_name"),
            definition.c.version,
        )
        .join(instance, instance.c.key == subscription.c.instance_key)
        .join(definition, definition.c.key == instance.c.definition_key)
        .join(deployment, deployment.c.key == definition.c.deployment_key)
        .where(
            subscription.c.kind == "message",
            visible(account_key, candidates, operates=operates) & (deployment.c.kind == "technical"),
        )
    )
    return searching.run(session, statement, columns, wanted, key=_KEY)


_KEY = subscription.c.instance_key + subscription.c.token


def listeners(session: Session, kind: str, name: str, correlation_key: str) -> Sequence[Found]:
    """The instances that wait for a message or signal, with their process; a signal has no key."""
    statement = (
        select(subscription.c.instance_key, definition.c.id.label("process_id"))
        .join(instance, instance.c.key == subscription.c.instance_key)
        .join(definition, definition.c.key == instance.c.definition_key)
        .where(subscription.c.kind == kind, subscription.c.name == name)
    )
    if kind == "message":
        statement = statement.where(subscription.c.correlation_key == correlation_key)
    return session.execute(statement).all()
