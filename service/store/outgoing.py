"""What goes out to others, from the step that asks for it until it arrived or was given up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, text, update
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import outgoing


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let these wait for their sending."""
    session.execute(insert(outgoing), [dict(row) for row in rows])


def get(session: Session, key: int) -> Found | None:
    """One of them."""
    return session.execute(select(outgoing).where(outgoing.c.key == key)).one_or_none()


def change(session: Session, key: int, **values: Any) -> None:
    """Write what became of one that waits; one that somebody else finished stays as it is."""
    session.execute(
        update(outgoing).where(outgoing.c.key == key, outgoing.c.state == "WAITING").values(**values)
    )


_NO_JOB = text(
    "NOT EXISTS (SELECT FROM procrastinate_jobs AS job WHERE job.lock = :task || '/' || outgoing.key"
    " AND job.status IN ('todo', 'doing'))"
)


def overdue(
    session: Session, task: str, before: datetime, kinds: Sequence[str], limit: int
) -> Sequence[Found]:
    """Those that should have been tried before a moment, and have no job of this task: it is lost."""
    return session.execute(
        select(outgoing.c.key, outgoing.c.kind)
        .where(outgoing.c.state == "WAITING", outgoing.c.next_at < before, outgoing.c.kind.in_(list(kinds)))
        .where(_NO_JOB.bindparams(task=task))
        .order_by(outgoing.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def stuck(session: Session, limit: int) -> Sequence[Found]:
    """Those that were given up, and those that wait after a failure; without content, newest first."""
    one = outgoing.c
    return session.execute(
        select(
            one.key, one.kind, one.channel, one.state, one.attempts, one.next_at, one.reason, one.created_at
        )
        .where(or_(one.state == "DEAD", (one.state == "WAITING") & (one.reason != "")))
        .order_by(one.key.desc())
        .limit(limit)
    ).all()


def counts(session: Session) -> Mapping[tuple[str, str], int]:
    """How many per kind and state, of those that did not arrive."""
    found = session.execute(
        select(outgoing.c.kind, outgoing.c.state, func.count().label("number"))
        .where(outgoing.c.state.in_(("WAITING", "DEAD")))
        .group_by(outgoing.c.kind, outgoing.c.state)
    )
    return {(row.kind, row.state): row.number for row in found}


def revive(session: Session, key: int, at: datetime) -> bool:
    """Let one that was given up wait again, with all its attempts; False where there is none."""
    made = session.execute(
        update(outgoing)
        .where(outgoing.c.key == key, outgoing.c.state == "DEAD")
        .values(state="WAITING", attempts=0, next_at=at, ended_at=None)
        .returning(outgoing.c.key)
    )
    return made.scalar() is not None


def drop(session: Session, key: int) -> bool:
    """Forget one that was given up."""
    gone = delete(outgoing).where(outgoing.c.key == key, outgoing.c.state == "DEAD").returning(outgoing.c.key)
    return session.execute(gone).scalar() is not None


def sweep(session: Session, before: datetime) -> int:
    """Forget what arrived, or came too late, before a moment; gives how many."""
    gone = delete(outgoing).where(outgoing.c.state.in_(("SENT", "LATE")), outgoing.c.ended_at < before)
    return len(session.execute(gone.returning(outgoing.c.key)).all())
