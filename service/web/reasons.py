"""Why somebody can see something, and what they did, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from service.operations.outlooks import ConsentRow, LookRow, VisibleTo
from service.web import dates, texts

_DOMAINS: Mapping[str, str] = {
    "jeugdwet": "het wijkteam en de jeugdhulp",
    "jgz": "de jeugdarts en het consultatiebureau",
    "onderwijs": "de school en het samenwerkingsverband",
    "leerplicht": "de leerplichtambtenaar en het Doorstroompunt",
    "avg": "wat u zelf hebt ingevuld",
}
_LOOKED: Mapping[str, str] = {
    "dossier": "Las wat er is ingevuld",
    "casus": "Opende de casus",
    "task": "Opende een taak",
    "story": "Las de geschiedenis, met een reden",
    "noodknop": "Gebruikte de noodknop",
    "relocation": "Las de vraag om na een verhuizing mee te doen",
    "letter": "Las een brief",
    "instance": "Bekeek hoe ver het is",
}


def domain(key: str) -> str:
    """Whose data a domain of law is about, in words."""
    return "de familie zelf" if key in {"avg", "eigen"} else _DOMAINS.get(key, key)


def why(to: VisibleTo) -> str:
    """Why a role or person can see it, as the end of a sentence."""
    reason = to.reason
    if reason == "zelf ingevuld":
        return "heeft dit zelf ingevuld"
    if reason.startswith("rol ") and to.purpose:
        return f"doel: {_inside(to.purpose)}"
    if reason.startswith("rol "):
        return "heeft dit nodig voor de taak in deze casus"
    if "eigen organisatie" in reason:
        return "de eigen organisatie vulde dit in"
    if reason == "vastgelegde waarnemer":
        return "neemt waar voor wie dit invulde"
    if reason.startswith("verstrekt: "):
        return f"kreeg dit, met als doel: {_inside(reason.removeprefix('verstrekt: ').partition(';')[0])}"
    if reason == "noodknop":
        return "gebruikte de noodknop"
    return reason


def _inside(sentence: str) -> str:
    """A sentence as a part of another one."""
    plain = sentence.strip().rstrip(".")
    return f"{plain[:1].lower()}{plain[1:]}"


def by_day(looks: Iterable[LookRow]) -> list[tuple[date, list[LookRow]]]:
    """Looks under their day. What one role did within a minute is told once, by what it read."""
    days: dict[date, list[LookRow]] = {}
    kept = list(looks)
    for look in kept:
        rows = days.setdefault(dates.local_day(look.at), [])
        near = [other for other in (*rows, *kept) if other is not look and _together(other, look)]
        told = any(
            other in rows
            and (other.what, other.classes, other.wrote) == (look.what, look.classes, look.wrote)
            for other in near
        )
        opened = look.what == "casus" and any(other.what == "dossier" for other in near)
        if not told and not opened:
            rows.append(look)
    return [(day, rows) for day, rows in days.items() if rows]


def _together(one: LookRow, other: LookRow) -> bool:
    return (one.role, one.organisation_name, one.own) == (
        other.role,
        other.organisation_name,
        other.own,
    ) and abs(one.at - other.at).total_seconds() < 60


def looked(look: LookRow) -> str:
    """What somebody did, in a sentence."""
    if look.on_behalf:
        did = "Vulde een antwoord in" if look.wrote else "Opende een taak om in te vullen"
        return f"{did} namens {texts.role(look.on_behalf)}"
    told = _LOOKED.get(look.what, "Bekeek de casus")
    kinds = [texts.DATA_CLASSES[letter] for letter in look.classes if letter in texts.DATA_CLASSES]
    return f"{told}: {', '.join(kinds)}" if kinds and look.what == "dossier" else told


def consent(row: ConsentRow) -> tuple[str, str]:
    """The question and what an answer does."""
    whose = _DOMAINS.get(row.domain, row.domain)
    whom = "uw kind" if row.giver_role == "ouder" else "u"
    if row.about == "delen":
        if row.domain == "avg":
            return (
                "Mag wat u zelf hebt ingevuld met anderen worden gedeeld?",
                "Alleen als de wet het niet al regelt. Zonder uw ja blijft het bij wie het nu al kan zien.",
            )
        return (
            f"Mag wat {whose} over {whom} vastleggen met anderen worden gedeeld?",
            "Alleen waar toestemming voor nodig is. Zegt u later nee, dan stopt het delen meteen.",
        )
    if row.domain == "eigen":
        return (
            "Mogen uw ouders lezen wat u zelf opschrijft?",
            "Dit beslist u zelf. Uw ouders zien niet wat u hier antwoordt.",
        )
    return (
        f"Mogen uw ouders lezen wat {whose} over u vastleggen?",
        "Dit beslist u zelf. Uw ouders zien niet wat u hier antwoordt.",
    )


def substitution_error(field: str) -> str:
    """What to mend in the form about a substitute."""
    return {
        "reden": "Schrijf in een korte zin waarom u waarneemt (ten minste 10 tekens).",
        "tot": "Kies een dag vanaf vandaag, binnen de termijn die hierboven staat.",
    }.get(field, "Kies voor wie u waarneemt.")


def short_reason(signs: int) -> str:
    """The reason for the noodknop is too short."""
    return f"Schrijf op waarom het nu moet, in ten minste {signs} tekens. De functionaris gegevensbescherming leest dit."
