"""When a timer is due: ISO 8601 dates, durations and cycles, and their FEEL values, as absolute moments in UTC."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from service.clock import AMSTERDAM
from service.engine.failure import Failure

_DURATION = re.compile(
    r"^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?"
    r"(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$"
)
_CYCLE = re.compile(r"^R(\d*)/(?:([^/]+)/)?(P[^/]+)$")
_UNFIT = "EXTRACT_VALUE_ERROR"


def moment(value: Any) -> datetime:
    """An absolute moment. Without a zone it is Amsterdam time; a bare date is the start of that day."""
    if isinstance(value, str):
        value = _from_text(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise Failure(_UNFIT, "Een datum of tijdstip was nodig, maar dit is iets anders")
    if value.tzinfo is None:
        value = value.replace(tzinfo=AMSTERDAM)
    aware: datetime = value.astimezone(UTC)
    return aware


def _from_text(text: str) -> datetime:
    plain = re.sub(r"@[\w/+-]+$", "", text.strip())  # FEEL writes "…@Europe/Amsterdam"
    try:
        return datetime.fromisoformat(plain)
    except ValueError as error:
        raise Failure(_UNFIT, "De tekst is geen datum of tijdstip") from error


def after(start: datetime, duration: Any) -> datetime:
    """The moment that lies `duration` after `start`.

    Years, months, weeks and days are counted on the Amsterdam calendar (a day stays a day when the clock
    changes), hours and smaller in real time.
    """
    if isinstance(duration, timedelta):
        duration = _text_of(duration)
    match = _DURATION.match(str(duration).strip())
    if match is None or str(duration).rstrip().endswith(("P", "T")):
        raise Failure(_UNFIT, "De tekst is geen duur, zoals P14D of PT2H")
    sign = -1 if match[1] else 1
    years, months, weeks, days, hours, minutes = (int(part or 0) * sign for part in match.groups()[1:7])
    seconds = float(match[8] or 0) * sign
    try:
        there = _months_later(start.astimezone(AMSTERDAM), years * 12 + months)
        there = there + timedelta(weeks=weeks, days=days)
        return there.astimezone(UTC) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError) as error:
        raise Failure(_UNFIT, "De duur ligt buiten de kalender") from error


def _text_of(duration: timedelta) -> str:
    seconds = int(duration.total_seconds())
    sign = "-" if seconds < 0 else ""
    days, rest = divmod(abs(seconds), 86400)
    return f"{sign}P{days}DT{rest}S"


def _months_later(start: datetime, months: int) -> datetime:
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def cycle(value: Any) -> tuple[int | None, datetime | None, str]:
    """Rounds (None: without end), first moment when written, and interval of `R3/PT1H`."""
    match = _CYCLE.match(str(value).strip())
    if match is None:
        raise Failure(_UNFIT, "De tekst is geen herhaling, zoals R3/PT1H")
    first = moment(match[2]) if match[2] else None
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    if after(begin, match[3]) <= begin:
        raise Failure(_UNFIT, "De herhaling komt niet vooruit in de tijd")
    return (int(match[1]) if match[1] else None), first, match[3]


def text(at: datetime) -> str:
    """How a moment stands in the state and in variables."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read(stored: str) -> datetime:
    return datetime.fromisoformat(stored)
