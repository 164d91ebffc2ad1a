"""Functions of dates and times, and the moment that the clock tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from service.clock import AMSTERDAM
from service.feel import temporal
from service.feel.builtins.table import Table, need
from service.feel.comparing import equal
from service.feel.running import Scope
from service.feel.values import Range

FUNCTIONS = Table()
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@FUNCTIONS.add("now")
def now(scope: Scope) -> Any:
    if scope.run.clock is None:
        raise ValueError("no clock was given")
    return scope.run.clock.now().astimezone(AMSTERDAM)


@FUNCTIONS.add("today")
def today(scope: Scope) -> Any:
    return now(scope).date()


@FUNCTIONS.add("day of week", "date")
def day_of_week(_scope: Scope, value: Any) -> Any:
    need(value, dt.date)
    return _DAYS[value.weekday()]


@FUNCTIONS.add("day of year", "date")
def day_of_year(_scope: Scope, value: Any) -> Any:
    need(value, dt.date)
    return value.timetuple().tm_yday


@FUNCTIONS.add("month of year", "date")
def month_of_year(_scope: Scope, value: Any) -> Any:
    need(value, dt.date)
    return _MONTHS[value.month - 1]


@FUNCTIONS.add("week of year", "date")
def week_of_year(_scope: Scope, value: Any) -> Any:
    need(value, dt.date)
    return value.isocalendar().week


@FUNCTIONS.add("last day of month", "date")
def last_day_of_month(_scope: Scope, value: Any) -> Any:
    need(value, dt.date)
    return temporal.add_months(value.replace(day=1), 1) - dt.timedelta(days=1)


@FUNCTIONS.add("is", "value1", "value2")
def same(_scope: Scope, left: Any, right: Any) -> Any:
    if isinstance(left, dt.datetime | dt.time) and isinstance(right, dt.datetime | dt.time):
        return type(left) is type(right) and left.isoformat() == right.isoformat()
    return equal(left, right) is True


def _ends(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _declare(name: str, *parameters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return FUNCTIONS.add(name, *(parameters or ("range1", "range2")))


@_declare("before")
def before(_scope: Scope, left: Any, right: Any) -> Any:
    a, b = _ends(left), _ends(right)
    return a.end < b.start or (a.end == b.start and not (a.end_included and b.start_included))


@_declare("after")
def after(scope: Scope, left: Any, right: Any) -> Any:
    return before(scope, right, left)


@_declare("meets")
def meets(_scope: Scope, left: Any, right: Any) -> Any:
    return bool(left.end_included and right.start_included and left.end == right.start)


@_declare("met by")
def met_by(scope: Scope, left: Any, right: Any) -> Any:
    return meets(scope, right, left)


@_declare("overlaps")
def overlaps(scope: Scope, left: Any, right: Any) -> Any:
    return not before(scope, left, right) and not before(scope, right, left)


@_declare("includes", "range", "value")
def includes(_scope: Scope, outer: Any, inner: Any) -> Any:
    a, b = _ends(outer), _ends(inner)
    starts = a.start < b.start or (a.start == b.start and (a.start_included or not b.start_included))
    ends = a.end > b.end or (a.end == b.end and (a.end_included or not b.end_included))
    return starts and ends


@_declare("during", "value", "range")
def during(scope: Scope, inner: Any, outer: Any) -> Any:
    return includes(scope, outer, inner)


@_declare("coincides")
def coincides(_scope: Scope, left: Any, right: Any) -> Any:
    return _ends(left) == _ends(right)


@_declare("starts")
def starts(scope: Scope, left: Any, right: Any) -> Any:
    a = _ends(left)
    begins = a.start == right.start and a.start_included == right.start_included
    return begins and includes(scope, right, left)


@_declare("finishes")
def finishes(scope: Scope, left: Any, right: Any) -> Any:
    a = _ends(left)
    return a.end == right.end and a.end_included == right.end_included and includes(scope, right, left)
