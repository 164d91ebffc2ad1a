"""The role by data class matrix as it is shipped (DOMAIN section 1); a region has its own in inzage.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.domain import DataClass


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
        "ouder": _row("IOPZM"),  # Z and M by age and consent: see reading.py
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
