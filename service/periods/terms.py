"""The termijnenregister: how long something may take, in which unit, on what basis."""

from __future__ import annotations

import calendar as months
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.errors import ConfigurationError
from service.periods.calendar import Calendar

UNITS = frozenset({"dagen", "werkdagen", "weken", "maanden", "jaren", "schoolweken"})


@dataclass(frozen=True)
class Term:
    """One term."""

    key: str
    value: int
    unit: str
    basis: str


@dataclass(frozen=True)
class Terms:
    """All terms of a region by key."""

    terms: Mapping[str, Term]

    @classmethod
    def read(cls, source: Mapping[str, Any]) -> Terms:
        """From termijnen.toml: `[sleutel] waarde, eenheid, grondslag`; raises ConfigurationError naming the key."""
        return cls(
            {
                key: _term(key, entry)
                for key, entry in source.items()
                if isinstance(entry, Mapping) and "eenheid" in entry
            }
        )

    def due(self, key: str, start: dt.date, calendar: Calendar) -> dt.date:
        """The last day of a term that starts on `start`."""
        if key not in self.terms:
            raise LookupError(f"there is no termijn '{key}'")
        term = self.terms[key]
        if term.unit == "werkdagen":
            return calendar.working_days_after(start, term.value)
        if term.unit == "schoolweken":
            return calendar.school_weeks_after(start, term.value)
        if term.unit in {"maanden", "jaren"}:
            return add_months(start, term.value * (12 if term.unit == "jaren" else 1))
        return start + dt.timedelta(days=term.value * (7 if term.unit == "weken" else 1))


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day some months on, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = months.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years of life on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _term(key: str, source: Mapping[str, Any]) -> Term:
    value, unit = source.get("waarde"), str(source["eenheid"])
    if not isinstance(value, int) or isinstance(value, bool) or unit not in UNITS:
        raise ConfigurationError(
            f"Expected termijn {key} to have a whole waarde and an eenheid of {sorted(UNITS)}"
        )
    return Term(key, value, unit, str(source.get("grondslag", "")))
