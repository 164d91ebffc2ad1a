"""A process as the soundness check sees it: nodes, ways on, and where tokens have to wait. One net per (sub)process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from service.engine import Definition, Element, Flow

PASS, AND_JOIN, OR_JOIN, STOP, ABORT = "pass", "and", "or", "stop", "abort"
_SUBSETS = 6  # of more conditional flows, only each alone and all together are tried

Way = tuple[str, ...]  # the flows that one choice takes


@dataclass(frozen=True, kw_only=True)
class Node:
    """One place for tokens."""

    element: Element
    rule: str  # how it waits: PASS AND_JOIN OR_JOIN, or how it ends: STOP (terminate) ABORT (error)
    ways: tuple[Way, ...]  # the choices of a token that leaves
    exits: tuple[str, ...] = ()  # interrupting boundary events
    asides: tuple[str, ...] = ()  # non-interrupting boundary events
    completes: bool = True  # False: a subprocess that is only ever left by an error

    @property
    def aborts(self) -> bool:
        """Whether what is left by this node did not end as it should."""
        return self.rule == ABORT or not self.completes

    @property
    def waits(self) -> bool:
        """Whether a token here needs others."""
        return self.rule in (AND_JOIN, OR_JOIN)


@dataclass(frozen=True, kw_only=True)
class Net:
    """One process or subprocess, without what is inside its subprocesses."""

    scope: str
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    incoming: Mapping[str, tuple[str, ...]]  # node -> flows
    starts: tuple[str, ...]  # one of these begins
    order: Mapping[str, int]  # along the flows, loops broken
    endless: frozenset[str]  # nodes from which no flow leads to an end
    rescued: bool  # an interrupting event subprocess may end what stands still
    reached: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # worked out when asked for

    def reach(self, join: str, flow: str) -> frozenset[str]:
        """The nodes from which a token can come to this flow of an inclusive join without passing the join."""
        key = (join, flow)
        if key not in self.reached:
            self.reached[key] = _reaching(join, flow, self.nodes, self.flows, self.incoming)
        return self.reached[key]


def build(definition: Definition, scope: str, completes: Mapping[str, bool]) -> Net:
    """The net of one scope; `completes` says it of the subprocesses in it."""
    inside = {e.id: e for e in definition.elements.values() if e.parent == scope}
    elements = {id_: e for id_, e in inside.items() if not e.triggered_by_event}
    flows = _flows(definition, elements)
    incoming: dict[str, tuple[str, ...]] = {}
    outgoing: dict[str, list[Flow]] = {}
    for flow in flows.values():
        incoming[flow.target] = (*incoming.get(flow.target, ()), flow.id)
        outgoing.setdefault(flow.source, []).append(flow)
    nodes = {
        id_: _node(element, outgoing.get(id_, []), incoming.get(id_, ()), elements, completes)
        for id_, element in elements.items()
    }
    handlers = [e for e in inside.values() if e.triggered_by_event]
    return Net(
        scope=scope,
        nodes=nodes,
        flows=flows,
        incoming=incoming,
        starts=tuple(id_ for id_, e in elements.items() if e.kind == "startEvent"),
        order=_order(nodes, flows),
        endless=_endless(nodes, flows, incoming),
        rescued=any(_interrupts(definition, handler.id) for handler in handlers),
    )


def _flows(definition: Definition, elements: Mapping[str, Element]) -> dict[str, Flow]:
    """The sequence flows of the scope, and one from each throwing link to the link that catches it."""
    found = {f.id: f for f in definition.flows.values() if f.source in elements and f.target in elements}
    links = [e for e in elements.values() if e.event is not None and e.event.kind == "link"]
    catching = {e.event.name: e.id for e in links if e.event and e.kind == "intermediateCatchEvent"}
    for element in links:
        if element.event and element.kind == "intermediateThrowEvent" and element.event.name in catching:
            id_ = f"({element.id})"
            found[id_] = Flow(id=id_, source=element.id, target=catching[element.event.name])
    return found


def _interrupts(definition: Definition, handler: str) -> bool:
    starts = (e for e in definition.elements.values() if e.parent == handler and e.kind == "startEvent")
    return any(start.interrupting and start.event and start.event.kind != "error" for start in starts)


def _node(
    element: Element,
    outgoing: list[Flow],
    incoming: tuple[str, ...],
    elements: Mapping[str, Element],
    completes: Mapping[str, bool],
) -> Node:
    attached = [e for e in elements.values() if e.attached_to == element.id and e.kind == "boundaryEvent"]
    return Node(
        element=element,
        rule=_rule(element, incoming),
        ways=tuple(_ways(element, outgoing)),
        exits=tuple(e.id for e in attached if e.interrupting),
        asides=tuple(e.id for e in attached if not e.interrupting),
        completes=completes.get(element.id, True),
    )


def _rule(element: Element, incoming: tuple[str, ...]) -> str:
    if element.kind == "endEvent" and element.event is not None:
        return {"terminate": STOP, "error": ABORT, "cancel": ABORT}.get(element.event.kind, PASS)
    if len(incoming) > 1 and element.kind in ("parallelGateway", "inclusiveGateway"):
        return AND_JOIN if element.kind == "parallelGateway" else OR_JOIN
    return PASS


def _ways(element: Element, outgoing: list[Flow]) -> Iterator[Way]:
    """Every set of flows by which a token may leave; what a condition says is not looked at."""
    default = [f.id for f in outgoing if f.id == element.default_flow]
    if element.kind in ("exclusiveGateway", "eventBasedGateway"):
        yield from ((flow.id,) for flow in outgoing)
        return
    may = [f.id for f in outgoing if f.condition and f.id not in default]
    always = tuple(f.id for f in outgoing if not f.condition and f.id not in default)
    if element.kind == "parallelGateway" or not may:
        yield (*always, *may, *default)
        return
    if default or always:
        yield (*always, *default)
    yield from ((*always, *chosen) for chosen in _subsets(may))


def _subsets(flows: list[str]) -> Iterator[Way]:
    sizes = range(1, len(flows) + 1) if len(flows) <= _SUBSETS else (1, len(flows))
    for size in sizes:
        yield from combinations(flows, size)


def _order(nodes: Mapping[str, Node], flows: Mapping[str, Flow]) -> dict[str, int]:
    """Reverse postorder of a walk along the flows: what comes first in the drawing has the lower number."""
    after: dict[str, list[str]] = {id_: [*node.exits, *node.asides] for id_, node in nodes.items()}
    for flow in flows.values():
        after[flow.source].append(flow.target)
    done: list[str] = []
    seen: set[str] = set()
    roots = [id_ for id_, node in nodes.items() if node.element.kind == "startEvent"]
    for root in (*roots, *nodes):
        stack = [(root, iter(after[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            id_, ahead = stack[-1]
            target = next((one for one in ahead if one not in seen), None)
            if target is None:
                done.append(id_)
                stack.pop()
            else:
                seen.add(target)
                stack.append((target, iter(after[target])))
    # Each root is walked whole before the next, so later roots come before earlier ones: harmless, they never meet.
    return {id_: number for number, id_ in enumerate(reversed(done))}


def _endless(
    nodes: Mapping[str, Node], flows: Mapping[str, Flow], incoming: Mapping[str, tuple[str, ...]]
) -> frozenset[str]:
    found: set[str] = set()
    ahead = [id_ for id_, node in nodes.items() if node.ways == ((),) or node.aborts]
    while ahead:
        id_ = ahead.pop()
        if id_ not in found:
            found.add(id_)
            ahead += [flows[flow].source for flow in incoming.get(id_, ())]
            ahead += [nodes[id_].element.attached_to] * (nodes[id_].element.kind == "boundaryEvent")
    return frozenset(nodes.keys() - found)


def _reaching(
    join: str,
    flow: str,
    nodes: Mapping[str, Node],
    flows: Mapping[str, Flow],
    incoming: Mapping[str, tuple[str, ...]],
) -> frozenset[str]:
    """The nodes from which a token can come to this flow without passing the join, as the engine works it out."""
    found: set[str] = set()
    ahead = [flows[flow].source]
    while ahead:
        id_ = ahead.pop()
        if id_ in found or id_ == join:
            continue
        found.add(id_)
        ahead += [flows[one].source for one in incoming.get(id_, ())]
        if nodes[id_].element.kind == "boundaryEvent":
            ahead.append(nodes[id_].element.attached_to)
    return frozenset(found)
