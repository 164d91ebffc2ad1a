"""The input columns of a table as axes with finitely many points between which no cell changes its answer.

A cell that compares its input with constants is the same everywhere between two of them. So it is enough to try every
constant and one value on each side: what holds there holds everywhere. The cells are tried with FEEL itself, so that the
analysis cannot understand a cell otherwise than the evaluation does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from service import feel
from service.dmn.frames import compiled
from service.dmn.model import Clause, Table
from service.dmn.types import Types
from service.feel import nodes as n
from service.feel.building import build
from service.feel.running import Run, Scope
from service.feel.values import NUMBERS

_CONSTRUCTORS = frozenset({"date", "date and time", "duration", "number"})
_ORDERING = frozenset({"<", "<=", ">", ">="})
_EQUALS = frozenset({"=", "!="})
OTHER = "iets anders"
MAX_COMPARISONS = 1_000_000  # of points with constants, for all tables of one file


class NotAnalysable(Exception):
    """The cell does more than compare its input with constants."""


class TooLarge(Exception):
    """The analysis would take too long."""


@dataclass
class Effort:
    """What the analysis of one file may still cost: many tables are no way around the bound of one."""

    left: int = MAX_COMPARISONS

    def spend(self, amount: int = 1) -> None:
        """Raises TooLarge, without taking anything, when the amount is more than what is left."""
        if amount > self.left:
            raise TooLarge
        self.left -= amount


@dataclass(frozen=True)
class Axis:
    """One input expression; columns with the same one are one axis.

    accepts  per rule the points (as bits) that its cells accept; None where a cell cannot be analysed
    """

    expression: str
    name: str
    points: tuple[Any, ...]
    accepts: tuple[int | None, ...]
    tested: bool  # whether any cell looks at it at all


def axes(
    table: Table, names: frozenset[str], types: Types, declared: Mapping[str, str], effort: Effort
) -> tuple[Axis, ...]:
    """The axes of a table, in the order of its columns."""
    columns: dict[str, list[int]] = {}
    for column, clause in enumerate(table.inputs):
        columns.setdefault(clause.expression, []).append(column)
    return tuple(_axis(table, own, names, types, declared, effort) for own in columns.values())


def _axis(
    table: Table,
    columns: list[int],
    names: frozenset[str],
    types: Types,
    declared: Mapping[str, str],
    effort: Effort,
) -> Axis:
    clause = table.inputs[columns[0]]
    type_ = clause.type or declared.get(clause.expression, "")
    allowed = [text for text in _allowed(table, columns, types, type_) if text]
    cells = [[rule.inputs[at] for at in columns if at < len(rule.inputs)] for rule in table.rules]
    found = [_constants(text, names) for text in (*allowed, *(cell for row in cells for cell in row))]
    certain = all(one is not None for one in found[: len(allowed)])
    constants = [value for one in found if one is not None for value in one]
    points = _points(types.base(type_), constants)
    # A cell that lists constants compares each point with each of them.
    effort.spend(len(points) * (len(cells) + len(constants)))
    if certain:
        points = [one for one in points if one is None or all(_holds(text, one, names) for text in allowed)]
    accepts = tuple(_accepted(row, points, names, certain=certain) for row in cells)
    tested = any(cell not in {"", "-"} for row in cells for cell in row)
    return Axis(clause.expression, clause.name, tuple(points), accepts, tested)


def _allowed(table: Table, columns: Iterable[int], types: Types, type_: str) -> Iterator[str]:
    yield types.allowed(type_)
    for column in columns:
        clause: Clause = table.inputs[column]
        yield clause.allowed
        yield types.allowed(clause.type)


def _accepted(row: list[str], points: list[Any], names: frozenset[str], *, certain: bool) -> int | None:
    """The points that all cells of one rule accept, as bits."""
    row = [cell for cell in row if cell not in {"", "-"}]
    if (row and not certain) or any(_constants(cell, names) is None for cell in row):
        return None
    return sum(1 << at for at, point in enumerate(points) if all(_holds(cell, point, names) for cell in row))


def _holds(tests: str, value: Any, names: frozenset[str]) -> bool:
    scope = Scope(Run(None, {}, None), {"?": value})
    return compiled(tests, names, unary=True)(scope) is True


# -- which constants a cell compares with -----------------------------------------------------------------------------


def _constants(tests: str, names: frozenset[str]) -> list[Any] | None:
    """The constants of a cell; None when it cannot be analysed."""
    if tests in {"", "-"}:
        return []
    try:
        tree = feel.compile_unary_tests(tests, names).tree
        return list(_of(tree))
    except (feel.FeelSyntaxError, NotAnalysable):
        return None


def _of(node: n.Node) -> Iterator[Any]:
    if _is_input(node):
        return
    if n.reads(node) <= _CONSTRUCTORS:
        yield from _constant(node)
        return
    take = _TAKES.get(type(node))
    if take is None:
        raise NotAnalysable
    yield from take(node)


def _is_input(node: n.Node) -> bool:
    return isinstance(node, n.Name) and node.name == "?"


def _constant(node: n.Node) -> Iterator[Any]:
    """The constants of a part that does not name the input: of a test, a range, a list or a plain value."""
    if isinstance(node, n.Tests):
        for one in node.tests:
            yield from _of(one)
    elif isinstance(node, n.Test):
        yield from _compared(node.operator, _value(node.operand))
    elif isinstance(node, n.Interval):
        for end in (node.start, node.end):
            if end is not None:
                yield from _compared("<", _value(end))
    else:
        value = _value(node)
        if isinstance(value, list) and not all(isinstance(one, _KNOWN[:-1]) for one in value):
            raise NotAnalysable
        yield from value if isinstance(value, list) else [value]


def _value(node: n.Node) -> Any:
    warnings: list[feel.Warning_] = []
    value = build(node)(Scope(Run(None, {}, warnings), {}))
    if warnings or not isinstance(value, _KNOWN):
        raise NotAnalysable
    return value


_KNOWN = (type(None), bool, Decimal, str, dt.date, dt.timedelta, feel.YearMonthDuration, list)


def _compared(operator: str, value: Any) -> Iterator[Any]:
    if operator in _ORDERING and _scale(value) is None:
        raise NotAnalysable  # the order of texts has no nearest neighbours
    yield value


def _binary(node: n.Binary) -> Iterator[Any]:
    if node.operator in {"and", "or"}:
        yield from _of(node.left)
        yield from _of(node.right)
    elif node.operator in _ORDERING | _EQUALS and (_is_input(node.left) or _is_input(node.right)):
        other = node.right if _is_input(node.left) else node.left
        if not n.reads(other) <= _CONSTRUCTORS:
            raise NotAnalysable
        yield from _compared(node.operator, _value(other))
    else:
        raise NotAnalysable


def _between(node: n.Between) -> Iterator[Any]:
    if not _is_input(node.value) or not (n.reads(node.low) | n.reads(node.high)) <= _CONSTRUCTORS:
        raise NotAnalysable
    for end in (node.low, node.high):
        yield from _compared("<=", _value(end))


def _in(node: n.In) -> Iterator[Any]:
    if not _is_input(node.value):
        raise NotAnalysable
    for one in node.tests:
        yield from _of(one)


def _tests(node: n.Tests) -> Iterator[Any]:
    for one in node.tests:
        yield from _of(one)


def _call(node: n.Call) -> Iterator[Any]:
    if not isinstance(node.function, n.Name) or node.function.name != "not" or node.names:
        raise NotAnalysable
    for one in node.arguments:
        yield from _of(one)


_TAKES: dict[type[n.Node], Callable[[Any], Iterator[Any]]] = {
    n.Binary: _binary,
    n.Between: _between,
    n.In: _in,
    n.Tests: _tests,
    n.Call: _call,
}


# -- points -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scale:
    """An ordered kind of values as numbers and back; `whole` when nothing lies between two neighbours."""

    kind: str
    number: Callable[[Any], Decimal]
    value: Callable[[Decimal], Any]
    whole: bool = False


_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_SCALES = {
    "number": Scale("number", lambda v: v, lambda x: x),
    "date": Scale(
        "date", lambda v: Decimal(v.toordinal()), lambda x: dt.date.fromordinal(int(x)), whole=True
    ),
    "date and time": Scale(
        "date and time",
        lambda v: Decimal((v.replace(tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND),
        lambda x: (_EPOCH + int(x) * _MICROSECOND).replace(tzinfo=None),
    ),
    "moment": Scale(
        "moment",
        lambda v: Decimal((v.astimezone(dt.UTC) - _EPOCH) // _MICROSECOND),
        lambda x: _EPOCH + int(x) * _MICROSECOND,
    ),
    "days and time duration": Scale(
        "days and time duration",
        lambda v: Decimal(v // _MICROSECOND),
        lambda x: int(x) * _MICROSECOND,
    ),
    "years and months duration": Scale(
        "years and months duration",
        lambda v: Decimal(v.months),
        lambda x: feel.YearMonthDuration(int(x)),
        whole=True,
    ),
}


def _scale(value: Any) -> Scale | None:
    if isinstance(value, Decimal):
        return _SCALES["number"]
    if isinstance(value, dt.datetime):
        return _SCALES["moment" if value.tzinfo else "date and time"]
    if isinstance(value, dt.date):
        return _SCALES["date"]
    if isinstance(value, dt.timedelta):
        return _SCALES["days and time duration"]
    return _SCALES["years and months duration"] if isinstance(value, feel.YearMonthDuration) else None


_DEFAULTS: dict[str, list[Any]] = {
    "number": [Decimal(0)],
    "string": ["tekst"],
    "boolean": [True, False],
    "date": [dt.date(2027, 1, 1)],
}


def _points(base: str, constants: list[Any]) -> list[Any]:
    """One value for each stretch on which no cell changes its answer."""
    points: list[Any] = []
    for kind, values in _by_kind(constants).items():
        if base in {"", kind} or (base == "date and time" and kind == "moment"):
            points += _along(_SCALES[kind], values)
    if base in {"", "boolean"} and (base or any(isinstance(one, bool) for one in constants)):
        points += [True, False]
    texts = list(dict.fromkeys(one for one in constants if isinstance(one, str)))
    if base in {"", "string"} and texts:
        points += [*texts, OTHER if OTHER not in texts else OTHER + "…"]
    if not points:
        points = list(_DEFAULTS.get(base, ["tekst"]))
    return [*points, None] if None in constants else points


def _by_kind(constants: list[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for value in constants:
        scale = _scale(value)
        if scale is not None:
            found.setdefault(scale.kind, []).append(value)
    return found


def _along(scale: Scale, values: list[Any]) -> list[Any]:
    numbers = sorted({scale.number(value) for value in values})
    below = min(NUMBERS.subtract(numbers[0], Decimal(1)), NUMBERS.next_minus(numbers[0]))
    above = max(NUMBERS.add(numbers[-1], Decimal(1)), NUMBERS.next_plus(numbers[-1]))
    steps = [one for one in (below, *_between_each(scale, numbers), above) if one.is_finite()]
    points = []
    for number in sorted({*numbers, *steps}):
        try:
            points.append(scale.value(number))
        except (ValueError, OverflowError):
            continue  # before the year 1 or after 9999 nothing lies
    return points


def _between_each(scale: Scale, numbers: list[Decimal]) -> Iterator[Decimal]:
    for low, high in pairwise(numbers):
        next_whole = NUMBERS.add(low.to_integral_value("ROUND_FLOOR"), Decimal(1))
        middle = NUMBERS.add(NUMBERS.divide(low, Decimal(2)), NUMBERS.divide(high, Decimal(2)))
        candidates = [next_whole] if scale.whole else [next_whole, middle, NUMBERS.next_plus(low)]
        ends = {scale.value(low), scale.value(high)}
        found = [one for one in candidates if low < one < high and scale.value(one) not in ends]
        yield from found[:1]
