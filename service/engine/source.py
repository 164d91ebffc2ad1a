"""The XML of a diagram, read safely: no entities, no network, no document type, a limit on size."""

from __future__ import annotations

from typing import Any

from lxml import etree

from service.domain import Finding, Severity
from service.errors import DiagramRejected

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA_7 = "http://camunda.org/schema/1.0/bpmn"
SIZE_LIMIT_BYTES = 5 * 1024 * 1024

Xml = Any  # lxml's element type


def b(tag: str) -> str:
    return f"{{{BPMN}}}{tag}"


def z(tag: str) -> str:
    return f"{{{ZEEBE}}}{tag}"


def local(node: Xml) -> str:
    """The tag without its namespace; "" for comments and processing instructions."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def parse(bpmn: bytes) -> Xml:
    """The root element of a BPMN file. Raises DiagramRejected where this is no readable BPMN."""
    if len(bpmn) > SIZE_LIMIT_BYTES:
        raise _rejected(
            "bestand-te-groot",
            "Het bestand is groter dan 5 MB.",
            "Splits het proces of verwijder ingesloten afbeeldingen.",
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(bpmn, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        where = f" (regel {line})" if line else ""
        raise _rejected(
            "xml-onleesbaar",
            f"Het bestand is geen geldige XML{where}: {error}",
            "Open het bestand in de modeler en sla het opnieuw op.",
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _rejected(
            "xml-doctype",
            "Het bestand heeft een documenttype (DOCTYPE). Dat is niet toegestaan.",
            "Verwijder de regel met DOCTYPE.",
        )
    if root.tag != b("definitions"):
        raise _rejected(
            "geen-bpmn",
            f"Dit is geen BPMN-bestand: het begint met '{local(root)}'.",
            "Lever een BPMN 2.0-bestand aan.",
        )
    return root


def _rejected(rule: str, reason: str, remedy: str) -> DiagramRejected:
    finding = Finding(element="", rule=rule, severity=Severity.FOUT, reason=reason, remedy=remedy)
    return DiagramRejected((finding,), reason)
