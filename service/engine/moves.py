"""The moves of an instance: each takes a state and returns the Step after it. No input or output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.util.task import TaskState

from service.domain import Fact, Json
from service.engine import standing, state
from service.engine.failure import Failure
from service.engine.instance import Instance
from service.engine.specs.activities import Person, Work, waits
from service.engine.specs.definitions import catcher, happen
from service.engine.token import Token
from service.engine.values import Definition, Host, Step
from service.errors import BadRequest, DiagramRejected, TaskNotOpen


def start(
    definition: Definition, *, variables: Mapping[str, Json], host: Host, start_element: str | None = None
) -> Step:
    """A new instance, run to where it waits.

    start_element  the start event to begin at; the one without a trigger when None
    Raises DiagramRejected for a definition that cannot run, BadRequest for an unknown start event.
    """
    if not definition.runnable:
        raise DiagramRejected(definition.findings, "Expected a diagram that can run, but it has errors")
    spec = definition.specs[definition.process_id]
    entry = start_element or spec.entry
    if entry not in {event.element for event in definition.start_events}:
        raise BadRequest(f"Expected a start event of {definition.process_id}, but '{entry}' is none")
    instance = Instance(definition, spec, host)
    instance.entry = entry
    instance.scope = instance.new_scope(None, variables)
    instance.facts.append(Fact(kind="instance:started", element=entry, data={"process": spec.process_id}))
    instance.grow(spec, TaskState.READY)
    instance.task_tree.run()
    return _end(instance)


def _end(instance: Instance) -> Step:
    instance.do_engine_steps()
    return standing.step(instance)


def _moving(instance: Instance) -> None:
    if instance.held:
        raise TaskNotOpen(state="SUSPENDED")


def _waiting(instance: Instance, token: int, kind: type) -> Token:
    _moving(instance)
    found = instance.get_task_from_id(token)
    if found is None or not isinstance(found.task_spec, kind) or not waits(found):
        raise TaskNotOpen(state="COMPLETED" if found is None else "FAILED")
    return found


def complete(
    definition: Definition, before: bytes, token: int, variables: Mapping[str, Json], *, host: Host
) -> Step:
    """A person finished a user task. `variables` are exactly what may be written. Raises TaskNotOpen."""
    instance = state.load(definition, before, host)
    return _finish(instance, _waiting(instance, token, Person), variables)


def complete_job(
    definition: Definition, before: bytes, token: int, variables: Mapping[str, Json], *, host: Host
) -> Step:
    """A program finished a job. Raises TaskNotOpen."""
    instance = state.load(definition, before, host)
    return _finish(instance, _waiting(instance, token, Work), variables)


def _finish(instance: Instance, token: Token, variables: Mapping[str, Json]) -> Step:
    token.submitted = dict(variables)
    token.run()
    return _end(instance)


def fail_job(
    definition: Definition, before: bytes, token: int, *, retries: int, message: str = "", host: Host
) -> Step:
    """A program could not do a job; without retries left this is an incident. Raises TaskNotOpen."""
    instance = state.load(definition, before, host)
    found = _waiting(instance, token, Work)
    found.internal_data["j"][1] = max(retries, 0)
    if retries <= 0:
        why = message or "Het werk is niet gelukt en er zijn geen pogingen meer"
        found.task_spec.fail(found, Failure("JOB_NO_RETRIES", why), "job")
    return _end(instance)


def throw_error(
    definition: Definition,
    before: bytes,
    token: int,
    code: str,
    *,
    message: str = "",
    variables: Mapping[str, Json] | None = None,
    host: Host,
) -> Step:
    """A program met a business error: the nearest catcher takes it, else it is an incident."""
    instance = state.load(definition, before, host)
    found = _waiting(instance, token, Work)
    caught = catcher(found, "error", code)
    if caught is None:
        why = message or f"Niets vangt de fout '{code}' op"
        found.task_spec.fail(found, Failure("UNHANDLED_ERROR_EVENT", why), "job")
    else:
        happen(caught, BpmnEvent(caught.task_spec.event_definition, payload=dict(variables or {})))
    return _end(instance)


def deliver(
    definition: Definition,
    before: bytes,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Json],
    *,
    host: Host,
) -> Step:
    """A message for the first token that waits for it; without one, or while it is held, the step tells nothing new."""
    instance = state.load(definition, before, host)
    event = BpmnEvent(
        MessageEventDefinition(name), payload=dict(variables), correlations={"key": correlation_key}
    )
    for token in [] if instance.held else instance.event_manager.matching(event)[:1]:
        instance.event_manager.give(token, event)
    return _end(instance)


def broadcast(
    definition: Definition, before: bytes, name: str, variables: Mapping[str, Json], *, host: Host
) -> Step:
    """A signal for everything in this instance that waits for it."""
    instance = state.load(definition, before, host)
    if not instance.held:
        instance.event_manager.catch(BpmnEvent(SignalEventDefinition(name), payload=dict(variables)))
    return _end(instance)


def wake(definition: Definition, before: bytes, *, host: Host) -> Step:
    """Fire every timer that is due, the oldest first, each with all that follows from it."""
    instance = state.load(definition, before, host)
    while not instance.held and (token := _next_due(instance)) is not None:
        instance.event_manager.give(token, BpmnEvent(token.task_spec.event_definition))
        instance.do_engine_steps()
    return _end(instance)


def _next_due(instance: Instance) -> Token | None:
    waiting: list[Token] = list(instance.event_manager.tasks.values())
    due = [(at, token.id, token) for token in waiting if (at := standing.due_at(token)) is not None]
    first = min(due, default=None, key=lambda one: one[:2])
    return first[2] if first is not None and first[0] <= instance.now else None


def cancel(definition: Definition, before: bytes, *, host: Host) -> Step:
    """End the instance from outside; everything in it is cancelled."""
    instance = state.load(definition, before, host)
    if instance.ended is None:
        instance.completed = True
        for token in instance.living():
            token.cancel()
        instance.ended = "TERMINATED"
        instance.facts.append(Fact(kind="instance:terminated", element=definition.process_id))
    return standing.step(instance)


def retry(definition: Definition, before: bytes, token: int, *, host: Host) -> Step:
    """Try again where an incident stands; entry or execution, whichever failed. Raises TaskNotOpen."""
    instance = state.load(definition, before, host)
    _moving(instance)
    found = instance.tokens.get(token)
    if found is None or found.state != TaskState.ERROR:
        raise TaskNotOpen(state="COMPLETED" if found is None else "ACTIVE")
    phase = found.internal_data.pop("x")[2]
    found.submitted = found.internal_data.pop("sub", None)
    instance.tell("incident:resolved", found, token=found.id)
    _again(instance, found, phase)
    return _end(instance)


def _again(instance: Instance, token: Token, phase: str) -> None:
    if phase == "entry":
        token._set_state(TaskState.FUTURE)
        token.task_spec._update(token)
    elif phase == "job":
        token._set_state(TaskState.READY)
        token.internal_data["j"][1] = max(token.internal_data["j"][1], 1)
    else:
        token._set_state(TaskState.READY)
        token.run()


def set_variables(
    definition: Definition,
    before: bytes,
    variables: Mapping[str, Json],
    *,
    token: int | None = None,
    only_here: bool = False,
    host: Host,
) -> Step:
    """Write variables from outside, at the root or from a token's scope.

    only_here  in the scope of the token alone, which is made when it has none; they go when the token goes
    """
    instance = state.load(definition, before, host)
    scope = instance.scope
    if token is not None:
        found = instance.get_task_from_id(token)
        if found is None:
            raise TaskNotOpen
        if only_here and "s" not in found.internal_data:
            found.internal_data["s"] = instance.new_scope(found.workflow.scope)
        scope = instance.scope_of(found)
    if only_here:
        instance.scopes[scope][1].update(variables)
    else:
        instance.propagate(scope, variables)
    instance.tell("variable:written", None, definition.process_id, names=sorted(variables))
    return _end(instance)


class _NoClock:
    """Looking at a state asks for no time."""

    def now(self) -> Any:
        return None


_NO_HOST = Host(clock=_NoClock())


def visible(definition: Definition, before: bytes, token: int, *, host: Host = _NO_HOST) -> dict[str, Any]:
    """The variables that a token sees, nearest scope first: for forms and conditions. Raises TaskNotOpen."""
    instance = state.load(definition, before, host)
    found = instance.get_task_from_id(token)
    if found is None:
        raise TaskNotOpen
    return dict(instance.visible(instance.scope_of(found)))
