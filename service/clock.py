"""The one clock. Everything that asks what time it is asks an object of this kind."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


class SharedClock:
    """The machine's own clock, unless a file says at which moment it stands still; all processes of a demo read it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, datetime] | None = None  # of which writing, and the moment in it

    def now(self) -> datetime:
        try:
            written = self._file.stat().st_mtime_ns
            if self._seen is None or self._seen[0] != written:
                moment = datetime.fromisoformat(self._file.read_text(encoding="ascii"))
                self._seen = (written, moment)
        except FileNotFoundError:
            return datetime.now(UTC)
        return self._seen[1]

    def pin(self, moment: datetime) -> None:
        """Let it stand still at a moment, in every process."""
        beside = self._file.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        beside.write_text(moment.astimezone(UTC).isoformat(), encoding="ascii")
        beside.replace(self._file)

    def reset(self) -> None:
        """Let it run again with the machine's."""
        self._file.unlink(missing_ok=True)


@dataclass
class PinnedClock:
    """A clock that stands still until it is moved: for tests, scenarios and the demo's past."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.moment

    def move(self, step: timedelta) -> None:
        """Move the clock by `step`; later moments only matter to who asks next."""
        self.moment += step
