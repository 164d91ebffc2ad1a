"""What FEEL values are in Python, and the errors and warnings of an evaluation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any

#: Numbers have 34 significant digits (IEEE 754 decimal128, DMN 1.5 section 10.3.2.3.1).
NUMBERS = Context(prec=34, Emax=6_144, Emin=-6_143)

#: Lists and contexts in one another: what reads them, JSON among others, calls itself for each.
MAX_LEVELS = 100


class FeelSyntaxError(Exception):
    """The text is no FEEL: says where (line and column from 1) and what was expected."""

    def __init__(self, message: str, line: int = 1, column: int = 1, expected: str = "") -> None:
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column
        self.expected = expected


@dataclass(frozen=True)
class Warning_:
    """Why something became null."""

    position: int  # offset in the expression, from 0
    reason: str

    def __str__(self) -> str:
        return f"{self.reason} (position {self.position})"


@dataclass(frozen=True, order=True)
class YearMonthDuration:
    """A duration in whole months, e.g. P1Y2M = 14."""

    months: int

    def __str__(self) -> str:
        months = abs(self.months)
        years, rest = divmod(months, 12)
        text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
        return f"{'-' if self.months < 0 else ''}P{text or '0M'}"


@dataclass(frozen=True)
class Range:
    """An interval; an end of None is open towards infinity."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True


def number(value: Any) -> Any:
    """Python numbers of a context as FEEL numbers; everything else unchanged."""
    if isinstance(value, bool | Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if value == value and abs(value) != float("inf") else None
    return value


def duration_text(value: dt.timedelta) -> str:
    """A days and time duration as ISO 8601 text, e.g. P1DT2H."""
    micros = value // dt.timedelta(microseconds=1)
    sign, micros = ("-" if micros < 0 else ""), abs(micros)
    seconds, micros = divmod(micros, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    fraction = f".{micros:06d}".rstrip("0") if micros else ""
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    time += f"{seconds}{fraction}S" if seconds or micros else ""
    text = (f"{days}D" if days else "") + (f"T{time}" if time else "")
    return f"{sign}P{text or 'T0S'}"


def moment_text(value: dt.datetime | dt.time) -> str:
    """A time or date and time as FEEL writes it: ISO 8601, with @zone for a named zone."""
    zone = getattr(value.tzinfo, "key", None)
    text = value.replace(tzinfo=None).isoformat() if zone else value.isoformat()
    if value.microsecond:
        whole, _, rest = text.partition(".")
        text = f"{whole}.{rest[:6].rstrip('0')}{rest[6:]}"
    text = text.replace("+00:00", "Z")
    return f"{text}@{zone}" if zone else text


def number_text(value: Decimal) -> str:
    """A number as FEEL writes it: no exponent, no trailing zeros."""
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class OutOfBudget(Exception):
    """The evaluation took more than it may; the whole becomes null with a warning."""


Spend = Callable[[int], None]


class Budget:
    """Steps that may be taken where no evaluation gives its own: lists in lists can be larger than they look."""

    def __init__(self, steps: int = 200_000) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Use some; raises OutOfBudget when none is left."""
        self.left -= steps
        if self.left < 0:
            raise OutOfBudget("the value is too large")


def text(value: Any, spend: Spend | None = None) -> str:
    """FEEL's string() of a value; raises OutOfBudget for lists in lists without end."""
    if isinstance(value, str):
        return value
    return _text(value, spend or Budget().spend)


def _half_line(value: Range, spend: Spend) -> str:
    if value.start is None and value.end is None:
        return "(null..null)"
    if value.end is None:
        return f"(>{'=' * value.start_included} {_text(value.start, spend)})"
    return f"(<{'=' * value.end_included} {_text(value.end, spend)})"


def _text(value: Any, spend: Spend) -> str:  # noqa: C901  # one line per kind of value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        spend(len(value) // 10)
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, dt.datetime | dt.time):
        return moment_text(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return duration_text(value)
    if isinstance(value, YearMonthDuration):
        return str(value)
    if isinstance(value, Range):
        if value.start is None or value.end is None:
            return _half_line(value, spend)
        opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{opening}{_text(value.start, spend)}..{_text(value.end, spend)}{closing}"
    if isinstance(value, Mapping):
        spend(len(value) + 1)
        return "{" + ", ".join(f"{key}: {_text(number(one), spend)}" for key, one in value.items()) + "}"
    if isinstance(value, Sequence):
        spend(len(value) + 1)
        return "[" + ", ".join(_text(number(one), spend) for one in value) + "]"
    return "function"


def to_json(value: Any, spend: Spend | None = None) -> Any:
    """A FEEL value as a JSON value: whole numbers as int, temporal values as ISO text, ranges as their text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return int(value) if whole and abs(value) < Decimal(2**53) else float(value)
    if isinstance(value, Mapping | list | tuple):
        return _inside_json(value, spend or Budget().spend)
    if isinstance(value, int | float):
        return value
    return text(value)


def _inside_json(value: Any, spend: Spend) -> Any:
    spend(len(value) + 1)
    if isinstance(value, Mapping):
        return {str(key): to_json(one, spend) for key, one in value.items()}
    return [to_json(one, spend) for one in value]


def weigh(value: Any, spend: Spend) -> None:
    """Spend for everything inside a value: what leaves an evaluation can be walked through, also by recursion."""
    layer = [value]
    for _ in range(MAX_LEVELS):
        inside: list[Any] = []
        for one in layer:
            if isinstance(one, Mapping | list | tuple):
                spend(len(one) + 1)
                inside.extend(one.values() if isinstance(one, Mapping) else one)
        if not inside:
            return
        layer = inside
    raise OutOfBudget("the value nests too deeply")
