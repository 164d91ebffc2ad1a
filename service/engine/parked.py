"""Items of a parallel multi-instance that wait for a person or program: kept as text until somebody touches them.

A class of thirty pupils is thirty items, a region's list a thousand. Restoring them all at every step would make one
completion cost as much as the list is long; as lines of text they cost no more than being copied.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from service.errors import StateDamaged

#: id, key of its workflow (its owner's id, 0 for the process), id of its body, spec, internal data, scope's parent, values
Line = list[Any]
_COLUMNS = 7


class Parked:
    """Lines of items, in the order of their ids, and how many each body and workflow has."""

    def __init__(self, text: str = "", counts: Iterable[tuple[int, int, int]] = ()) -> None:
        self.text = text
        self.bodies: dict[int, int] = {}  # body -> how many of its items are here
        self.workflows: dict[int, int] = {}  # key of the workflow -> how many
        self._home: dict[int, int] = {}  # body -> key of its workflow
        for body, workflow, count in counts:
            self.bodies[body] = count
            self._home[body] = workflow
            self.workflows[workflow] = self.workflows.get(workflow, 0) + count

    @property
    def counts(self) -> list[tuple[int, int, int]]:
        return [(body, self._home[body], count) for body, count in sorted(self.bodies.items())]

    def take(self, id: int) -> Line | None:
        """Take the line of one item; None when it is not here."""
        mark = f"[{id},"
        begin = 0 if self.text.startswith(mark) else self.text.find(f"\n{mark}") + 1
        if begin == 0 and not self.text.startswith(mark):
            return None
        end = self.text.index("\n", begin) + 1
        line = _line(self.text[begin:end])
        self.text = self.text[:begin] + self.text[end:]
        self._count(line[2], -1)
        return line

    def take_all(self) -> list[Line]:
        """Take every line."""
        lines = list(self.lines())
        self.text = ""
        for held in (self.bodies, self.workflows, self._home):
            held.clear()
        return lines

    def add(self, lines: list[Line]) -> None:
        """Keep these items too."""
        if not lines:
            return
        for line in lines:
            self._home[line[2]] = line[1]
            self._count(line[2], 1)
        texts = [f"{text}\n" for text in self._texts()] + [_text(line) for line in lines]
        texts.sort(key=lambda text: int(text[1 : text.index(",")]))
        self.text = "".join(texts)

    def lines(self) -> Iterator[Line]:
        """All lines, left where they are."""
        return map(_line, self._texts())

    def _texts(self) -> list[str]:
        # Not splitlines: that breaks at characters which JSON leaves as they are. JSON escapes every "\n".
        return self.text.split("\n")[:-1]

    def _count(self, body: int, step: int) -> None:
        workflow = self._home[body]
        self.bodies[body] = self.bodies.get(body, 0) + step
        self.workflows[workflow] = self.workflows.get(workflow, 0) + step
        if not self.bodies[body]:
            del self.bodies[body], self._home[body]


def _text(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _line(text: str) -> Line:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise StateDamaged("Expected the line of an item, but it is no JSON") from error
    if not isinstance(line, list) or len(line) != _COLUMNS:
        raise StateDamaged("Expected the line of an item, but it has other columns")
    return line
