"""Every node of a diagram: how a token enters it, runs on it, leaves it, fails on it and is cancelled."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine import expressions
from service.engine.failure import Failure
from service.engine.token import Token, consume, spawn
from service.engine.values import Element, Flow, Mapping_


class Inert:
    """Stands in for a spec's event lists once the spec is frozen: nothing may hook into a shared spec."""

    def emit(self, *args: Any, **kwargs: Any) -> None:
        return None

    __call__ = emit

    def connect(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("Expected an unchanged definition, but something connects to a frozen spec")

    listen = connect


INERT = Inert()
_SPEC_EVENTS = (
    "update_event",
    "ready_event",
    "completed_event",
    "error_event",
    "cancelled_event",
    "run_event",
)


class Frozen:
    """Refuses every write after `freeze`."""

    def freeze(self) -> None:
        self.__dict__["frozen"] = True

    def __setattr__(self, name: str, value: Any) -> None:
        if self.__dict__.get("frozen"):
            raise TypeError(f"Expected an unchanged definition, but something sets '{name}'")
        super().__setattr__(name, value)


class Node(Frozen):
    """Goes before a SpiffWorkflow spec class and gives it our tokens, flows and variables."""

    is_trigger = False
    is_handler = False
    name: str
    manual: bool

    def __init__(self, wf_spec: Any, name: str, *, element: Element, **kwargs: Any) -> None:
        behind: Any = super()  # the SpiffWorkflow class
        behind.__init__(wf_spec, name, lane=element.lane, bpmn_name=element.name, **kwargs)
        self.element = element
        self.flows_in: tuple[Flow, ...] = ()
        self.flows_out: tuple[Flow, ...] = ()
        self.boundaries: tuple[Any, ...] = ()

    def freeze(self) -> None:
        for event in _SPEC_EVENTS:
            setattr(self, event, INERT)
        for names in ("_inputs", "_outputs", "pre_assign", "post_assign"):
            setattr(self, names, tuple(getattr(self, names)))
        super().freeze()

    # entering

    def _predict(self, token: Token, *args: Any, **kwargs: Any) -> None:
        """A token exists or does not; guesses about the future are no part of a state."""

    def _update(self, token: Token) -> None:
        if not token.alive:
            return
        try:
            ready = self._update_hook(token)
        except Failure as failure:
            self.retract(token)
            self.fail(token, failure, "entry")
            return
        if ready:
            token._ready()

    def _update_hook(self, token: Token) -> bool | None:
        self.enter(token)
        return True

    def enter(self, token: Token) -> None:
        if not token.internal_data.get("in"):
            token.internal_data["in"] = 1
            token.workflow.top_workflow.tell("element:activated", token, token=token.id)

    def map_inputs(self, token: Token) -> None:
        if not self.element.inputs:
            return
        top = token.workflow.top_workflow
        notes: expressions.Notes = []
        values = expressions.mapped(
            self.element.inputs, top.visible(top.scope_of(token)), top.host, {}, notes
        )
        top.note(token, notes)
        if "s" in token.internal_data:
            top.scopes[token.internal_data["s"]][1].update(values)
        else:
            token.internal_data["s"] = top.new_scope(token.workflow.scope, values)

    def retract(self, token: Token) -> None:
        """Undo a failed entry, so that a retry enters again."""
        top = token.workflow.top_workflow
        top.event_manager.remove_task(token)
        self.release(token)
        if "mi" not in token.internal_data:
            top.scopes.pop(token.internal_data.pop("s", None), None)
        for fact in ("t", "j", "due", "key", "left", "every", "n", "out", "done", "items"):
            token.internal_data.pop(fact, None)

    def _on_ready(self, token: Token) -> None:
        self._on_ready_hook(token)  # type: ignore[attr-defined]  # of the SpiffWorkflow class behind
        if not self.manual:
            token.workflow.top_workflow.queue.append(token)

    # running

    def _run(self, token: Token) -> bool | None:
        """Work out everything that can fail before the token completes; a failure leaves it in place."""
        if not token.alive:
            return None
        try:
            done = self._run_hook(token)  # type: ignore[attr-defined]  # of the SpiffWorkflow class behind
            self.prepare(token)
        except Failure as failure:
            token.failure = failure
            return False
        return True if done is None else bool(done)

    def prepare(self, token: Token) -> None:
        token.writes = self.written(token)
        body = token.workflow.top_workflow.tokens.get(token.internal_data.get("mi"))
        if body is not None:
            body.task_spec.prepare_item(body, token)
        token.taken = self.leaving(token, self.seen(token))

    def seen(self, token: Token) -> Mapping[str, Any]:
        """What the flows that leave this node see: the outer scope, with what is about to be written."""
        top = token.workflow.top_workflow
        return ChainMap(*(values for _, values in token.writes), *top.visible(token.workflow.scope).maps)

    def outputs_of(self, token: Token) -> tuple[Mapping_, ...]:
        return self.element.outputs

    def written(self, token: Token) -> list[tuple[int, dict[str, Any]]]:
        """Per scope to start from: the variables that this completion writes."""
        top = token.workflow.top_workflow
        submitted = token.submitted or {}
        outputs = self.outputs_of(token)
        if not outputs:
            return [(top.scope_of(token), submitted)] if submitted else []
        inner = top.visible(top.scope_of(token))
        outer = top.scope_of(token) if "mi" in token.internal_data else token.workflow.scope
        context = ChainMap(submitted, *inner.maps)
        notes: expressions.Notes = []
        values = expressions.mapped(outputs, context, top.host, top.visible(outer), notes)
        top.note(token, notes)
        return [(outer, values)]

    def leaving(self, token: Token, seen: Mapping[str, Any]) -> tuple[Flow, ...]:
        """The flows to take. Without conditions all of them; a default flow when no condition holds."""
        if "mi" in token.internal_data:
            return ()
        plain = [flow for flow in self.flows_out if not flow.condition and not self.is_default(flow)]
        host = token.workflow.top_workflow.host
        conditional = [f for f in self.flows_out if f.condition and not self.is_default(f)]
        chosen = {flow.id for flow in conditional if expressions.condition(flow.condition, seen, host)}
        if conditional and not chosen:
            chosen = {flow.id for flow in self.flows_out if self.is_default(flow)}
        chosen |= {flow.id for flow in plain}
        if self.flows_out and not chosen:
            raise self.stuck()
        return tuple(flow for flow in self.flows_out if flow.id in chosen)

    def is_default(self, flow: Flow) -> bool:
        return flow.id == self.element.default_flow

    def stuck(self) -> Failure:
        return Failure(
            "CONDITION_ERROR",
            f"Geen enkele uitgaande pijl van '{self.element.name or self.element.id}' past, en er is geen standaardpijl",
        )

    # leaving

    def _on_complete(self, token: Token) -> None:
        """SpiffWorkflow's order, with one change: the finished token goes before its children move."""
        self._on_complete_hook(token)
        children = token.children
        consume(token)
        for child in children:
            child.task_spec._update(child)
        token.workflow._task_completed_notify(token)

    def _on_complete_hook(self, token: Token) -> None:
        self.write(token)
        self.told(token)
        top = token.workflow.top_workflow
        self.release(token)
        body = top.tokens.get(token.internal_data.get("mi"))
        if body is not None:
            body.task_spec.item_done(body, token)
        self.leave(token)

    def release(self, token: Token) -> None:
        """Boundary events and remaining items end with the activity that they belong to."""
        top = token.workflow.top_workflow
        for child in top.belongings(token):
            child.cancel()

    def told(self, token: Token) -> None:
        token.workflow.top_workflow.tell("element:completed", token, token=token.id)

    def write(self, token: Token) -> None:
        top = token.workflow.top_workflow
        names: list[str] = []
        for scope, values in token.writes:
            top.propagate(scope, values)
            names += values
        if names:
            top.tell("variable:written", token, names=sorted(set(names)))

    def leave(self, token: Token) -> None:
        for flow in token.taken:
            self.take(token, flow)

    def take(self, token: Token, flow: Flow, **internal: Any) -> Token:
        token.workflow.top_workflow.tell("flow:taken", token, flow.id)
        return spawn(token, token.workflow.spec.task_specs[flow.target], f=flow.id, **internal)

    # failing and being cancelled

    def _on_error(self, token: Token) -> None:
        failure = token.failure
        if not isinstance(failure, Failure):
            raise TypeError("Expected a failure on the token, but there is none")
        self.fail(token, failure, "run")

    def fail(self, token: Token, failure: Failure, phase: str) -> None:
        """The token stays where it is, as an incident that can be retried."""
        token._set_state(TaskState.ERROR)
        token.internal_data["x"] = [failure.error_type, failure.message, phase]
        if token.submitted:
            token.internal_data["sub"] = token.submitted
        top = token.workflow.top_workflow
        top.event_manager.remove_task(token)
        top.tell("incident:raised", token, token=token.id, type=failure.error_type, message=failure.message)

    def _on_cancel(self, token: Token) -> None:
        """What belongs to a cancelled token goes too: boundary events, items, a subprocess, its scopes."""
        if not token.alive:
            return
        top = token.workflow.top_workflow
        self.release(token)
        sub = top.subprocesses.get(token.id)
        if sub is not None:
            sub.completed = True
            for inner in sub.living():
                inner.cancel()
        if token.internal_data.get("in"):
            self.cancelled(token)
        consume(token)

    def cancelled(self, token: Token) -> None:
        token.workflow.top_workflow.tell("element:cancelled", token, token=token.id)
