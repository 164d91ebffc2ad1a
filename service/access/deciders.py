"""Who may decide when parties do not agree: the region's mandates for doorzettingsmacht, with substitutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service import periods
from service.errors import ConfigurationError, Unanswered
from service.periods.reading import one_of, refuse_unknown, the_day, the_list

ROLE = "doorzetter"
KINDS = frozenset({"inhoud", "plaatsing", "financiering", "regie", "anders"})
SECTORS = frozenset({"po", "vo"})
_NAMES = {"gemeenten", "soorten", "onderwijs", "organisatie", "plaatsvervangers", "vanaf", "tot", "stuk"}


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """One decision of the region: which organisation may decide what, for whom and until when."""

    municipalities: frozenset[str]  # names; empty: all
    kinds: frozenset[str]
    sectors: frozenset[str]
    holder: str  # key of an organisation
    deputies: tuple[str, ...] = ()
    since: dt.date
    until: dt.date | None = None  # that day included; None: until withdrawn
    document: str = ""  # where the decision lies, for people to read

    def holds(self, day: dt.date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Deciders:
    """All mandates of a region, in order of preference."""

    mandates: tuple[Mandate, ...] = ()

    @classmethod
    def read(cls, source: Mapping[str, Any]) -> Deciders:
        """From doorzettingsmacht.toml: `[[mandaat]]`; raises ConfigurationError naming the mandate and the key."""
        refuse_unknown("doorzettingsmacht.toml", source, {"mandaat"})
        entries = the_list("mandaat", source.get("mandaat", []))
        return cls(tuple(_mandate(f"mandaat {number}", one) for number, one in enumerate(entries, 1)))

    def of(
        self, municipality: str, kind: str, sector: str, day: dt.date, parties: Iterable[str] = ()
    ) -> tuple[str, ...]:
        """The organisations that may decide, holder first: in force on `day`, and themselves no party to it."""
        barred = set(parties)
        found = [
            organisation
            for one in self.mandates
            if one.holds(day) and self._meant(one, municipality, kind, sector)
            for organisation in (one.holder, *one.deputies)
            if organisation not in barred
        ]
        return tuple(dict.fromkeys(found))

    @staticmethod
    def _meant(one: Mandate, municipality: str, kind: str, sector: str) -> bool:
        where = not one.municipalities or municipality in one.municipalities
        return where and kind in one.kinds and sector in one.sectors


def functions(deciders: Deciders) -> Mapping[str, Callable[..., Any]]:
    """The host function of FEEL.

    doorzetters(gemeente, soort, onderwijs, dag, partijen)  candidate groups such as "doorzetter@wilgenveen", holder first;
    an expired mandate and an organisation that is party are left out, so that the first substitute comes first
    """

    def doorzetters(gemeente: Any, soort: Any, onderwijs: Any, dag: Any, partijen: Any) -> list[str]:
        if not isinstance(gemeente, str) or soort not in KINDS or onderwijs not in SECTORS:
            raise Unanswered("expected a municipality, a kind of impasse and po or vo")
        barred: Sequence[Any] = partijen if isinstance(partijen, list | tuple) else ()
        found = deciders.of(gemeente, str(soort), str(onderwijs), periods.day_of(dag), map(str, barred))
        return [f"{ROLE}@{organisation}" for organisation in found]

    return {"doorzetters": doorzetters}


def _mandate(where: str, source: Any) -> Mandate:
    if not isinstance(source, Mapping):
        raise ConfigurationError(f"Expected {where} to be a table, but it is {source!r}")
    refuse_unknown(where, source, _NAMES)
    since, until = the_day(f"{where}.vanaf", source.get("vanaf")), source.get("tot")
    end = the_day(f"{where}.tot", until) if until is not None else None
    if end is not None and end < since:
        raise ConfigurationError(f"Expected {where}.tot not to be before vanaf, but {end} is before {since}")
    return Mandate(
        municipalities=frozenset(_texts(where, "gemeenten", source)),
        kinds=frozenset(one_of(f"{where}.soorten", one, KINDS) for one in _texts(where, "soorten", source)),
        sectors=frozenset(
            one_of(f"{where}.onderwijs", one, SECTORS) for one in source.get("onderwijs", sorted(SECTORS))
        ),
        holder=_text(f"{where}.organisatie", source.get("organisatie")),
        deputies=tuple(_texts(where, "plaatsvervangers", source)),
        since=since,
        until=end,
        document=str(source.get("stuk", "")),
    )


def _texts(where: str, key: str, source: Mapping[str, Any]) -> list[str]:
    return [_text(f"{where}.{key}", one) for one in the_list(f"{where}.{key}", source.get(key, []))]


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ConfigurationError(f"Expected {where} to be a text, but it is {value!r}")
    return value
