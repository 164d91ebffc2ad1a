"""Working days, public holidays and school weeks of the Netherlands. Pure: dates in, dates out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import holidays

from service.errors import ConfigurationError

REGIONS = frozenset({"noord", "midden", "zuid"})
_MAX_DAYS = 10_000


@lru_cache(maxsize=64)
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
    vacations: tuple[Vacation, ...]

    @classmethod
    def read(cls, source: Mapping[str, Any]) -> Calendar:
        """From kalender.toml; raises ConfigurationError naming what is wrong."""
        region = str(source.get("schoolregio", ""))
        if region not in REGIONS:
            raise ConfigurationError(
                f"Expected schoolregio to be one of {sorted(REGIONS)}, but it is {region!r}"
            )
        return cls(region, tuple(_vacation(one, at) for at, one in enumerate(source.get("vakantie", ()), 1)))

    def is_working_day(self, day: dt.date) -> bool:
        """Monday to Friday, no public holiday."""
        return day.weekday() < 5 and day not in public_holidays(day.year)

    def working_days_after(self, day: dt.date, count: int) -> dt.date:
        """The working day that is `count` working days after `day`; the day itself does not count."""
        step, left = (1 if count >= 0 else -1), abs(count)
        if left > _MAX_DAYS:
            raise ValueError(f"Expected at most {_MAX_DAYS} working days, but got {left}")
        while left:
            day += dt.timedelta(days=step)
            left -= self.is_working_day(day)
        return day

    def is_school_week(self, monday: dt.date) -> bool:
        """Whether the week of this Monday has a day outside the vacations of the region."""
        days = [monday + dt.timedelta(days=at) for at in range(5)]
        return not all(any(v.first <= day <= v.last for v in self._own()) for day in days)

    def school_weeks_after(self, day: dt.date, count: int) -> dt.date:
        """The day on which `count` school weeks have gone by; weeks of vacation do not count."""
        if not 0 <= count <= 520:
            raise ValueError(f"Expected 0 to 520 school weeks, but got {count}")
        while count:
            day += dt.timedelta(days=7)
            count -= self.is_school_week(day - dt.timedelta(days=day.weekday()))
        return day

    def _own(self) -> tuple[Vacation, ...]:
        return tuple(v for v in self.vacations if v.region in {self.region, "alle"})


def _vacation(source: Mapping[str, Any], number: int) -> Vacation:
    try:
        first, last = (
            one if isinstance(one, dt.date) else dt.date.fromisoformat(str(one))
            for one in (source["van"], source["tot"])
        )
        made = Vacation(str(source["naam"]), str(source["regio"]), first, last)
    except (KeyError, ValueError) as error:
        raise ConfigurationError(
            f"Expected vakantie {number} to have naam, regio, van and tot: {error}"
        ) from error
    if made.first > made.last or made.region not in REGIONS | {"alle"}:
        raise ConfigurationError(f"Expected vakantie {number} to end after it begins, in a known region")
    return made
