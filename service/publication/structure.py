"""What BPMN says in attributes and references that the engine would otherwise pass over in silence."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain import Finding, Severity
from service.engine.source import Xml, b, local

_ACTIVITIES = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "sendTask", "scriptTask", "businessRuleTask", "receiveTask", "subProcess", "transaction", "callActivity"}
)  # fmt: skip
_CHOOSING = _ACTIVITIES | {"exclusiveGateway", "inclusiveGateway", "complexGateway"}
_GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway")
_REFERENCES = {
    "messageRef": "message",
    "signalRef": "signal",
    "errorRef": "error",
    "escalationRef": "escalation",
}
_TOLD = {"message": "bericht", "signal": "signaal", "error": "fout", "escalation": "escalatie"}
_ONLY = {  # attribute -> the value that does nothing, and what any other would mean
    "instantiate": ("false", "een nieuwe zaak beginnen"),
    "startQuantity": ("1", "op meer tokens wachten"),
    "completionQuantity": ("1", "meer tokens geven"),
    "eventGatewayType": ("Exclusive", "op alle gebeurtenissen wachten"),
    "parallelMultiple": ("false", "op alle gebeurtenissen wachten"),
    "behavior": ("All", "gebeurtenissen per keer geven"),
}


def findings(root: Xml, file: str) -> Iterator[Finding]:
    """Every rule over the file as a whole; each finding names the element that holds the fault."""
    for rule in (_references, _choreographies, _meanings, _assigned, _conditions, _gateways, _timers):
        for element, id_, reason, remedy, severity in rule(root):
            yield Finding(
                element=element, rule=id_, severity=severity, reason=reason, remedy=remedy, file=file
            )


Told = tuple[str, str, str, str, Severity]  # element, rule, reason, remedy


def _references(root: Xml) -> Iterator[Told]:
    known = {kind: {node.get("id") for node in root.iter(b(kind))} for kind in _TOLD}
    for node in root.iter("{*}*"):
        for attribute, kind in _REFERENCES.items():
            ref = node.get(attribute)
            if ref and local(node) != "participant" and ref.split(":")[-1] not in known[kind]:
                yield (
                    _holder(node),
                    "verwijzing-onbekend",
                    f"Er wordt verwezen naar {_TOLD[kind]} ‘{ref[:60]}’, maar dat bestaat niet in dit bestand.",
                    "Kies het opnieuw in de modeler.",
                    Severity.FOUT,
                )
    for node in root.iter(b("eventDefinitionRef")):
        yield (
            _holder(node),
            "gebeurtenis-gedeeld",
            "Wat deze gebeurtenis doet, staat niet bij haarzelf maar elders in het bestand. Dat wordt niet gelezen.",
            "Kies de soort gebeurtenis opnieuw in de modeler.",
            Severity.FOUT,
        )
    data = {node.get("id") for kind in ("dataObject", "dataStore") for node in root.iter(b(kind))}
    for kind in ("dataObject", "dataStore"):
        for node in root.iter(b(f"{kind}Reference")):
            ref = node.get(f"{kind}Ref")
            if ref and ref.split(":")[-1] not in data:
                yield (
                    _holder(node),
                    "gegevens-onbekend",
                    f"Het gegevenssymbool verwijst naar ‘{ref[:60]}’, maar dat bestaat niet.",
                    "Teken het symbool opnieuw.",
                    Severity.WAARSCHUWING,
                )


def _choreographies(root: Xml) -> Iterator[Told]:
    """BPMN's schema allows them in a process, the engine does not see them."""
    for node in root.iter(b("choreographyTask"), b("subChoreography"), b("callChoreography")):
        yield (
            _holder(node),
            "element-niet-ondersteund",
            f"Het element ‘{local(node)}’ wordt niet uitgevoerd: een choreografie is geen proces.",
            "Teken wie wat doet als taken in banen.",
            Severity.FOUT,
        )


def _meanings(root: Xml) -> Iterator[Told]:
    for node in root.iter("{*}*"):
        for attribute, (nothing, meaning) in _ONLY.items():
            value = node.get(attribute)
            if value is not None and value != nothing and node.tag == b(local(node)):
                yield (
                    _holder(node),
                    "kenmerk-niet-ondersteund",
                    f"‘{attribute}={value[:20]}’ ({meaning}) wordt niet uitgevoerd.",
                    "Haal dit kenmerk weg, en teken wat het doet met gewone elementen.",
                    Severity.FOUT,
                )
    for node in root.iter(b("conditionExpression"), b("completionCondition"), b("loopCondition")):
        language = node.get("language", "feel")
        if not language.lower().rstrip("/").endswith("feel") and "/FEEL" not in language:
            yield (
                _holder(node),
                "expressie-taal",
                f"De expressie is geschreven in ‘{language[:60]}’; alleen FEEL wordt uitgevoerd.",
                "Schrijf de expressie in FEEL.",
                Severity.FOUT,
            )


def _assigned(root: Xml) -> Iterator[Told]:
    """BPMN's own ways to say who does a task; Camunda 8 has others, and only those count."""
    for node in root.iter(b("potentialOwner"), b("humanPerformer"), b("performer"), b("resourceRole")):
        yield (
            _holder(node),
            "toewijzing-genegeerd",
            f"‘{local(node)}’ zegt wie de taak doet, maar telt niet mee.",
            "Gebruik de baan, of vul de toewijzing in (zeebe:assignmentDefinition).",
            Severity.WAARSCHUWING,
        )


def _conditions(root: Xml) -> Iterator[Told]:
    kinds = {node.get("id"): node for node in root.iter("{*}*") if node.get("id")}
    leaving: dict[str, list[Xml]] = {}
    for flow in root.iter(b("sequenceFlow")):
        leaving.setdefault(flow.get("sourceRef", ""), []).append(flow)
    for source, flows in leaving.items():
        node = kinds.get(source)
        conditional = [flow for flow in flows if flow.find(b("conditionExpression")) is not None]
        if node is None or not conditional:
            continue
        if local(node) not in _CHOOSING:
            for flow in conditional:
                yield (
                    flow.get("id", ""),
                    "voorwaarde-niet-toegestaan",
                    f"Een pijl uit ‘{node.get('name') or source}’ kan in BPMN geen voorwaarde hebben.",
                    "Haal de voorwaarde weg, of kies met een exclusieve of inclusieve gateway.",
                    Severity.FOUT,
                )
        elif _may_stop(node, flows, conditional):
            yield (
                source,
                "voorwaarde-zonder-uitweg",
                f"Elke pijl uit ‘{node.get('name') or source}’ heeft een voorwaarde. Geldt er geen, dan staat de zaak stil.",
                "Maak één pijl de standaardpijl, of haal de voorwaarde weg.",
                Severity.WAARSCHUWING,
            )


def _may_stop(node: Xml, flows: list[Xml], conditional: list[Xml]) -> bool:
    """Gateways with more than one flow have a rule of their own in the engine."""
    texts = {"".join((flow.findtext(b("conditionExpression")) or "").split()) for flow in conditional}
    here = local(node) in _ACTIVITIES or len(flows) == 1
    return here and len(conditional) == len(flows) and "=true" not in texts


def _gateways(root: Xml) -> Iterator[Told]:
    incoming: dict[str, int] = {}
    outgoing: dict[str, int] = {}
    for flow in root.iter(b("sequenceFlow")):
        outgoing[flow.get("sourceRef", "")] = outgoing.get(flow.get("sourceRef", ""), 0) + 1
        incoming[flow.get("targetRef", "")] = incoming.get(flow.get("targetRef", ""), 0) + 1
    for node in root.iter(*(b(kind) for kind in _GATEWAYS)):
        id_ = node.get("id", "")
        if outgoing.get(id_) == 1 and (incoming.get(id_, 0) == 1 or local(node) == "eventBasedGateway"):
            yield (
                id_,
                "gateway-overbodig",
                f"De gateway ‘{node.get('name') or id_}’ kiest, splitst en verzamelt niets.",
                "Haal de gateway weg, of teken de pijl die ontbreekt.",
                Severity.OPMERKING,
            )


def _timers(root: Xml) -> Iterator[Told]:
    for node in root.iter(b("timeCycle")):
        event = node.getparent().getparent()
        once = local(event) == "intermediateCatchEvent" or (
            local(event) == "boundaryEvent" and event.get("cancelActivity") != "false"
        )
        if once:
            yield (
                _holder(node),
                "timer-herhaalt-niet",
                "De timer heeft een herhaling, maar gaat op deze plaats hoogstens één keer af.",
                "Kies een duur of een datum, of maak de randgebeurtenis niet-onderbrekend.",
                Severity.OPMERKING,
            )


def _holder(node: Xml) -> str:
    """The id of the flow element around a node: what a modeler can show."""
    here, found = node, ""
    while here is not None:
        found = here.get("id") or found
        if found and not local(here).endswith(("EventDefinition", "LoopCharacteristics", "Expression")):
            return str(found)
        here = here.getparent()
    return found
