"""Gaps and overlaps of decision tables, found exactly for inputs that are compared with constants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.dmn.axes import Axis, Effort, TooLarge, axes
from service.dmn.model import Table
from service.dmn.types import Types

MAX_EXAMPLES = 3  # of each kind, per table
MAX_STEPS = 200_000
_ONE_RULE = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})

Example = Mapping[str, Any]  # input expression to value


@dataclass(frozen=True)
class Overlap:
    """Two rules that both match."""

    first: int  # from 0
    second: int
    example: Example


@dataclass
class Report:
    """What the analysis of one table found; rules are counted from 0."""

    gaps: list[Example] = field(default_factory=list)
    overlaps: list[Overlap] = field(default_factory=list)
    never: list[int] = field(default_factory=list)  # rules that match nothing
    unreachable: list[int] = field(
        default_factory=list
    )  # rules that come after rules that already match it all
    too_large: bool = False


def examine(
    table: Table,
    names: frozenset[str],
    types: Types,
    declared: Mapping[str, str],
    effort: Effort | None = None,
) -> Report:
    """Analyse a table.

    names     names with spaces that its expressions may use
    declared  types of input data and decisions by name, for columns that declare none
    effort    shared by the tables of one file; without it the table has one of its own
    """
    effort = effort or Effort()
    try:
        found = axes(table, names, types, declared, effort)
    except TooLarge:
        return Report(too_large=True)
    return _Examination(table, found, effort).report()


class _Examination:
    def __init__(self, table: Table, found: tuple[Axis, ...], effort: Effort) -> None:
        self.table = table
        self.axes = found
        self.everyone = (1 << len(table.rules)) - 1
        self.steps = MAX_STEPS
        self.effort = effort

    def report(self) -> Report:
        made = Report()
        policy = self.table.hit_policy
        made.never = [
            at for at in range(len(self.table.rules)) if any(axis.accepts[at] == 0 for axis in self.axes)
        ]
        try:
            if policy in _ONE_RULE and not any(one.default for one in self.table.outputs):
                made.gaps = list(self._gaps())
            if policy in {"UNIQUE", "ANY"}:
                made.overlaps = list(self._overlaps())
            if policy == "FIRST":
                made.unreachable = [
                    at for at in range(len(self.table.rules)) if at not in made.never and self._hidden(at)
                ]
        except TooLarge:
            made.too_large = True
        return made

    def _spend(self) -> None:
        self.effort.spend()
        self.steps -= 1
        if self.steps < 0:
            raise TooLarge

    # -- gaps ---------------------------------------------------------------------------------------------------------

    def _gaps(self) -> Iterator[Example]:
        """Inputs that no rule accepts; a cell that cannot be analysed counts as accepting everything."""
        groups = [self._groups(axis, -1, opaque=True) for axis in self.axes]
        for number, points in enumerate(self._uncovered(groups, self.everyone)):
            if number == MAX_EXAMPLES:
                return
            yield {axis.expression: axis.points[at] for axis, at in zip(self.axes, points, strict=False)}

    def _groups(self, axis: Axis, among: int, *, opaque: bool) -> list[tuple[int, int]]:
        """The points of an axis (within the bits `among`) that differ in the rules that accept them: (point, rules)."""
        found: dict[int, int] = {}
        for at in range(len(axis.points)):
            if among >> at & 1:
                self._spend()
                rules = sum(
                    1 << rule
                    for rule, accepted in enumerate(axis.accepts)
                    if (opaque if accepted is None else accepted >> at & 1)
                )
                if rules not in found or (_odd(axis.points[found[rules]]) and not _odd(axis.points[at])):
                    found[rules] = at
        return [(at, rules) for rules, at in found.items()]

    def _uncovered(self, groups: list[list[tuple[int, int]]], rules: int) -> Iterator[tuple[int, ...]]:
        """Points (as many axes as matter) at which none of these rules is left."""
        seen: set[tuple[int, int]] = set()
        stack: list[tuple[tuple[int, ...], int]] = [((), rules)]
        while stack:
            points, left = stack.pop()
            depth = len(points)
            if not left:
                yield points
                continue
            if depth == len(groups) or (depth, left) in seen:
                continue
            seen.add((depth, left))
            for at, accepted in reversed(groups[depth]):
                self._spend()
                stack.append(((*points, at), left & accepted))

    def _hidden(self, rule: int) -> bool:
        """Whether earlier rules accept all that this rule accepts."""
        groups = []
        for axis in self.axes:
            accepted = axis.accepts[rule]
            groups.append(self._groups(axis, -1 if accepted is None else accepted, opaque=False))
        return next(self._uncovered(groups, (1 << rule) - 1), None) is None

    # -- overlaps -----------------------------------------------------------------------------------------------------

    def _overlaps(self) -> Iterator[Overlap]:
        """Pairs of rules that accept one input; under ANY only when their outcomes differ."""
        rules = self.table.rules
        found = 0
        for first in range(len(rules)):
            for second in range(first + 1, len(rules)):
                self._spend()
                if self.table.hit_policy == "ANY" and rules[first].outputs == rules[second].outputs:
                    continue
                example = self._both(first, second)
                if example is not None:
                    yield Overlap(first, second, example)
                    found += 1
                    if found == MAX_EXAMPLES:
                        return

    def _both(self, first: int, second: int) -> Example | None:
        example = {}
        for axis in self.axes:
            one, other = axis.accepts[first], axis.accepts[second]
            if one is None or other is None or not one & other:
                return None
            shared = one & other
            example[axis.expression] = axis.points[(shared & -shared).bit_length() - 1]
        return example


def _odd(value: Any) -> bool:
    """A number with a fraction: a whole one makes a better example."""
    return isinstance(value, Decimal) and value != value.to_integral_value()
