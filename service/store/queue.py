"""The job queue: Procrastinate on the same database, deferred inside our own transactions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate import PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException as QueueError
from sqlalchemy import text
from sqlalchemy.orm import Session

__all__ = ["LINE", "App", "QueueError", "RetryStrategy", "defer", "queue", "worker_app"]

App = procrastinate.App
LINE = "default"
queue = App(connector=PsycopgConnector(), import_paths=[])
#: Defers and is never opened: an open one wants asynchronous connections, also for what the worker itself sends.
_writer = App(connector=PsycopgConnector(), import_paths=[])


def worker_app(url: str) -> AbstractContextManager[App]:
    """The queue with a connector of its own, for as long as the block lasts: what the worker process runs."""
    return queue.replace_connector(PsycopgConnector(conninfo=url))


def defer(
    session: Session,
    task: str,
    *,
    lock: str | None = None,
    at: datetime | None = None,
    line: str = LINE,
    **arguments: Any,
) -> None:
    """Queue a job on the session's own connection: no commit, no job. Arguments are keys, never content.

    lock  jobs with the same one run after each other
    at    not before this moment
    line  workers of one line do not wait for another
    """
    raw = session.connection().connection.driver_connection
    _writer.configure_task(task, connection=raw, lock=lock, schedule_at=at, queue=line).defer(**arguments)


_SWEEP = text(
    "DELETE FROM procrastinate_jobs WHERE id IN (SELECT id FROM procrastinate_jobs AS done"
    " WHERE status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS"
    " (SELECT 1 FROM procrastinate_events WHERE job_id = done.id AND at >= :before) LIMIT :limit) RETURNING id"
)


def sweep(session: Session, before: datetime, limit: int) -> int:
    """Forget finished jobs that nothing happened to since a moment; gives how many. Failed ones stay to be seen."""
    return len(session.execute(_SWEEP, {"before": before, "limit": limit}).all())
