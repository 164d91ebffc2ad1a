"""Drafts: what somebody typed in a form and did not send yet, sealed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import task_draft


def get(session: Session, task_key: int, account_key: int) -> Found | None:
    """The draft of one person for one task."""
    return session.execute(
        select(task_draft).where(task_draft.c.task_key == task_key, task_draft.c.account_key == account_key)
    ).one_or_none()


def save(session: Session, task_key: int, account_key: int, sealed: bytes, at: datetime) -> None:
    """Keep a draft over an earlier one."""
    statement = insert(task_draft).values(
        task_key=task_key, account_key=account_key, sealed=sealed, revision=1, saved_at=at
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["task_key", "account_key"],
            set_={"sealed": sealed, "saved_at": at, "revision": task_draft.c.revision + 1},
        )
    )


def remove(session: Session, task_key: int) -> None:
    """Forget every draft of a task that ended."""
    session.execute(delete(task_draft).where(task_draft.c.task_key == task_key))


def sweep(session: Session, before: datetime) -> int:
    """Forget what nobody came back to since a moment; gives how many."""
    gone = delete(task_draft).where(task_draft.c.saved_at < before).returning(task_draft.c.task_key)
    return len(session.execute(gone).all())
