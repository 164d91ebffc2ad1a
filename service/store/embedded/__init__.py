"""A PostgreSQL 18 of our own in the data folder, for demo, tests and evaluation."""

from __future__ import annotations

from service.store.embedded.server import Embedded, leave_running, present, secret_key, start, stop_launched

__all__ = ["Embedded", "leave_running", "present", "secret_key", "start", "stop_launched"]
