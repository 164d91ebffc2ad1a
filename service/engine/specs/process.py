"""The spec of one process or subprocess, and the node at its root."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import SimpleBpmnTask
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec

from service.engine.specs.node import Frozen, Node
from service.engine.token import Token, spawn
from service.engine.values import EMPTY, Element

START = "(start)"  # brackets cannot stand in an XML id, so no element can take this name


class Root(Node, SimpleBpmnTask):
    """The root of the tree: completes at once and stays, as the parent of every living token."""

    def _on_complete(self, token: Token) -> None:
        spec, top = token.workflow.spec, token.workflow.top_workflow
        triggers = [spawn(token, spec.task_specs[name]) for name in spec.triggers]
        entry = top.entry if token.workflow is top and top.entry else spec.entry
        start = spawn(token, spec.task_specs[entry])
        for child in (*triggers, start):
            child.task_spec._update(child)

    def written(self, token: Token) -> list[tuple[int, dict[str, Any]]]:
        return []


class Process(Frozen, BpmnProcessSpec):
    """A process without SpiffWorkflow's own start and end, which a user task named "End" could take over."""

    task_specs: Any
    process_id: str
    decisions: Mapping[str, bytes] = EMPTY
    decision_files: tuple[bytes, ...] = ()
    entry: str = ""  # the none start event
    triggers: tuple[str, ...] = ()  # starts of event subprocesses

    def __init__(self, name: str, process_id: str, description: str = "") -> None:
        WorkflowSpec.__init__(self, name=name)
        self.process_id = process_id
        self.description = description
        self.io_specification = None
        self.data_objects: Mapping[str, Any] = {}
        self.data_stores: Mapping[str, Any] = {}
        self.correlation_keys: Mapping[str, Any] = {}
        self.bpmn_start_events: Any = []
        self.start = Root(self, START, element=Element(id=name, kind="process"))
        self.end = self.start

    def freeze(self) -> None:
        for spec in self.task_specs.values():
            spec.freeze()
        self.task_specs = MappingProxyType(self.task_specs)
        self.bpmn_start_events = tuple(self.bpmn_start_events)
        super().freeze()
