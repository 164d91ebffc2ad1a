"""The Dutch words of the pages: refusals, roles, states, data classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """What a person reads when something was refused."""

    status: int
    title: str
    sentence: str  # says what happened and what to do now


#: What was done with a question for help.
HELP_OUTCOMES: Mapping[str, str] = {
    "gebeld": "Gebeld of gemaild, en geholpen",
    "aangemeld": "Samen een aanmelding begonnen",
    "doorverwezen": "Doorverwezen naar wie beter kan helpen",
    "niet_bereikt": "Niet bereikt, ook na meer keer proberen",
}

WRONG_CODE = "Deze code klopt niet, of is al gebruikt. Wacht op de volgende code en probeer het opnieuw."

REFUSALS: Mapping[str, Refusal] = {
    "not-found": Refusal(
        404,
        "Deze pagina is er niet",
        "Wat u zoekt bestaat niet, of het is niet met u gedeeld. Controleer het adres of ga terug naar uw overzicht.",
    ),
    "not-allowed": Refusal(
        403,
        "Dit mag u hier niet doen",
        "Uw rol geeft geen toegang tot deze handeling. Denkt u dat dit niet klopt? Vraag het aan uw beheerder.",
    ),
    "not-signed-in": Refusal(
        401,
        "U bent niet meer ingelogd",
        "U was een tijd weg. Daarom hebben wij u uitgelogd. Wat u typte staat hieronder. Kopieer het en log weer in.",
    ),
    "sign-in-refused": Refusal(
        401,
        "Inloggen is niet gelukt",
        "U bent niet ingelogd. Begin opnieuw op de inlogpagina. Lukt het weer niet? Bel dan het nummer onderaan.",
    ),
    "role-unknown": Refusal(
        403,
        "U heeft hier nog geen rol",
        "Inloggen is gelukt, maar wij weten niet welk werk u hier doet. Vraag de beheerder van uw organisatie om een rol.",
    ),
    "proof-too-weak": Refusal(
        403,
        "Log op een veiligere manier in",
        "Voor deze gegevens is een extra controle nodig, bijvoorbeeld een code op uw telefoon. Log in op een manier die "
        "dat heeft, of vraag uw beheerder om hulp.",
    ),
    "step-up-needed": Refusal(
        403,
        "Laat nog een keer zien wie u bent",
        "Deze gegevens gaan over zorg of gezondheid. Daarom is nu een extra controle nodig. Wat u typte staat hieronder; "
        "kopieer het, doe de controle en ga verder.",
    ),
    "unavailable": Refusal(
        503,
        "Sluitend kan nu even niet antwoorden",
        "Er is niets veranderd. Wacht een halve minuut en probeer het opnieuw. Wat u typte staat hieronder.",
    ),
    "not-acceptable": Refusal(
        406,
        "Dit kan niet zo worden getoond",
        "Vraag het in een andere vorm op.",
    ),
    "unfinished": Refusal(
        504,
        "Dit duurt langer dan verwacht",
        "Het proces loopt door. Kijk over een paar minuten nog eens.",
    ),
    "provider-unavailable": Refusal(
        503,
        "Inloggen kan nu even niet",
        "De organisatie waar u inlogt, antwoordt niet. Probeer het over een paar minuten opnieuw.",
    ),
    "code-needed": Refusal(
        401,
        "Er is nog een code nodig",
        "Uw wachtwoord klopt. Vul nu de code van uw app in op de inlogpagina.",
    ),
    "key-missing": Refusal(
        503,
        "Deze gegevens kunnen nu niet open",
        "De sleutel van deze gegevens ontbreekt. Er is niets verloren of veranderd. Bel het nummer onderaan; de beheerder "
        "van Sluitend kan dit herstellen.",
    ),
    "too-many-attempts": Refusal(
        429,
        "Te vaak geprobeerd",
        "Dit is te vaak achter elkaar geprobeerd. Wacht een kwartier en probeer het dan opnieuw.",
    ),
    "bad-request": Refusal(
        400,
        "Dit kunnen wij niet lezen",
        "Er klopt iets niet aan wat uw browser stuurde. Ga een pagina terug en probeer het opnieuw.",
    ),
    "csrf": Refusal(
        400,
        "Deze pagina is verlopen",
        "De pagina stond te lang open. Wat u typte staat hieronder. Ga terug, laad de pagina opnieuw en verstuur nog een keer.",
    ),
    "too-large": Refusal(
        413,
        "Dit is te groot om te versturen",
        "Wat u verstuurt is groter dan is toegestaan. Maak het kleiner en probeer het opnieuw.",
    ),
    "diagram-rejected": Refusal(
        400,
        "Dit proces kan zo niet worden gebruikt",
        "De controle vond fouten. Hieronder staat per onderdeel wat er mis is en hoe u het herstelt.",
    ),
    "task-not-open": Refusal(
        409,
        "Deze taak is al afgerond",
        "Iemand anders was u voor. Uw eigen tekst is niet verstuurd; u ziet die hieronder.",
    ),
    "answers-rejected": Refusal(422, "Controleer uw antwoorden", "Een of meer antwoorden kloppen nog niet."),
    "conflict": Refusal(
        409,
        "Iemand anders heeft dit ook gewijzigd",
        "Er is in de tussentijd een andere versie bewaard. Er is niets overschreven. Bekijk eerst de nieuwe versie.",
    ),
    "answered-before": Refusal(
        409,
        "Dit is al verstuurd",
        "U hebt dit net al een keer verstuurd. Er is niets dubbel gedaan. Kijk in uw overzicht hoe het verder gaat.",
    ),
    "idempotency-mismatch": Refusal(
        409,
        "Dit formulier is al verstuurd",
        "U hebt dit formulier al een keer verstuurd, met andere antwoorden. De eerste versie telt.",
    ),
    "method-not-allowed": Refusal(
        405, "Dat kan hier niet", "Dit adres kan deze handeling niet uitvoeren. Ga terug naar uw overzicht."
    ),
    "service-error": Refusal(
        500,
        "Er ging iets mis bij ons",
        "Dit ligt niet aan u. Wij hebben een melding gekregen. Probeer het over een paar minuten opnieuw.",
    ),
}

WRONG_LOGIN = (
    "Deze combinatie van e-mailadres en wachtwoord klopt niet. Controleer beide en probeer het opnieuw."
)

ROLES: Mapping[str, str] = {
    "ouder": "ouder",
    "jeugdige": "jongere",
    "gast": "gast",
    "school_ib": "intern begeleider",
    "school_dir": "directeur van de school",
    "ko_pm": "pedagogisch medewerker",
    "cb_jgz": "jeugdverpleegkundige",
    "jeugdarts": "jeugdarts",
    "swv_po": "samenwerkingsverband basisonderwijs",
    "swv_vo": "samenwerkingsverband voortgezet onderwijs",
    "lpa": "leerplichtambtenaar",
    "rmc": "medewerker Doorstroompunt",
    "wijkteam": "wijkteam",
    "aanspreekpunt": "vast aanspreekpunt",
    "jh_aanbieder": "jeugdhulpaanbieder",
    "mbo": "mbo",
    "beleid": "beleidsmedewerker",
    "college": "college van B en W",
    "casusregisseur": "casusregisseur",
    "tafel_vz": "voorzitter beoordelingstafel",
    "doorzetter": "functionaris met doorzettingsmacht",
    "procesregisseur": "procesregisseur",
    "auditor": "auditor",
    "fg": "functionaris gegevensbescherming",
    "beheer": "beheerder",
    "org_beheer": "beheerder van de organisatie",
    "api": "koppeling",
}

ORGANISATION_KINDS: Mapping[str, str] = {
    "gemeente": "gemeente",
    "rbl": "regionaal bureau leerplicht",
    "swv_po": "samenwerkingsverband basisonderwijs",
    "swv_vo": "samenwerkingsverband voortgezet onderwijs",
    "school_po": "basisschool",
    "school_vo": "school voor voortgezet onderwijs",
    "mbo": "mbo",
    "kinderopvang": "kinderopvang",
    "jgz": "jeugdgezondheidszorg",
    "wijkteam": "wijkteam",
    "aanbieder": "jeugdhulpaanbieder",
    "regio": "regio",
}

REGION_FIELDS: Mapping[str, str] = {
    "naam": "Naam",
    "soort": "Soort",
    "gemeente": "Gemeente",
    "telefoon": "Telefoon",
    "doet_mee": "Doet mee",
    "bedient.swv_po": "Samenwerkingsverband basisonderwijs",
    "bedient.swv_vo": "Samenwerkingsverband voortgezet onderwijs",
    "bedient.leerplicht": "Leerplicht",
    "bedient.wijkteam": "Wijkteam",
    "bedient.jgz": "Jeugdgezondheidszorg",
}

CASUS_STATES: Mapping[str, str] = {
    "LOPEND": "in behandeling",
    "AFGEROND": "afgerond",
    "INGETROKKEN": "ingetrokken",
}

INSTANCE_STATES: Mapping[str, str] = {
    "ACTIVE": "loopt",
    "LOPEND": "loopt",
    "COMPLETED": "afgerond",
    "AFGEROND": "afgerond",
    "TERMINATED": "gestopt",
    "CANCELED": "gestopt",
    "INCIDENT": "vastgelopen",
}

DATA_CLASSES: Mapping[str, str] = {
    "I": "persoon en contact",
    "O": "onderwijs",
    "Z": "zorg en gezin",
    "M": "medisch",
    "P": "voortgang",
}

# Who has work in cases; everyone else has pages of their own.
WORK_ROLES = frozenset(ROLES) - {
    "procesregisseur",
    "auditor",
    "fg",
    "beheer",
    "org_beheer",
    "api",
    "gast",
}
FAMILY_ROLES = frozenset({"ouder", "jeugdige"})


def refusal(code: str) -> Refusal:
    """The words for a refusal's stable code; an unknown code is our own fault."""
    return REFUSALS.get(code, REFUSALS["service-error"])


def role(key: str) -> str:
    """A role in words: "lpa" is "leerplichtambtenaar"."""
    return ROLES.get(key, key.replace("_", " "))


def count(number: int, one: str, many: str) -> str:
    """A number with its noun: 1 taak, 4 taken."""
    return f"{number} {one if number == 1 else many}"
