"""Events that are waited for or passed: start, intermediate, boundary, and the triggers of event subprocesses."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ReceiveTask,
    StartEvent,
)

from service.engine import expressions
from service.engine.failure import Failure
from service.engine.instance import HANDLER_LIMIT
from service.engine.specs.activities import Activity
from service.engine.specs.gateways import settle
from service.engine.specs.node import Node
from service.engine.token import Token, spawn


class Happening(Node):
    """A catching event: tells what happened at the moment it does."""

    event_definition: Any

    def scope_of_wait(self, token: Token) -> int:
        """Timers and correlation keys of a boundary event see what its activity sees."""
        top = token.workflow.top_workflow
        owner = top.tokens.get(token.internal_data.get("o"), token)
        return int(top.scope_of(owner))

    def await_event(self, token: Token) -> bool | None:
        """SpiffWorkflow's CatchingEvent decides: happened already, or wait in the event manager."""
        behind: Any = super(Node, self)
        return bool(behind._update_hook(token))

    def tell_happened(self, token: Token) -> None:
        self.event_definition.tell_happened(token)


class Start(Happening, StartEvent):
    """A start event: its trigger came from outside, so a token on it moves on at once."""

    def outputs_of(self, token: Token) -> tuple[Any, ...]:
        return () if self.element.parent else self.element.outputs


class Catch(Happening, IntermediateCatchEvent):
    """An intermediate event that waits."""

    def _update_hook(self, token: Token) -> bool | None:
        if "g" not in token.internal_data:
            self.enter(token)
        return self.await_event(token)

    def _on_ready_hook(self, token: Token) -> None:
        settle(token)
        super()._on_ready_hook(token)

    def _on_complete_hook(self, token: Token) -> None:
        self.tell_happened(token)
        super()._on_complete_hook(token)


class Receive(Activity, Happening, ReceiveTask):
    """A receive task: a catching event that is an activity, with mappings and boundary events."""

    def _update_hook(self, token: Token) -> bool | None:
        if "g" not in token.internal_data:
            self.enter(token)
        if not token.internal_data.get("open"):
            self.open(token)
            token.internal_data["open"] = 1
        return self.await_event(token)

    def retract(self, token: Token) -> None:
        super().retract(token)
        token.internal_data.pop("open", None)

    def _on_ready_hook(self, token: Token) -> None:
        settle(token)
        super()._on_ready_hook(token)

    def _on_complete_hook(self, token: Token) -> None:
        self.tell_happened(token)
        super()._on_complete_hook(token)


class Boundary(Happening, BoundaryEvent):
    """A boundary event: armed with its activity, and told only when it happens."""

    def _update_hook(self, token: Token) -> bool | None:
        return self.await_event(token)

    def prepare(self, token: Token) -> None:
        if not self.cancel_activity:
            _refuse_pile(token, [flow.target for flow in self.flows_out])
        super().prepare(token)

    def _on_complete_hook(self, token: Token) -> None:
        top = token.workflow.top_workflow
        self.tell_happened(token)
        self.enter(token)
        owner = top.tokens.get(token.internal_data.get("o"))
        if owner is not None and self.cancel_activity:
            owner.cancel()
        elif owner is not None:
            self.event_definition.again(token, self, o=owner.id)
        super()._on_complete_hook(token)


class Trigger(Happening, StartEvent):
    """The start of an event subprocess: waits in the process around it, and starts the subprocess there."""

    is_trigger = True
    handler: str  # name of the event subprocess's node

    def _update_hook(self, token: Token) -> bool | None:
        return self.await_event(token)

    def prepare(self, token: Token) -> None:
        """Without output mappings the payload goes to the process around; mapped results stay inside."""
        if not self.element.interrupting:
            _refuse_pile(token, [self.handler])
        top = token.workflow.top_workflow
        token.writes, token.result = [], None
        if self.element.outputs:
            context = top.visible(token.workflow.scope).new_child(token.submitted or {})
            notes: expressions.Notes = []
            token.result = expressions.mapped(self.element.outputs, context, top.host, {}, notes)
            top.note(token, notes)
        elif token.submitted:
            token.writes = [(token.workflow.scope, token.submitted)]

    def _on_complete_hook(self, token: Token) -> None:
        self.tell_happened(token)
        self.write(token)
        if self.element.interrupting:
            for other in token.workflow.living():
                if other is not token:
                    other.cancel()
        else:
            self.event_definition.again(token, self)
        handler = spawn(token, token.workflow.spec.task_specs[self.handler])
        handler.submitted = token.result


def _refuse_pile(token: Token, names: list[str]) -> None:
    """Handlers of a non-interrupting event may live side by side, but not without end."""
    alike = sum(1 for other in token.workflow.tasks.values() if other.task_spec.name in names)
    if alike >= HANDLER_LIMIT:
        raise Failure("HANDLER_LIMIT", f"Er lopen al {alike} afhandelingen van deze gebeurtenis tegelijk")


class Sending(Node):
    """A throwing event: input mappings say what it sends."""

    def _update_hook(self, token: Token) -> bool | None:
        self.enter(token)
        self.map_inputs(token)
        return True


class Throw(Sending, IntermediateThrowEvent):
    """An intermediate event that does something and goes on."""

    def _on_complete_hook(self, token: Token) -> None:
        super()._on_complete_hook(token)
        self.event_definition.thrown(token)


class End(Sending, EndEvent):
    """An end event; the token ends here."""

    def _on_complete_hook(self, token: Token) -> None:
        top = token.workflow.top_workflow
        super()._on_complete_hook(token)
        if token.workflow is top or _interrupted(token.workflow):
            top.outcome = self.element.id
        self.event_definition.thrown(token)


def _interrupted(workflow: Any) -> bool:
    """Whether this is the event subprocess that took the place of the process itself."""
    top = workflow.top_workflow
    owner = getattr(workflow, "owner", None)
    if owner is None or owner.workflow is not top:
        return False
    triggers = (one for one in top.spec.task_specs.values() if isinstance(one, Trigger))
    return any(one.handler == owner.task_spec.name and one.element.interrupting for one in triggers)


class Link(Node, IntermediateThrowEvent):
    """A link throw: its one flow leads to the catching link of the same name."""

    def take(self, token: Token, flow: Any, **internal: Any) -> Token:
        return spawn(token, token.workflow.spec.task_specs[flow.target], f=flow.id)
