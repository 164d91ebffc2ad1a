"""Dates, times and durations: reading their text and doing sums with them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.feel.values import NUMBERS, YearMonthDuration

_DATE = re.compile(r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z_+\-0-9]+(?:/[A-Za-z_+\-0-9]+)*)?",
    re.ASCII,
)
_DAYS = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.ASCII)
_BEGIN = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_MAX_MONTHS = 10**15
_MAX_MICROS = 10**23  # a little more than a timedelta holds
_MONTHS = re.compile(r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?", re.ASCII)


def read_date(text: str) -> dt.date | None:
    """`2027-03-14`; None when it is no date of the years 1 to 9999."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return dt.date(*(int(part) for part in match.groups()))
    except (ValueError, OverflowError):
        return None


def read_zone(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    if text == "Z":
        return dt.UTC
    if text.startswith("@"):
        return ZoneInfo(text[1:])
    sign = -1 if text[0] == "-" else 1
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    return dt.timezone(
        sign * dt.timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    )


def read_time(text: str) -> dt.time | None:
    """`14:03:00`, with fraction and zone where given; None when it is no time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second, fraction, zone = match.groups()
    micros = int(((fraction or ".0")[1:] + "000000")[:6])
    try:
        return dt.time(int(hour), int(minute), int(second), micros, read_zone(zone))
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def read_date_time(text: str) -> dt.datetime | None:
    """`2027-03-14T14:03:00+01:00`; a date alone is its midnight."""
    date_text, _, time_text = text.partition("T")
    date = read_date(date_text)
    time = read_time(time_text) if time_text else dt.time(0)
    if date is None or time is None or text.endswith("T"):
        return None
    return dt.datetime.combine(date, time)


def read_duration(text: str) -> dt.timedelta | YearMonthDuration | None:
    """`P1DT2H` or `P1Y2M`; weeks are no FEEL."""
    match = _DAYS.fullmatch(text)
    if match and any(match.groups()[1:]) and not text.endswith("T"):
        sign, days, hours, minutes, seconds = match.groups()
        try:
            span = dt.timedelta(
                days=int(days or 0),
                hours=int(hours or 0),
                minutes=int(minutes or 0),
                seconds=float(Decimal(seconds or 0)),
            )
        except OverflowError:
            return None
        return -span if sign else span
    match = _MONTHS.fullmatch(text)
    if match and any(match.groups()[1:]):
        months = int(match.group(2) or 0) * 12 + int(match.group(3) or 0)
        return YearMonthDuration(-months if match.group(1) else months)
    return None


def read_at(text: str) -> Any:
    """The value of @"…"."""
    for read in (read_date, read_time, read_date_time, read_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def add_months(value: dt.date, months: int) -> dt.date:
    """The same day some months on, or the month's last day when it has no such day. Keeps time and zone."""
    total = value.year * 12 + value.month - 1 + months
    year, month = divmod(total, 12)
    day = min(value.day, calendar.monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


def is_plain_date(value: Any) -> bool:
    """A date that is no date and time."""
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def _instant(value: dt.datetime) -> dt.timedelta:
    """Since the year 1 in UTC; a span, since near the years 1 and 9999 that moment is no date of Python."""
    return value.replace(tzinfo=dt.UTC) - _BEGIN - (value.utcoffset() or dt.timedelta())


def offset(value: dt.datetime | dt.time) -> dt.timedelta | None:
    """The offset from UTC; a time of a named zone has that of the zone's winter, since it has no day."""
    if isinstance(value, dt.time) and value.tzinfo is not None:
        return value.tzinfo.utcoffset(dt.datetime(2000, 1, 1, 12, tzinfo=value.tzinfo))
    return value.utcoffset()


def _seconds(value: dt.time) -> dt.timedelta:
    since = dt.timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )
    return since - (offset(value) or dt.timedelta())


def add(left: Any, right: Any) -> Any:
    """left + right where one of them is temporal; None when that has no meaning."""
    if isinstance(left, dt.timedelta | YearMonthDuration) and not isinstance(
        right, dt.timedelta | YearMonthDuration
    ):
        left, right = right, left
    try:
        if isinstance(right, YearMonthDuration):
            if isinstance(left, YearMonthDuration):
                return YearMonthDuration(left.months + right.months)
            return add_months(left, right.months) if isinstance(left, dt.date) else None
        if isinstance(right, dt.timedelta):
            return _add_span(left, right)
    except (OverflowError, ValueError):
        return None
    return None


def _add_span(left: Any, span: dt.timedelta) -> Any:
    if isinstance(left, dt.timedelta):
        return left + span
    if isinstance(left, dt.datetime):
        if left.tzinfo is None:
            return left + span
        return (left.astimezone(dt.UTC) + span).astimezone(left.tzinfo)
    if isinstance(left, dt.date):
        return (dt.datetime.combine(left, dt.time()) + span).date()
    if isinstance(left, dt.time):
        return (dt.datetime.combine(dt.date(2000, 1, 1), left) + span).timetz()
    return None


def subtract(left: Any, right: Any) -> Any:
    """left - right where one of them is temporal; None when that has no meaning."""
    if isinstance(right, dt.timedelta):
        return add(left, -right)
    if isinstance(right, YearMonthDuration):
        return add(left, YearMonthDuration(-right.months))
    if isinstance(left, dt.date) and isinstance(right, dt.date):
        return _between(left, right)
    if isinstance(left, dt.time) and isinstance(right, dt.time):
        one_kind = (left.tzinfo is None) == (right.tzinfo is None)
        return _seconds(left) - _seconds(right) if one_kind else None
    return None


def _between(left: dt.date, right: dt.date) -> dt.timedelta | None:
    ends = [
        one if isinstance(one, dt.datetime) else dt.datetime.combine(one, dt.time(), dt.UTC)
        for one in (left, right)
    ]
    if is_plain_date(left) and is_plain_date(right):
        return ends[0] - ends[1]
    if (ends[0].tzinfo is None) != (ends[1].tzinfo is None):
        return None
    return _instant(ends[0]) - _instant(ends[1])


def multiply(duration: Any, factor: Decimal) -> Any:
    """A duration times a number."""
    return _scaled(duration, lambda amount: NUMBERS.multiply(amount, factor))


def divide(duration: Any, factor: Decimal) -> Any:
    """A duration divided by a number that is not 0."""
    return _scaled(duration, lambda amount: NUMBERS.divide(amount, factor))


def _scaled(duration: Any, scale: Callable[[Decimal], Decimal]) -> Any:
    """Whole months, the rest dropped; or microseconds, rounded."""
    try:
        if isinstance(duration, YearMonthDuration):
            months = scale(Decimal(duration.months))
            return YearMonthDuration(int(months)) if abs(months) < _MAX_MONTHS else None
        micros = scale(Decimal(duration // dt.timedelta(microseconds=1)))
        return (
            dt.timedelta(microseconds=int(micros.to_integral_value())) if abs(micros) < _MAX_MICROS else None
        )
    except (ArithmeticError, ValueError):
        return None


def comparable(value: Any) -> Any:
    """A value whose order Python knows, for values of one FEEL kind: zones are brought to UTC."""
    if isinstance(value, dt.datetime):
        return _instant(value)
    if isinstance(value, dt.time):
        return _seconds(value)
    return value


def months_between(start: dt.date, end: dt.date) -> YearMonthDuration:
    """Whole months from start to end by their days, whatever the time; negative when end comes first."""
    if (end.year, end.month, end.day) < (start.year, start.month, start.day):
        return YearMonthDuration(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return YearMonthDuration(months - (end.day < start.day))
