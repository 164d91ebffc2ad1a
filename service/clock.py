"""The one clock. Everything that asks what time it is asks an object of this kind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Tells the moment. Storage and engine use UTC; people read Europe/Amsterdam."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class PinnedClock:
    """A clock that stands still until it is moved: for tests, scenarios and the demo's past."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.moment

    def move(self, step: timedelta) -> None:
        """Move the clock by `step`; later moments only matter to who asks next."""
        self.moment += step
