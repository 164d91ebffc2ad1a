"""A PostgreSQL 18 of our own in the data folder, for demo, tests and evaluation."""

from __future__ import annotations

from service.store.embedded.server import (
    Embedded,
    has_secret_key,
    leave_running,
    present,
    secret_key,
    start,
    stop_launched,
)

__all__ = ["Embedded", "has_secret_key", "leave_running", "present", "secret_key", "start", "stop_launched"]
