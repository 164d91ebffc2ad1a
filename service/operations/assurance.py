"""How sure the service must be of who somebody is before answers of a data class open."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.config import Settings
from service.errors import ConfigurationError
from service.operations import runtime


class Assurance(StrEnum):
    """The three levels of eIDAS (EU 910/2014, art. 8), lowest first."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """Lowest is 0."""
        return list(Assurance).index(self)

    def reaches(self, wanted: Assurance) -> bool:
        """Whether this level is enough where `wanted` is asked."""
        return self.rank >= wanted.rank


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What the region asks before a class opens."""

    levels: Mapping[str, Assurance] = field(
        default_factory=lambda: {"Z": Assurance.SUBSTANTIAL, "M": Assurance.SUBSTANTIAL}
    )
    longest: timedelta = timedelta(hours=1)  # since somebody last proved who they are


def sign_in_file(settings: Settings) -> Path:
    """The file with the providers and demands of this installation."""
    if settings.sign_in_file:
        return Path(settings.sign_in_file)
    return runtime.region_folder(settings) / "aanmelden.toml"


def demands() -> Demands:
    """The demands of this installation."""
    return _of(sign_in_file(runtime.current().settings))


def read(given: Mapping[str, Any]) -> Demands:
    """From the table [zekerheid]. Raises ConfigurationError."""
    table = dict(given.get("zekerheid", {}))
    minutes = table.pop("minuten", 60)
    if not isinstance(minutes, int) or minutes < 1:
        raise ConfigurationError(
            f"Expected zekerheid.minuten to be a number of minutes, but it is {minutes!r}"
        )
    levels = dict(Demands().levels) | {klass: level(klass, name) for klass, name in table.items()}
    return Demands(levels=levels, longest=timedelta(minutes=minutes))


def level(place: str, name: object) -> Assurance:
    """A level by its name. Raises ConfigurationError."""
    try:
        return Assurance(str(name))
    except ValueError as error:
        raise ConfigurationError(
            f"Expected low, substantial or high at {place}, but it is {name!r}"
        ) from error


def requires_step_up(
    classes: Iterable[str], assurance: str, proved_at: datetime | None, now: datetime, asked: Demands
) -> Assurance | None:
    """The level that is missing before these data classes open; None when they may.

    classes    data classes that will be opened, e.g. "IZ"
    assurance  the level of the session (`Actor.assurance`)
    proved_at  when the person last proved who they are (`Actor.proved_at`)
    """
    wanted = max(
        (asked.levels.get(one, Assurance.LOW) for one in classes), key=lambda a: a.rank, default=None
    )
    if wanted is None or wanted is Assurance.LOW:
        return None
    fresh = proved_at is not None and now - proved_at <= asked.longest
    return None if fresh and Assurance(assurance).reaches(wanted) else wanted


@lru_cache(maxsize=8)
def _of(file: Path) -> Demands:
    return read(tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {})
