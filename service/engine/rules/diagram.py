"""What a rule looks at, and how it says what it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.domain import Finding, Severity
from service.engine.source import Xml
from service.engine.values import Element, Flow


@dataclass
class Diagram:
    """One process with its elements and flows."""

    root: Xml
    process: Xml
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    decisions: frozenset[str]
    called: frozenset[str]
    outgoing: dict[str, list[Flow]] = field(default_factory=dict)
    incoming: dict[str, list[Flow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for flow in self.flows.values():
            self.outgoing.setdefault(flow.source, []).append(flow)
            self.incoming.setdefault(flow.target, []).append(flow)


def name_of(element: Element) -> str:
    return f"'{element.name}'" if element.name else f"'{element.id}'"


def fout(element: str, rule: str, reason: str, remedy: str) -> Finding:
    return Finding(element=element, rule=rule, severity=Severity.FOUT, reason=reason, remedy=remedy)


def waarschuwing(element: str, rule: str, reason: str, remedy: str) -> Finding:
    return Finding(element=element, rule=rule, severity=Severity.WAARSCHUWING, reason=reason, remedy=remedy)
