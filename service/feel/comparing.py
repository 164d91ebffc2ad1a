"""FEEL equality and order: like with like, null for the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.feel import temporal
from service.feel.running import FeelFunction
from service.feel.values import Budget, Range, Spend, YearMonthDuration, number

_KINDS: tuple[tuple[str, Any], ...] = (
    ("null", type(None)),
    ("boolean", bool),
    ("number", Decimal | int | float),
    ("string", str),
    ("date and time", dt.datetime),
    ("date", dt.date),
    ("time", dt.time),
    ("days and time duration", dt.timedelta),
    ("years and months duration", YearMonthDuration),
    ("range", Range),
    ("context", Mapping),
    ("list", list | tuple),
    ("function", FeelFunction),
)


def kind(value: Any) -> str:
    """The FEEL kind of a value, for comparing like with like."""
    for name, types in _KINDS:
        if isinstance(value, types):
            return name
    return "other"


def equal(left: Any, right: Any, spend: Spend | None = None) -> bool | None:
    """FEEL equality: None for values of different kinds, except null.

    spend  takes the cost of looking inside lists and contexts; without it the two may be so large and no larger
    """
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        return None
    if isinstance(left, Mapping | list | tuple):
        return _same_inside(left, right, spend or Budget().spend)
    if isinstance(left, dt.datetime | dt.time) and (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return bool(temporal.comparable(left) == temporal.comparable(right))


def _same_inside(left: Any, right: Any, spend: Spend) -> bool:
    spend(len(left) + 1)
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(
            equal(number(one), number(right[key]), spend) is True for key, one in left.items()
        )
    return len(left) == len(right) and all(
        equal(number(a), number(b), spend) is True for a, b in zip(left, right, strict=True)
    )


_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """left < right and the like; None when they cannot be compared."""
    if left is None or right is None or kind(left) != kind(right) or kind(left) not in _ORDERED:
        return None
    if isinstance(left, dt.datetime | dt.time) and (left.tzinfo is None) != (right.tzinfo is None):
        return None
    a, b = temporal.comparable(left), temporal.comparable(right)
    if operator == "<":
        return bool(a < b)
    if operator == "<=":
        return bool(a <= b)
    return bool(a > b) if operator == ">" else bool(a >= b)


def within(value: Any, interval: Range) -> bool | None:
    """Whether a value lies in a range."""
    low = (
        True
        if interval.start is None
        else compare(">=" if interval.start_included else ">", value, interval.start)
    )
    high = (
        True if interval.end is None else compare("<=" if interval.end_included else "<", value, interval.end)
    )
    if low is False or high is False:
        return False
    return None if low is None or high is None else True


def holds(value: Any, test: Any, spend: Spend) -> bool | None:
    """`value in test` for a test that is no operator: a range, a list, or an equal value."""
    if isinstance(test, Range):
        return within(value, test)
    if not isinstance(test, list | tuple):
        return equal(value, test, spend)
    spend(len(test) + 1)
    if not isinstance(value, list | tuple):
        return any(holds(value, number(one), spend) is True for one in test)
    if any(isinstance(one, list | tuple) for one in test):
        return any(equal(value, one, spend) is True for one in test)
    return equal(value, test, spend)
