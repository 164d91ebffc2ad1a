"""Choices that read the same variables: a way through both may be one that no data allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service import feel
from service.engine import Definition


class Choices:
    """The variables that the conditions behind each node of a process read."""

    def __init__(self, definition: Definition) -> None:
        self.read: Mapping[str, frozenset[str]] = _read(definition)

    def shared(self, way: Iterable[str]) -> tuple[str, ...]:
        """The variables that two different choices on this way both read, in order of name."""
        first: set[str] = set()
        twice: set[str] = set()
        for node in dict.fromkeys(way):
            names = self.read.get(node, frozenset())
            twice |= first & names
            first |= names
        return tuple(sorted(twice))


def _read(definition: Definition) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for flow in definition.flows.values():
        if flow.condition:
            found[flow.source] = found.get(flow.source, frozenset()) | _names(flow.condition)
    return found


def _names(condition: str) -> frozenset[str]:
    try:
        return frozenset(feel.reads(condition.removeprefix("=")))
    except feel.FeelSyntaxError:
        return frozenset()
