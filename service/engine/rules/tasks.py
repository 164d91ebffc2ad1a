"""What tasks and events need beside their flows: forms, decisions, called processes, kinds of work."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain import Finding
from service.engine.expressions import is_feel
from service.engine.rules.diagram import Diagram, fout, name_of, waarschuwing
from service.engine.source import z


def forms(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind == "userTask" and not element.form_id:
            yield waarschuwing(
                element.id,
                "taak-zonder-formulier",
                f"De taak {name_of(element)} heeft geen formulier.",
                "Koppel een formulier aan de taak.",
            )


def decisions(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind != "businessRuleTask" or element.job_type:
            continue
        name = element.called_decision
        if not name:
            yield fout(
                element.id,
                "beslissing-ontbreekt",
                f"Bij {name_of(element)} is geen beslissing gekozen.",
                "Kies een beslissing (DMN).",
            )
        elif not is_feel(name) and name not in diagram.decisions:
            yield fout(
                element.id,
                "beslissing-onbekend",
                f"De beslissing '{name}' van {name_of(element)} bestaat niet.",
                "Voeg het DMN-bestand toe of verbeter het id.",
            )


def calls(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind != "callActivity":
            continue
        name = element.called_element
        if not name:
            yield fout(
                element.id,
                "aanroep-ontbreekt",
                f"Bij {name_of(element)} is geen proces gekozen.",
                "Kies het proces dat wordt aangeroepen.",
            )
        elif not is_feel(name) and name not in diagram.called and name != diagram.process.get("id"):
            yield waarschuwing(
                element.id,
                "aanroep-onbekend",
                f"Het proces '{name}' van {name_of(element)} is hier niet bekend.",
                "Publiceer dat proces eerst, of verbeter het id.",
            )


def bindings(diagram: Diagram) -> Iterator[Finding]:
    """Which version is meant: a word nobody knows would silently mean the newest."""
    for tag, known in _BINDINGS.items():
        for holder in diagram.process.iter(z(tag)):
            element = diagram.elements.get(holder.getparent().getparent().get("id"))
            binding = holder.get("bindingType", "latest")
            if element is None or (
                binding in known and (binding != "versionTag" or holder.get("versionTag"))
            ):
                continue
            label = ", met een label bij versionTag" if "versionTag" in known else ""
            yield fout(
                element.id,
                "binding-onbekend",
                f"Bij {name_of(element)} staat niet duidelijk welke versie bedoeld is ('{binding}').",
                f"Kies een van: {', '.join(known)}{label}.",
            )


_BINDINGS = {
    "calledElement": ("latest", "deployment", "versionTag"),
    "calledDecision": ("latest", "deployment"),
    "formDefinition": ("latest", "deployment"),
}


def work(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        if element.kind in ("serviceTask", "sendTask") and not element.job_type:
            yield fout(
                element.id,
                "werk-ontbreekt",
                f"Bij {name_of(element)} staat niet welk soort werk het is.",
                "Vul het taaktype in (zeebe:taskDefinition).",
            )
        if element.kind == "scriptTask" and not element.job_type and not element.script:
            yield fout(
                element.id,
                "script-ontbreekt",
                f"Bij {name_of(element)} staat geen FEEL-expressie.",
                "Vul de expressie en de uitkomstvariabele in.",
            )


def loops(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        loop = element.loop
        if loop is None or loop.collection or loop.repeat or loop.maximum is not None:
            continue
        yield fout(
            element.id,
            "herhaling-onvolledig",
            f"Bij {name_of(element)} staat niet waarover of hoe lang herhaald wordt.",
            "Vul de lijst (inputCollection) of de voorwaarde van de lus in.",
        )
    for element in diagram.elements.values():
        if element.loop and bool(element.loop.output_collection) != bool(element.loop.output_element):
            yield fout(
                element.id,
                "herhaling-uitkomst-onvolledig",
                f"Bij {name_of(element)} hoort bij de uitkomstlijst ook een uitkomst per keer.",
                "Vul beide in, of geen van beide.",
            )


def events(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        event = element.event
        if event is None:
            continue
        if event.kind == "timer" and not event.text:
            yield fout(
                element.id,
                "timer-leeg",
                f"De timer {name_of(element)} heeft geen tijd.",
                "Vul een datum, duur of herhaling in.",
            )
        if event.kind in ("message", "signal") and not event.name and not element.job_type:
            yield fout(
                element.id,
                "bericht-zonder-naam",
                f"Bij {name_of(element)} ontbreekt het bericht of signaal, of de naam ervan.",
                "Kies een bericht of signaal met een naam.",
            )
        if (
            event.kind in ("error", "escalation")
            and element.kind in ("endEvent", "intermediateThrowEvent")
            and not event.code
        ):
            yield fout(
                element.id,
                "code-ontbreekt",
                f"Bij {name_of(element)} ontbreekt de code van de fout of escalatie.",
                "Kies een fout of escalatie met een code.",
            )
        waits = element.kind in ("intermediateCatchEvent", "boundaryEvent", "receiveTask") or (
            element.kind == "startEvent" and element.parent
        )
        if event.kind == "message" and waits and not event.correlation_key:
            yield fout(
                element.id,
                "correlatiesleutel-ontbreekt",
                f"Bij het bericht van {name_of(element)} staat niet voor welke zaak het is.",
                "Vul bij het bericht een correlatiesleutel in.",
            )
