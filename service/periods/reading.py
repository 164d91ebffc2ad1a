"""Reading the region's registers: every mistake is named by its key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from service.errors import ConfigurationError


def refuse_unknown(where: str, source: Mapping[str, Any], known: set[str]) -> None:
    """Refuse keys that mean nothing: they are typing errors that would pass unseen."""
    unknown = sorted(set(source) - known)
    if unknown:
        raise ConfigurationError(
            f"Expected {where} to have only {sorted(known)}, but it also has {', '.join(unknown)}"
        )


def the_list(key: str, value: Any) -> list[Any]:
    """A list."""
    if not isinstance(value, list | tuple):
        raise ConfigurationError(f"Expected {key} to be a list, but it is {value!r}")
    return list(value)


def the_day(key: str, value: Any) -> dt.date:
    """A date, as TOML has it or as ISO text."""
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise ConfigurationError(f"Expected {key} to be a date such as 2027-03-14, but it is {value!r}")
    return day


def one_of(key: str, value: Any, allowed: frozenset[str]) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in allowed:
        raise ConfigurationError(f"Expected {key} to be one of {sorted(allowed)}, but it is {value!r}")
    return value
