"""The job queue: Procrastinate on the same database, deferred inside our own transactions."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import procrastinate
from procrastinate import PsycopgConnector
from procrastinate import RetryStrategy as RetryStrategy
from sqlalchemy.orm import Session

App = procrastinate.App
queue = App(connector=PsycopgConnector(), import_paths=[])
#: Defers and is never opened: an open one wants asynchronous connections, also for what the worker itself sends.
_writer = App(connector=PsycopgConnector(), import_paths=[])


def worker_app(url: str) -> AbstractContextManager[App]:
    """The queue with a connector of its own, for as long as the block lasts: what the worker process runs."""
    return queue.replace_connector(PsycopgConnector(conninfo=url))


def defer(
    session: Session, task: str, *, lock: str | None = None, at: datetime | None = None, **arguments: Any
) -> None:
    """Queue a job on the session's own connection: no commit, no job. Arguments are keys, never content.

    lock  jobs with the same one run after each other
    at    not before this moment
    """
    raw = session.connection().connection.driver_connection
    _writer.configure_task(task, connection=raw, lock=lock, schedule_at=at).defer(**arguments)
