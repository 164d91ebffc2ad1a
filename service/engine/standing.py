"""What an instance shows of itself after a move: its open tasks, jobs, subscriptions, timers and incidents."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine import state, timers
from service.engine.instance import Instance, Living
from service.engine.specs.activities import Person, Work, waits
from service.engine.token import Token
from service.engine.values import Incident, Job, OpenTask, Step, Subscription


def step(instance: Instance) -> Step:
    """Where the instance stands. It is not moved any further: its resting items are kept as text now."""
    stored = state.dump(instance)
    tokens = sorted(
        (t for t in instance.tokens.values() if t.task_spec.name != "(start)"), key=lambda t: int(t.id)
    )
    waiting = [token for token in tokens if token.state == TaskState.WAITING]
    return Step(
        state=stored,
        variables=dict(instance.scopes[instance.scope][1]),
        ready=partial(_ready, instance, [token for token in tokens if waits(token)]),
        subscriptions=tuple(one for token in waiting if (one := subscription(token)) is not None),
        wakes_at=None
        if instance.held
        else min((due for token in waiting if (due := due_at(token)) is not None), default=None),
        incidents=tuple(incident(token) for token in tokens if token.state == TaskState.ERROR),
        facts=tuple(instance.facts),
        thrown=tuple(instance.thrown),
        ended=instance.ended,
        outcome=instance.outcome,
        held=instance.held,
    )


def _ready(instance: Instance, tokens: list[Token]) -> tuple[tuple[OpenTask, ...], tuple[Job, ...]]:
    """What waits for a person, and what for a program; of tokens and of parked items."""
    found: list[tuple[int, Any, dict[str, Any], Living]] = [
        (int(t.id), t.task_spec, t.internal_data, t.workflow) for t in tokens
    ]
    for id, home, _, name, internal, *_ in instance.parked.lines():
        workflow = instance.subprocesses[home] if home else instance
        found.append((id, workflow.spec.task_specs[name], internal, workflow))
    found.sort(key=lambda one: one[0])
    return (
        tuple(_open_task(*one) for one in found if isinstance(one[1], Person)),
        tuple(_job(*one) for one in found if isinstance(one[1], Work)),
    )


def _open_task(token: int, spec: Any, internal: dict[str, Any], workflow: Living) -> OpenTask:
    element, texts = spec.element, internal["t"]
    return OpenTask(
        token=token,
        element=element.id,
        name=element.name,
        process_id=workflow.spec.process_id,
        version=workflow.version,
        lane=element.lane,
        form_id=texts.get("form", ""),
        assignee=texts.get("assignee", ""),
        candidate_groups=tuple(texts.get("groups", ())),
        candidate_users=tuple(texts.get("users", ())),
        due_at=_moment(texts.get("due")),
        follow_up_at=_moment(texts.get("follow")),
        priority=texts.get("priority", 50),
    )


def _moment(text: str | None) -> datetime | None:
    return timers.read(text) if text else None


def _job(token: int, spec: Any, internal: dict[str, Any], workflow: Living) -> Job:
    element = spec.element
    kind, retries = internal["j"]
    return Job(
        token=token,
        element=element.id,
        process_id=workflow.spec.process_id,
        type=kind,
        retries=retries,
        headers=element.headers,
    )


def subscription(token: Token) -> Subscription | None:
    event: Any = token.task_spec.element.event
    if event is None or event.kind not in ("message", "signal"):
        return None
    return Subscription(
        token=token.id,
        element=token.task_spec.element.id,
        kind=event.kind,
        name=event.name,
        correlation_key=token.internal_data.get("key", ""),
    )


def due_at(token: Token) -> datetime | None:
    return _moment(token.internal_data.get("due"))


def incident(token: Token) -> Incident:
    error_type, message, _ = token.internal_data["x"]
    return Incident(
        token=token.id, element=token.task_spec.element.id, error_type=error_type, message=message
    )
