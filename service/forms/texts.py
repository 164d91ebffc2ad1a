"""The Dutch sentences under a field: each names the field and says how to mend the answer."""

from __future__ import annotations

from service.forms.model import CHOICES, MANY, Component

UNKNOWN = "Deze vraag staat niet op dit formulier. Haal het antwoord weg."
NOT_AN_OBJECT = "Stuur de antwoorden als een lijst van namen en waarden."

_EXAMPLES = {"date": "14-3-2027", "time": "9:30", "datetime": "14-3-2027 9:30"}
_KINDS = {"date": "een datum", "time": "een tijd", "datetime": "een datum en een tijd"}


def name(component: Component) -> str:
    """How a sentence calls the field: its label between quotes, or its key."""
    label = component.label.strip().removeprefix("=").rstrip(":*").strip() or component.key
    return f"‘{label}’"


def example(component: Component) -> str:
    """ ", bijvoorbeeld 1234 AB", or nothing."""
    given = component.named("voorbeeld") or _EXAMPLES.get(component.subtype, "")
    return f", bijvoorbeeld {given}" if given else ""


def required(component: Component) -> str:
    """Nothing was filled in."""
    if own := component.named("melding"):
        return own
    if component.type in MANY:
        return f"Kies bij {name(component)} ten minste één antwoord."
    if component.type in CHOICES:
        return f"Kies een antwoord bij {name(component)}."
    if component.type == "checkbox":
        return f"Zet een vinkje bij {name(component)}."
    if component.is_list:
        return f"Vul bij {name(component)} ten minste één regel in."
    if component.type == "datetime":
        return f"Vul bij {name(component)} {_KINDS[component.subtype]} in{example(component)}."
    if component.label.endswith("?"):
        return f"Geef antwoord op de vraag {name(component)}{example(component)}."
    return f"Vul {name(component)} in{example(component)}."


def not_a_number(component: Component) -> str:
    hint = example(component) or ", bijvoorbeeld 12 of 1.234,5"
    return component.named("melding") or f"Vul bij {name(component)} een getal in{hint}."


def not_a_moment(component: Component) -> str:
    return component.named("melding") or (
        f"Vul bij {name(component)} {_KINDS[component.subtype]} in die bestaat{example(component)}."
    )


def not_a_choice(component: Component) -> str:
    return f"Kies bij {name(component)} een van de antwoorden die erbij staan."


def not_a_text(component: Component) -> str:
    return f"Vul bij {name(component)} gewone tekst in."


def unreadable_text(component: Component) -> str:
    return f"In de tekst bij {name(component)} staan tekens die niet kunnen worden bewaard. Typ de tekst opnieuw."


def too_short(component: Component, least: int, now: int) -> str:
    return f"Schrijf bij {name(component)} ten minste {least} tekens. Het zijn er nu {now}."


def too_long(component: Component, most: int, now: int) -> str:
    return f"Maak de tekst bij {name(component)} korter: hoogstens {most} tekens. Het zijn er nu {now}."


def wrong_pattern(component: Component) -> str:
    given = component.named("voorbeeld")
    hint = f", zoals {given}" if given else ""
    return component.named("melding") or f"Vul {name(component)} in de goede vorm in{hint}."


def wrong_kind(component: Component, kind: str) -> str:
    sentences = {
        "postcode": f"Vul {name(component)} in als vier cijfers en twee letters, bijvoorbeeld 1234 AB.",
        "email": f"Vul bij {name(component)} een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.",
        "telefoon": f"Vul bij {name(component)} een telefoonnummer in, bijvoorbeeld 06 12345678.",
    }
    return component.named("melding") or sentences[kind]


def too_few(component: Component, least: int) -> str:
    return f"Geef bij {name(component)} ten minste {least} {_noun(component, least)}."


def too_many(component: Component, most: int) -> str:
    return f"Geef bij {name(component)} hoogstens {most} {_noun(component, most)}."


def too_low(component: Component, bound: str) -> str:
    if own := component.named("min_melding"):
        return own
    if component.type == "datetime":
        return f"Vul bij {name(component)} een datum in die niet vóór {bound} ligt."
    return f"Vul bij {name(component)} een getal in van {bound} of hoger."


def too_high(component: Component, bound: str) -> str:
    if own := component.named("max_melding"):
        return own
    if component.type == "datetime":
        return f"Vul bij {name(component)} een datum in die niet na {bound} ligt."
    return f"Vul bij {name(component)} een getal in van {bound} of lager."


def wrong_step(component: Component, digits: int) -> str:
    if digits == 0:
        return f"Vul bij {name(component)} een heel getal in, zonder komma."
    return f"Vul bij {name(component)} hoogstens {digits} {'cijfer' if digits == 1 else 'cijfers'} na de komma in."


def check_failed(component: Component) -> str:
    return component.named("controle_melding") or f"Controleer het antwoord bij {name(component)}."


def _noun(component: Component, number: int) -> str:
    words = ("regel", "regels") if component.is_list else ("antwoord", "antwoorden")
    return words[number != 1]
