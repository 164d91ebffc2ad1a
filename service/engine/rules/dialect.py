"""The subset: elements and events that this engine does not run are refused by name."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain import Finding
from service.engine.parser import OurParser
from service.engine.rules.diagram import Diagram, fout, name_of
from service.engine.source import BPMN, CAMUNDA_7, b, local

_REFUSED = {
    "complexGateway": "Gebruik een exclusieve, parallelle of inclusieve gateway.",
    "adHocSubProcess": "Gebruik een gewoon subproces, of taken met meerdere instanties.",
    "callConversation": "Verwijder dit element.",
    "implicitThrowEvent": "Gebruik een gewone gebeurtenis.",
    "event": "Gebruik een gewone gebeurtenis.",
}
_EVENTS = {
    "startEvent": {"none", "timer", "message", "signal"},
    "triggered": {"timer", "message", "signal", "error", "escalation"},
    "intermediateCatchEvent": {"timer", "message", "signal", "link"},
    "intermediateThrowEvent": {"none", "message", "signal", "escalation", "link"},
    "boundaryEvent": {"timer", "message", "signal", "error", "escalation", "cancel"},
    "endEvent": {"none", "message", "signal", "error", "escalation", "terminate", "cancel"},
}
_KINDS = {
    "none": "zonder type",
    "cancel": "annulering",
    "compensate": "compensatie",
    "conditional": "voorwaarde",
    "error": "fout",
    "escalation": "escalatie",
    "link": "koppeling",
    "message": "bericht",
    "signal": "signaal",
    "terminate": "beëindigen",
    "timer": "timer",
}


def camunda_7(diagram: Diagram) -> Iterator[Finding]:
    """Camunda 7 attributes would be ignored in silence; say what to do instead."""
    for node in diagram.root.iter():
        if not isinstance(node.tag, str):
            continue
        names = [node.tag, *node.attrib]
        if any(str(name).startswith(f"{{{CAMUNDA_7}}}") for name in names):
            yield fout(
                _holder(node),
                "camunda-7",
                "Dit diagram is gemaakt voor Camunda 7 (naamruimte 'camunda:'). Die instellingen werken hier niet.",
                "Zet in de modeler het platform op Camunda 8 en vul formulier, toewijzing en expressies (FEEL) opnieuw in.",
            )
            return


def _holder(node: object) -> str:
    here = node
    while here is not None:
        if here.get("id"):  # type: ignore[attr-defined]  # lxml element
            return str(here.get("id"))  # type: ignore[attr-defined]  # lxml element
        here = here.getparent()  # type: ignore[attr-defined]  # lxml element
    return ""


def unsupported_elements(diagram: Diagram) -> Iterator[Finding]:
    for node in diagram.process.iter(*(b(tag) for tag in _REFUSED)):
        tag = local(node)
        yield fout(
            node.get("id", ""),
            "element-niet-ondersteund",
            f"Het element '{tag}' wordt niet uitgevoerd.",
            _REFUSED[tag],
        )
    known = {tag.removeprefix(f"{{{BPMN}}}") for tag in OurParser.OVERRIDE_PARSER_CLASSES}
    for node in diagram.process.iter():
        if node.get("isForCompensation") == "true" and local(node) in known:
            yield fout(
                node.get("id", ""),
                "compensatie-niet-ondersteund",
                "Een activiteit voor compensatie wordt niet uitgevoerd.",
                "Teken het terugdraaien als gewone stappen.",
            )


def unsupported_events(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        inside = diagram.elements.get(element.parent)
        place = (
            "triggered"
            if element.kind == "startEvent" and inside and inside.triggered_by_event
            else element.kind
        )
        if place not in _EVENTS:
            continue
        kind = element.event.kind if element.event else "none"
        plain_start = element.kind == "startEvent" and place != "triggered" and element.parent
        allowed = {"none"} if plain_start else _EVENTS[place]
        if kind not in allowed:
            fits = ", ".join(_KINDS[one] for one in sorted(allowed))
            yield fout(
                element.id,
                "gebeurtenis-niet-ondersteund",
                f"De gebeurtenis {name_of(element)} heeft hier een soort die niet kan: {_KINDS[kind]}.",
                f"Kies een van: {fits}.",
            )
