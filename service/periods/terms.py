"""The termijnenregister: how long something may take, in which unit, on what basis."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.errors import ConfigurationError, Unanswered
from service.periods.calendar import Calendar
from service.periods.reading import one_of, refuse_unknown, the_day, the_list

UNITS = frozenset({"dagen", "werkdagen", "weken", "maanden", "jaren", "schoolweken"})
_MAX_VALUE = 10_000
_NAMES = {"waarde", "eenheid", "grondslag", "naar_werkdag"}


@dataclass(frozen=True)
class Term:
    """One term."""

    key: str
    value: int  # negative for a term that ends before a day, such as a month before the compulsory age
    unit: str
    basis: str  # the law, agreement or choice it rests on, for people to read
    to_working_day: bool = False  # a last day that is no working day moves on to the next one
    since: dt.date | None = None  # for periods that begin on this day or later; None: from the beginning
    changes: tuple[Term, ...] = ()  # what it became later, oldest first

    def on(self, day: dt.date) -> Term:
        """How long it is for a period that begins on a day."""
        later = [one for one in self.changes if one.since is not None and one.since <= day]
        return later[-1] if later else self


@dataclass(frozen=True)
class Terms:
    """All terms of a region by key."""

    terms: Mapping[str, Term]

    @classmethod
    def read(cls, source: Mapping[str, Any]) -> Terms:
        """From termijnen.toml: `[sleutel] waarde, eenheid, grondslag`, and `[[sleutel.wijziging]] vanaf, waarde, …`.

        Raises ConfigurationError naming the key.
        """
        return cls({key: _term(key, entry) for key, entry in source.items()})

    def due(self, key: str, start: dt.date, calendar: Calendar) -> dt.date:
        """The last day of a term that starts on `start`, as long as it is on that day; raises Unanswered for an unknown key."""
        if key not in self.terms:
            raise Unanswered(f"there is no termijn '{key}'")
        term = self.terms[key].on(start)
        last = _last_day(term, start, calendar)
        # Algemene termijnenwet art. 1: a legal term does not end on a Saturday, Sunday or public holiday.
        return calendar.next_working_day(last) if term.to_working_day else last


def _last_day(term: Term, start: dt.date, calendar: Calendar) -> dt.date:
    if term.unit == "werkdagen":
        return calendar.working_days_after(start, term.value)
    if term.unit == "schoolweken":
        return calendar.school_weeks_after(start, term.value)
    if term.unit in {"maanden", "jaren"}:
        return add_months(start, term.value * (12 if term.unit == "jaren" else 1))
    return start + dt.timedelta(days=term.value * (7 if term.unit == "weken" else 1))


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day some months on, or the last day of that month when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise Unanswered(f"expected a date in the years 1 to 9999, not in {year}")
    last = months.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years of life on a day; who is born on 29 February turns a year older on 1 March of other years."""
    if day < born:
        raise Unanswered("expected a day after the day of birth")
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _term(key: str, source: Any) -> Term:
    if not isinstance(source, Mapping):
        raise ConfigurationError(f"Expected termijn {key} to be a table with waarde, eenheid and grondslag")
    refuse_unknown(f"termijn {key}", source, {*_NAMES, "wijziging"})
    first = _version(key, source)
    changes = [
        _change(key, first, one) for one in the_list(f"termijn {key}.wijziging", source.get("wijziging", []))
    ]
    days = [one.since for one in changes if one.since is not None]
    if days != sorted(set(days)):
        raise ConfigurationError(f"Expected termijn {key}.wijziging in order of vanaf, each day once")
    return replace(first, changes=tuple(changes))


def _change(key: str, first: Term, source: Any) -> Term:
    where = f"{key}.wijziging"
    if not isinstance(source, Mapping):
        raise ConfigurationError(f"Expected termijn {where} to be a table with vanaf, waarde and grondslag")
    refuse_unknown(f"termijn {where}", source, {*_NAMES, "vanaf"})
    kept = {"eenheid": first.unit, "naar_werkdag": first.to_working_day}
    changed = _version(where, {**kept, **source})
    return replace(changed, key=key, since=the_day(f"termijn {where}.vanaf", source.get("vanaf")))


def _version(key: str, source: Mapping[str, Any]) -> Term:
    value, unit = source.get("waarde"), one_of(f"termijn {key}.eenheid", source.get("eenheid"), UNITS)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MAX_VALUE:
        raise ConfigurationError(f"Expected termijn {key}.waarde to be a whole number, but it is {value!r}")
    basis, moves = source.get("grondslag", ""), source.get("naar_werkdag", False)
    if not isinstance(basis, str):
        raise ConfigurationError(f"Expected termijn {key}.grondslag to be a text, but it is {basis!r}")
    if not isinstance(moves, bool):
        raise ConfigurationError(
            f"Expected termijn {key}.naar_werkdag to be true or false, but it is {moves!r}"
        )
    return Term(key, value, unit, basis, moves)
