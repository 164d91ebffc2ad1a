"""Functions of ranges: how points and ranges lie to each other (DMN 1.5, section 10.3.4.11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.errors import Unanswered
from service.feel import nodes as n
from service.feel.building import build
from service.feel.builtins.table import Table
from service.feel.comparing import compare
from service.feel.parser import Parser, phrases
from service.feel.running import Scope
from service.feel.values import FeelSyntaxError, Range

FUNCTIONS = Table()
_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"


def _range(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _order(left: Any, right: Any) -> int:
    """-1, 0 or 1; raises TypeError for what has no order."""
    less, more = compare("<", left, right), compare(">", left, right)
    if less is None or more is None:
        raise Unanswered("the points cannot be compared")
    return more - less


def _starts(a: Range, b: Range) -> int:
    """Whether a starts before (-1), with (0) or after (1) b; a start without a point is before all others."""
    if a.start is None or b.start is None:
        return (a.start is not None) - (b.start is not None)
    return _order(a.start, b.start) or int(b.start_included) - int(a.start_included)


def _ends(a: Range, b: Range) -> int:
    """Whether a ends before (-1), with (0) or after (1) b; an end without a point is after all others."""
    if a.end is None or b.end is None:
        return (a.end is None) - (b.end is None)
    return _order(a.end, b.end) or int(a.end_included) - int(b.end_included)


def _is_before(a: Range, b: Range) -> bool:
    """Whether a ends before b starts."""
    if a.end is None or b.start is None:
        return False
    order = _order(a.end, b.start)
    return order < 0 or (order == 0 and not (a.end_included and b.start_included))


def _meets(a: Range, b: Range) -> bool:
    touching = None not in {a.end, b.start} and _order(a.end, b.start) == 0
    return touching and a.end_included and b.start_included


def _meet_in_part(a: Range, b: Range) -> bool:
    return not _is_before(a, b) and not _is_before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    return _meet_in_part(a, b) and _starts(a, b) < 0 and _ends(a, b) <= 0


def _within(a: Range, b: Range) -> bool:
    return _starts(a, b) >= 0 and _ends(a, b) <= 0


_CONVERSIONS = frozenset({"date", "time", "date and time", "duration"})


@FUNCTIONS.add("range", "from: string")
def range_of(scope: Scope, source: str) -> Range:
    """A range from its text; its ends are constants (DMN 1.5, section 10.3.4.1)."""
    scope.run.spend(10 + len(source))
    try:
        node = Parser(source, phrases(_CONVERSIONS)).whole()
    except FeelSyntaxError as error:
        raise Unanswered("the text is no range") from error
    if not isinstance(node, n.Interval) or not _constant(node):
        raise Unanswered("the text is no range between constants")
    found = build(node)(scope)
    if not isinstance(found, Range):
        raise Unanswered("the ends are not of one kind")
    return found


def _constant(node: n.Node) -> bool:
    if isinstance(node, n.Call):
        called = isinstance(node.function, n.Name) and node.function.name in _CONVERSIONS
        return called and all(isinstance(one, n.Literal) for one in node.arguments)
    whole = isinstance(node, n.Interval | n.Literal | n.At | n.Negate)
    return whole and all(_constant(one) for one in n.children(node))


def _declare(name: str, test: Callable[[Range, Range], bool], *signatures: str) -> None:
    def answer(_scope: Scope, left: Any, right: Any) -> bool:
        return test(_range(left), _range(right))

    FUNCTIONS.add(name, *signatures)(answer)


_declare("before", _is_before, _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("after", lambda a, b: _is_before(b, a), _POINTS, _POINT_RANGE, _RANGE_POINT, _RANGES)
_declare("meets", _meets, _RANGES)
_declare("met by", lambda a, b: _meets(b, a), _RANGES)
_declare("overlaps", _meet_in_part, _RANGES)
_declare("overlaps before", _overlaps_before, _RANGES)
_declare("overlaps after", lambda a, b: _overlaps_before(b, a), _RANGES)
_declare("finishes", lambda a, b: _ends(a, b) == 0 and _within(a, b), _POINT_RANGE, _RANGES)
_declare("finished by", lambda a, b: _ends(a, b) == 0 and _within(b, a), _RANGE_POINT, _RANGES)
_declare("includes", lambda a, b: _within(b, a), _RANGE_POINT, _RANGES)
_declare("during", _within, _POINT_RANGE, _RANGES)
_declare("starts", lambda a, b: _starts(a, b) == 0 and _within(a, b), _POINT_RANGE, _RANGES)
_declare("started by", lambda a, b: _starts(a, b) == 0 and _within(b, a), _RANGE_POINT, _RANGES)
_declare(
    "coincides",
    lambda a, b: _starts(a, b) == 0 and _ends(a, b) == 0,
    _POINTS,
    _RANGES,
)
