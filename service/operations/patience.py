"""Calls that wait for something, without holding a connection; only some threads wait at once, the others serve people."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")

LONGEST = timedelta(seconds=60)
USUAL = timedelta(seconds=10)  # of a call that does not say how long
_LOOK_SECONDS = 0.1
_waiting = threading.BoundedSemaphore(8)


def until(look: Callable[[], T], wait: timedelta) -> T:
    """What `look` gives, looked at again and again until it is something or the wait is over.

    Who comes when too many wait already gets what there is now.
    """
    found = look()
    if found or wait <= timedelta() or not _waiting.acquire(blocking=False):
        return found
    try:
        end = time.monotonic() + min(wait, LONGEST).total_seconds()
        while not found and (left := end - time.monotonic()) > 0:
            time.sleep(min(_LOOK_SECONDS, left))
            found = look()
    finally:
        _waiting.release()
    return found


def asked(milliseconds: int) -> timedelta:
    """How long a caller wants to wait; 0: the usual, below 0: not at all."""
    return timedelta(milliseconds=milliseconds) if milliseconds else USUAL
