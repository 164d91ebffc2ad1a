"""Whether the facts of an instance are a history that tokens can have had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from service.domain import Fact
from service.engine import Definition, Element

_CUTTING = ("boundaryEvent", "startEvent")  # in an event subprocess; a plain start has no event


class History:
    """Follows the tokens: each arrow is taken after its source completed, and brings one token to its target."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self.elements: dict[str, Element] = {}
        self.target: dict[str, str] = {}
        self.source: dict[str, str] = {}
        self.incoming: dict[str, list[str]] = {}
        for definition in definitions:
            self.elements |= definition.elements
            for flow in definition.flows.values():
                self.source[flow.id], self.target[flow.id] = flow.source, flow.target
                self.incoming.setdefault(flow.target, []).append(flow.id)
            self.link(definition)
        self.living: dict[int, str] = {}
        self.seen: set[int] = set()
        self.on_flow: Counter[str] = Counter()  # tokens that went over an arrow and were not taken in yet
        self.taken: Counter[str] = Counter()
        self.completed: Counter[str] = Counter()
        self.activated: Counter[str] = Counter()
        self.cut_short = False  # what waits at a join has no fact of its own when an event takes it away

    def link(self, definition: Definition) -> None:
        """A link's arrow is not drawn."""
        links = [
            one for one in definition.elements.values() if one.event is not None and one.event.kind == "link"
        ]
        catching = {
            one.event.name: one.id for one in links if one.event and one.kind == "intermediateCatchEvent"
        }
        for one in links:
            if one.kind == "intermediateThrowEvent" and one.event is not None:
                flow, target = f"({one.id})", catching[one.event.name]
                self.source[flow], self.target[flow] = one.id, target
                self.incoming.setdefault(target, []).append(flow)

    def faults(self, facts: Iterable[Fact]) -> Iterator[str]:
        """Everything that is impossible, in order."""
        told = {
            "element:activated": self.activate,
            "element:completed": self.complete,
            "element:cancelled": self.cancel,
            "flow:taken": self.take,
        }
        for fact in facts:
            if fact.kind in told:
                yield from told[fact.kind](fact)
        yield from (f"{element} {token} is still there" for token, element in self.living.items())
        for flow, count in self.on_flow.items():
            if count and not self.cut_short:
                yield f"{count} tokens stayed behind on {flow}"

    def activate(self, fact: Fact) -> Iterator[str]:
        token = int(str(fact.data["token"]))
        if token in self.seen:
            yield f"{fact.element} {token} began twice"
        yield from self.arrive(self.elements[fact.element])
        self.seen.add(token)
        self.living[token] = fact.element
        self.activated[fact.element] += 1

    def arrive(self, element: Element) -> Iterator[str]:
        """Take the tokens that let an element begin from its arrows."""
        self.cut_short |= element.event is not None and element.interrupting and element.kind in _CUTTING
        if element.kind == "boundaryEvent":
            if not self.activated[element.attached_to]:
                yield f"{element.id} happened before {element.attached_to} began"
            return
        filled = [flow for flow in self.incoming.get(element.id, []) if self.on_flow[flow]]
        waits = element.kind in ("parallelGateway", "inclusiveGateway")
        for flow in filled if waits else filled[:1]:
            self.on_flow[flow] -= 1
        if element.kind == "parallelGateway" and len(filled) < len(self.incoming[element.id]):
            yield f"{element.id} began with {filled} only"
        begins = element.kind == "startEvent" or element.triggered_by_event
        item = element.loop is not None and element.id in self.living.values()
        if not filled and not begins and not item:
            yield f"{element.id} began without a token"

    def complete(self, fact: Fact) -> Iterator[str]:
        if self.living.pop(int(str(fact.data["token"])), None) is None:
            yield f"{fact.element} completed without being there"
        self.completed[fact.element] += 1
        if f"({fact.element})" in self.source:  # a link: its arrow is not drawn, and not told
            self.on_flow[f"({fact.element})"] += 1

    def cancel(self, fact: Fact) -> Iterator[str]:
        if self.living.pop(int(str(fact.data["token"])), None) is None:
            yield f"{fact.element} was cancelled without being there"

    def take(self, fact: Fact) -> Iterator[str]:
        self.on_flow[fact.element] += 1
        self.taken[fact.element] += 1
        source = self.source[fact.element]
        if self.taken[fact.element] > self.completed[source]:
            yield f"{fact.element} was taken before {source} completed"
        if self.elements[source].kind in ("exclusiveGateway", "eventBasedGateway"):
            out = sum(count for flow, count in self.taken.items() if self.source[flow] == source)
            if out > self.completed[source]:
                yield f"{source} chose more than one arrow"
