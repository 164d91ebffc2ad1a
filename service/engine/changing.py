"""What operators do to an instance: hold it and let it go on, move its tokens by hand. Each gives the Step after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain import Fact, Json
from service.engine import standing, state
from service.engine.instance import Instance
from service.engine.specs.events import Boundary, Trigger
from service.engine.specs.gateways import Join
from service.engine.specs.subprocesses import SubProcess
from service.engine.token import Token, spawn
from service.engine.values import Definition, Host, Step
from service.errors import BadRequest


def suspend(definition: Definition, before: bytes, *, host: Host) -> Step:
    """Hold an instance: nothing in it can be completed, no event reaches it, its timers wait for `resume`."""
    return _hold(definition, before, host, held=True, kind="instance:suspended")


def resume(definition: Definition, before: bytes, *, host: Host) -> Step:
    """Let an instance go on; timers that came due meanwhile fire at the next `wake`."""
    return _hold(definition, before, host, held=False, kind="instance:resumed")


def _hold(definition: Definition, before: bytes, host: Host, *, held: bool, kind: str) -> Step:
    instance = state.load(definition, before, host)
    if instance.ended is None and instance.held != held:
        instance.held = held
        instance.facts.append(Fact(kind=kind, element=definition.process_id))
    return standing.step(instance)


def modify(
    definition: Definition,
    before: bytes,
    *,
    activate: Sequence[str] = (),
    terminate: Sequence[int] = (),
    variables: Mapping[str, Json] | None = None,
    host: Host,
) -> Step:
    """Put tokens on elements and take tokens away, in one step: first on, then away, as Camunda 8 does.

    activate   ids of elements; a subprocess around one is entered without its start event, unless it runs already
    terminate  tokens; what belongs to one goes with it, and a scope that is left empty ends
    variables  written before anything else, to the nearest scope that knows them
    Raises BadRequest, and changes nothing, for an element that no token can be put on or a token that is not there.
    """
    instance = state.load(definition, before, host)
    if instance.ended is not None:
        raise BadRequest("Expected a running instance, but it has ended")
    tokens = [_living(instance, one) for one in terminate]
    instance.propagate(instance.scope, variables or {})
    instance.facts.append(
        Fact(
            kind="instance:modified",
            element=definition.process_id,
            data={
                "activated": list(activate),
                "terminated": list(terminate),
                "names": sorted(variables or {}),
            },
        )
    )
    for element in activate:
        _activate(instance, definition, element)
    for token in tokens:
        _terminate(instance, token)
    instance.do_engine_steps()
    return standing.step(instance)


def _living(instance: Instance, id: int) -> Token:
    token = instance.get_task_from_id(id)
    if token is None or token is token.workflow.task_tree:
        raise BadRequest(f"Expected a living token, but {id} is none", field="terminate")
    if isinstance(token.task_spec, Boundary | Trigger):
        raise BadRequest(
            "Expected a token on an activity: an event that belongs to one goes with it", field="terminate"
        )
    return token


def _terminate(instance: Instance, token: Token) -> None:
    """Cancel a token; a subprocess that it leaves empty is cancelled too, an instance is terminated."""
    if not token.alive:
        return
    workflow: Any = token.workflow
    body = instance.tokens.get(token.internal_data.get("mi", 0))
    token.cancel()
    if body is not None and not instance.belongings(body):
        body.cancel()
    while workflow.empty and not workflow.completed:
        workflow.completed = True
        if workflow is instance:
            for left in instance.living():
                left.cancel()
            instance.ended = "TERMINATED"
            instance.facts.append(Fact(kind="instance:terminated", element=instance.spec.process_id))
            return
        owner = workflow.owner
        workflow = owner.workflow
        owner.cancel()


def _activate(instance: Instance, definition: Definition, id: str) -> None:
    element = definition.elements.get(id)
    if element is None:
        raise BadRequest(
            f"Expected an element of {definition.process_id}, but '{id}' is none", field="activate"
        )
    around: list[str] = []
    while element is not None and element.parent:
        around.insert(0, element.parent)
        element = definition.elements.get(element.parent)
    workflow: Any = instance
    for parent in around:
        workflow = _inside(instance, workflow, parent)
    spec = workflow.spec.task_specs.get(id)
    _refuse(id, spec)
    spec._update(spawn(workflow.task_tree, spec))


def _refuse(id: str, spec: Any) -> None:
    """Elements on which a token alone means nothing."""
    if spec is None or isinstance(spec, Boundary | Trigger):
        raise BadRequest(
            f"Expected an activity, gateway or event in the flow, but '{id}' is none", field="activate"
        )
    if isinstance(spec, Join) and len(spec.flows_in) > 1:
        raise BadRequest(
            f"Expected no gateway that joins, but '{id}' would wait for its other flows", field="activate"
        )


def _inside(instance: Instance, workflow: Any, id: str) -> Any:
    """The running subprocess on an element; without one the element is entered, but its start event is not."""
    running = [
        sub
        for sub in instance.subprocesses.values()
        if sub.owner.workflow is workflow and sub.owner.task_spec.element.id == id
    ]
    if len(running) > 1:
        raise BadRequest(f"Expected one running '{id}', but there are {len(running)}", field="activate")
    if running:
        return running[0]
    spec = workflow.spec.task_specs.get(id)
    if not isinstance(spec, SubProcess) or spec.element.loop is not None:
        raise BadRequest(f"Expected a plain subprocess around it, but '{id}' is none", field="activate")
    return _enter(instance, spawn(workflow.task_tree, spec))


def _enter(instance: Instance, token: Token) -> Any:
    spec: Any = token.task_spec
    spec.enter(token)
    spec.open(token)
    if "s" not in token.internal_data:
        token.internal_data["s"] = instance.new_scope(token.workflow.scope)
    token._set_state(TaskState.STARTED)
    sub = instance.create_subprocess(token, spec.spec, token.internal_data["s"])
    sub.task_tree._set_state(TaskState.COMPLETED)
    for name in sub.spec.triggers:
        trigger = spawn(sub.task_tree, sub.spec.task_specs[name])
        trigger.task_spec._update(trigger)
    return sub
