"""BPMN's own structure: ids, start events, boundary events, subprocesses, links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from service.domain import Finding
from service.engine.elements import Globals
from service.engine.elements import events as events_of
from service.engine.parser import OurParser
from service.engine.rules.diagram import Diagram, fout, name_of
from service.engine.source import b
from service.engine.values import Element

ACTIVITIES = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "sendTask", "scriptTask", "businessRuleTask", "receiveTask", "subProcess", "transaction", "callActivity"}
)  # fmt: skip
MAX_DEPTH = 20


def ids(diagram: Diagram) -> Iterator[Finding]:
    counted = Counter(
        node.get("id") for node in diagram.root.iter() if isinstance(node.tag, str) and node.get("id")
    )
    for name, times in counted.items():
        if times > 1:
            yield fout(
                name,
                "id-dubbel",
                f"Het id '{name}' komt {times} keer voor.",
                "Geef elk element een eigen id.",
            )
    for tag in OurParser.OVERRIDE_PARSER_CLASSES:
        for node in diagram.process.iter(tag):
            if not node.get("id"):
                yield fout(
                    "",
                    "id-ontbreekt",
                    f"Een element op regel {node.sourceline} heeft geen id.",
                    "Geef het een id.",
                )
    for node in diagram.process.iter(b("sequenceFlow")):
        if not node.get("id"):
            yield fout(
                "",
                "id-ontbreekt",
                f"Een pijl op regel {node.sourceline} heeft geen id.",
                "Geef de pijl een id.",
            )


def places(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.loop is not None and element.kind.endswith(("Event", "Gateway")):
            yield fout(
                element.id,
                "element-op-verkeerde-plek",
                f"Bij {name_of(element)} staat een herhaling, maar alleen een taak, subproces of aanroep kan zich herhalen.",
                "Haal de herhaling weg.",
            )
        holder = diagram.elements.get(element.parent)
        if element.parent and (holder is None or not holder.is_subprocess):
            yield fout(
                element.id,
                "element-op-verkeerde-plek",
                f"Het element {name_of(element)} staat in het bestand binnen '{element.parent}', en dat is geen proces of subproces.",
                "Teken het element opnieuw in het proces of in een subproces.",
            )


def depth(diagram: Diagram) -> Iterator[Finding]:
    """The parser that we build on goes down one call per level, and Python's stack ends."""
    levels: dict[str, int] = {"": 0}
    for element in diagram.elements.values():  # in document order, so the one around it is known
        levels[element.id] = levels.get(element.parent, 0) + 1
        if levels[element.id] == MAX_DEPTH + 1 and element.is_subprocess:
            yield fout(
                element.id,
                "subproces-te-diep",
                f"Het subproces {name_of(element)} zit meer dan {MAX_DEPTH} niveaus diep.",
                "Teken het als een eigen proces en roep dat aan.",
            )


def starts(diagram: Diagram) -> Iterator[Finding]:
    by_parent: dict[str, list[Element]] = {"": []}
    for element in diagram.elements.values():
        if element.is_subprocess:
            by_parent.setdefault(element.id, [])
        if element.kind == "startEvent":
            by_parent.setdefault(element.parent, []).append(element)
    for parent, found in by_parent.items():
        where = parent or diagram.process.get("id", "")
        if not found:
            yield fout(
                where, "start-ontbreekt", "Er is geen startgebeurtenis.", "Teken een startgebeurtenis."
            )
        plain = [element for element in found if element.event is None]
        if len(plain) > 1 or (parent and len(found) > 1):
            yield fout(
                where,
                "start-meervoudig",
                "Er zijn meer startgebeurtenissen dan kan.",
                "Houd één startgebeurtenis zonder type over; een subproces heeft er precies één.",
            )


def boundaries(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind != "boundaryEvent":
            continue
        owner = diagram.elements.get(element.attached_to)
        if owner is None or owner.kind not in ACTIVITIES or owner.parent != element.parent:
            yield fout(
                element.id,
                "randgebeurtenis-los",
                f"De randgebeurtenis {name_of(element)} zit niet vast aan een activiteit.",
                "Zet de gebeurtenis op de rand van een taak of subproces.",
            )
        elif owner.triggered_by_event:
            yield fout(
                element.id,
                "randgebeurtenis-op-gebeurtenissubproces",
                f"Op een gebeurtenis-subproces kan geen randgebeurtenis: {name_of(element)}.",
                "Verplaats de gebeurtenis.",
            )
        if element.event and element.event.kind == "error" and not element.interrupting:
            yield fout(
                element.id,
                "fout-niet-onderbrekend",
                f"Een foutgebeurtenis onderbreekt altijd: {name_of(element)}.",
                "Maak de gebeurtenis onderbrekend.",
            )


def transactions(diagram: Diagram) -> Iterator[Finding]:
    """A cancel event ends its own transaction, and leaves it by the transaction's own boundary (BPMN 10.7.4)."""
    cancels = [e for e in diagram.elements.values() if e.event is not None and e.event.kind == "cancel"]
    caught = {element.attached_to for element in cancels if element.kind == "boundaryEvent"}
    for element in cancels:
        place = element.attached_to if element.kind == "boundaryEvent" else element.parent
        around = diagram.elements.get(place)
        if around is None or around.kind != "transaction":
            yield fout(
                element.id,
                "annulering-buiten-transactie",
                f"De annulering {name_of(element)} hoort niet bij een transactie.",
                "Een annulerend einde staat direct in een transactie; een annulerende randgebeurtenis zit op een transactie.",
            )
        elif place not in caught:
            yield fout(
                element.id,
                "annulering-niet-gevangen",
                f"Niets vangt de annulering {name_of(element)} op.",
                "Zet een annulerende randgebeurtenis op de transactie, en teken wat daarna gebeurt.",
            )


def subprocesses(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if not element.triggered_by_event:
            continue
        if diagram.incoming.get(element.id) or diagram.outgoing.get(element.id):
            yield fout(
                element.id,
                "gebeurtenissubproces-met-pijl",
                f"Aan het gebeurtenis-subproces {name_of(element)} zit een pijl.",
                "Verwijder de pijl; de startgebeurtenis erin bepaalt wanneer het begint.",
            )
        if element.loop is not None:
            yield fout(
                element.id,
                "gebeurtenissubproces-herhaald",
                f"Een gebeurtenis-subproces kan niet herhaald worden: {name_of(element)}.",
                "Verwijder de herhaling.",
            )


def links(diagram: Diagram) -> Iterator[Finding]:
    found = [e for e in diagram.elements.values() if e.event and e.event.kind == "link"]
    catching = Counter(
        (e.parent, e.event.name) for e in found if e.kind == "intermediateCatchEvent" and e.event
    )
    for element in found:
        assert element.event is not None  # noqa: S101  # chosen by it above
        times = catching[(element.parent, element.event.name)]
        if times != 1:
            yield fout(
                element.id,
                "koppeling-onduidelijk",
                f"De koppeling '{element.event.name}' heeft {times} ontvangers, niet één.",
                "Geef precies één ontvangende koppeling in hetzelfde (sub)proces deze naam.",
            )


def several_events(diagram: Diagram) -> Iterator[Finding]:
    globals_ = Globals(diagram.root)
    for tag in OurParser.OVERRIDE_PARSER_CLASSES:
        for node in diagram.process.iter(tag):
            if len(events_of(node, globals_)) > 1:
                yield fout(
                    node.get("id", ""),
                    "gebeurtenis-meervoudig",
                    "De gebeurtenis heeft meer dan één type.",
                    "Maak er aparte gebeurtenissen van.",
                )
