"""What the region decided about reading: the registers inzage.toml and toestemming.toml, read when the service starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from service.access import MATRIX, ConsentMatrix, Readable, Rights, Rule, Stage
from service.domain import DataClass
from service.errors import ConfigurationError
from service.operations import proxies
from service.operations.proxies import Proxies


@dataclass(frozen=True, kw_only=True)
class Emergency:
    """The rules of the noodknop."""

    roles: frozenset[str] = frozenset()  # nobody, unless the region says who
    classes: frozenset[DataClass] = frozenset()
    lasts: timedelta = timedelta(hours=8)
    reason_signs: int = 20


@dataclass(frozen=True, kw_only=True)
class Register:
    """Both registers."""

    rights: Rights = field(default_factory=Rights)
    emergency: Emergency = field(default_factory=Emergency)
    substitution: timedelta = timedelta(days=30)
    roles_of_kind: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # kind of organisation -> roles
    invitation_days: int = 14
    second_factor: frozenset[str] = frozenset()  # roles that may not do without
    proxies: Proxies = field(default_factory=Proxies)  # who enters the answer of another
    helping: frozenset[str] = frozenset()  # roles that answer who asks a municipality for help
    directing: frozenset[str] = frozenset(
        {"casusregisseur"}
    )  # roles that decide whether two casussen are about one child


def read(reading: Mapping[str, Any], consenting: Mapping[str, Any]) -> Register:
    """The registers from TOML. Raises ConfigurationError for what they cannot say: a mistake here opens a dossier."""
    try:
        rows = {role: _row(row) for role, row in reading.get("rol", {}).items()}
        button = reading.get("noodknop", {})
        directing = frozenset(reading.get("regie", {}).get("rollen", ("casusregisseur",)))
        return Register(
            rights=Rights(rows=MappingProxyType(rows), consent=_consent(consenting))
            if rows
            else Rights(consent=_consent(consenting)),
            emergency=Emergency(
                roles=frozenset(button.get("rollen", ())),
                classes=frozenset(DataClass(letter) for letter in button.get("klassen", "")),
                lasts=timedelta(hours=int(button.get("uren", 8))),
                reason_signs=int(button.get("reden_tekens", 20)),
            ),
            roles_of_kind={kind: tuple(roles) for kind, roles in reading.get("soort", {}).items()},
            invitation_days=int(reading.get("aanmelden", {}).get("uitnodiging_dagen", 14)),
            second_factor=frozenset(reading.get("aanmelden", {}).get("tweede_stap", ())),
            helping=frozenset(reading.get("hulp", {}).get("rollen", ())),
            directing=directing,
            proxies=proxies.read(reading.get("namens", {}), roles=rows or MATRIX, directing=directing),
            substitution=timedelta(days=int(reading.get("waarneming", {}).get("dagen", 30))),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigurationError(
            f"Expected inzage.toml and toestemming.toml that can be read: {error!r}"
        ) from error


def _row(row: Mapping[str, str]) -> Readable:
    everything = frozenset(DataClass(letter) for letter in row.get("alles", ""))
    return Readable(
        everything=everything, own=everything | {DataClass(letter) for letter in row.get("eigen", "")}
    )


def _consent(raw: Mapping[str, Any]) -> ConsentMatrix:
    domains = {role: domain for domain, roles in raw.get("domein", {}).items() for role in roles}
    return ConsentMatrix(
        domains=MappingProxyType(domains),
        stages=tuple(
            Stage(
                domain=one["domein"],
                from_age=int(one["vanaf"]),
                parents=Rule(one["ouders"]),
                youth=Rule(one["jeugdige"]),
                agree=tuple(one.get("akkoord", ())),
            )
            for one in raw.get("regel", ())
        ),
    )
