"""What a DMN file says, read once: decisions, knowledge models, tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from service.domain import Finding, Severity
from service.errors import DiagramRejected

MAX_BYTES = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Clause:
    """An input or output column."""

    expression: str = ""  # of an input
    name: str = ""  # of an output; label of an input
    type: str = ""
    allowed: str = ""  # unary tests; of an output: its values in order of priority
    default: str = ""  # of an output


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A row."""

    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A decision table."""

    hit_policy: str  # UNIQUE FIRST PRIORITY ANY COLLECT RULE_ORDER OUTPUT_ORDER
    aggregation: str  # "" SUM MIN MAX COUNT
    inputs: tuple[Clause, ...]
    outputs: tuple[Clause, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, kw_only=True)
class Boxed:
    """Any boxed expression: literal, table, context, list, function, invocation."""

    kind: str
    text: str = ""
    table: Table | None = None
    entries: tuple[tuple[str, Boxed], ...] = ()
    parameters: tuple[str, ...] = ()
    body: Boxed | None = None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision with what it needs to know first."""

    id: str
    name: str  # of its variable
    logic: Boxed | None
    requires: tuple[str, ...]  # ids of decisions
    knowledge: tuple[str, ...]  # ids of business knowledge models
    inputs: tuple[str, ...]  # names of input data


@dataclass(frozen=True, kw_only=True)
class Model:
    """One DMN file."""

    name: str
    decisions: Mapping[str, Decision]
    knowledge: Mapping[str, Decision]
    findings: tuple[Finding, ...] = field(default=())


def reject(reason: str, remedy: str, *, rule: str = "dmn-onleesbaar", element: str = "") -> DiagramRejected:
    """The refusal of a file that cannot be read."""
    finding = Finding(element=element, rule=rule, severity=Severity.FOUT, reason=reason, remedy=remedy)
    return DiagramRejected([finding], reason)


def parse_xml(xml: bytes) -> etree._Element:
    """XML without entities, doctype or network; raises DiagramRejected."""
    if len(xml) > MAX_BYTES:
        raise reject("Het bestand is groter dan 5 MB.", "Maak de beslistabel kleiner.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise reject(
            f"Het bestand is geen geldige XML: {error.msg}.", "Exporteer de beslistabel opnieuw."
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise reject(
            "Het bestand bevat een DOCTYPE.",
            "Verwijder de DOCTYPE-regel; die is om veiligheid niet toegestaan.",
        )
    return root
