"""The worker: fires timers, works off the queue and does service tasks of its own until it is told to stop."""

from __future__ import annotations

import logging
import threading

from service.operations import errands, jobs, runtime, timers

log = logging.getLogger(__name__)

BATCH = 100
_RETRY_SECONDS = 1.0


def run(stop: threading.Event) -> None:
    """Work until `stop` is set, then finish what is in hand."""
    beside = [
        threading.Thread(target=loop, args=(stop,), name=name, daemon=True)
        for name, loop in (("queue", jobs.work), ("errands", errands.work))
    ]
    for thread in beside:
        thread.start()
    drain(stop)
    for thread in beside:
        thread.join()


def drain(stop: threading.Event) -> None:
    """Fire what is due, again and again; a database that goes away is waited for."""
    poll_seconds = runtime.current().settings.timer_poll_seconds
    while not stop.is_set():
        try:
            moved = timers.run_due(BATCH)
        except Exception:  # the database restarts, a lock times out: the next round finds the same timers
            log.exception("timers_interrupted")
            stop.wait(_RETRY_SECONDS)
            continue
        if moved < BATCH:
            stop.wait(poll_seconds)
