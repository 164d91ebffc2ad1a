"""Dates and deadlines as Dutch people read them: Amsterdam time, months in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.clock import AMSTERDAM

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
SOON_DAYS = 3  # a deadline this near is shown as urgent


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A deadline in words beside its date."""

    tone: str  # laat | nu | straks | geen
    words: str  # "2 dagen te laat", "vandaag", "nog 5 dagen"
    date: str  # "14 maart 2027"; "" without a deadline


def local_day(value: date | datetime) -> date:
    """The calendar day in Amsterdam."""
    return value.astimezone(AMSTERDAM).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """A day in words: 14 maart 2027."""
    if value is None:
        return ""
    on = local_day(value)
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def weekday(value: date | datetime | None) -> str:
    """A day with its weekday: zondag 14 maart 2027."""
    return f"{WEEKDAYS[local_day(value).weekday()]} {day(value)}" if value is not None else ""


def short_month(value: date | datetime) -> str:
    """The month in three letters, for a calendar leaf: mrt for March."""
    on = local_day(value)
    return "mrt" if on.month == 3 else MONTHS[on.month - 1][:3]


def short_day(value: date | datetime) -> str:
    """A day in a narrow column: 14 mrt 2027."""
    return f"{local_day(value).day} {short_month(value)} {local_day(value).year}"


def clock_time(value: datetime | None) -> str:
    """The time in Amsterdam as 14:03."""
    return f"{value.astimezone(AMSTERDAM):%H:%M}" if value is not None else ""


def moment(value: datetime | None) -> str:
    """A day with its time: 14 maart 2027 om 14:03."""
    return f"{day(value)} om {clock_time(value)}" if value is not None else ""


def deadline(due: datetime | None, now: datetime) -> Deadline:
    """How near a deadline is, in days of the calendar."""
    if due is None:
        return Deadline(tone="geen", words="geen termijn", date="")
    left = (local_day(due) - local_day(now)).days
    if left < 0 or due < now:
        late = max(-left, 0)
        words = "te laat" if late == 0 else f"{late} {'dag' if late == 1 else 'dagen'} te laat"
        return Deadline(tone="laat", words=words, date=day(due))
    words = {0: "vandaag", 1: "morgen"}.get(left, f"nog {left} dagen")
    return Deadline(tone="nu" if left <= SOON_DAYS else "straks", words=words, date=day(due))


def span(start: datetime, end: datetime | None) -> str:
    """How long something took: 4 dagen, 3 uur, 12 minuten."""
    if end is None:
        return ""
    seconds = max(int((end - start).total_seconds()), 0)
    for size, one, many in ((86400, "dag", "dagen"), (3600, "uur", "uur"), (60, "minuut", "minuten")):
        if seconds >= size:
            return f"{seconds // size} {one if seconds // size == 1 else many}"
    return "direct"
