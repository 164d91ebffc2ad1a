"""The clock of a demo: it stands still where somebody puts it, or runs with the machine's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.access import Permission
from service.clock import SharedClock
from service.domain import Actor
from service.errors import NotFound
from service.operations import runtime
from service.operations.guard import working

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pin(actor: Actor, milliseconds: int) -> None:
    """Let the clock stand still, at milliseconds since 1970. NotFound where the clock is real."""
    _clock(actor).pin(_EPOCH + timedelta(milliseconds=milliseconds))


def reset(actor: Actor) -> None:
    """Let it run with the machine's again. NotFound where the clock is real."""
    _clock(actor).reset()


def _clock(actor: Actor) -> SharedClock:
    with working(actor) as work:
        work.require(Permission.CLOCK_PIN, action="U", kind="clock", key=0, hidden=False)
        clock = runtime.current().clock
        if not isinstance(clock, SharedClock):
            raise NotFound("Expected a demo: this installation keeps the real time")
        return clock
