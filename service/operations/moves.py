"""Saving what the engine did: the state, the tasks that came and went, what it waits for, and the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from service import history
from service.domain import Actor, Fact, Json, new_key
from service.engine import OpenTask, Step
from service.operations import catalog, events, evidence, monitor, outbox, participants
from service.operations.catalog import Process
from service.operations.offers import Bound, Participant, invited, offers
from service.store import casus, facts, incidents, instances, organisations, steps, tasks, waits
from service.store.rows import Found, Session
from service.store.steps import Change

_CAUSED = frozenset(
    {"instance:started", "instance:terminated", "casus:opened", "task:unassigned", "task:assigned"}
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a move happens."""

    session: Session
    process: Process
    instance_key: int
    casus_key: int | None
    bindings: Sequence[Bound]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Before:
    """What stood before the move, as far as saving needs it."""

    revision: int = 0
    has_incident: bool = False
    open_tasks: Mapping[int, int] = field(default_factory=dict)  # token -> task key


def save(
    place: Place, step: Step, before: Before, *, done: int | None = None, by: Actor | None = None
) -> dict[int, int]:
    """Save a step without its facts; gives token -> task key of all tasks that came or went.

    done  token of the task that this move completed
    by    who completed it
    """
    place = _joined(place, step)
    change, keys = _change(place, step, before, done, by)
    steps.save(place.session, change)
    _rest(place, step, has_incident=before.has_incident)
    return keys


def begin(place: Place, step: Step, started_by: int) -> dict[int, int]:
    """Save the first step of a new instance without its facts; gives token -> task key."""
    place = _joined(place, step)
    change, keys = _change(place, step, Before(), None, None)
    steps.begin(place.session, change, definition_key=place.process.key, started_by=started_by)
    _rest(place, step, has_incident=False)
    return keys


def _joined(place: Place, step: Step) -> Place:
    """With the organisations that a task names and that took no part in the casus yet: from now on they do."""
    if place.casus_key is None or not any(
        "@" in group for one in step.open_tasks for group in one.candidate_groups
    ):
        return place
    known = {one.candidate for one in place.bindings}
    new: dict[str, Participant] = {}
    for task in step.open_tasks:
        process = catalog.of_task(place.session, place.process, task.process_id, task.version)
        for one in invited(process, task.lane, task.candidate_groups):
            if one.candidate not in known:
                new[one.candidate] = one
    exist = {one.key for one in organisations.everything(place.session)} if new else set()
    joining = [one for one in new.values() if one.organisation_key in exist]
    casus.bind_once(
        place.session,
        place.casus_key,
        [participants.at(one.role, one.organisation_key, place.at) for one in joining],
    )
    return replace(place, bindings=(*place.bindings, *joining))


def _rest(place: Place, step: Step, *, has_incident: bool) -> None:
    if step.ended and any(event.kind == "message" for event in place.process.definition.start_events):
        outbox.look_again(place.session, place.instance_key, place.process.id, place.at)
    if step.thrown:
        outbox.send(place.session, step.thrown, place.at)
    if place.process.waits:
        _waits(place, step)
    if step.incidents or has_incident:
        _incidents(place, step)
    if step.ended:
        monitor.record(place, step)


def tell(
    place: Place,
    found: Sequence[Fact],
    keys: Mapping[int, int],
    cause: Mapping[str, Json],
    *,
    done: int | None = None,
) -> None:
    """Append facts in one call.

    cause  who did it, and what belongs to it; joins the facts that a person causes: start, end, and task `done`
    """
    told = [_told(fact, keys, cause, done) for fact in found]
    if place.process.sensitive:
        told = [evidence.close(place.session, place.casus_key, fact) for fact in told]
    lines = [line(place.at, fact) for fact in told]
    if lines:
        facts.append(place.session, place.instance_key, lines)
    events.tell(place.session, place.process.id, place.instance_key, place.casus_key, told, place.at)


def line(at: datetime, fact: Fact) -> tuple[datetime, str, str]:
    """A fact as the history keeps it: moment, kind, canonical text of all of it."""
    told = {"at": at.isoformat(), "kind": fact.kind, "element": fact.element, "data": dict(fact.data)}
    return at, fact.kind, history.canonical(told)


def _told(fact: Fact, keys: Mapping[int, int], cause: Mapping[str, Json], done: int | None) -> Fact:
    token = fact.data.get("token")
    data = dict(fact.data)
    if fact.kind.startswith("task:") and isinstance(token, int) and token in keys:
        data["task"] = str(keys[token])
    finished = done is not None and token == done and fact.kind in {"task:completed", "incident:raised"}
    if finished or fact.kind in _CAUSED:
        data |= cause
    return replace(fact, data=data)


def _change(
    place: Place, step: Step, before: Before, done: int | None, by: Actor | None
) -> tuple[Change, dict[int, int]]:
    known = before.open_tasks
    wanted = {task.token: task for task in step.open_tasks}
    ended = {token: key for token, key in known.items() if token not in wanted or token == done}
    fresh = {token: new_key(place.at) for token in wanted if token not in known or token in ended}
    rows = [_row(place, wanted[token], key) for token, key in fresh.items()]
    change = Change(
        instance_key=place.instance_key,
        casus_key=place.casus_key,
        at=place.at,
        columns={
            "state": step.state,
            "revision": before.revision + 1,
            "status": step.ended or ("SUSPENDED" if step.held else "ACTIVE"),
            "has_incident": bool(step.incidents),
            "wakes_at": None if step.ended else step.wakes_at,
            "outcome": step.outcome,
            "ended_at": place.at if step.ended else None,
        },
        gone=tuple(ended.values()),
        done=ended.get(done, 0) if done is not None else 0,
        by=by.account if by else None,
        tasks=tuple(row for row, _ in rows),
        offers=tuple(
            {"candidate": name, "task_key": row["key"], "due_at": row["due_at"]}
            for row, names in rows
            for name in names
        ),
    )
    return change, {**fresh, **known}


def _row(place: Place, task: OpenTask, key: int) -> tuple[dict[str, object], tuple[str, ...]]:
    process = catalog.of_task(place.session, place.process, task.process_id, task.version)
    offer = offers(
        process,
        task.lane,
        place.bindings,
        groups=task.candidate_groups,
        users=task.candidate_users,
        assignee=task.assignee or "",
    )
    row: dict[str, object] = {
        "key": key,
        "token": task.token,
        "definition_key": None if process.key == place.process.key else process.key,
        "element_id": task.element,
        "name": task.name or task.element,
        "role": offer.role,
        "organisation_key": offer.organisation,
        "form_id": task.form_id or "",
        "assignee": task.assignee or "",
        "candidate_groups": list(task.candidate_groups),
        "candidate_users": list(task.candidate_users),
        "priority": task.priority,
        "due_at": _text(task.due_at),
        "follow_up_at": _text(task.follow_up_at),
    }
    return row, offer.candidates


def _waits(place: Place, step: Step) -> None:
    known = {row.token: row for row in waits.open_jobs(place.session, place.instance_key)}
    wanted = {job.token: job for job in step.jobs}
    stuck = {incident.token for incident in step.incidents}
    gone = [row.key for token, row in known.items() if token not in wanted and token not in stuck]
    waits.end_jobs(place.session, gone, place.at)
    for token, row in known.items():
        if token in wanted and row.state == "FAILED":
            waits.offer_again(place.session, row.key, max(row.retries, 1), place.at)
    waits.add_jobs(
        place.session,
        [
            {
                "key": new_key(place.at),
                "instance_key": place.instance_key,
                "token": token,
                "element_id": job.element,
                "type": job.type,
                "retries": job.retries,
                "state": "CREATED",
                "headers": dict(job.headers),
                "created_at": place.at,
            }
            for token, job in wanted.items()
            if token not in known
        ],
    )
    heard = {
        (row.token, row.name, row.correlation_key)
        for row in waits.subscriptions(place.session, place.instance_key)
    }
    began = [one for one in step.subscriptions if (one.token, one.name, one.correlation_key) not in heard]
    outbox.look_for(place.session, began, place.process.id, place.at)
    waits.set_subscriptions(
        place.session,
        place.instance_key,
        [
            {
                "token": s.token,
                "kind": s.kind,
                "name": s.name,
                "correlation_key": s.correlation_key or "",
                "element_id": s.element,
                "updated_at": place.at,
            }
            for s in step.subscriptions
        ],
    )


def _incidents(place: Place, step: Step) -> None:
    known = {row.token: row.key for row in incidents.active(place.session, place.instance_key)}
    wanted = {incident.token: incident for incident in step.incidents}
    incidents.resolve(place.session, [key for token, key in known.items() if token not in wanted], place.at)
    incidents.add(
        place.session,
        [
            {
                "key": new_key(place.at),
                "instance_key": place.instance_key,
                "token": token,
                "element_id": incident.element,
                "error_type": incident.error_type,
                "message": incident.message,
                "state": "ACTIVE",
                "created_at": place.at,
            }
            for token, incident in wanted.items()
            if token not in known
        ],
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def before(session: Session, row: Found) -> Before:
    """What stood, from a locked instance row and its open tasks."""
    known = {task.token: task.key for task in tasks.open_of_instance(session, row.key)}
    return standing(row, known)


def standing(row: Found, open_tasks: Mapping[int, int]) -> Before:
    """What stood, from a locked instance row when its open tasks are known."""
    return Before(revision=row.revision, has_incident=row.has_incident, open_tasks=open_tasks)


def close_casus(place: Place, step: Step) -> None:
    """The casus ends with its last running process."""
    if not step.ended or place.casus_key is None:
        return
    casus.lock(place.session, place.casus_key)
    if all(row.ended_at is not None for row in instances.of_casus(place.session, [place.casus_key])):
        casus.close(place.session, place.casus_key, "AFGEROND", place.at)
