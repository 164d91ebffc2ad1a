"""The region as its pages show it: its name, and the number that people can call."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app

from service.config import shipped


@dataclass(frozen=True, kw_only=True)
class Region:
    """What stands in the head and foot of every page."""

    key: str
    name: str
    phone: str  # "" when the region gave none
    hours: str  # when somebody answers
    roles: Mapping[str, str]  # role key -> how professionals call it; empty without rollen.toml
    roles_for_families: Mapping[str, str]  # the same in words for parents and youth


def current() -> Region:
    """The region of this installation."""
    return read(current_app.config.get("SLUITEND_REGION", "zilverbeek"))


@cache
def read(key: str) -> Region:
    """Read regio.toml of a folder under config/regio, or of a path of one's own; a region without one still has its name."""
    given = _toml(key, "regio").get("regio", {})
    roles = {name: role for name, role in _toml(key, "rollen").items() if isinstance(role, dict)}
    return Region(
        key=key,
        name=str(given.get("naam", Path(key).name.replace("_", " ").title())),
        phone=str(given.get("telefoon", "")),
        hours=str(given.get("bereikbaar", "")),
        roles={name: str(role["naam"]) for name, role in roles.items() if "naam" in role},
        roles_for_families={name: str(role["ouders"]) for name, role in roles.items() if "ouders" in role},
    )


def _toml(key: str, name: str) -> dict[str, Any]:
    file = shipped("config") / "regio" / key / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
