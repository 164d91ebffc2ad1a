"""Sequence flows: where they may begin and end, and what gateways need of them."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain import Finding
from service.engine.rules.diagram import Diagram, fout, name_of, waarschuwing
from service.engine.values import Element

_SPLITTING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_WAITING = frozenset({"intermediateCatchEvent", "receiveTask"})
_FLOW = "Verbind de pijl opnieuw in de modeler."


def ends(diagram: Diagram) -> Iterator[Finding]:
    """Both ends exist, in the same process or subprocess."""
    for flow in diagram.flows.values():
        source, target = diagram.elements.get(flow.source), diagram.elements.get(flow.target)
        if source is None or target is None:
            missing = flow.source if source is None else flow.target
            yield fout(
                flow.id,
                "verwijzing-ontbreekt",
                f"De pijl wijst naar '{missing}', maar dat bestaat hier niet.",
                _FLOW,
            )
        elif source.parent != target.parent:
            yield fout(
                flow.id,
                "pijl-over-grens",
                "De pijl gaat over de rand van een subproces.",
                "Laat pijlen binnen hetzelfde (sub)proces.",
            )


def directions(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        incoming, outgoing = diagram.incoming.get(element.id, []), diagram.outgoing.get(element.id, [])
        if element.kind in ("startEvent", "boundaryEvent") and incoming:
            yield fout(
                element.id,
                "pijl-naar-begin",
                f"Er gaat een pijl naar {name_of(element)}, maar daar begint iets.",
                "Verwijder de pijl.",
            )
        if element.kind == "endEvent" and outgoing:
            yield fout(
                element.id,
                "pijl-uit-einde",
                f"Er gaat een pijl uit {name_of(element)}, maar daar eindigt het.",
                "Verwijder de pijl.",
            )
        if element.kind in ("startEvent", "boundaryEvent") and not outgoing:
            yield fout(
                element.id,
                "pijl-ontbreekt",
                f"Uit {name_of(element)} gaat geen pijl.",
                "Teken waar het verdergaat.",
            )
        if _is_link(element, "intermediateThrowEvent") and outgoing:
            yield fout(
                element.id,
                "pijl-uit-koppeling",
                f"Uit de koppeling {name_of(element)} gaat een pijl.",
                "Verwijder de pijl; de ontvangende koppeling gaat verder.",
            )


def _is_link(element: Element, kind: str) -> bool:
    return element.kind == kind and element.event is not None and element.event.kind == "link"


def gateways(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        outgoing = diagram.outgoing.get(element.id, [])
        if element.kind.endswith("Gateway") and not outgoing:
            yield fout(
                element.id,
                "gateway-zonder-pijl",
                f"Uit de gateway {name_of(element)} gaat geen pijl.",
                "Teken minstens één uitgaande pijl.",
            )
        if element.kind in _SPLITTING and len(outgoing) > 1:
            for flow in outgoing:
                if not flow.condition and flow.id != element.default_flow:
                    yield fout(
                        flow.id,
                        "voorwaarde-ontbreekt",
                        f"De pijl uit de gateway {name_of(element)} heeft geen voorwaarde.",
                        "Vul een FEEL-voorwaarde in, of maak dit de standaardpijl.",
                    )
        always = any(
            flow.condition.replace(" ", "") == "=true" for flow in outgoing
        )  # such a gateway cannot get stuck
        if element.kind in _SPLITTING and len(outgoing) > 1 and not element.default_flow and not always:
            yield waarschuwing(
                element.id,
                "standaardpijl-ontbreekt",
                f"De gateway {name_of(element)} heeft geen standaardpijl. Past geen voorwaarde, dan staat de zaak stil.",
                "Maak één pijl de standaardpijl.",
            )
        if element.kind == "eventBasedGateway":
            yield from _after_events(diagram, element)


def _after_events(diagram: Diagram, element: Element) -> Iterator[Finding]:
    for flow in diagram.outgoing.get(element.id, []):
        target = diagram.elements.get(flow.target)
        if target is None:
            continue
        if target.kind not in _WAITING or _is_link(target, "intermediateCatchEvent"):
            yield fout(
                flow.id,
                "gebeurtenisgateway-doel",
                f"Achter de gebeurtenisgateway {name_of(element)} kan alleen een gebeurtenis staan die wacht.",
                "Zet er een timer, bericht of signaal achter.",
            )
        elif len(diagram.incoming.get(target.id, [])) > 1:
            yield fout(
                target.id,
                "gebeurtenisgateway-gedeeld",
                f"Naar {name_of(target)} gaat ook een pijl van elders.",
                "Laat alleen de gebeurtenisgateway naar deze gebeurtenis wijzen.",
            )


def defaults(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        flow = diagram.flows.get(element.default_flow)
        if element.default_flow and (flow is None or flow.source != element.id):
            yield fout(
                element.id,
                "standaardpijl-onbekend",
                f"De standaardpijl van {name_of(element)} is geen pijl die eruit gaat.",
                "Kies de standaardpijl opnieuw.",
            )
        if flow is not None and flow.condition:
            yield waarschuwing(
                flow.id,
                "standaardpijl-met-voorwaarde",
                "De standaardpijl heeft een voorwaarde; die telt niet mee.",
                "Verwijder de voorwaarde.",
            )


def unreachable(diagram: Diagram) -> Iterator[Finding]:
    """What no token can come to is a drawing error: the person who drew it expects it to happen."""
    seen: set[str] = set()
    ahead = [e.id for e in diagram.elements.values() if e.kind == "startEvent" or e.triggered_by_event]
    links = [e for e in diagram.elements.values() if _is_link(e, "intermediateCatchEvent")]
    while ahead:
        name = ahead.pop()
        if name in seen or name not in diagram.elements:
            continue
        seen.add(name)
        element = diagram.elements[name]
        ahead += [flow.target for flow in diagram.outgoing.get(name, [])]
        ahead += (
            [e.id for e in diagram.elements.values() if e.attached_to == name]
            if element.kind != "boundaryEvent"
            else []
        )
        if _is_link(element, "intermediateThrowEvent") and element.event:
            ahead += [
                e.id
                for e in links
                if e.event and e.event.name == element.event.name and e.parent == element.parent
            ]
    for element in diagram.elements.values():
        if element.id not in seen:
            yield fout(
                element.id,
                "element-onbereikbaar",
                f"Bij {name_of(element)} kan het proces nooit komen.",
                "Verbind het element met een pijl, of verwijder het.",
            )
