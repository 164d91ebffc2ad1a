"""Conversion: number, string, date, time, date and time, duration, range; and what Camunda adds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sized
from decimal import Decimal
from typing import Any

from service.errors import Unanswered
from service.feel import temporal
from service.feel.builtins.table import Table
from service.feel.running import Scope
from service.feel.values import NUMBERS, text

FUNCTIONS = Table()
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


@FUNCTIONS.add(
    "number",
    "from: string|number",
    "from: string, grouping separator: string|null, decimal separator: string|null",
)
def number(_scope: Scope, source: Any, grouping: Any = None, decimal: Any = None) -> Any:
    if isinstance(source, Decimal):
        return source
    if grouping not in {None, " ", ",", "."} or decimal not in {None, ",", "."}:
        raise Unanswered("separators are a space, a comma or a point")
    if grouping and grouping == decimal:
        raise Unanswered("the separators are the same")
    plain = source.replace(grouping, "") if grouping else source
    plain = plain.replace(decimal, ".") if decimal else plain
    if not _NUMBER.fullmatch(plain):
        raise Unanswered("the text is no number")
    return NUMBERS.create_decimal(plain)


@FUNCTIONS.add("string", "from: any")
def string(scope: Scope, source: Any) -> Any:
    return None if source is None else text(source, scope.run.spend)


@FUNCTIONS.add("date", "from: string|day")
def date(_scope: Scope, source: Any) -> Any:
    if isinstance(source, dt.datetime):
        return source.date()
    if isinstance(source, dt.date):
        return source
    return _read(temporal.read_date(source), "date of the years 1 to 9999")


@FUNCTIONS.add("date", "year: number, month: number, day: number")
def date_of(_scope: Scope, year: Decimal, month: Decimal, day: Decimal) -> Any:
    try:
        return dt.date(int(year), int(month), int(day))
    except (ValueError, OverflowError) as error:
        raise Unanswered("there is no such date in the years 1 to 9999") from error


@FUNCTIONS.add("time", "from: string|day|time")
def time(_scope: Scope, source: Any) -> Any:
    if isinstance(source, dt.datetime):
        return source.timetz()
    if isinstance(source, dt.time):
        return source
    if isinstance(source, dt.date):
        return dt.time(0, tzinfo=dt.UTC)
    return _read(temporal.read_time(source), "time of the day")


@FUNCTIONS.add("time", "hour: number, minute: number, second: number, offset?: days and time duration|null")
def time_of(
    _scope: Scope, hour: Decimal, minute: Decimal, second: Decimal, offset: dt.timedelta | None = None
) -> Any:
    zone = None if offset is None else dt.timezone(offset)
    whole = int(second)
    return dt.time(int(hour), int(minute), whole, int((second - whole) * 1_000_000), zone)


@FUNCTIONS.add("date and time", "from: string|day")
def date_and_time(_scope: Scope, source: Any) -> Any:
    if isinstance(source, dt.datetime):
        return source
    if isinstance(source, dt.date):
        return dt.datetime.combine(source, dt.time(0, tzinfo=dt.UTC))
    return _read(temporal.read_date_time(source), "date and time of the years 1 to 9999")


@FUNCTIONS.add("date and time", "date: day, time: time")
def date_and_time_of(_scope: Scope, day: dt.date, clock_time: dt.time) -> Any:
    return dt.datetime.combine(day.date() if isinstance(day, dt.datetime) else day, clock_time)


@FUNCTIONS.add("date and time", "date: date and time, timezone: string")
def date_and_time_in(_scope: Scope, moment: dt.datetime, timezone: str) -> Any:
    if not timezone:
        raise Unanswered("a time zone has a name")
    named = timezone[:1].isalpha() and timezone != "Z"
    try:
        zone = temporal.read_zone(f"@{timezone}" if named else timezone)
    except (ValueError, LookupError, OSError) as error:
        raise Unanswered("there is no such time zone") from error
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


@FUNCTIONS.add("duration", "from: string|duration")
def duration(_scope: Scope, source: Any) -> Any:
    if not isinstance(source, str):
        return source
    found = temporal.read_duration(source)
    if found is None:
        raise Unanswered("the text is no duration; weeks are written in days, e.g. P91D")
    return found


@FUNCTIONS.add("years and months duration", "from: day, to: day")
def years_and_months(_scope: Scope, start: dt.date, end: dt.date) -> Any:
    return temporal.months_between(start, end)


def _read(found: Any, what: str) -> Any:
    if found is None:
        raise Unanswered(f"the text is no {what}")
    return found


@FUNCTIONS.add("not", "negand: any")
def negation(_scope: Scope, negand: Any) -> Any:
    if negand is not None and not isinstance(negand, bool):
        raise Unanswered("only true and false can be turned round")
    return None if negand is None else not negand


@FUNCTIONS.add("is defined", "value: any")
def is_defined(_scope: Scope, value: Any) -> bool:
    return value is not None


@FUNCTIONS.add("get or else", "value: any, default: any")
def get_or_else(_scope: Scope, value: Any, default: Any) -> Any:
    return default if value is None else value


@FUNCTIONS.add("assert", "value: any, condition: any, cause?: string")
def asserted(_scope: Scope, value: Any, condition: Any, cause: str = "the assertion does not hold") -> Any:
    if condition is not True:
        raise Unanswered(cause)
    return value


@FUNCTIONS.add("is blank", "string: string")
def is_blank(_scope: Scope, value: str) -> bool:
    return not value.strip()


@FUNCTIONS.add("is empty", "list: list|context")
def is_empty(_scope: Scope, value: Sized) -> bool:
    return not value
