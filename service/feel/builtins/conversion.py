"""Conversion: number, string, date, time, date and time, duration; and what Camunda adds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.feel import temporal
from service.feel.builtins.table import Table, need
from service.feel.running import Scope
from service.feel.values import NUMBERS, text

FUNCTIONS = Table()
_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,4})?")


@FUNCTIONS.add("number", "from", "grouping separator", "decimal separator")
def number(_scope: Scope, source: Any, grouping: Any = None, decimal: Any = None) -> Any:
    if isinstance(source, Decimal) and not isinstance(source, bool):
        return source
    need(source, str)
    if (
        grouping not in {None, " ", ",", "."}
        or decimal not in {None, ",", "."}
        or (grouping and grouping == decimal)
    ):
        raise ValueError("the separators do not fit")
    plain = source.replace(grouping, "") if grouping else source
    plain = plain.replace(decimal, ".") if decimal else plain
    if not _NUMBER.fullmatch(plain):
        raise ValueError("the text is no number")
    return NUMBERS.create_decimal(plain)


@FUNCTIONS.add("string", "from")
def string(_scope: Scope, source: Any) -> Any:
    return None if source is None else text(source)


@FUNCTIONS.add("date", "from", "month", "day")
def date(_scope: Scope, source: Any, month: Any = None, day: Any = None) -> Any:
    if month is not None or day is not None:
        return dt.date(int(source), int(month), int(day))
    if isinstance(source, dt.datetime):
        return source.date()
    if isinstance(source, dt.date):
        return source
    need(source, str)
    found = temporal.read_date(source)
    if found is None:
        raise ValueError("the text is no date")
    return found


@FUNCTIONS.add("time", "from", "minute", "second", "offset")
def time(_scope: Scope, source: Any, minute: Any = None, second: Any = None, offset: Any = None) -> Any:
    if minute is not None:
        zone = dt.timezone(offset) if isinstance(offset, dt.timedelta) else None
        whole = int(second or 0)
        return dt.time(int(source), int(minute), whole, int((Decimal(second or 0) - whole) * 1_000_000), zone)
    if isinstance(source, dt.datetime):
        return source.timetz()
    if isinstance(source, dt.time):
        return source
    if isinstance(source, dt.date):
        return dt.time(0, tzinfo=dt.UTC)
    need(source, str)
    found = temporal.read_time(source)
    if found is None:
        raise ValueError("the text is no time")
    return found


@FUNCTIONS.add("date and time", "from", "time")
def date_and_time(scope: Scope, source: Any, clock_time: Any = None) -> Any:
    if clock_time is not None:
        need(source, dt.date)
        need(clock_time, dt.time)
        return dt.datetime.combine(source.date() if isinstance(source, dt.datetime) else source, clock_time)
    if isinstance(source, dt.datetime):
        return source
    if isinstance(source, dt.date):
        return dt.datetime.combine(source, dt.time())
    need(source, str)
    found = temporal.read_date_time(source)
    if found is None:
        raise ValueError("the text is no date and time")
    return found


@FUNCTIONS.add("duration", "from")
def duration(_scope: Scope, source: Any) -> Any:
    need(source, str)
    found = temporal.read_duration(source)
    if found is None:
        raise ValueError("the text is no duration; weeks are written in days, e.g. P91D")
    return found


@FUNCTIONS.add("years and months duration", "from", "to")
def years_and_months(_scope: Scope, start: Any, end: Any) -> Any:
    need(start, dt.date)
    need(end, dt.date)
    return temporal.months_between(start, end)


@FUNCTIONS.add("not", "negand")
def negation(_scope: Scope, negand: Any) -> Any:
    return not negand if isinstance(negand, bool) else None


@FUNCTIONS.add("is defined", "value")
def is_defined(_scope: Scope, value: Any) -> bool:
    return value is not None


@FUNCTIONS.add("get or else", "value", "default")
def get_or_else(_scope: Scope, value: Any, default: Any) -> Any:
    return default if value is None else value


@FUNCTIONS.add("assert", "value", "condition", "cause")
def asserted(_scope: Scope, value: Any, condition: Any, cause: Any = "the assertion does not hold") -> Any:
    if condition is not True:
        raise ValueError(str(cause))
    return value


@FUNCTIONS.add("is blank", "string")
def is_blank(_scope: Scope, value: Any) -> bool:
    need(value, str)
    return not str(value).strip()


@FUNCTIONS.add("is empty", "list")
def is_empty(_scope: Scope, value: Any) -> bool:
    need(value, list, Mapping)
    return not value
