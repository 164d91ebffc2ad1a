"""Saving what the engine did: the state, the tasks that came and went, what it waits for, and the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service import history
from service.domain import Actor, Fact, Json, new_key
from service.engine import OpenTask, Step
from service.operations.catalog import Process
from service.operations.offers import Bound, offers
from service.store import casus, facts, incidents, instances, tasks, waits
from service.store.rows import Found, Session

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
    fresh: bool = False  # the instance is new: nothing stood


def save(
    place: Place, step: Step, before: Before, *, done: int | None = None, by: Actor | None = None
) -> dict[int, int]:
    """Save a step without its facts; gives token -> task key of all tasks that came or went.

    done  token of the task that this move completed
    by    who completed it
    """
    keys = _tasks(place, step, before, done, by)
    if place.process.waits:
        _waits(place, step)
    if step.incidents or before.has_incident:
        _incidents(place, step)
    instances.save(place.session, place.instance_key, moved(step, before, place.at))
    return keys


def begin(place: Place, step: Step, started_by: int) -> dict[int, int]:
    """Save the first step of a new instance without its facts; gives token -> task key."""
    start = Before(fresh=True)
    new = {
        "key": place.instance_key,
        "definition_key": place.process.key,
        "casus_key": place.casus_key,
        "started_by": started_by,
        "started_at": place.at,
    }
    instances.add(place.session, new | moved(step, start, place.at))
    keys = _tasks(place, step, start, None, None)
    if place.process.waits:
        _waits(place, step)
    _incidents(place, step)
    return keys


def moved(step: Step, before: Before, at: datetime) -> dict[str, object]:
    """The columns of the instance after a step."""
    return {
        "state": step.state,
        "revision": before.revision + 1,
        "status": step.ended or "ACTIVE",
        "has_incident": bool(step.incidents),
        "wakes_at": None if step.ended else step.wakes_at,
        "outcome": step.outcome or "",
        "ended_at": at if step.ended else None,
    }


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
    lines = [line(place.at, _told(fact, keys, cause, done)) for fact in found]
    if lines:
        facts.append(place.session, place.instance_key, lines)


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


def _tasks(place: Place, step: Step, before: Before, done: int | None, by: Actor | None) -> dict[int, int]:
    known = {} if before.fresh else _open(place)
    wanted = {task.token: task for task in step.open_tasks}
    ended = {token: key for token, key in known.items() if token not in wanted or token == done}
    finished = [key for token, key in ended.items() if token == done]
    cancelled = [key for token, key in ended.items() if token != done]
    tasks.end(place.session, finished, "COMPLETED", place.at, by.account if by else None)
    tasks.end(place.session, cancelled, "CANCELED", place.at, None)
    fresh = {t: new_key(place.at) for t in wanted if t not in known or t in ended}
    rows, candidates = [], []
    for token, key in fresh.items():
        row, names = _row(place, wanted[token], key)
        rows.append(row)
        candidates += [{"candidate": name, "task_key": key, "due_at": row["due_at"]} for name in names]
    tasks.add(place.session, rows, candidates)
    return {**known, **fresh, **({done: ended[done]} if done in ended and done is not None else {})}


def _open(place: Place) -> dict[int, int]:
    return {row.token: row.key for row in tasks.open_of_instance(place.session, place.instance_key)}


def _row(place: Place, task: OpenTask, key: int) -> tuple[dict[str, object], tuple[str, ...]]:
    offer = offers(
        place.process,
        task.lane,
        place.bindings,
        groups=task.candidate_groups,
        users=task.candidate_users,
        assignee=task.assignee or "",
    )
    row: dict[str, object] = {
        "key": key,
        "instance_key": place.instance_key,
        "token": task.token,
        "element_id": task.element,
        "name": task.name or task.element,
        "casus_key": place.casus_key,
        "role": offer.role,
        "organisation_key": offer.organisation,
        "form_id": task.form_id or "",
        "state": "CREATED",
        "assignee": task.assignee or "",
        "candidate_groups": list(task.candidate_groups),
        "candidate_users": list(task.candidate_users),
        "priority": task.priority,
        "due_at": task.due_at,
        "follow_up_at": task.follow_up_at,
        "created_at": place.at,
    }
    return row, offer.candidates


def _waits(place: Place, step: Step) -> None:
    known = {row.token: row.key for row in waits.open_jobs(place.session, place.instance_key)}
    wanted = {job.token: job for job in step.jobs}
    waits.end_jobs(place.session, [key for token, key in known.items() if token not in wanted], "COMPLETED")
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
    waits.set_subscriptions(
        place.session,
        place.instance_key,
        [
            {"token": s.token, "kind": s.kind, "name": s.name, "correlation_key": s.correlation_key or ""}
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


def before(row: Found) -> Before:
    """What stood, from a locked instance row."""
    return Before(revision=row.revision, has_incident=row.has_incident)


def close_casus(place: Place, step: Step) -> None:
    """The casus ends with its last running process."""
    if not step.ended or place.casus_key is None:
        return
    if all(row.status != "ACTIVE" for row in instances.of_casus(place.session, [place.casus_key])):
        casus.close(place.session, place.casus_key, "AFGEROND", place.at)
