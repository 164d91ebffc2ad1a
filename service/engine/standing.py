"""What an instance shows of itself after a move: its open tasks, jobs, subscriptions, timers and incidents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine import state, timers
from service.engine.instance import Instance
from service.engine.specs.activities import Person, Work, waits
from service.engine.token import Token
from service.engine.values import Incident, Job, OpenTask, Step, Subscription


def step(instance: Instance) -> Step:
    tokens = sorted(
        (t for t in instance.tokens.values() if t.task_spec.name != "(start)"), key=lambda t: int(t.id)
    )
    ready = [token for token in tokens if waits(token)]
    waiting = [token for token in tokens if token.state == TaskState.WAITING]
    return Step(
        state=state.dump(instance),
        variables=dict(instance.scopes[instance.scope][1]),
        open_tasks=tuple(open_task(token) for token in ready if isinstance(token.task_spec, Person)),
        jobs=tuple(job(token) for token in ready if isinstance(token.task_spec, Work)),
        subscriptions=tuple(one for token in waiting if (one := subscription(token)) is not None),
        wakes_at=min((due for token in waiting if (due := due_at(token)) is not None), default=None),
        incidents=tuple(incident(token) for token in tokens if token.state == TaskState.ERROR),
        facts=tuple(instance.facts),
        thrown=tuple(instance.thrown),
        ended=instance.ended,
        outcome=instance.outcome,
    )


def open_task(token: Token) -> OpenTask:
    element, texts = token.task_spec.element, token.internal_data["t"]
    return OpenTask(
        token=token.id,
        element=element.id,
        name=element.name,
        process_id=token.workflow.spec.process_id,
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


def job(token: Token) -> Job:
    element = token.task_spec.element
    kind, retries = token.internal_data["j"]
    return Job(
        token=token.id,
        element=element.id,
        process_id=token.workflow.spec.process_id,
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
