"""SpiffWorkflow's event definitions, with our clock, keys and payloads."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    SignalEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.simple import (
    CancelEventDefinition,
    NoneEventDefinition,
    TerminateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from service.engine import expressions, timers
from service.engine.failure import Failure
from service.engine.specs.node import Frozen
from service.engine.token import Token, spawn
from service.engine.values import Event, Thrown


class Ours(Frozen):
    """Goes before a SpiffWorkflow definition: what is waited for stands on the token, fixed at entry."""

    event: Event

    def has_fired(self, token: Token) -> bool:
        return bool(token.internal_data.get("fired"))

    def catches(self, token: Token, event: Any) -> bool:
        return False

    def catch(self, token: Token, event: Any = None) -> None:
        token.internal_data["fired"] = 1
        token.submitted = event.payload if event is not None else None

    def update_task(self, token: Token) -> None:
        """Called when the token starts waiting."""

    def update_task_data(self, token: Token) -> None:
        """SpiffWorkflow would copy the payload into task data; ours goes into scopes at completion."""

    def reset(self, token: Token) -> None:
        """A token waits once; who waits again is a new token."""

    def throw(self, token: Token) -> None:
        """Before completion: find out whether throwing can work."""

    def thrown(self, token: Token) -> None:
        """At completion: throw."""

    def tell_happened(self, token: Token) -> None:
        """A fact about what came in."""

    def again(self, token: Token, spec: Any, **internal: Any) -> None:
        """A non-interrupting event waits on: a new token takes this one's place."""
        following = spawn(token.workflow.task_tree, spec, **internal)
        if "key" in token.internal_data:
            following.internal_data["key"] = token.internal_data["key"]
        spec._update(following)


class NoEvent(Ours, NoneEventDefinition):
    """Nothing to wait for."""

    def has_fired(self, token: Token) -> bool:
        return True


class LinkEvent(NoEvent):
    """A catching link: reached by its throwing counterpart."""


class Timer(Ours, TimerEventDefinition):
    """Due at an absolute moment, computed once at entry and kept through every save."""

    def update_task(self, token: Token) -> None:
        internal, top = token.internal_data, token.workflow.top_workflow
        if "due" in internal:
            return
        seen = top.visible(token.task_spec.scope_of_wait(token))
        warnings: list[Any] = []
        value = expressions.evaluate(self.event.text, seen, top.host, warnings)
        if value is None:
            why = "; ".join(str(one) for one in warnings[:3])
            raise Failure("EXTRACT_VALUE_ERROR", f"De timer '{self.event.text}' geeft null {why}".rstrip())
        try:
            internal["due"] = timers.text(self.due(value, internal, top.now))
        except Failure as failure:
            raise Failure(failure.error_type, f"De timer '{self.event.text}': {failure.message}") from failure

    def due(self, value: Any, internal: dict[str, Any], now: datetime) -> datetime:
        """The moment of a date, duration or cycle; of a cycle the rounds are kept."""
        if self.event.timer == "date":
            return timers.moment(value)
        if self.event.timer == "duration" or not str(value).startswith("R"):
            return timers.after(now, _duration(value))
        rounds, first, every = timers.cycle(value)
        internal["every"] = every
        if rounds is not None:
            internal["left"] = rounds
        return first or timers.after(now, every)

    def tell_happened(self, token: Token) -> None:
        token.workflow.top_workflow.tell("timer:fired", token, token=token.id, due=token.internal_data["due"])

    def again(self, token: Token, spec: Any, **internal: Any) -> None:
        """A cycle goes on from the moment that was due, not from now; a date or duration fires once."""
        every, left = token.internal_data.get("every"), token.internal_data.get("left")
        if every is None or (left is not None and left <= 1):
            return
        internal["every"] = every
        if left is not None:
            internal["left"] = left - 1
        internal["due"] = timers.text(timers.after(timers.read(token.internal_data["due"]), every))
        spec._update(spawn(token.workflow.task_tree, spec, **internal))


def _duration(value: Any) -> Any:
    return value if isinstance(value, str) else expressions.as_text(value)


class Message(Ours, MessageEventDefinition):
    """Waits for a message by name and key; thrown, it leaves the instance."""

    def update_task(self, token: Token) -> None:
        top = token.workflow.top_workflow
        if "key" not in token.internal_data:
            token.internal_data["key"] = self.key(token, top.visible(token.task_spec.scope_of_wait(token)))

    def key(self, token: Token, seen: Any) -> str:
        host = token.workflow.top_workflow.host
        if not self.event.correlation_key:
            return ""
        key = expressions.string(self.event.correlation_key, seen, host, "De correlatiesleutel")
        if not key:
            raise Failure(
                "EXTRACT_VALUE_ERROR", f"De correlatiesleutel '{self.event.correlation_key}' is leeg"
            )
        return key

    def catches(self, token: Token, event: Any) -> bool:
        given = event.event_definition
        return (
            isinstance(given, MessageEventDefinition)
            and given.name == self.event.name
            and event.correlations.get("key", "") == token.internal_data.get("key")
        )

    def tell_happened(self, token: Token) -> None:
        token.workflow.top_workflow.tell("message:delivered", token, token=token.id, name=self.event.name)

    def throw(self, token: Token) -> None:
        top = token.workflow.top_workflow
        token.result = self.key(token, top.visible(top.scope_of(token)))

    def thrown(self, token: Token) -> None:
        top = token.workflow.top_workflow
        top.thrown.append(
            Thrown(
                kind="message",
                name=self.event.name,
                element=token.task_spec.element.id,
                correlation_key=token.result or "",
                variables=dict(top.scopes.get(token.internal_data.get("s"), (None, {}))[1]),
            )
        )


class Signal(Ours, SignalEventDefinition):
    """Reaches everything that waits for its name, in this instance at once and in others by the caller."""

    def catches(self, token: Token, event: Any) -> bool:
        given = event.event_definition
        return isinstance(given, SignalEventDefinition) and given.name == self.event.name

    def tell_happened(self, token: Token) -> None:
        token.workflow.top_workflow.tell("message:delivered", token, token=token.id, name=self.event.name)

    def thrown(self, token: Token) -> None:
        top = token.workflow.top_workflow
        top.thrown.append(Thrown(kind="signal", name=self.event.name, element=token.task_spec.element.id))
        event = BpmnEvent(self, payload={})
        for catcher in top.event_manager.matching(event):
            happen(catcher, event)


class Coded(Ours):
    """Errors and escalations: caught by the nearest catcher outward, a matching code before a general one."""

    kind = ""

    def throw(self, token: Token) -> None:
        token.result = catcher(token, self.event.kind, self.event.code)

    def thrown(self, token: Token) -> None:
        if token.result is not None:
            happen(token.result, BpmnEvent(self, payload={}))


class Error(Coded, ErrorEventDefinition):
    """An error that nothing catches is an incident."""

    def throw(self, token: Token) -> None:
        super().throw(token)
        if token.result is None:
            raise Failure("UNHANDLED_ERROR_EVENT", f"Niets vangt de fout '{self.event.code}' op")


class Cancel(Coded, CancelEventDefinition):
    """Undoes a transaction: everything in it is cancelled, and its cancel boundary event happens (BPMN 10.7.4)."""

    def throw(self, token: Token) -> None:
        super().throw(token)
        if token.result is None:
            raise Failure("UNHANDLED_ERROR_EVENT", "Niets vangt de annulering van de transactie op")


class Escalation(Coded, EscalationEventDefinition):
    """An escalation that nothing catches passes."""


class Terminate(Ours, TerminateEventDefinition):
    """Ends everything else in its own process or subprocess."""

    def thrown(self, token: Token) -> None:
        for other in token.workflow.living():
            if other is not token:
                other.cancel()


def happen(token: Token, event: Any) -> None:
    """An event from inside the instance happens now, before the thrower's own subprocess can end."""
    if not token.alive or token.state != TaskState.WAITING:
        return
    token.workflow.top_workflow.event_manager.give(token, event)
    if token.alive and token.state == TaskState.READY:
        token.run()


def catcher(token: Token, kind: str, code: str) -> Token | None:
    """The token that catches this error or escalation, from the thrower outward."""
    here: Token | None = token
    while here is not None:
        workflow, top = here.workflow, here.workflow.top_workflow
        owners = [here, top.tokens.get(here.internal_data.get("mi"))]
        for owner in owners:
            if owner is not None and (found := _best(_owned(owner), kind, code)):
                return found
        # what happens inside an event subprocess is no business of its siblings
        if not here.task_spec.is_handler and (found := _best(_triggers(workflow), kind, code)):
            return found
        here = None if workflow is top else workflow.owner
    return None


def _owned(owner: Token) -> list[Token]:
    return list(owner.workflow.top_workflow.belongings(owner))


def _triggers(workflow: Any) -> list[Token]:
    return [token for token in workflow.living() if token.task_spec.is_trigger]


def _best(tokens: list[Token], kind: str, code: str) -> Token | None:
    fitting = []
    for token in tokens:
        event = token.task_spec.element.event
        if event and event.kind == kind and event.code in ("", code) and token.state == TaskState.WAITING:
            fitting.append((event.code == "", token))
    return min(fitting, key=lambda pair: pair[0])[1] if fitting else None


def definition_of(event: Event | None) -> Any:
    """SpiffWorkflow's definition object for what the diagram says."""
    event = event or Event(kind="none")
    made: Any
    if event.kind == "timer":
        made = Timer(event.name, event.text)
    elif event.kind in ("error", "escalation"):
        made = (Error if event.kind == "error" else Escalation)(event.name, event.code or None)
    elif event.kind == "cancel":
        made = Cancel()
    elif event.kind in ("message", "signal"):
        made = (Message if event.kind == "message" else Signal)(event.name)
    else:
        kinds: dict[str, type[EventDefinition]] = {"terminate": Terminate, "link": LinkEvent}
        made = kinds.get(event.kind, NoEvent)()
    made.event = event
    return made
