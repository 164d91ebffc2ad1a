"""Working days, public holidays and school weeks of the Netherlands. Pure: dates in, dates out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import holidays

from service.errors import ConfigurationError, Unanswered
from service.periods.reading import one_of, refuse_unknown, the_day, the_list

REGIONS = frozenset({"noord", "midden", "zuid"})
ALL_REGIONS = "alle"
MAX_WORKING_DAYS = 10_000
MAX_SCHOOL_WEEKS = 520
_FRIDAY = 4


@lru_cache(maxsize=128)
def public_holidays(year: int) -> frozenset[dt.date]:
    """Public holidays of a year, on which nothing is due."""
    return frozenset(holidays.country_holidays("NL", years=year))


@dataclass(frozen=True)
class Vacation:
    """A school vacation of one region, both days included."""

    name: str
    region: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Calendar:
    """The calendar of one school region."""

    region: str
    vacations: tuple[Vacation, ...]  # of all regions
    days_off: frozenset[dt.date] = frozenset()  # further days on which nothing is due

    @classmethod
    def read(cls, source: Mapping[str, Any]) -> Calendar:
        """From kalender.toml; raises ConfigurationError naming the key that is wrong."""
        refuse_unknown("kalender", source, {"schoolregio", "vakantie", "vrije_dagen"})
        region = one_of("schoolregio", source.get("schoolregio"), REGIONS)
        vacations = the_list("vakantie", source.get("vakantie", []))
        off = the_list("vrije_dagen", source.get("vrije_dagen", []))
        return cls(
            region,
            tuple(_vacation(f"vakantie {at}", one) for at, one in enumerate(vacations, 1)),
            frozenset(the_day(f"vrije_dagen {at}", one) for at, one in enumerate(off, 1)),
        )

    # -- working days -------------------------------------------------------------------------------------------------

    def is_working_day(self, day: dt.date) -> bool:
        """Monday to Friday, no public holiday, no day off of the region."""
        return day.weekday() <= _FRIDAY and day not in self.days_off and day not in public_holidays(day.year)

    def working_days_after(self, day: dt.date, count: int) -> dt.date:
        """The working day that is `count` working days after `day` (before, when negative); `day` does not count."""
        step, left = (1 if count >= 0 else -1), abs(count)
        if left > MAX_WORKING_DAYS:
            raise Unanswered(f"expected at most {MAX_WORKING_DAYS} working days, not {left}")
        while left:
            day += dt.timedelta(days=step)
            left -= self.is_working_day(day)
        return day

    def next_working_day(self, day: dt.date) -> dt.date:
        """The day itself when it is a working day, otherwise the first one after it."""
        return day if self.is_working_day(day) else self.working_days_after(day, 1)

    # -- school weeks -------------------------------------------------------------------------------------------------

    @property
    def known_until(self) -> dt.date | None:
        """The last day that the vacations of this region tell about; None when there are none at all."""
        return max((v.last for v in self._own()), default=None)

    def is_school_week(self, day: dt.date) -> bool:
        """Whether the week of this day, Monday to Friday, has a day outside the vacations of the region."""
        monday = day - dt.timedelta(days=day.weekday())
        days = [monday + dt.timedelta(days=at) for at in range(_FRIDAY + 1)]
        return not all(any(v.first <= day <= v.last for v in self._own()) for day in days)

    def school_weeks_after(self, day: dt.date, count: int) -> dt.date:
        """The day on which `count` school weeks have gone by, on the same weekday; weeks of vacation do not count.

        Raises LookupError when that lies after the last vacation that is configured: later vacations are unknown, and
        a period that is counted without them would end too early.
        """
        step, left = (1 if count >= 0 else -1), abs(count)
        if left > MAX_SCHOOL_WEEKS:
            raise Unanswered(f"expected at most {MAX_SCHOOL_WEEKS} school weeks, not {left}")
        while left:
            day += dt.timedelta(days=7 * step)
            left -= self.is_school_week(day)
        known = self.known_until
        if count and known is not None and day > known:
            raise Unanswered(f"the school vacations after {known} are not configured")
        return day

    def _own(self) -> tuple[Vacation, ...]:
        return tuple(v for v in self.vacations if v.region in {self.region, ALL_REGIONS})


def _vacation(key: str, source: Any) -> Vacation:
    if not isinstance(source, Mapping):
        raise ConfigurationError(f"Expected {key} to be a table with naam, regio, van and tot")
    refuse_unknown(key, source, {"naam", "regio", "van", "tot"})
    region = one_of(f"{key}.regio", source.get("regio"), REGIONS | {ALL_REGIONS})
    name = source.get("naam")
    if not isinstance(name, str) or not name:
        raise ConfigurationError(f"Expected {key}.naam to be a name, but it is {name!r}")
    first, last = (the_day(f"{key}.{end}", source.get(end)) for end in ("van", "tot"))
    if first > last:
        raise ConfigurationError(f"Expected {key}.tot not to come before van ({first}), but it is {last}")
    return Vacation(name, region, first, last)
