"""Periods as the region counts them: working days, school weeks, terms, ages. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from service.clock import AMSTERDAM
from service.errors import Unanswered
from service.periods.calendar import Calendar
from service.periods.terms import Term, Terms, age_on

__all__ = ["Calendar", "Term", "Terms", "age_on", "day_of", "end_of_day", "functions"]


def day_of(value: Any) -> dt.date:
    """The day in Amsterdam of a date, a moment or their ISO text; a moment without zone is one in Amsterdam."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(AMSTERDAM).date() if value.tzinfo else value.date()
    if isinstance(value, dt.date):
        return value
    raise Unanswered(f"expected a date, not {type(value).__name__}")


def end_of_day(day: dt.date) -> dt.datetime:
    """The last minute of a day in Amsterdam: a deadline is kept until the day is over."""
    return dt.datetime.combine(day, dt.time(23, 59), AMSTERDAM)


def whole(value: Any) -> int:
    """A whole number of FEEL or Python."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise Unanswered("expected a whole number")
    return int(value)


def functions(calendar: Calendar, terms: Terms) -> Mapping[str, Callable[..., Any]]:
    """Host functions for FEEL; what they cannot answer is a TypeError, ValueError or LookupError, in FEEL null.

    termijn(sleutel, vanaf)            the moment a term ends, e.g. termijn("tafel_binnen", now())
    werkdagen na(datum, n)             the date n working days after
    schoolweken na(datum, n)           the date n school weeks after
    leeftijd op(geboortedatum, datum)  age in whole years
    """

    def termijn(sleutel: Any, vanaf: Any) -> dt.datetime:
        return end_of_day(terms.due(str(sleutel), day_of(vanaf), calendar))

    def werkdagen_na(datum: Any, n: Any) -> dt.date:
        return calendar.working_days_after(day_of(datum), whole(n))

    def schoolweken_na(datum: Any, n: Any) -> dt.date:
        return calendar.school_weeks_after(day_of(datum), whole(n))

    def leeftijd_op(geboortedatum: Any, datum: Any) -> int:
        return age_on(day_of(geboortedatum), day_of(datum))

    return {
        "termijn": termijn,
        "werkdagen na": werkdagen_na,
        "schoolweken na": schoolweken_na,
        "leeftijd op": leeftijd_op,
    }
