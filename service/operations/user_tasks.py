"""User tasks for /v2: the same path, form and policy as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.access import Permission
from service.domain import Actor, DefinitionKey, Fact, InstanceKey, TaskKey
from service.errors import BadRequest, Conflict, TaskNotOpen
from service.operations import definitions, instances, moves, offers, searches, submissions, tasks
from service.operations.guard import Work, again, who, working
from service.operations.records import FormRecord, Page, Query, UserTaskRecord, VariableRecord
from service.operations.submissions import Opened
from service.store import accounts
from service.store import definitions as definition_rows
from service.store import tasks as rows
from service.store.rows import Found


def get(actor: Actor, key: int) -> UserTaskRecord:
    """One task."""
    with working(actor) as work:
        opened = _read(work, key)
        return _record(opened.row, _form_key(work, opened.row))


def search(actor: Actor, query: Query) -> Page[UserTaskRecord]:
    """The tasks that this actor may find."""
    with working(actor) as work:
        work.go_on()
        found, total = rows.search(
            work.session,
            searches.of(query),
            account_key=actor.account,
            candidates=sorted(actor.candidates),
            operates=work.operates,
        )
        keys = definition_rows.form_keys(
            work.session, {(r.deployment_key, r.form_id) for r in found if r.form_id}
        )
        searches.note(work, "task-list", Permission.TASK_READ)
    records = (_record(row, keys.get((row.deployment_key, row.form_id))) for row in found)
    return Page(items=tuple(records), total=total)


def complete(actor: Actor, key: int, variables: Mapping[str, Any], *, idempotency_key: str = "") -> None:
    """Complete a task; variables pass its form. Undeclared ones are refused where a form is attached."""
    submissions.complete(actor, key, variables, html=False, idempotency_key=idempotency_key)


@again
def assign(actor: Actor, key: int, assignee: str, *, allow_override: bool = True) -> None:
    """Give a task to one account. Conflict when somebody has it and it may not be taken over."""
    with working(actor) as work:
        opened = _locked(work, key)
        if opened.row.assignee and not allow_override:
            raise Conflict("Expected a task that nobody has, but it is assigned")
        if accounts.by_login(work.session, assignee.lower()) is None:
            raise BadRequest("Expected the login of an account", field="assignee")
        rows.offer(work.session, key, f"user:{assignee.lower()}", opened.row.due_at)
        _give(work, opened, assignee.lower(), "task:assigned")


@again
def unassign(actor: Actor, key: int) -> None:
    """Give a task back to its candidates."""
    with working(actor) as work:
        _give(work, _locked(work, key), "", "task:unassigned")


@again
def update(actor: Actor, key: int, changes: Mapping[str, Any]) -> None:
    """Change due_at, follow_up_at, candidate_users, candidate_groups and priority of a task; "" takes a moment away."""
    with working(actor) as work:
        opened = _locked(work, key)
        values = {name: None if value == "" else value for name, value in changes.items()}
        if not values:
            return
        row = opened.row
        wanted: dict[str, Any] = {name: values.get(name, getattr(row, name)) for name in _OFFERED}
        element = opened.process.definition.elements.get(row.element_id)
        offer = offers.offers(
            opened.process,
            element.lane if element else "",
            opened.bindings,
            groups=wanted["candidate_groups"],
            users=wanted["candidate_users"],
            assignee=row.assignee,
        )
        rows.change(work.session, key, values, offer.candidates, wanted["due_at"])
        data = {"task": str(key), "names": sorted(values)}
        fact = Fact(kind="task:changed", element=row.element_id, data=data)
        moves.tell(tasks.place(work, opened), [fact], {}, who(work.actor))


_OFFERED = ("candidate_groups", "candidate_users", "due_at")


def form(actor: Actor, key: int) -> FormRecord | None:
    """The form of a task in the version it was made with; None when it has none."""
    with working(actor) as work:
        row = _read(work, key).row
        form_key = _form_key(work, row)
        return definitions.form_record(work, form_key) if form_key else None


def variables(actor: Actor, key: int, query: Query) -> Page[VariableRecord]:
    """The process variables that a task sees: never dossier values."""
    with working(actor) as work:
        opened = _read(work, key)
        values = tasks.context(work, opened)
    return instances.variable_page(values, opened.row.instance_key, query)


def _read(work: Work, key: int, *, entered: bool = False) -> Opened:
    opened = submissions.find(work, key, entered=entered)
    work.require(Permission.TASK_READ, opened.resource, action="R", kind="task", key=key)
    return opened


def _locked(work: Work, key: int) -> Opened:
    submissions.lock(work, key)
    opened = _read(work, key, entered=True)
    work.require(Permission.TASK_ASSIGN, opened.resource, action="U", kind="task", key=key, hidden=False)
    if opened.row.state != "CREATED":
        row = opened.row
        raise TaskNotOpen(by=row.ended_by_name or "", at=row.ended_at, state=row.state)
    return opened


def _give(work: Work, opened: Opened, login: str, kind: str) -> None:
    rows.assign(work.session, opened.row.key, login)
    fact = Fact(kind=kind, element=opened.row.element_id, data={"task": str(opened.row.key)})
    moves.tell(tasks.place(work, opened), [fact], {}, who(work.actor))


def _form_key(work: Work, row: Found) -> int | None:
    if not row.form_id:
        return None
    return definition_rows.form_keys(work.session, {(row.deployment_key, row.form_id)}).get(
        (row.deployment_key, row.form_id)
    )


def _record(row: Found, form_key: int | None) -> UserTaskRecord:
    return UserTaskRecord(
        key=TaskKey(row.key),
        name=row.name,
        state=row.state,
        assignee=row.assignee,
        element_id=row.element_id,
        candidate_groups=tuple(row.candidate_groups),
        candidate_users=tuple(row.candidate_users),
        process_id=row.process_id,
        process_name=row.process_name,
        version=row.version,
        definition_key=DefinitionKey(row.definition_key),
        instance_key=InstanceKey(row.instance_key),
        form_key=DefinitionKey(form_key) if form_key else None,
        token=row.token,
        priority=row.priority,
        created_at=row.created_at,
        ended_at=row.ended_at,
        due_at=row.due_at,
        follow_up_at=row.follow_up_at,
    )
