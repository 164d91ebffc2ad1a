"""What a worker does with all that waits to go out, at once and in this process."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import text

from service.operations import outgoing, runtime
from service.store.scopes import WORKER
from service.store.session import transaction


def use_settings(**settings: Any) -> None:
    """Let the service stand on other settings."""
    running = runtime.current()
    runtime.use(replace(running, settings=replace(running.settings, **settings)))


def waiting(state: str = "WAITING") -> list[Any]:
    """What waits, oldest first."""
    with transaction(WORKER) as session:
        found = session.execute(
            text("SELECT * FROM outgoing WHERE state = :state ORDER BY key"), {"state": state}
        )
        return list(found)


def carry() -> None:
    """Try each that waits once."""
    for row in waiting():
        outgoing.send(row.key)


def clear() -> None:
    """Forget what other tests left."""
    with transaction(WORKER) as session:
        session.execute(text("DELETE FROM outgoing"))
