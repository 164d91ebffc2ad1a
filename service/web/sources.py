"""Where an answer came from that was entered for another, and what is wrong with it, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from service.domain import Json
from service.operations.spoken import BehalfRow
from service.web import dates, texts

_CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "gesprek": "Een gesprek",
        "telefoon": "Een telefoongesprek",
        "brief": "Een brief",
        "email": "Een e-mail",
        "formulier": "Een papieren formulier",
    }
)
_FROM: Mapping[str, str] = MappingProxyType(
    {
        "gesprek": "uit een gesprek op",
        "telefoon": "uit een telefoongesprek op",
        "brief": "uit een brief van",
        "email": "uit een e-mail van",
        "formulier": "uit een papieren formulier van",
    }
)
_WRONG: Mapping[str, str] = MappingProxyType(
    {
        "whose/choose": "Kies wiens antwoord dit is.",
        "source/choose": "Kies waar het antwoord vandaan komt.",
        "received/choose": "Vul de dag in waarop u het antwoord kreeg.",
        "received/future": "Deze dag is nog niet geweest. Kies vandaag of een eerdere dag.",
        "received/long-ago": "Dit antwoord is te lang geleden. Vraag de persoon of het nog klopt.",
        "asked/say": "Deze persoon heeft een eigen account. Kruis aan dat die u vroeg om dit in te vullen.",
        "signed/needed": "Dit is een toestemming of ondertekening. Die voert u alleen in van papier waar de handtekening van "
        "de persoon zelf op staat. Hebt u dat niet? Stuur dan het formulier op papier.",
        "signed/unsigned-source": "Op deze bron kan geen handtekening staan. Kies een brief of een papieren formulier, of haal "
        "het kruisje weg.",
        "other/say": "Twee ouders zijn twee antwoorden. Kruis aan dat dit een ander is dan de ouder met een account. Is het dezelfde? "
        "Kies dan die ouder bij ‘Wiens antwoord is dit?’.",
        "domain/choose": "Kies waar het antwoord over gaat.",
        "answer/choose": "Kies ja of nee.",
        "note/where": "Schrijf op waar u het ondertekende papier bewaart (ten minste 10 tekens).",
        "note/long": "Dit is te lang. Gebruik niet meer dan 2000 tekens.",
    }
)


def choice(source: str) -> tuple[str, str]:
    """A kind of source as it is chosen on a page."""
    return source, _CHOICES[source]


def wrong(found: Mapping[str, str]) -> dict[str, str]:
    """What to mend per field, in the order of the page."""
    order = ("whose", "asked", "other", "domain", "answer", "source", "received", "signed", "note")
    return {name: _WRONG[f"{name}/{found[name]}"] for name in order if name in found}


def whom(row: BehalfRow, role: Callable[[str], str]) -> str:
    """On whose behalf: the organisation, or the role in the family; never a name."""
    return row.organisation_name or role(row.role)


def origin(row: BehalfRow) -> str:
    """From what: "uit een brief van 3 maart 2027, ondertekend"."""
    signed = ", ondertekend" if row.signed else ""
    return f"{_FROM[row.source]} {dates.day(row.received)}{signed}"


def entered(row: BehalfRow, role: Callable[[str], str], to: str = "") -> str:
    """ "Ingevuld door Els R. namens ouder, uit een brief van 3 maart 2027"; `to` instead of whose it is."""
    place = f" van {row.by_organisation_name}" if row.by_organisation_name else ""
    by = row.by_name or f"een medewerker{place}"
    return f"Ingevuld door {by} namens {to or whom(row, role)}, {origin(row)}"


def of_fact(who: str, data: Mapping[str, Json]) -> str:
    """The same for a fact of the history; "" for an answer of one's own."""
    role = str(data.get("on_behalf", "")).partition("/")[0]
    if not role or str(data.get("source")) not in _FROM:
        return ""
    signed = ", ondertekend" if data.get("signed") is True else ""
    day = dates.day(date.fromisoformat(str(data["received"])))
    return f"Ingevuld door {who} namens {texts.role(role)}, {_FROM[str(data['source'])]} {day}{signed}"
