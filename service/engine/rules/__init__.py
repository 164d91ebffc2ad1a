"""What a diagram must fulfil before it runs. Rules are generators of findings; `check` runs them all."""

from __future__ import annotations

from service.domain import Finding
from service.engine.rules import dialect, feel, flows, structure, tasks
from service.engine.rules.diagram import Diagram

RULES = (
    dialect.camunda_7,
    dialect.unsupported_elements,
    dialect.unsupported_events,
    structure.ids,
    structure.places,
    structure.depth,
    structure.starts,
    structure.boundaries,
    structure.subprocesses,
    structure.transactions,
    structure.links,
    structure.several_events,
    flows.ends,
    flows.directions,
    flows.gateways,
    flows.defaults,
    flows.unreachable,
    tasks.forms,
    tasks.decisions,
    tasks.calls,
    tasks.bindings,
    tasks.work,
    tasks.loops,
    tasks.events,
    feel.parse,
)


def check(diagram: Diagram) -> tuple[Finding, ...]:
    """Every finding, in the order of the rules; each is told once."""
    return tuple(dict.fromkeys(finding for rule in RULES for finding in rule(diagram)))
