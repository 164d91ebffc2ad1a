"""The tasks of a person: find them, open one, keep a draft, complete it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from service import engine, forms
from service.access import Decision, Permission
from service.domain import Actor, DataClass, Fact, InstanceKey, Json, TaskKey
from service.errors import Conflict, NotFound, TaskNotOpen
from service.forms import FormView
from service.operations import (
    behalf,
    casussen,
    catalog,
    moves,
    proof,
    runtime,
    safety,
    sealing,
    shown,
    submissions,
)
from service.operations.guard import Work, again, who, working
from service.operations.spoken import BehalfRow
from service.operations.submissions import Opened, Submitted
from service.operations.views import Completed, TaskPage, TaskRow, TaskView
from service.store import absences, instances
from service.store import behalf as behalf_rows
from service.store import drafts as draft_rows
from service.store import tasks as rows
from service.store.rows import Found


def mine(actor: Actor, *, limit: int = 50, offset: int = 0) -> TaskPage:
    """The open tasks that are offered to this actor, nearest deadline first."""
    candidates = sorted(actor.candidates)
    with working(actor) as work:
        keys = rows.mine(work.session, candidates, limit=limit, offset=offset)
        work.go_on()
        total = len(keys) if not offset and len(keys) < limit else rows.count_mine(work.session, candidates)
        found = rows.described(work.session, keys)
        now = runtime.now()
        instead = _instead(work, found)
        work.note(Decision(allowed=True, reason="eigen takenlijst"), "R", "task-list", actor.account)
    return TaskPage(tasks=tuple(_listed(row, now, instead) for row in found), total=total)


def _instead(work: Work, found: Sequence[Found]) -> frozenset[tuple[str, str, str]]:
    """Login, role and organisation for whom the actor stands in; not looked up where no colleague took a task."""
    if all(row.assignee in {"", work.actor.login} for row in found):
        return frozenset()
    held = absences.standing_in(work.session, work.actor.account, runtime.now())
    return frozenset((one.login, one.role, one.organisation_key) for one in held)


def _listed(row: Found, now: datetime, instead: frozenset[tuple[str, str, str]]) -> TaskRow:
    behalf = (row.assignee, row.role, row.organisation_key) in instead
    return replace(shown.task_row(row, now), behalf=behalf)


def open(actor: Actor, key: TaskKey) -> TaskView:  # reads as tasks.open
    """A task with its form, filled with this actor's draft when there is one."""
    with working(actor) as work:
        opened = _read(work, key)
        if opened.row.state == "CREATED":
            proof.require(actor, proof.asked_by(opened.form))
        draft = draft_rows.get(work.session, key, actor.account)
        raw = unsealed(draft.sealed, key, actor) if draft and opened.form else {}
        values = forms.collect(opened.form, raw) if opened.form and raw else {}
        return _view(work, opened, values, {}, draft.saved_at if draft else None)


def rejected_view(actor: Actor, key: TaskKey, raw: Mapping[str, Any], errors: Mapping[str, str]) -> TaskView:
    """The task with what was typed, and what to mend in it."""
    with working(actor) as work:
        opened = _read(work, key)
        values = forms.collect(opened.form, raw) if opened.form else {}
        return _view(work, opened, values, dict(errors), None)


def complete(
    actor: Actor, key: TaskKey, raw: Mapping[str, Any], *, idempotency_key: str = "", as_html: bool = True
) -> Completed:
    """Complete a task once. Raises NotFound, TaskNotOpen, AnswersRejected.

    raw  posted form fields by path when `as_html`, else nested JSON answers
    """
    found: list[TaskRow] = []

    def look(work: Work, done: Submitted) -> None:
        if done.casus_key is not None:
            mine_here = rows.mine_of_casus(work.session, done.casus_key, sorted(actor.candidates))
            found[:] = [shown.task_row(row, runtime.now()) for row in mine_here]

    done = submissions.complete(actor, key, raw, html=as_html, idempotency_key=idempotency_key, then=look)
    return Completed(
        task_key=TaskKey(done.task_key),
        instance_key=InstanceKey(done.instance_key),
        casus_number=done.casus_number,
        next_tasks=tuple(found),
        ended=done.ended,
    )


def save_draft(actor: Actor, key: TaskKey, raw: Mapping[str, Any]) -> datetime:
    """Keep what was typed, sealed, for this actor alone; gives the moment."""
    with working(actor) as work:
        opened = _read(work, key, action="U")
        _must_be_open(opened)
        now = runtime.now()
        text = json.dumps(raw, ensure_ascii=False).encode()
        draft_rows.save(
            work.session, key, actor.account, sealing.seal_own(text, draft_place(key, actor)), now
        )
    return now


@again
def claim(actor: Actor, key: TaskKey) -> None:
    """Take a task that is offered to more people."""
    with working(actor) as work:
        opened = _locked(work, key, Permission.TASK_CLAIM)
        if opened.row.assignee not in {"", actor.login}:
            raise Conflict(
                f"Expected a task that nobody took, but {opened.row.assignee_name or 'somebody'} did"
            )
        _assign(work, opened, actor.login, "task:assigned")


@again
def unclaim(actor: Actor, key: TaskKey) -> None:
    """Give a task back to all to whom it is offered."""
    with working(actor) as work:
        opened = _locked(work, key, Permission.TASK_CLAIM)
        if opened.row.assignee not in {"", actor.login} and not work.operates:
            raise Conflict("Expected a task that you took, but somebody else did")
        _assign(work, opened, "", "task:unassigned")


def _locked(work: Work, key: int, permission: Permission) -> Opened:
    submissions.lock(work, key)
    opened = submissions.find(work, key, entered=True)
    work.require(permission, opened.resource, action="U", kind="task", key=key)
    _must_be_open(opened)
    return opened


def _assign(work: Work, opened: Opened, login: str, kind: str) -> None:
    if opened.row.assignee == login:
        return
    rows.assign(work.session, opened.row.key, login)
    fact = Fact(kind=kind, element=opened.row.element_id, data={"task": str(opened.row.key)})
    moves.tell(place(work, opened), [fact], {}, who(work.actor))


def place(work: Work, opened: Opened) -> moves.Place:
    """Where a move of this task happens."""
    return moves.Place(
        session=work.session,
        process=opened.process,
        instance_key=opened.row.instance_key,
        casus_key=opened.row.casus_key,
        bindings=opened.bindings,
        at=runtime.now(),
    )


def _must_be_open(opened: Opened) -> None:
    row = opened.row
    if row.state != "CREATED":
        raise TaskNotOpen(by=row.ended_by_name or "", at=row.ended_at, state=row.state)


def _read(work: Work, key: int, action: str = "R") -> Opened:
    opened = submissions.find(work, key)
    work.require(Permission.TASK_READ, opened.resource, action=action, kind="task", key=key)
    return opened


def _view(
    work: Work,
    opened: Opened,
    values: Mapping[str, Json],
    errors: dict[str, str],
    saved_at: datetime | None,
) -> TaskView:
    row = opened.row
    entered = behalf_rows.of_task(work.session, row.key) if row.state == "COMPLETED" else None
    told = _told(work, opened, entered) if entered is not None else None
    return TaskView(
        row=shown.task_row(row, runtime.now()),
        form=_form(work, opened, values, errors),
        instance_key=InstanceKey(row.instance_key),
        casus=casussen.head(work, row.casus_key) if row.casus_key is not None else None,
        draft_saved_at=saved_at,
        completed_by=told.by_name if told is not None else row.ended_by_name or "",
        completed_at=row.ended_at,
        behalf=told,
        spoken_for=entered is not None and entered.account_key == work.actor.account,
        may_object=entered is not None and entered.entered_by != work.actor.account,
    )


def _told(work: Work, opened: Opened, entered: Found) -> BehalfRow:
    """How the answer came about; the note for whose answer it is and who entered it, after a proof as for care."""
    row = opened.row
    told = safety.untold(behalf.shown_row(entered), safety.of_casus(work.session, work.actor, row.casus_key))
    theirs = entered.account_key == work.actor.account or entered.entered_by == work.actor.account
    if not theirs or not entered.sealed or proof.missing(work.actor, {DataClass.CARE.value}):
        return told
    try:
        place = behalf.place(row.casus_key, row.key)
        child = sealing.child_key(row.subject_key, row.wrapped_key)
        return replace(told, note=sealing.unseal(child, bytes(entered.sealed), place).decode())
    except NotFound:  # the child's key was erased, and the note with it
        return told


def _form(work: Work, opened: Opened, values: Mapping[str, Json], errors: dict[str, str]) -> FormView:
    row = opened.row
    if row.state != "CREATED":
        return FormView(id=row.form_id, title=row.name, fields=())
    return shown.form_view(opened.form, row.name, dict(values), errors, context(work, opened))


def context(work: Work, opened: Opened) -> dict[str, Json]:
    """The process variables that this task sees."""
    instance = instances.get(work.session, opened.row.instance_key)
    if instance is None:
        return {}
    definition = catalog.running(work.session, instance).definition
    host = runtime.host(instance.key)
    return dict(engine.visible(definition, bytes(instance.state), opened.row.token, host=host))


def draft_place(key: int, actor: Actor) -> str:
    """What a sealed draft is bound to: one task and one account."""
    return f"draft/{key}/{actor.account}"


def unsealed(sealed: bytes, key: int, actor: Actor) -> dict[str, Any]:
    """What somebody typed, as they posted it."""
    raw: dict[str, Any] = json.loads(sealing.open_own(bytes(sealed), draft_place(key, actor)))
    return raw
