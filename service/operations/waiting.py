"""What a casus waits for, as a Dutch sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from service.clock import AMSTERDAM
from service.operations.safety import ALL_NAMED, Unnamed
from service.store.rows import Found

#: Roles as people call them in a sentence (DOMAIN sections 1 and 7).
ROLE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "ouder": "de ouder(s)",
        "jeugdige": "de jeugdige",
        "school_ib": "de intern begeleider",
        "school_dir": "de schoolleiding",
        "ko_pm": "de kinderopvang",
        "cb_jgz": "het consultatiebureau",
        "jeugdarts": "de jeugdarts",
        "swv_po": "het samenwerkingsverband",
        "swv_vo": "het samenwerkingsverband",
        "lpa": "de leerplichtambtenaar",
        "rmc": "het Doorstroompunt",
        "wijkteam": "het wijkteam",
        "aanspreekpunt": "het aanspreekpunt",
        "jh_aanbieder": "de jeugdhulpaanbieder",
        "mbo": "het mbo",
        "casusregisseur": "de casusregisseur",
        "tafel_vz": "de voorzitter van de tafel",
        "doorzetter": "de doorzetter",
    }
)
_MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905  # reads as a list
)


def waiting_for(open_tasks: Sequence[Found], unnamed: Unnamed = ALL_NAMED) -> str:
    """ "Wacht op de jeugdarts, uiterlijk 14 maart 2027"; "" when nothing is open."""
    if not open_tasks:
        return ""
    names = list(dict.fromkeys(_who(task, unnamed) for task in open_tasks))
    due = min((task.due_at for task in open_tasks if task.due_at), default=None)
    return f"Wacht op {_listed(names)}" + (f", uiterlijk {_day(due)}" if due else "")


def _who(task: Found, unnamed: Unnamed) -> str:
    return (
        ROLE_NAMES.get(task.role) or unnamed.name(task.organisation_key, task.organisation_name) or task.name
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"


def _day(moment: datetime) -> str:
    local = moment.astimezone(AMSTERDAM)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
