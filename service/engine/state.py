"""An instance as bytes and back: scopes and living tokens, nothing of the definition, nothing of the past."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.instance import Instance, Sub
from service.engine.parked import Parked
from service.engine.specs.events import Happening
from service.engine.specs.gateways import Inclusive
from service.engine.token import Token, own
from service.engine.values import MARK, Definition, Host, versioned
from service.errors import StateDamaged

VERSION = 2
SIZE_LIMIT_BYTES = 64 * 1024 * 1024  # unpacked


def dump(instance: Instance) -> bytes:
    """One version byte, then zlib level 1 over a line of compact JSON and one for each item that is kept as text."""
    instance.park()
    flows = [_row(None, instance)] if not instance.ended else []
    flows += [_row(owner, sub) for owner, sub in instance.subprocesses.items()]
    stored: dict[str, Any] = {
        "p": instance.spec.name,
        "seq": instance.sequence,
        "scopes": [[id, *scope] for id, scope in sorted(instance.scopes.items())],
        "wfs": flows,
    }
    if instance.ended:
        stored["ended"] = instance.ended
    if instance.outcome:
        stored["out"] = instance.outcome
    if instance.held:
        stored["held"] = True
    if instance.parked.text:
        stored["parked"] = instance.parked.counts
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return bytes([VERSION]) + zlib.compress(f"{text}\n{instance.parked.text}".encode(), 1)


def _row(owner: int | None, workflow: Any) -> list[Any]:
    tokens = [
        [token.id, token.task_spec.name, int(token.state), token.internal_data]
        for token in sorted(workflow.tasks.values(), key=lambda token: int(token.id))
        if token is not workflow.task_tree
    ]
    return [
        owner,
        versioned(workflow.spec.name, workflow.version),
        workflow.scope,
        workflow.task_tree.id,
        tokens,
    ]


def unpack(state: bytes) -> tuple[Mapping[str, Any], str]:
    """The stored JSON, and the lines of parked items. Raises StateDamaged for anything we cannot have written."""
    if not state or not 1 <= state[0] <= VERSION:
        found = state[0] if state else "nothing"
        raise StateDamaged(f"Expected an instance state of version 1 to {VERSION}, but found {found}")
    try:
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(state[1:], SIZE_LIMIT_BYTES)
        if not unpacker.eof or unpacker.unused_data:
            raise StateDamaged("Expected a whole instance state, but it ends too early or goes on too long")
        head, _, lines = text.decode().partition(
            "\n"
        )  # version 1 had no lines: all its tokens are in the head
        stored = json.loads(head)
    except (zlib.error, ValueError) as error:
        raise StateDamaged(f"Expected a readable instance state, but {error}") from error
    if not isinstance(stored, dict):
        raise StateDamaged("Expected an instance state, but it holds something else")
    return stored, lines


def load(definition: Definition, state: bytes, host: Host) -> Instance:
    """The instance as it was. Raises StateDamaged, naming it, where the state does not fit this definition."""
    try:
        return restore(definition, *unpack(state), host)
    except StateDamaged as error:
        raise StateDamaged(f"{error}{_named(host)}") from error
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise StateDamaged(
            f"Expected a state that fits definition {definition.process_id}, but {error!r} is not in it{_named(host)}"
        ) from error


def _named(host: Host) -> str:
    return f" (instance {host.instance})" if host.instance else ""


def restore(definition: Definition, stored: Mapping[str, Any], lines: str, host: Host) -> Instance:
    """The instance of what `unpack` gave; KeyError and its like where the definition has no place for it."""
    instance = Instance(definition, definition.specs[stored["p"]], host)
    instance.parked = Parked(lines, stored.get("parked", ()))
    instance.scopes = {id: [parent, values] for id, parent, values in stored["scopes"]}
    instance.ended = stored.get("ended")
    instance.outcome = stored.get("out", "")
    instance.held = stored.get("held", False)
    instance.scope = next(iter(instance.scopes))
    for owner, name, scope, root, tokens in stored["wfs"]:
        workflow: Any = instance
        if owner is not None:
            workflow = Sub(definition.specs[name], owner, instance)
            workflow.version = name.partition(MARK)[2]
            instance.subprocesses[owner] = workflow
        workflow.scope = scope
        workflow.grow(workflow.spec, TaskState.COMPLETED, root)
        for row in tokens:
            _token(workflow, *row)
        workflow.completed = owner is not None and workflow.empty
    waiting = sorted(instance.event_manager.tasks.items())
    instance.event_manager.tasks = dict(waiting)
    instance.sequence = stored["seq"]
    return instance


def _token(workflow: Any, id: int, name: str, state: int, internal: dict[str, Any]) -> None:
    spec = workflow.spec.task_specs[name]
    token = Token(workflow, spec, workflow.task_tree, state, id)
    token.internal_data = internal
    workflow.count(token, 1)
    own(token)
    if state == TaskState.WAITING:
        if isinstance(spec, Happening):
            workflow.top_workflow.event_manager.add_task(token)
        elif isinstance(spec, Inclusive):
            workflow.joins[token.id] = None
