"""XML from people: read without entities, doctype, network or size beyond measure."""

from __future__ import annotations

from lxml import etree

from service.domain import Finding, Severity
from service.errors import DiagramRejected

MAX_BYTES = 5_000_000


def reject(reason: str, remedy: str, *, element: str = "") -> DiagramRejected:
    """The refusal of a file that cannot be read."""
    finding = Finding(
        element=element, rule="dmn-onleesbaar", severity=Severity.FOUT, reason=reason, remedy=remedy
    )
    return DiagramRejected([finding], reason)


def parse(content: bytes) -> etree._Element:
    """The root element; raises DiagramRejected."""
    if len(content) > MAX_BYTES:
        raise reject("Het bestand is groter dan 5 MB.", "Maak de beslistabel kleiner.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        reason = f"Het bestand is geen geldige XML: {error}."
        raise reject(reason, "Exporteer de beslistabel opnieuw.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise reject(
            "Het bestand bevat een DOCTYPE.",
            "Verwijder de DOCTYPE-regel; die is om veiligheid niet toegestaan.",
        )
    return root


def tag(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for a processing instruction."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, *tags: str) -> list[etree._Element]:
    """The elements with one of these names directly below."""
    return [child for child in element if tag(child) in tags]


def child(element: etree._Element | None, *tags: str) -> etree._Element | None:
    """The first of them."""
    return next(iter(children(element, *tags)), None) if element is not None else None


def text(element: etree._Element | None) -> str:
    """What stands in the <text> of an element."""
    found = child(element, "text")
    return "".join(str(one) for one in found.itertext()).strip() if found is not None else ""
