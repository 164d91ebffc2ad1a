"""The region as its pages show it: its name, and the number that people can call."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from flask import current_app

from service.config import shipped


@dataclass(frozen=True, kw_only=True)
class Region:
    """What stands in the head and foot of every page."""

    key: str
    name: str
    phone: str  # "" when the region gave none
    hours: str  # when somebody answers


def current() -> Region:
    """The region of this installation."""
    return read(current_app.config.get("SLUITEND_REGION", "zilverbeek"))


@cache
def read(key: str) -> Region:
    """Read [regio] of config/regio/<key>/regio.toml; a region without one still has its name."""
    file = shipped("config") / "regio" / key / "regio.toml"
    given = tomllib.loads(file.read_text(encoding="utf-8")).get("regio", {}) if file.exists() else {}
    return Region(
        key=key,
        name=str(given.get("naam", key.replace("_", " ").title())),
        phone=str(given.get("telefoon", "")),
        hours=str(given.get("bereikbaar", "")),
    )
