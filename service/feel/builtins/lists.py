"""Functions of lists."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from service.errors import Unanswered
from service.feel.arithmetic import plus
from service.feel.builtins.table import Table
from service.feel.comparing import compare, equal
from service.feel.running import FeelFunction, Scope, invoke
from service.feel.values import NUMBERS, YearMonthDuration, number

FUNCTIONS = Table()


def _declare(name: str, call: Callable[[list[Any]], Any]) -> None:
    """Declare a function over a list: `f([1, 2])` and `f(1, 2)` are the same."""

    def over(scope: Scope, *items: Any) -> Any:
        one_list = len(items) == 1 and isinstance(items[0], list | tuple)
        values = [number(item) for item in (items[0] if one_list else items)]
        scope.run.spend(len(values))
        return call(values)

    FUNCTIONS.add(name, "list: list", "list: any...")(over)


def _numbers(items: list[Any]) -> list[Decimal]:
    if not all(isinstance(item, Decimal) for item in items):
        raise Unanswered("only numbers can be counted with")
    return items


def _extreme(operator: str) -> Callable[[list[Any]], Any]:
    def pick(items: list[Any]) -> Any:
        if not items:
            return None
        best = items[0]
        for item in items[1:]:
            better = compare(operator, item, best)
            if better is None:
                raise Unanswered("the items cannot be compared")
            best = item if better else best
        return best

    return pick


def _sum(items: list[Any]) -> Any:
    total = functools.reduce(plus, items) if items else None
    if items and (total is None or not isinstance(items[0], Decimal | dt.timedelta | YearMonthDuration)):
        raise Unanswered("only numbers, or durations of one kind, add up")
    return total


def _total(items: list[Any]) -> Decimal:
    return functools.reduce(NUMBERS.add, _numbers(items), Decimal(0))


def _mean(items: list[Any]) -> Any:
    return NUMBERS.divide(_total(items), Decimal(len(items))) if items else None


def _median(items: list[Any]) -> Any:
    ordered = sorted(_numbers(items))
    half = len(ordered) // 2
    if not ordered:
        return None
    return (
        ordered[half]
        if len(ordered) % 2
        else NUMBERS.divide(NUMBERS.add(ordered[half - 1], ordered[half]), Decimal(2))
    )


def _deviation(items: list[Any]) -> Any:
    if len(items) < 2:
        return None
    mean = _mean(items)
    apart = [NUMBERS.subtract(item, mean) for item in _numbers(items)]
    squares = _total([NUMBERS.multiply(one, one) for one in apart])
    return NUMBERS.divide(squares, Decimal(len(items) - 1)).sqrt(NUMBERS)


def _mode(items: list[Any]) -> Any:
    counts: dict[Decimal, int] = {}
    for item in _numbers(items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _every(items: list[Any]) -> Any:
    if any(item is False for item in items):
        return False
    return True if all(isinstance(item, bool) for item in items) else None


def _any(items: list[Any]) -> Any:
    if any(item is True for item in items):
        return True
    return False if all(isinstance(item, bool) for item in items) else None


_declare("min", _extreme("<"))
_declare("max", _extreme(">"))
_declare("sum", _sum)
_declare("product", lambda items: functools.reduce(NUMBERS.multiply, _numbers(items)) if items else None)
_declare("mean", _mean)
_declare("median", _median)
_declare("stddev", _deviation)
_declare("mode", _mode)
_declare("all", _every)
_declare("any", _any)


def _among(scope: Scope, items: Sequence[Any], wanted: Any) -> bool:
    scope.run.spend(len(items))
    return any(equal(number(item), wanted, scope.run.spend) is True for item in items)


@FUNCTIONS.add("list contains", "list: list, element: any")
def list_contains(scope: Scope, items: list[Any], element: Any) -> Any:
    return _among(scope, items, element)


@FUNCTIONS.add("count", "list: list")
def count(_scope: Scope, items: list[Any]) -> Any:
    return len(items)


@FUNCTIONS.add("sublist", "list: list, start position: number, length?: number")
def sublist(_scope: Scope, items: list[Any], start: Decimal, length: Decimal | None = None) -> Any:
    position = int(start)
    begin = position - 1 if position > 0 else len(items) + position
    end = len(items) if length is None else begin + int(length)
    if position == 0 or not 0 <= begin < len(items) or not begin <= end <= len(items):
        raise Unanswered("there is no such position")
    return list(items[begin:end])


@FUNCTIONS.add("append", "list: list, item: any...")
def append(_scope: Scope, items: list[Any], *more: Any) -> Any:
    return [*items, *more]


@FUNCTIONS.add("concatenate", "list: list...")
def concatenate(scope: Scope, *lists: list[Any]) -> Any:
    scope.run.spend(sum(map(len, lists)))
    return [item for items in lists for item in items]


def _index(items: Sequence[Any], position: Decimal) -> int:
    index = int(position) - 1 if position > 0 else len(items) + int(position)
    if position == 0 or not 0 <= index < len(items):
        raise Unanswered("there is no such position")
    return index


@FUNCTIONS.add("insert before", "list: list, position: number, newItem: any")
def insert_before(_scope: Scope, items: list[Any], position: Decimal, item: Any) -> Any:
    index = _index(items, position)
    return [*items[:index], item, *items[index:]]


@FUNCTIONS.add("remove", "list: list, position: number")
def remove(_scope: Scope, items: list[Any], position: Decimal) -> Any:
    index = _index(items, position)
    return [*items[:index], *items[index + 1 :]]


@FUNCTIONS.add("list replace", "list: list, position: number, newItem: any")
def list_replace(_scope: Scope, items: list[Any], position: Decimal, item: Any) -> Any:
    index = _index(items, position)
    return [*items[:index], item, *items[index + 1 :]]


@FUNCTIONS.add("list replace", "list: list, match: function, newItem: any")
def list_replace_where(scope: Scope, items: list[Any], match: FeelFunction, item: Any) -> Any:
    chosen = [invoke(scope, match, [number(value), item]) for value in items]
    if not all(isinstance(one, bool) for one in chosen):
        raise Unanswered("the match function must answer true or false")
    return [item if match else value for value, match in zip(items, chosen, strict=True)]


@FUNCTIONS.add("reverse", "list: list")
def reverse(_scope: Scope, items: list[Any]) -> Any:
    return list(items[::-1])


@FUNCTIONS.add("index of", "list: list, match: any")
def index_of(scope: Scope, items: list[Any], match: Any) -> Any:
    scope.run.spend(len(items))
    return [
        Decimal(at) for at, item in enumerate(items, 1) if equal(number(item), match, scope.run.spend) is True
    ]


@FUNCTIONS.add("union", "list: list...")
def union(scope: Scope, *lists: list[Any]) -> Any:
    return distinct_values(scope, concatenate(scope, *lists))


@FUNCTIONS.add("distinct values", "list: list")
def distinct_values(scope: Scope, items: list[Any]) -> Any:
    found: list[Any] = []
    for item in items:
        if not _among(scope, found, number(item)):
            found.append(item)
    return found


@FUNCTIONS.add("duplicate values", "list: list")
def duplicate_values(scope: Scope, items: list[Any]) -> Any:
    once: list[Any] = []
    twice: list[Any] = []
    for item in map(number, items):
        if not _among(scope, once, item):
            once.append(item)
        elif not _among(scope, twice, item):
            twice.append(item)
    return [item for item in once if _among(scope, twice, item)]


@FUNCTIONS.add("flatten", "list: list")
def flatten(scope: Scope, items: list[Any]) -> Any:
    flat: list[Any] = []
    pending = list(items[::-1])
    while pending:
        scope.run.spend()
        item = pending.pop()
        if isinstance(item, list | tuple):
            pending.extend(reversed(item))
        else:
            flat.append(item)
    return flat


@FUNCTIONS.add("sort", "list: list, precedes?: function")
def sort(scope: Scope, items: list[Any], precedes: FeelFunction | None = None) -> Any:
    def order(left: Any, right: Any) -> int:
        if precedes is None:
            scope.run.spend()
            first = compare("<", left, right)
            if first is None:
                raise Unanswered("the items cannot be compared")
            return -1 if first else 1 if compare(">", left, right) else 0
        if invoke(scope, precedes, [left, right]) is True:
            return -1
        return 1 if invoke(scope, precedes, [right, left]) is True else 0

    return sorted(map(number, items), key=functools.cmp_to_key(order))


@FUNCTIONS.add("partition", "list: list, size: number")
def partition(_scope: Scope, items: list[Any], size: Decimal) -> Any:
    width = int(size)
    if width < 1:
        raise Unanswered("the size is at least 1")
    return [list(items[at : at + width]) for at in range(0, len(items), width)]
