"""Functions of dates and times, and the moment that the clock tells."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from service.clock import AMSTERDAM
from service.errors import Unanswered
from service.feel.builtins.table import Table
from service.feel.comparing import equal
from service.feel.running import Scope
from service.feel.values import text

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
        raise Unanswered("no clock was given")
    return scope.run.clock.now().astimezone(AMSTERDAM)


@FUNCTIONS.add("today")
def today(scope: Scope) -> Any:
    return now(scope).date()


@FUNCTIONS.add("day of week", "date: day")
def day_of_week(_scope: Scope, value: dt.date) -> Any:
    return _DAYS[value.weekday()]


@FUNCTIONS.add("day of year", "date: day")
def day_of_year(_scope: Scope, value: dt.date) -> Any:
    return value.timetuple().tm_yday


@FUNCTIONS.add("month of year", "date: day")
def month_of_year(_scope: Scope, value: dt.date) -> Any:
    return _MONTHS[value.month - 1]


@FUNCTIONS.add("week of year", "date: day")
def week_of_year(_scope: Scope, value: dt.date) -> Any:
    return value.isocalendar().week


@FUNCTIONS.add("last day of month", "date: day")
def last_day_of_month(_scope: Scope, value: dt.date) -> Any:
    return dt.date(value.year, value.month, calendar.monthrange(value.year, value.month)[1])


@FUNCTIONS.add("is", "value1: any, value2: any")
def same(_scope: Scope, left: Any, right: Any) -> Any:
    if isinstance(left, dt.datetime | dt.time) and isinstance(right, dt.datetime | dt.time):
        return type(left) is type(right) and text(left) == text(right)
    return equal(left, right) is True
