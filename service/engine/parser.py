"""SpiffWorkflow's parser with our element parsers: nodes first, then flows, so depth does not matter."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from service.engine import elements, lanes
from service.engine.source import Xml, b, local
from service.engine.specs import activities, events, gateways, loops, subprocesses
from service.engine.specs.definitions import definition_of
from service.engine.specs.process import Process
from service.engine.values import Element, Event, Flow, Loop

_LOOPING = {"many": loops.MultiInstance, "again": loops.Repeat}


class ElementParser(TaskParser):
    """Makes the spec of one node; connecting is the process parser's second pass."""

    def parse_node(self) -> Any:
        element = self.process_parser.parser.elements[self.bpmn_id]
        self.task = self.create_task_for(element, element.id)
        if element.loop is not None:
            self.task = self.looped(element, element.loop)
        return self.task

    def looped(self, element: Element, loop: Loop) -> Any:
        """The body takes the element's name, the spec of one item moves aside."""
        inner = self.spec.task_specs.pop(element.id)
        inner.name = f"{element.id}(item)"
        self.spec.task_specs[inner.name] = inner
        kind = "many" if loop.collection else "again"
        body = _LOOPING[kind](self.spec, element.id, element=element)
        body.inner, body.loop = inner, loop
        return body

    def create_task_for(self, element: Element, name: str) -> Any:
        return self.spec_class(self.spec, name, element=element)


class EventParser(ElementParser):
    """Events, with SpiffWorkflow's event definition for what they wait for or do."""

    def create_task_for(self, element: Element, name: str) -> Any:
        kwargs: dict[str, Any] = {"event_definition": definition_of(element.event)}
        spec_class = self.spec_class
        if element.kind == "boundaryEvent":
            kwargs["cancel_activity"] = element.interrupting
        if spec_class is events.Start:  # whatever starts it, the token on it moves on
            kwargs["event_definition"] = definition_of(None)
        if spec_class is events.Throw and element.event is not None and element.event.kind == "link":
            spec_class = events.Link
        return spec_class(self.spec, name, element=element, **kwargs)


class WorkParser(ElementParser):
    """Tasks that become a job when they carry a zeebe:taskDefinition."""

    def create_task_for(self, element: Element, name: str) -> Any:
        spec_class = activities.Work if element.job_type else self.spec_class
        return spec_class(self.spec, name, element=element)


class ThrowParser(EventParser):
    """Throwing message events and send tasks: a job, or a message that leaves the instance."""

    def create_task_for(self, element: Element, name: str) -> Any:
        if element.job_type:
            return activities.Work(self.spec, name, element=element)
        return super().create_task_for(element, name)


class SubProcessParser(ElementParser):
    """Subprocesses: a process of their own inside the same file."""

    def create_task_for(self, element: Element, name: str) -> Any:
        owner = self.process_parser
        owner.parser.create_parser(self.node, filename=self.filename)
        inner = owner.parser.process_parsers[self.bpmn_id]
        inner.parent = owner
        spec_class = subprocesses.Handler if element.triggered_by_event else self.spec_class
        spec = spec_class(self.spec, name, subworkflow_spec=inner.get_spec().name, element=element)
        if element.triggered_by_event:
            self.trigger(element.id)
        return spec

    def trigger(self, handler: str) -> None:
        """The start event waits in the process around the event subprocess."""
        found = self.process_parser.parser.elements
        start = next(e for e in found.values() if e.parent == handler and e.kind == "startEvent")
        trigger = events.Trigger(
            self.spec, start.id, element=start, event_definition=definition_of(start.event)
        )
        trigger.handler = handler
        self.spec.triggers = (*self.spec.triggers, start.id)


class CallParser(ElementParser):
    """Call activities; which process is called may be known only at run time."""

    def create_task_for(self, element: Element, name: str) -> Any:
        return self.spec_class(self.spec, name, subworkflow_spec=element.called_element, element=element)


class OurProcessParser(ProcessParser):
    """One process or subprocess."""

    def create_spec(self) -> Process:
        inside = self.parent is not None or self.bpmn_id != self.parser.process_id
        name = f"{self.parser.process_id}/{self.bpmn_id}" if inside else self.bpmn_id
        return Process(name, self.parser.process_id, self.get_name())

    def add_tasks(self) -> None:
        tags = self.parser.OVERRIDE_PARSER_CLASSES
        for node in self.node:
            if node.tag in tags:
                self.parse_node(node)
        inside = self.bpmn_id if self.parent is not None else ""
        self.connect([*self.parser.flows.get(inside, ()), *self.links()])
        for spec in self.spec.task_specs.values():
            if isinstance(spec, events.Boundary):
                owner = self.spec.task_specs[spec.element.attached_to]
                owner.boundaries = (*owner.boundaries, spec)
            elif isinstance(spec, events.Start) and (spec.element.event is None or self.parent is not None):
                self.spec.entry = self.spec.entry or spec.name
        for spec in self.spec.task_specs.values():
            if isinstance(spec, gateways.Inclusive):
                spec.reach = MappingProxyType({f.id: self.reaching(spec, f) for f in spec.flows_in})

    def connect(self, flows: list[Flow]) -> None:
        specs = self.spec.task_specs
        for flow in flows:
            source, target = specs[flow.source], specs[flow.target]
            source.flows_out = (*source.flows_out, flow)
            target.flows_in = (*target.flows_in, flow)
            source._outputs.append(target.name)
            target._inputs.append(source.name)

    def links(self) -> list[Flow]:
        """A flow without an arrow from each throwing link to the catching one of its name."""
        specs = list(self.spec.task_specs.values())
        catching = {_link_name(s): s.name for s in specs if isinstance(s, events.Catch) and _link_name(s)}
        return [
            Flow(id=f"({spec.name})", source=spec.name, target=catching[_link_name(spec)])
            for spec in specs
            if isinstance(spec, events.Link)
        ]

    def reaching(self, join: Any, flow: Flow) -> frozenset[str]:
        """The nodes from which a token can come to this flow without passing the join."""
        specs, found, ahead = self.spec.task_specs, set[str](), [flow.source]
        while ahead:
            name = ahead.pop()
            if name in found or name == join.name:
                continue
            found.add(name)
            spec = specs[name]
            ahead += [inflow.source for inflow in spec.flows_in]
            if isinstance(spec, events.Boundary):
                ahead.append(spec.element.attached_to)
        return frozenset(found)


def _link_name(spec: Any) -> str:
    """The name of a link event, "" for anything else."""
    event: Event | None = spec.element.event
    return event.name if event is not None and event.kind == "link" else ""


class OurParser(BpmnParser):
    """The parser of one process in one file."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012  # SpiffWorkflow's extension point, never changed
        b("startEvent"): (EventParser, events.Start),
        b("endEvent"): (ThrowParser, events.End),
        b("intermediateCatchEvent"): (EventParser, events.Catch),
        b("intermediateThrowEvent"): (ThrowParser, events.Throw),
        b("boundaryEvent"): (EventParser, events.Boundary),
        b("task"): (ElementParser, activities.Task),
        b("manualTask"): (ElementParser, activities.Task),
        b("userTask"): (ElementParser, activities.Person),
        b("serviceTask"): (WorkParser, activities.Work),
        b("sendTask"): (WorkParser, activities.Work),
        b("scriptTask"): (WorkParser, activities.Script),
        b("businessRuleTask"): (WorkParser, activities.Decision),
        b("receiveTask"): (EventParser, events.Receive),
        b("exclusiveGateway"): (ElementParser, gateways.Exclusive),
        b("parallelGateway"): (ElementParser, gateways.Parallel),
        b("inclusiveGateway"): (ElementParser, gateways.Inclusive),
        b("eventBasedGateway"): (ElementParser, gateways.EventBased),
        b("subProcess"): (SubProcessParser, subprocesses.SubProcess),
        b("transaction"): (SubProcessParser, subprocesses.SubProcess),
        b("callActivity"): (CallParser, subprocesses.Call),
    }
    PARSER_CLASSES: dict[str, Any] = {}  # noqa: RUF012  # nothing of the stock parsers is used
    PROCESS_PARSER_CLASS = OurProcessParser

    def __init__(self, root: Xml, process: Xml, found: dict[str, Element]) -> None:
        super().__init__()
        self.process_id = process.get("id")
        self.elements = found
        self.flows: dict[str, list[Flow]] = {}  # by enclosing subprocess, wherever the file holds the arrow
        for flow in map(elements.flow, process.iter(b("sequenceFlow"))):
            self.flows.setdefault(found[flow.source].parent, []).append(flow)
        self._add_diagram_indexes(root)
        self.create_parser(process)

    def get_document_lanes(self, root: Xml) -> dict[str, str]:
        return {}

    def specs(self) -> dict[str, Process]:
        """The process and every subprocess in it, by spec name."""
        self.process_parsers[self.process_id].get_spec()
        parsed = [parser.spec for parser in self.process_parsers.values()]
        return {spec.name: spec for spec in parsed}


def read_elements(root: Xml, process: Xml) -> tuple[dict[str, Element], dict[str, str]]:
    """Every flow node below a process, and the lane of each id."""
    globals_, lane_of = elements.Globals(root), lanes.by_element(process)
    found: dict[str, Element] = {}
    tags = OurParser.OVERRIDE_PARSER_CLASSES
    for node in process.iter():
        if node.tag in tags and node.get("id"):
            above = node.getparent()
            parent = "" if above is process else above.get("id") or f"<{local(above)}>"
            found[node.get("id")] = elements.element(node, globals_, lane_of.get(node.get("id"), ""), parent)
    return found, lane_of
