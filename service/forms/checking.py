"""What is wrong with a component that was read: questions without choices, limits that can never be met."""

from __future__ import annotations

from typing import Any, Protocol

from service.domain import Severity
from service.forms.acts import ACTS, NO_ACT
from service.forms.fields import as_moment, as_number, pattern
from service.forms.model import CHOICES, INPUTS, Component, walk


class Report(Protocol):
    """Takes one finding."""

    def __call__(
        self, rule: str, element: str, reason: str, remedy: str, severity: Severity = ..., /
    ) -> None: ...


def check(component: Component, report: Report) -> None:
    """Report everything about one component that cannot work or that nobody could answer."""
    if component.type in CHOICES and not component.options and not component.options_from:
        report(
            "keuze-zonder-opties",
            component.path,
            f"De vraag ‘{component.label}’ heeft geen keuzes.",
            "Voeg keuzes toe.",
        )
    if component.key and component.type in INPUTS | {"dynamiclist"} and not component.label:
        report(
            "veld-zonder-label",
            component.path,
            f"Het veld ‘{component.path}’ heeft geen vraag of opschrift.",
            "Schrijf een label: zonder label weet niemand wat er gevraagd wordt.",
            Severity.WAARSCHUWING,
        )
    if component.is_list and not any(child.key for child in walk(component.children)):
        report(
            "lijst-zonder-velden",
            component.path,
            f"De lijst ‘{component.label}’ heeft geen velden.",
            "Zet er een veld in, of haal de lijst weg.",
        )
    _check_rules(component, report)
    if "bsn" in component.key.lower().split("_") or component.key.lower() == "burgerservicenummer":
        report(
            "veld-bsn",
            component.path,
            "Het formulier vraagt een burgerservicenummer; dat hoort niet in een zaak.",
            "Haal het veld weg; gebruik het casusnummer.",
        )


def _check_rules(component: Component, report: Report) -> None:
    """Limits and checks that can never work."""
    wanted = component.validation.get("pattern")
    if isinstance(wanted, str) and wanted and pattern(wanted) is None:
        report(
            "patroon-ongeldig",
            component.path,
            f"Het patroon van ‘{component.label}’ kan niet worden gelezen.",
            "Herstel de reguliere expressie (soort RE2).",
        )
    if not _bounds_fit(component):
        report(
            "grens-ongeldig",
            component.path,
            f"De grenzen van ‘{component.label}’ kunnen niet: onleesbaar, of de laagste is hoger dan de hoogste.",
            "Schrijf een getal, een datum, ‘vandaag’ of een formule die met = begint.",
        )
    if component.named("handeling") not in {"", NO_ACT, *ACTS}:
        report(
            "handeling-onbekend",
            component.path,
            f"De handeling van ‘{component.label}’ is geen toestemming en geen handtekening.",
            "Schrijf toestemming, handtekening of geen achter handeling.",
        )
    if component.named("controle") and not component.named("controle_melding"):
        report(
            "controle-zonder-melding",
            component.path,
            f"Bij de controle van ‘{component.label}’ staat niet wat mensen moeten verbeteren.",
            "Schrijf een zin in controle_melding.",
            Severity.WAARSCHUWING,
        )


def _bounds_fit(component: Component) -> bool:
    given = component.validation
    if component.type in {"textfield", "textarea"}:
        return _in_order(as_number(given.get("minLength")), as_number(given.get("maxLength")))
    if component.type not in {"number", "datetime"}:
        return True
    found = []
    for which in ("min", "max"):
        bound = component.named(which) or given.get(which)
        fixed = bound not in (None, "", "vandaag") and not str(bound).startswith("=")
        read: Any = None
        if fixed:
            read = as_number(bound) if component.type == "number" else as_moment(bound, component.subtype)
            if read is None:
                return False
        found.append(read)
    return _in_order(*found)


def _in_order(low: Any, high: Any) -> bool:
    return low is None or high is None or low <= high
