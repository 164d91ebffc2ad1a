"""The role by data class matrix of DOMAIN section 1, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.domain import Actor, DataClass

INDEPENDENT_FROM = 16  # years; from here parents need the young person's consent for Z and M


@dataclass(frozen=True, kw_only=True)
class Binding:
    """One row of a casus: who holds which role."""

    role: str
    candidate: str  # "role@organisation" or "account:key"


@dataclass(frozen=True, kw_only=True)
class Readable:
    """What a role reads of a casus in which it is bound."""

    everything: frozenset[DataClass]  # whoever supplied it
    own: frozenset[DataClass] = frozenset()  # only what the own organisation supplied


def _classes(letters: str) -> frozenset[DataClass]:
    return frozenset(DataClass(letter) for letter in letters)


def _row(everything: str, own: str = "") -> Readable:
    return Readable(everything=_classes(everything), own=_classes(everything + own))


#: DOMAIN section 1, column "May see". Roles that are not listed read nothing of a casus.
MATRIX: Mapping[str, Readable] = MappingProxyType(
    {
        "ouder": _row("IOPZM"),  # Z and M only while the child is younger than 16: see readable()
        "jeugdige": _row("IOPZM"),
        "school_ib": _row("IOP", own="Z"),
        "school_dir": _row("IOP", own="Z"),
        "ko_pm": _row("IO", own="P"),
        "cb_jgz": _row("P", own="IOZM"),
        "jeugdarts": _row("IP", own="M"),
        "swv_po": _row("IOP"),
        "swv_vo": _row("IOP"),
        "lpa": _row("IOP"),
        "rmc": _row("IOP"),
        "wijkteam": _row("IZP"),
        "aanspreekpunt": _row("P", own="IOZ"),
        "jh_aanbieder": _row("P", own="IZ"),
        "mbo": _row("P", own="IO"),
        "casusregisseur": _row("IOP", own="Z"),
        "tafel_vz": _row("IOZP"),
        "doorzetter": _row("P"),
    }
)

_NOTHING = Readable(everything=frozenset())


def readable(role: str, *, age: int | None = None) -> Readable:
    """What `role` reads of a casus in which it is bound; `age` of the child in whole years, None when unknown."""
    row = MATRIX.get(role, _NOTHING)
    if role == "ouder" and (age is None or age >= INDEPENDENT_FROM):
        return Readable(everything=row.everything - _classes("ZM"), own=row.own)
    return row


def bound_roles(actor: Actor, bindings: Iterable[Binding]) -> frozenset[str]:
    """The roles that the actor holds in a casus."""
    offers = actor.candidates
    return frozenset(b.role for b in bindings if b.candidate in offers)


def readable_classes(
    actor: Actor, bindings: Iterable[Binding], *, age: int | None = None, own: bool = False
) -> frozenset[DataClass]:
    """The data classes that the actor reads through all roles held in a casus; `own`: of own supply."""
    rows = [readable(role, age=age) for role in bound_roles(actor, bindings)]
    return frozenset().union(*((row.own if own else row.everything) for row in rows))
