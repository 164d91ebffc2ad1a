"""When a timer start event begins an instance: at a date, or again and again by a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.engine import expressions, timers
from service.engine.failure import Failure
from service.engine.values import EMPTY, Host, StartEvent
from service.errors import BadRequest


@dataclass(frozen=True, kw_only=True)
class Due:
    """The next start: its moment, and how often another follows it (None: without end)."""

    at: datetime
    rounds: int | None = 0


def first_due(event: StartEvent, host: Host) -> Due | None:
    """When a timer start event of a process that is published now begins its first instance.

    Raises BadRequest for an expression that gives no moment, duration or cycle.
    """
    try:
        value = (
            expressions.evaluate(event.text, EMPTY, host) if expressions.is_feel(event.text) else event.text
        )
        if event.timer == "date":
            return Due(at=timers.moment(value))
        if event.timer == "duration":
            return Due(at=timers.after(host.clock.now(), value))
        rounds, first, every = timers.cycle(value)
        if rounds == 0:
            return None
        return Due(
            at=first or timers.after(host.clock.now(), every),
            rounds=None if rounds is None else rounds - 1,
        )
    except Failure as failure:
        raise BadRequest(
            f"Expected a timer that can be read: {failure.message}", field=event.element
        ) from failure


def next_due(event: StartEvent, before: Due, host: Host) -> Due | None:
    """The start after `before`, counted from the moment that was due; None when there is none."""
    if event.timer != "cycle" or before.rounds == 0:
        return None
    try:
        value = (
            expressions.evaluate(event.text, EMPTY, host) if expressions.is_feel(event.text) else event.text
        )
        _, _, every = timers.cycle(value)
    except Failure as failure:
        raise BadRequest(
            f"Expected a cycle that can be read: {failure.message}", field=event.element
        ) from failure
    return Due(at=timers.after(before.at, every), rounds=None if before.rounds is None else before.rounds - 1)
