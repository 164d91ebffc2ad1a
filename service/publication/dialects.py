"""Diagrams made for other programs: what has to change for Camunda 7 and Signavio, and what is kept but ignored."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain import Finding, Severity
from service.engine.source import BPMN, CAMUNDA_7, ZEEBE, Xml, b, local

AT_MOST = 50  # findings of one kind in one file
_OURS = (
    BPMN,
    ZEEBE,
    CAMUNDA_7,
    "http://camunda.org/schema/modeler/1.0",
    "http://www.omg.org/spec/",
    "http://www.w3.org/",
    "http://bpmn.io/schema/",
)
_SAME = {  # what Camunda 7 calls it -> what it is called in Camunda 8
    "het taaktype (zeebe:taskDefinition)": (
        "class",
        "delegateExpression",
        "expression",
        "topic",
        "type",
        "connector",
    ),
    "het formulier (zeebe:formDefinition)": (
        "formKey",
        "formRef",
        "formRefBinding",
        "formData",
        "formHandlerClass",
    ),
    "de toewijzing (zeebe:assignmentDefinition)": ("assignee", "candidateUsers", "candidateGroups"),
    "de termijnen (zeebe:taskSchedule)": ("dueDate", "followUpDate"),
    "de prioriteit (zeebe:priorityDefinition)": ("priority",),
    "de koppelingen (zeebe:ioMapping)": ("inputOutput", "in", "out", "variableMappingClass"),
    "de beslissing (zeebe:calledDecision)": ("decisionRef", "mapDecisionResult", "decisionRefBinding"),
    "het aangeroepen proces (zeebe:calledElement)": ("calledElementBinding", "calledElementVersion"),
    "de herhaling (zeebe:loopCharacteristics)": ("collection", "elementVariable"),
    "de uitkomstvariabele (zeebe:script of zeebe:calledDecision)": ("resultVariable", "resource"),
    "de eigenschappen (zeebe:properties)": ("properties",),
    "het aantal pogingen (zeebe:taskDefinition)": ("failedJobRetryTimeCycle",),
}
_INSTEAD = {old: new for new, olds in _SAME.items() for old in olds}
_LISTENERS = frozenset({"executionListener", "taskListener"})
_INNER = frozenset(
    {"inputParameter", "outputParameter", "property", "formField", "field"}
)  # told by what holds them


def findings(root: Xml, file: str) -> Iterator[Finding]:
    """What another program meant with this file."""
    yield from _limited(_camunda_7(root, file))
    yield from _limited(_juel(root, file))
    yield from _signavio(root, file)
    yield from _foreign(root, file)


def _limited(found: Iterator[Finding]) -> Iterator[Finding]:
    for number, one in enumerate(dict.fromkeys(found)):
        if number < AT_MOST:
            yield one


def _camunda_7(root: Xml, file: str) -> Iterator[Finding]:
    prefix = f"{{{CAMUNDA_7}}}"
    for node in root.iter("{*}*"):
        for name in (node.tag, *node.attrib):
            old = str(name).removeprefix(prefix)
            if str(name).startswith(prefix) and old not in _INNER:
                yield _finding(_holder(node), "camunda-7", *_replaced(old), Severity.FOUT, file)


def _replaced(old: str) -> tuple[str, str]:
    reason = f"‘camunda:{old}’ is van Camunda 7 en werkt hier niet."
    if old in _LISTENERS:
        return reason, "Haal het weg, en teken wat het doet als een gewone stap."
    if old in _INSTEAD:
        return reason, f"Vul in plaats daarvan {_INSTEAD[old]} in, met expressies in FEEL, en haal dit weg."
    return reason, "Haal het weg; er hoeft niets voor in de plaats."


def _juel(root: Xml, file: str) -> Iterator[Finding]:
    for node in root.iter(
        b("conditionExpression"), b("completionCondition"), b("timeDuration"), b("timeDate"), b("timeCycle")
    ):
        text = (node.text or "").strip()
        if text.startswith(("${", "#{")):
            yield _finding(
                _holder(node),
                "expressie-juel",
                f"‘{text[:60]}’ is een expressie van Camunda 7.",
                "Schrijf haar in FEEL: ‘${bedrag > 10}’ wordt ‘=bedrag > 10’.",
                Severity.FOUT,
                file,
            )


def _signavio(root: Xml, file: str) -> Iterator[Finding]:
    exporter = root.get("exporter", "")
    if "signavio" not in exporter.lower() and not any("signavio" in uri for uri in _namespaces(root)):
        return
    ready = any(node.tag.startswith(f"{{{ZEEBE}}}") for node in root.iter("{*}*"))
    yield _finding(
        root.get("id", ""),
        "signavio-export",
        "Het schema komt uit Signavio. Wat daar is ingevuld over uitvoering, telt hier niet mee.",
        "Open het in Camunda Modeler (Camunda 8). Zet ‘uitvoerbaar’ aan bij het proces, en vul formulieren, "
        "voorwaarden en termijnen in (FEEL).",
        Severity.OPMERKING if ready else Severity.WAARSCHUWING,
        file,
    )


def _foreign(root: Xml, file: str) -> Iterator[Finding]:
    """Extensions that nobody here reads: they stay in the file."""
    where: dict[str, tuple[str, int]] = {}
    for node in root.iter("{*}*"):
        for name in (node.tag, *node.attrib):
            uri = str(name)[1:].split("}")[0] if str(name).startswith("{") else ""
            if uri and not uri.startswith(_OURS):
                first, times = where.get(uri, (_holder(node), 0))
                where[uri] = (first, times + 1)
    for uri, (first, times) in list(where.items())[:AT_MOST]:
        yield _finding(
            first,
            "uitbreiding-genegeerd",
            f"Het schema bevat {times} keer iets van een ander programma (‘{uri[:80]}’). Het blijft bewaard, maar telt niet mee.",
            "U hoeft niets te doen.",
            Severity.OPMERKING,
            file,
        )


def _namespaces(root: Xml) -> set[str]:
    """Those bound at the root, and those of the tags."""
    return {str(uri) for uri in root.nsmap.values()} | {
        str(node.tag).split("}")[0] for node in root.iter("{*}*")
    }


def _holder(node: Xml) -> str:
    here = node
    while here is not None:
        if here.get("id") and not local(here).endswith(
            ("EventDefinition", "Expression", "LoopCharacteristics")
        ):
            return str(here.get("id"))
        here = here.getparent()
    return ""


def _finding(element: str, rule: str, reason: str, remedy: str, severity: Severity, file: str) -> Finding:
    return Finding(element=element, rule=rule, severity=severity, reason=reason, remedy=remedy, file=file)
