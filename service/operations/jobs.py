"""The jobs of the queue, and the loop that works them off."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading

from service.operations import housekeeping, messages, notices, outbox, outgoing, runtime
from service.store import connection
from service.store.queue import LINE, App, QueueError, RetryStrategy, queue, worker_app

log = logging.getLogger(__name__)

_POLL_SECONDS = 1.0
_LOOK_SECONDS = 0.2
_RETRY_SECONDS = 1.0
_GRACE_SECONDS = 15
_SIDE_BY_SIDE = 4  # jobs of one line
_BEAT_SECONDS = 1.0
_DEAD_SECONDS = 3.0  # without a beat: the worker is taken for dead, its jobs are for another


@queue.periodic(cron="*/10 * * * *")
@queue.task(name="housekeeping", queueing_lock="housekeeping", pass_context=False)
def keep_house(timestamp: int) -> None:
    """Tidy up, and anchor the history when the day is new."""
    housekeeping.sweep()
    housekeeping.anchor()


@queue.periodic(cron="* * * * *")
@queue.task(name="notices", queueing_lock="notices", pass_context=False)
def tell_of_tasks(timestamp: int) -> None:
    """Mail who has new tasks, and look for what goes out but lost its job."""
    notices.of_tasks()
    outgoing.resume()


_AGAIN = RetryStrategy(max_attempts=10, exponential_wait=2)


@queue.task(name=outbox.SIGNAL, retry=_AGAIN, pass_context=False)
def broadcast(sealed: str, key: int | None = None) -> None:
    """Hand a signal to the instances that wait for it."""
    messages.broadcast(bytes.fromhex(sealed), key)


@queue.task(name=outbox.MESSAGE, retry=_AGAIN, pass_context=False)
def deliver(key: int) -> None:
    """Hand a message to the instances that wait for it."""
    messages.deliver(key)


@queue.task(name=outgoing.SEND, queue=outgoing.LINE, retry=_AGAIN, pass_context=False)
def send(key: int) -> None:
    """Carry a mail or an event to where it goes."""
    outgoing.send(key)


def work(stop: threading.Event) -> None:
    """Work off jobs until `stop`; a database that goes away is waited for."""
    while not stop.is_set():
        try:
            asyncio.run(_work(stop))
        except Exception:  # whatever the database's absence raises: say so and try again
            log.exception("queue_interrupted")
            stop.wait(_RETRY_SECONDS)


async def _work(stop: threading.Event) -> None:
    with worker_app(as_app(runtime.database_url(runtime.current().settings))) as app:
        async with app.open_async():
            await _until_stopped(app, stop)


def as_app(url: str) -> str:
    """The queue's own connections step down to the app role, like all others."""
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{connection.APP_ROLE}"


async def _until_stopped(app: App, stop: threading.Event) -> None:
    workers = [asyncio.create_task(_worker(app, line)) for line in (LINE, outgoing.LINE)]
    workers.append(asyncio.create_task(_take_over(app)))
    while not stop.is_set() and not any(one.done() for one in workers):
        await asyncio.sleep(_LOOK_SECONDS)
    for one in workers:
        one.cancel()
    for result in await asyncio.gather(*workers, return_exceptions=True):
        if isinstance(result, Exception):  # a cancellation is none
            raise result


async def _take_over(app: App) -> None:
    """Put back what a worker held that no longer beats; each task bears being run twice."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_SECONDS):
            with contextlib.suppress(QueueError):  # another worker put it back just before
                await app.job_manager.retry_job(job)
                log.warning("job_taken_over", extra={"task": job.task_name})
        await asyncio.sleep(_BEAT_SECONDS)


async def _worker(app: App, line: str) -> None:
    await app.run_worker_async(
        queues=[line],
        name=line,
        concurrency=_SIDE_BY_SIDE,
        install_signal_handlers=False,
        fetch_job_polling_interval=_POLL_SECONDS,
        shutdown_graceful_timeout=_GRACE_SECONDS,
        update_heartbeat_interval=_BEAT_SECONDS,
        stalled_worker_timeout=_DEAD_SECONDS,
    )
