"""How much work waits, and since when; counts and moments only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from service.store.rows import Found

_TIMERS = text(
    "SELECT count(*) AS due, min(wakes_at) AS since FROM ("
    "SELECT wakes_at FROM instance WHERE wakes_at <= :now UNION ALL "
    "SELECT wakes_at FROM start_event WHERE wakes_at <= :now) AS timers"
)
# A job waits since its own moment, or since it was put there. The queue goes by the database's clock.
_QUEUE = text(
    "SELECT count(*) AS ready, coalesce(extract(epoch FROM clock_timestamp() - min(since)), 0)::float AS lag FROM ("
    "SELECT coalesce(j.scheduled_at, (SELECT min(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) AS since "
    "FROM procrastinate_jobs j WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= clock_timestamp())"
    ") AS jobs"
)
_WORKERS = text(
    "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > clock_timestamp() - interval '30 seconds'"
)
_OPEN = text(
    "SELECT (SELECT count(*) FROM user_task WHERE state = 'CREATED') AS tasks, "
    "(SELECT count(*) FROM instance WHERE status IN ('ACTIVE', 'SUSPENDED')) AS instances, "
    "(SELECT count(*) FROM job WHERE state = 'CREATED') AS jobs, "
    "(SELECT count(*) FROM incident WHERE state = 'ACTIVE') AS incidents"
)
_OUTGOING = text("SELECT kind, state, count(*) AS n FROM outgoing GROUP BY 1, 2 ORDER BY 1, 2")


def timers(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """How many timers are due now, and since when the first is."""
    row = session.execute(_TIMERS, {"now": now}).one()
    return row.due, row.since


def queue(session: Session) -> tuple[int, float]:
    """How many jobs could be worked on now, and the seconds that the first of them waits."""
    row = session.execute(_QUEUE).one()
    return row.ready, max(float(row.lag), 0.0)


def workers(session: Session) -> int:
    """How many queues of workers gave a sign of life in the last half minute; a worker has a few."""
    return int(session.execute(_WORKERS).scalar_one())


def standing(session: Session) -> Found:
    """Open tasks, running instances, jobs for programs, active incidents."""
    return session.execute(_OPEN).one()


def outgoing(session: Session) -> list[tuple[str, str, int]]:
    """Mail and events by kind and state."""
    return [(row.kind, row.state, row.n) for row in session.execute(_OUTGOING)]
