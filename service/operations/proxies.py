"""Who may enter the answer of another, and from which source: the table [namens] of inzage.toml, with what it cannot say."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from service.access import Readable
from service.access.consent import FAMILY
from service.domain import DataClass
from service.errors import ConfigurationError

SOURCES = ("gesprek", "telefoon", "brief", "email", "formulier")
SPOKEN = frozenset({"gesprek", "telefoon"})  # nobody signs these
_PLACE = "inzage.toml, [namens]"


def _nobody() -> Mapping[str, frozenset[str]]:
    return MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Proxies:
    """Nobody enters for another, unless the region says who."""

    may: Mapping[str, frozenset[str]] = field(
        default_factory=_nobody
    )  # role of whose answer -> who enters it
    signed: frozenset[str] = frozenset({"brief", "formulier"})  # sources that may carry a signature
    days: int = 90  # so long ago an answer may have come


def read(raw: Mapping[str, Any], *, roles: Mapping[str, Readable], directing: Collection[str]) -> Proxies:
    """The table [namens]. Raises ConfigurationError with all that is wrong, in Dutch: a mistake here opens a door.

    roles      that the region knows, with what they read
    directing  who directs a casus: for a family nobody else enters anything
    """
    wrong = list(_wrong(raw, roles, directing))
    if wrong:
        raise ConfigurationError(" ".join(wrong))
    known = Proxies()
    return Proxies(
        may=MappingProxyType({role: frozenset(enters) for role, enters in raw.get("rol", {}).items()}),
        signed=frozenset(raw.get("ondertekend", known.signed)),
        days=raw.get("dagen", known.days),
    )


def _wrong(
    raw: Mapping[str, Any], roles: Mapping[str, Readable], directing: Collection[str]
) -> Iterator[str]:
    table, signed, days = raw.get("rol", {}), raw.get("ondertekend", []), raw.get("dagen", 1)
    if not isinstance(table, Mapping) or not all(_names(one) for one in table.values()):
        yield f'{_PLACE}: rol is een tabel met achter elke rol een lijst van rollen, bijvoorbeeld ouder = ["casusregisseur"].'
        return
    for role, enters in table.items():
        yield from _wrong_row(role, enters, roles, directing)
    if not _names(signed) or set(signed) - set(SOURCES) or set(signed) & SPOKEN:
        can = ", ".join(one for one in SOURCES if one not in SPOKEN)
        yield f"{_PLACE}: ondertekend noemt bronnen waarop een handtekening kan staan. Kies uit {can}."
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        yield f"{_PLACE}: dagen is een heel getal van 1 of meer."


def _wrong_row(
    role: str, enters: Collection[str], roles: Mapping[str, Readable], directing: Collection[str]
) -> Iterator[str]:
    for unknown in sorted({role, *enters} - set(roles)):
        yield f"{_PLACE}: rol ‘{unknown}’ staat niet onder [rol]. Voeg de rol daar toe, of haal hem hier weg."
    for one in sorted(set(enters) & FAMILY):
        yield f"{_PLACE}: ‘{one}’ mag niet namens ‘{role}’ invoeren. Dat doet alleen een medewerker."
    if role in FAMILY:
        for one in sorted(set(enters) - set(directing) - FAMILY):
            yield f"{_PLACE}: ‘{one}’ mag niet namens ‘{role}’ invoeren, want die heeft geen regie ([regie] rollen)."
        for one in sorted(one for one in enters if one in roles and DataClass.IDENTITY not in roles[one].own):
            yield f"{_PLACE}: ‘{one}’ mag niet namens ‘{role}’ invoeren, want die leest niet wie het is (klasse I)."


def _names(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(one, str) for one in given)
