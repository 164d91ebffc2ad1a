"""Counts of answered requests in memory that all web processes of one server share: whoever is asked tells for all.

Each process writes in a slot of its own, without a lock between them; reading adds the slots up. A process that takes
the slot of one that ended goes on counting where that one stopped, so no count ever falls while the server runs.
"""

from __future__ import annotations

import mmap
import struct
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: Upper bounds in seconds; the last bucket is everything.
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_NAME = 128  # bytes of "METHOD STATUS /route"
_COUNTS = len(BOUNDS) + 1
_RECORD = struct.Struct(f"<{_NAME}s{_COUNTS}Qd")
_VALUES = struct.Struct(f"<{_COUNTS}Qd")
_RECORDS = 1024  # of one slot; what does not fit is counted under OTHER
_SLOT = _RECORD.size * _RECORDS
OTHER = "- - -"


@dataclass(frozen=True, kw_only=True)
class Series:
    """Requests of one kind: how many in each bucket (not added up), and their seconds together."""

    method: str
    status: str
    route: str
    buckets: tuple[int, ...]
    seconds: float


class Board:
    """The memory, and where this process writes."""

    def __init__(self, slots: int) -> None:
        """Make room for so many processes; before they are forked."""
        self.slots = slots
        self._memory = mmap.mmap(
            -1, slots * _SLOT
        )  # anonymous and shared: children of a fork write in it too
        self._lock = threading.Lock()
        self._start = 0
        self._places: dict[str, int] = {}

    def take(self, slot: int) -> None:
        """Write in this slot from now on; in the process itself, before its first request."""
        self._lock = threading.Lock()
        self._start = slot * _SLOT
        self._places = {name: at for at, name, _, _ in self._records(self._start)}

    def count(self, method: str, status: int, route: str, seconds: float) -> None:
        """Count a request that was answered."""
        bucket = bisect_left(BOUNDS, seconds)
        with self._lock:
            place = self._place(f"{method} {status} {route}") + _NAME
            *counts, total = _VALUES.unpack_from(self._memory, place)
            counts[bucket] += 1
            _VALUES.pack_into(self._memory, place, *counts, total + seconds)

    def _place(self, name: str) -> int:
        if name not in self._places:
            if len(name.encode()) > _NAME or len(self._places) >= _RECORDS - 1:
                name = OTHER
            if name not in self._places:
                place = self._start + len(self._places) * _RECORD.size
                _RECORD.pack_into(self._memory, place, name.encode(), *(0,) * _COUNTS, 0.0)
                self._places[name] = place
        return self._places[name]

    def series(self) -> tuple[Series, ...]:
        """What all processes counted, by route, method and status."""
        found: dict[str, tuple[list[int], float]] = {}
        for slot in range(self.slots):
            for _, name, counts, seconds in self._records(slot * _SLOT):
                known, total = found.get(name, ([0] * _COUNTS, 0.0))
                summed = [one + other for one, other in zip(known, counts, strict=True)]
                found[name] = (summed, total + seconds)
        return tuple(_series(name, counts, seconds) for name, (counts, seconds) in sorted(found.items()))

    def _records(self, start: int) -> Iterator[tuple[int, str, list[int], float]]:
        for at in range(start, start + _SLOT, _RECORD.size):
            raw, *counts, seconds = _RECORD.unpack_from(self._memory, at)
            name = raw.rstrip(b"\0").decode()
            if not name:
                return
            yield at, name, counts, seconds


def _series(name: str, counts: list[int], seconds: float) -> Series:
    method, status, route = name.split(" ", 2)
    return Series(method=method, status=status, route=route, buckets=tuple(counts), seconds=seconds)


_board = Board(1)


def board() -> Board:
    """The board of this process."""
    return _board


def share(processes: int) -> None:
    """Make the board that the web processes share; in the process that forks them. Again when there is one: nothing.

    There is room for twice as many and some more: when all are renewed, old and new run beside each other.
    """
    global _board
    if _board.slots == 1:
        _board = Board(2 * processes + 2)


def free(taken: Mapping[int, int]) -> int:
    """The first slot that no running process has; the last one when there are more processes than was thought.

    taken  slot by process
    """
    used = set(taken.values())
    return next((slot for slot in range(_board.slots) if slot not in used), _board.slots - 1)
