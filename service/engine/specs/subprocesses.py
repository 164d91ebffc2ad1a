"""Subprocesses, called processes and event subprocesses: one workflow on one token."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import CallActivity, EventSubprocess, SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from service.engine import expressions
from service.engine.failure import Failure
from service.engine.specs.activities import Activity
from service.engine.token import Token
from service.engine.values import versioned

DEPTH_LIMIT = 50  # processes that call each other without end are an incident, not a full memory


class SubProcess(Activity, SubWorkflowTask):
    """An embedded subprocess: its scope is the token's own, its tokens are in a workflow of their own."""

    spec: str

    def _update_hook(self, token: Token) -> bool | None:
        self.enter(token)
        self.open(token)
        self.begin(token)
        return None

    def begin(self, token: Token) -> None:
        top = token.workflow.top_workflow
        if "s" not in token.internal_data:
            token.internal_data["s"] = top.new_scope(token.workflow.scope)
        token._set_state(TaskState.STARTED)
        self.run_inside(top.create_subprocess(token, self.spec, token.internal_data["s"]))

    def run_inside(self, sub: Any) -> None:
        sub.task_tree.run()

    def sub_completed(self, token: Token) -> None:
        sub = token.workflow.top_workflow.subprocesses[token.id]
        self._on_subworkflow_completed(sub, token)
        self._on_ready(token)

    def update_data(self, token: Token, subworkflow: Any) -> None:
        """Variables are in scopes already."""


class Handler(SubProcess, EventSubprocess):
    """An event subprocess that is being carried out."""

    is_handler = True

    def open(self, token: Token) -> None:
        top = token.workflow.top_workflow
        token.internal_data["s"] = top.new_scope(token.workflow.scope, token.submitted)
        token.submitted = None
        super().open(token)


class Call(SubProcess, CallActivity):
    """A call activity: the called process has a root scope of its own."""

    def begin(self, token: Token) -> None:
        top = token.workflow.top_workflow
        seen = top.visible(top.scope_of(token))
        name = expressions.string(self.element.called_element, seen, top.host, "Het aangeroepen proces")
        version = top.calls.version(self.element, name, token.workflow.version)
        if version is None:
            raise Failure(
                "CALLED_ELEMENT_ERROR",
                f"Geen versie van het aangeroepen proces '{self.element.called_element}' heeft het label '{self.element.called_tag}'",
            )
        if versioned(name, version) not in top.subprocess_specs:
            raise Failure(
                "CALLED_ELEMENT_ERROR", f"Het aangeroepen proces '{self.element.called_element}' bestaat niet"
            )
        if token.workflow.depth >= DEPTH_LIMIT:
            raise Failure(
                "CALLED_ELEMENT_ERROR", f"Processen roepen elkaar meer dan {DEPTH_LIMIT} keer diep aan"
            )
        if self.element.propagate_parents:
            given = dict(seen)
        else:
            own = token.internal_data.get("s")
            given = dict(top.scopes[own][1]) if own else {}
        token._set_state(TaskState.STARTED)
        self.run_inside(top.create_subprocess(token, name, top.new_scope(None, given), version))

    def _run_hook(self, token: Token) -> bool:
        top = token.workflow.top_workflow
        values = dict(top.scopes[top.subprocesses[token.id].scope][1])
        keep = self.element.outputs or self.element.propagate_children
        token.submitted = values if keep else {}
        return True
