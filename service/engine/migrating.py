"""Moves a running instance to another version of its process: tokens keep their age, their timers their moments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from service.domain import Fact
from service.engine import standing, state
from service.engine.instance import Instance
from service.engine.parked import Parked
from service.engine.specs.activities import Activity
from service.engine.specs.gateways import Join
from service.engine.specs.loops import Body
from service.engine.token import Token, spawn
from service.engine.values import MARK, Definition, Element, Host, Step, versioned
from service.errors import BadRequest

_KEEPS = ("kind", "parent", "attached_to", "interrupting", "triggered_by_event")


def migrate(
    source: Definition,
    target: Definition,
    before: bytes,
    *,
    mapping: Mapping[str, str] | None = None,
    host: Host,
) -> Step:
    """The instance on another definition. `mapping`: ids of elements that have another id there.

    Every element with a token must have its like in the target: of the same kind, in the same subprocess, waiting for
    the same kind of event. Boundary events and event subprocesses that are new begin to wait; those that are gone end.
    What a token holds stays: moments of timers, assignees and dates of tasks, results of items that are done.
    Raises BadRequest, naming each element that has no like, and changes nothing.
    """
    renamed = dict(mapping or {})
    old = state.load(source, before, host)
    if old.ended is not None:
        raise BadRequest("Expected a running instance, but it has ended")
    refused = sorted(set(_refusals(old, source, target, renamed)))
    if refused:
        raise BadRequest(f"Expected a place in the other version for: {', '.join(refused)}", field="mapping")
    stored = _renamed(before, source, target, renamed)
    instance = state.restore(target, *stored, host)
    instance.facts.append(
        Fact(
            kind="instance:migrated",
            element=target.process_id,
            data={"mapping": renamed, "to": target.fingerprint},
        )
    )
    _listen(instance, frozenset(renamed.get(id, id) for id in source.elements))
    instance.do_engine_steps()
    return standing.step(instance)


def _refusals(
    old: Instance, source: Definition, target: Definition, renamed: Mapping[str, str]
) -> Iterator[str]:
    """Elements with a token that has no place in the target."""
    old.unpark()
    for token in old.tokens.values():
        if token is token.workflow.task_tree:
            continue
        id = token.task_spec.element.id
        home = versioned(token.workflow.spec.name, token.workflow.version)
        spec = target.specs.get(_spec_name(home, source, target, renamed))
        names = {} if _is_called(home, source) else renamed
        place = spec.task_specs.get(_name(token.task_spec.name, names)) if spec is not None else None
        if _is_called(home, source):
            fits = place is not None  # a called process keeps its ids
        elif place is None:
            here = source.elements[id]
            fits = bool(here.attached_to) or _starts_handler(source, here)  # it ends with what it belonged to
        else:
            fits = _alike(source.elements[id], place.element, renamed) and _same_flow(token, place)
        if not fits:
            yield id


def _same_flow(token: Token, place: Any) -> bool:
    """Whether a token that waits at a join came by a flow that leads there in the target too."""
    came_by = token.internal_data.get("f", "")
    return not isinstance(place, Join) or came_by in {flow.id for flow in place.flows_in}


def _spec_name(name: str, source: Definition, target: Definition, renamed: Mapping[str, str]) -> str:
    """The name of a process or subprocess in the target; those of called processes stay as they are."""
    if _is_called(name, source):
        return name
    _, slash, sub = name.partition("/")
    return target.process_id + slash + (renamed.get(sub, sub) if sub else "")


def _is_called(name: str, source: Definition) -> bool:
    """Whether a spec is that of a called process, the same process in another version included."""
    return MARK in name or name.partition("/")[0] != source.process_id


def _starts_handler(source: Definition, element: Element) -> bool:
    parent = source.elements.get(element.parent)
    return parent is not None and parent.triggered_by_event and element.kind == "startEvent"


def _alike(here: Element, there: Element, renamed: Mapping[str, str]) -> bool:
    """Whether a token on the one means the same on the other."""
    for name in _KEEPS:
        value = getattr(here, name)  # a field that the class itself declares
        if name in {"parent", "attached_to"}:
            value = renamed.get(value, value)
        if value != getattr(there, name):
            return False
    loops = [one.loop and (bool(one.loop.collection), one.loop.sequential) for one in (here, there)]
    events = [one.event and (one.event.kind, one.event.timer) for one in (here, there)]
    return loops[0] == loops[1] and events[0] == events[1]


def _renamed(
    before: bytes, source: Definition, target: Definition, renamed: Mapping[str, str]
) -> tuple[Mapping[str, Any], str]:
    """The stored state with the names that the other definition uses; tokens without a place there are left out."""
    head, lines = state.unpack(before)
    homes = {row[0]: row[1] for row in head["wfs"]}
    rows = []
    for owner, name, scope, root, tokens in head["wfs"]:
        spec = _spec_name(name, source, target, renamed)
        own = {} if _is_called(name, source) else renamed
        known = target.specs[spec].task_specs
        moved = [[id, _name(one, own), at, inside] for id, one, at, inside in tokens]
        rows.append([owner, spec, scope, root, [row for row in moved if row[1] in known]])
    parked = [json.loads(line) for line in lines.split("\n")[:-1]]
    for line in parked:
        home = homes.get(line[1] or None, source.process_id)
        line[3] = _name(line[3], {} if _is_called(home, source) else renamed)
    kept = Parked()
    kept.add(parked)
    return {**head, "p": target.process_id, "wfs": rows}, kept.text


def _name(name: str, renamed: Mapping[str, str]) -> str:
    """The name of a spec: the element's id, for items with a word in brackets behind it."""
    id, bracket, rest = name.partition("(")
    return renamed.get(id, id) + bracket + rest if id else name


def _listen(instance: Instance, known: frozenset[str]) -> None:
    """Let events that the other version did not have wait from now on; one that it had may have happened already."""
    for workflow in (instance, *list(instance.subprocesses.values())):
        for token in workflow.living():
            if isinstance(token.task_spec, Activity | Body) and "mi" not in token.internal_data:
                for boundary in token.task_spec.boundaries:
                    _wait(token.workflow, boundary, known, o=token.id)
        for name in workflow.spec.triggers:
            _wait(workflow, workflow.spec.task_specs[name], known)


def _wait(workflow: Any, spec: Any, known: frozenset[str], **internal: Any) -> None:
    if spec.element.id not in known:
        spec._update(spawn(workflow.task_tree, spec, **internal))
