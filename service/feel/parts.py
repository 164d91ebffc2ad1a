"""Named parts of temporal values and ranges, e.g. `year`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from service.feel import temporal
from service.feel.comparing import kind


def part(value: Any, wanted: str) -> Any:
    """A named part of a temporal value or range, e.g. `year`; None when it has none."""
    found = _PARTS.get(kind(value), {}).get(wanted)
    result = found(value) if found else None
    return Decimal(result) if isinstance(result, int) and not isinstance(result, bool) else result


def _zone_name(value: Any) -> str | None:
    return getattr(value.tzinfo, "key", None)


def _split(span: dt.timedelta) -> tuple[int, int, int, int]:
    total = abs(span) // dt.timedelta(seconds=1)
    sign = -1 if span < dt.timedelta() else 1
    return (
        sign * (total // 86400),
        sign * (total // 3600 % 24),
        sign * (total // 60 % 60),
        sign * (total % 60),
    )


_DATE_PARTS: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: v.year,
    "month": lambda v: v.month,
    "day": lambda v: v.day,
    "weekday": lambda v: v.isoweekday(),
}


_TIME_PARTS: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: v.hour,
    "minute": lambda v: v.minute,
    "second": lambda v: v.second,
    "time offset": temporal.offset,
    "timezone": _zone_name,
}


_PARTS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": _DATE_PARTS,
    "time": _TIME_PARTS,
    "date and time": {**_DATE_PARTS, **_TIME_PARTS},
    "years and months duration": {
        "years": lambda v: int(v.months / 12),
        "months": lambda v: v.months - int(v.months / 12) * 12,
    },
    "days and time duration": {
        "days": lambda v: _split(v)[0],
        "hours": lambda v: _split(v)[1],
        "minutes": lambda v: _split(v)[2],
        "seconds": lambda v: _split(v)[3],
    },
    "range": {
        "start": lambda v: v.start,
        "end": lambda v: v.end,
        "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}
