"""Functions of lists."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from service.feel.arithmetic import plus
from service.feel.builtins.table import Table, need
from service.feel.comparing import compare, equal
from service.feel.running import FeelFunction, Scope, invoke
from service.feel.values import NUMBERS, number

FUNCTIONS = Table()


def _all(items: tuple[Any, ...]) -> list[Any]:
    """`f([1, 2])` and `f(1, 2)` are the same."""
    if len(items) == 1 and isinstance(items[0], list | tuple):
        items = tuple(items[0])
    return [number(item) for item in items]


def _declare(name: str, call: Callable[[list[Any]], Any]) -> None:
    def over(scope: Scope, *items: Any) -> Any:
        values = _all(items)
        scope.run.spend(len(values))
        return call(values)

    FUNCTIONS.add(name, "list")(over)


def _numbers(items: list[Any]) -> list[Decimal]:
    for item in items:
        need(item, Decimal)
    return items


def _extreme(operator: str) -> Callable[[list[Any]], Any]:
    def pick(items: list[Any]) -> Any:
        if not items:
            return None
        best = items[0]
        for item in items[1:]:
            better = compare(operator, item, best)
            if better is None:
                raise TypeError("the items cannot be compared")
            best = item if better else best
        return best

    return pick


def _mean(items: list[Any]) -> Any:
    return NUMBERS.divide(sum(_numbers(items), Decimal(0)), Decimal(len(items))) if items else None


def _median(items: list[Any]) -> Any:
    ordered = sorted(_numbers(items))
    half = len(ordered) // 2
    if not ordered:
        return None
    return (
        ordered[half] if len(ordered) % 2 else NUMBERS.divide(ordered[half - 1] + ordered[half], Decimal(2))
    )


def _deviation(items: list[Any]) -> Any:
    if len(items) < 2:
        return None
    mean = _mean(items)
    squares = sum(((item - mean) ** 2 for item in _numbers(items)), Decimal(0))
    return NUMBERS.divide(squares, Decimal(len(items) - 1)).sqrt(NUMBERS)


def _mode(items: list[Any]) -> Any:
    counts: dict[Decimal, int] = {}
    for item in _numbers(items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def _every(items: list[Any]) -> Any:
    if False in items:
        return False
    return True if all(isinstance(item, bool) for item in items) else None


def _any(items: list[Any]) -> Any:
    if any(item is True for item in items):
        return True
    return False if all(isinstance(item, bool) for item in items) else None


_declare("min", _extreme("<"))
_declare("max", _extreme(">"))
_declare("sum", lambda items: functools.reduce(plus, items) if items else None)
_declare("product", lambda items: functools.reduce(NUMBERS.multiply, _numbers(items)) if items else None)
_declare("mean", _mean)
_declare("median", _median)
_declare("stddev", _deviation)
_declare("mode", _mode)
_declare("all", _every)
_declare("and", _every)
_declare("any", _any)
_declare("or", _any)


def _list(value: Any) -> list[Any]:
    if value is None:
        raise TypeError("a list was expected")
    return list(value) if isinstance(value, list | tuple) else [value]


def _among(items: list[Any], wanted: Any) -> bool:
    return any(equal(number(item), wanted) is True for item in items)


@FUNCTIONS.add("list contains", "list", "element")
def list_contains(_scope: Scope, items: Any, element: Any) -> Any:
    return _among(_list(items), element)


@FUNCTIONS.add("count", "list")
def count(_scope: Scope, items: Any) -> Any:
    return len(_list(items))


@FUNCTIONS.add("sublist", "list", "start position", "length")
def sublist(_scope: Scope, items: Any, start: Any, length: Any = None) -> Any:
    values, position = _list(items), int(start)
    begin = position - 1 if position > 0 else len(values) + position
    if position == 0 or not 0 <= begin < len(values) or (length is not None and begin + length > len(values)):
        raise ValueError("there is no such position")
    return values[begin:] if length is None else values[begin : begin + int(length)]


@FUNCTIONS.add("append", "list", "item")
def append(_scope: Scope, items: Any, *more: Any) -> Any:
    return [*_list(items), *more]


@FUNCTIONS.add("concatenate", "list")
def concatenate(_scope: Scope, *lists: Any) -> Any:
    return [item for items in lists for item in _list(items)]


def _index(items: list[Any], position: Any, *, end: bool = False) -> int:
    need(position, Decimal)
    index = int(position) - 1 if position > 0 else len(items) + int(position)
    if position == 0 or not 0 <= index < len(items) + (1 if end else 0):
        raise ValueError("there is no such position")
    return index


@FUNCTIONS.add("insert before", "list", "position", "newItem")
def insert_before(_scope: Scope, items: Any, position: Any, item: Any) -> Any:
    values = _list(items)
    index = _index(values, position)
    return [*values[:index], item, *values[index:]]


@FUNCTIONS.add("remove", "list", "position")
def remove(_scope: Scope, items: Any, position: Any) -> Any:
    values = _list(items)
    index = _index(values, position)
    return values[:index] + values[index + 1 :]


@FUNCTIONS.add("list replace", "list", "position", "newItem")
def list_replace(scope: Scope, items: Any, position: Any, item: Any) -> Any:
    values = _list(items)
    if isinstance(position, FeelFunction):
        chosen = [invoke(scope, position, [number(value), item]) for value in values]
        if not all(isinstance(one, bool) for one in chosen):
            raise TypeError("the match function must answer true or false")
        return [item if match else value for value, match in zip(values, chosen, strict=True)]
    values[_index(values, position)] = item
    return values


@FUNCTIONS.add("reverse", "list")
def reverse(_scope: Scope, items: Any) -> Any:
    return _list(items)[::-1]


@FUNCTIONS.add("index of", "list", "match")
def index_of(_scope: Scope, items: Any, match: Any) -> Any:
    return [at for at, item in enumerate(_list(items), 1) if equal(number(item), match) is True]


@FUNCTIONS.add("union", "list")
def union(scope: Scope, *lists: Any) -> Any:
    return distinct_values(scope, concatenate(scope, *lists))


@FUNCTIONS.add("distinct values", "list")
def distinct_values(scope: Scope, items: Any) -> Any:
    found: list[Any] = []
    for item in _list(items):
        scope.run.spend(len(found))
        if not _among(found, number(item)):
            found.append(item)
    return found


@FUNCTIONS.add("duplicate values", "list")
def duplicate_values(scope: Scope, items: Any) -> Any:
    values = _list(items)
    scope.run.spend(len(values) * len(values) // 10)
    repeated = [v for v in values if sum(equal(number(o), number(v)) is True for o in values) > 1]
    return distinct_values(scope, repeated)


@FUNCTIONS.add("flatten", "list")
def flatten(scope: Scope, items: Any) -> Any:
    flat: list[Any] = []
    pending = _list(items)[::-1]
    while pending:
        scope.run.spend()
        item = pending.pop()
        if isinstance(item, list | tuple):
            pending.extend(reversed(item))
        else:
            flat.append(item)
    return flat


@FUNCTIONS.add("sort", "list", "precedes")
def sort(scope: Scope, items: Any, precedes: Any = None) -> Any:
    values = [number(item) for item in _list(items)]

    def order(left: Any, right: Any) -> int:
        if precedes is None:
            first = compare("<", left, right)
            return -1 if first else 1 if compare(">", left, right) else 0
        if invoke(scope, precedes, [left, right]) is True:
            return -1
        return 1 if invoke(scope, precedes, [right, left]) is True else 0

    return sorted(values, key=functools.cmp_to_key(order))


@FUNCTIONS.add("partition", "list", "size")
def partition(_scope: Scope, items: Any, size: Any) -> Any:
    values, width = _list(items), int(size)
    if width < 1:
        raise ValueError("the size is at least 1")
    return [values[at : at + width] for at in range(0, len(values), width)]
