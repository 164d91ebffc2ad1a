"""Whether a diagram is BPMN by the letter of the OMG's XML schema, in Dutch findings that name the element.

A fault that changes what runs, because the engine would pass over something in silence, is a `fout`. What runs all the
same, such as children in another order, is an `opmerking`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.domain import Finding, Severity
from service.engine import schema
from service.engine.source import BPMN, ZEEBE, Xml, local

AT_MOST = 50  # faults of one file
_QUOTED = re.compile(r"'([^']*)'")
_CHOICES = ("EventDefinition", "LoopCharacteristics")  # of whose children only one may be there
_MODEL = f"{{{BPMN}}}"


def findings(root: Xml, file: str) -> Iterator[Finding]:
    """Everything in which the file departs from the schema, up to a limit. Changes `root`."""
    for node, kind, message in schema.faults(root, AT_MOST):
        told = [text.removeprefix(_MODEL) for text in _QUOTED.findall(message)]
        heavy, reason, remedy = _explained(node, kind, told)
        yield Finding(
            element=_named(node),
            rule="bpmn-ongeldig" if heavy else "bpmn-afwijking",
            severity=Severity.FOUT if heavy else Severity.OPMERKING,
            reason=reason,
            remedy=remedy,
            file=file,
        )


def _explained(node: Xml, kind: str, told: list[str]) -> tuple[bool, str, str]:
    """Whether it changes what runs, why it is wrong and how to mend it."""
    drawn = isinstance(node.tag, str) and node.tag.startswith(_MODEL)  # not a shape or a line
    what = f"‘{local(node)}’ op regel {node.sourceline}"
    again = "Open het schema in de modeler, herstel dit element en bewaar het opnieuw."
    attribute = told[1] if len(told) > 1 else ""
    if kind == "SCHEMAV_ELEMENT_CONTENT" and len(told) == 1:
        return _misplaced(node, what)
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_4":
        missing = attribute or "een kenmerk"
        return (
            drawn and missing != "targetNamespace",
            f"Bij {what} ontbreekt het verplichte kenmerk ‘{missing}’.",
            again,
        )
    if kind == "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2":
        return (
            False,
            f"BPMN kent het kenmerk ‘{attribute}’ niet bij {what}. Het telt niet mee.",
            "Haal het weg.",
        )
    if kind.startswith(("SCHEMAV_CVC_DATATYPE", "SCHEMAV_CVC_ENUMERATION")) and len(told) > 2:
        reason = f"De waarde ‘{told[2][:60]}’ van ‘{attribute}’ kan niet bij {what}."
        return drawn, reason, "Vul een waarde in die BPMN kent."
    return False, f"Het element {what} volgt de afspraken van BPMN niet helemaal.", again


def _misplaced(node: Xml, what: str) -> tuple[bool, str, str]:
    above = node.getparent()
    parent = local(above) if above is not None else ""
    if isinstance(node.tag, str) and not node.tag.startswith(_MODEL):
        lost = node.tag.startswith(f"{{{ZEEBE}}}")
        remedy = (
            "Zet het binnen extensionElements."
            if lost
            else "Haal het weg, of zet het binnen extensionElements."
        )
        return lost, f"Het element {what} staat buiten extensionElements en telt daarom niet mee.", remedy
    if local(node) not in schema.names():
        return True, f"BPMN kent geen {what}.", "Haal het weg, of kies een element dat BPMN kent."
    if parent.endswith(_CHOICES):
        return True, f"Het element {what} kan niet naast wat er al in ‘{parent}’ staat.", "Laat er één over."
    return (
        False,
        f"Het element {what} staat niet op de plaats die BPMN voorschrijft.",
        "Bewaar het opnieuw in de modeler.",
    )


def _named(node: Xml) -> str:
    """The id of the nearest element around a node that has one."""
    here = node
    while here is not None:
        if name := here.get("id") or here.get("bpmnElement"):
            return str(name)
        here = here.getparent()
    return ""
