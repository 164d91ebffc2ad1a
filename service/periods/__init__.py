"""Periods as the region counts them: working days, school weeks, terms, ages. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from service.clock import AMSTERDAM
from service.periods.calendar import Calendar
from service.periods.terms import Term, Terms, age_on

__all__ = ["Calendar", "Term", "Terms", "age_on", "functions"]


def day_of(value: Any) -> dt.date:
    """The day in Amsterdam of a date, a moment or their ISO text."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(AMSTERDAM).date() if value.tzinfo else value.date()
    if isinstance(value, dt.date):
        return value
    raise TypeError(f"Expected a date, but got {type(value).__name__}")


def end_of_day(day: dt.date) -> dt.datetime:
    """The last minute of a day in Amsterdam: a deadline is kept until the day is over."""
    return dt.datetime.combine(day, dt.time(23, 59), AMSTERDAM)


def functions(calendar: Calendar, terms: Terms) -> Mapping[str, Callable[..., Any]]:
    """Host functions for FEEL.

    termijn(sleutel, vanaf)        the moment a term ends, e.g. termijn("tafel_binnen", now())
    werkdagen na(datum, n)         the date n working days after
    schoolweken na(datum, n)       the date n school weeks after
    leeftijd op(geboortedatum, datum)  age in whole years
    """
    return {
        "termijn": lambda key, start: end_of_day(terms.due(str(key), day_of(start), calendar)),
        "werkdagen na": lambda day, count: calendar.working_days_after(day_of(day), int(count)),
        "schoolweken na": lambda day, count: calendar.school_weeks_after(day_of(day), int(count)),
        "leeftijd op": lambda born, day: age_on(day_of(born), day_of(day)),
    }
