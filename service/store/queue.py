"""The job queue: Procrastinate on the same database, deferred inside our own transactions."""

from __future__ import annotations

from typing import Any

import procrastinate
from procrastinate import PsycopgConnector
from sqlalchemy.orm import Session

queue = procrastinate.App(connector=PsycopgConnector(), import_paths=[])


def worker_app(url: str) -> procrastinate.App:
    """The queue on a connector of its own, for the worker process."""
    return queue.with_connector(PsycopgConnector(conninfo=url))


def defer(session: Session, task: str, **arguments: Any) -> None:
    """Queue a job on the session's own connection: no commit, no job. Arguments are keys, never content."""
    raw = session.connection().connection.driver_connection
    queue.configure_task(task, connection=raw).defer(**arguments)
