"""Dates, times and numbers as Dutch people type and read them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_SHORT = {name[:3]: number for number, name in enumerate(MONTHS, 1)} | {"mrt": 3, "sept": 9}
_BY_NAME = _SHORT | {name: number for number, name in enumerate(MONTHS, 1)}
_WEEKDAY = r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag|ma|di|wo|do|vr|za|zo)[,.]?\s+"
_WORDS = re.compile(rf"(?:{_WEEKDAY})?(\d{{1,2}})[\s.-]+([a-z]{{3,9}})\.?[\s-]+(\d{{4}})", re.ASCII)
_DIGITS = re.compile(r"(\d{1,2})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{4})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:.u](\d{2})(?::00)?)?\s*(?:uur|u)?", re.ASCII)
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)

FIRST_YEAR, LAST_YEAR = 1900, 2200


def read_date(text: str) -> date | None:
    """A date as typed: 14-3-2027, 14 maart 2027, 14 mrt 2027 or 2027-03-14; None when it is none.

    The year has four digits, so that nobody's birthday lands in the wrong century.
    """
    plain = text.strip().lower()
    if found := _ISO.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DIGITS.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _WORDS.fullmatch(plain)) and found[2] in _BY_NAME:
        day, month, year = int(found[1]), _BY_NAME[found[2]], int(found[3])
    else:
        return None
    return _existing(year, month, day)


def _existing(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:  # 31 februari
        return None


def read_time(text: str) -> time | None:
    """A time as typed: 9:30, 9.30, 9u30, 9 uur; None when it is none."""
    found = _TIME.fullmatch(text.strip().lower())
    if found is None:
        return None
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:  # 25:00
        return None


def read_moment(text: str) -> datetime | None:
    """A date and a time as typed, wall clock without zone: "14-3-2027 9:30" or "2027-03-14T09:30"."""
    plain = text.strip().lower().replace(" om ", " ")
    day_text, separator, time_text = plain.partition("t") if _ISO.match(plain) else plain.rpartition(" ")
    if not separator:
        day_text, _, time_text = plain.rpartition(" ")
    day, moment = read_date(day_text), read_time(time_text)
    return datetime.combine(day, moment) if day and moment else None


def read_number(text: str) -> Decimal | None:
    """A number as typed: 1.234,5 or 1234,5 or 1234.5; None when it is none.

    One point with three digits after it is read as thousands, as Dutch people mean it: 1.234 is 1234.
    """
    plain = (
        "".join(text.split()).removeprefix("€").replace("\u2212", "-")
    )  # U+2212: the minus of word processors
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(".", "")
    elif not _PLAIN.fullmatch(plain):
        return None
    try:
        return Decimal(plain.replace(",", "."))
    except InvalidOperation:
        return None


def show_date(day: date) -> str:
    """ "14 maart 2027"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def type_date(day: date) -> str:
    """ "14-3-2027": as one types it back."""
    return f"{day.day}-{day.month}-{day.year}"


def show_number(number: Decimal | float) -> str:
    """ "1.234,5"; reads back as the same number."""
    value = Decimal(str(number))
    if not value.is_finite():
        return str(number)
    return f"{value:,f}".translate(str.maketrans(",.", ".,"))
