"""A guest: somebody from outside the region's organisations who gets one task, sees that alone, and then nothing."""

from __future__ import annotations

from datetime import datetime

from service.access import Permission
from service.domain import Actor, Fact, TaskKey
from service.errors import NotFound, TaskNotOpen
from service.operations import inviting, moves, runtime, shown, submissions, users
from service.operations.guard import Work, who, working
from service.operations.outlooks import GuestRow, GuestsView, Invited
from service.operations.submissions import Opened
from service.store import accounts, facts, invitations, tasks
from service.store.rows import Found, Session

GUEST = "gast"


def view(actor: Actor, key: TaskKey) -> GuestsView:
    """Who from outside may do this task, and who is invited."""
    with working(actor) as work:
        opened = _shared(work, key, "R")
        row = shown.task_row(opened.row, runtime.now())
        inside = accounts.by_logins(work.session, opened.row.candidate_users)
        invited = invitations.of_task(work.session, key, runtime.now())
        return GuestsView(
            task_key=key,
            task_name=row.name,
            child=row.subject_name,
            inside=tuple(GuestRow(key=one.key, name=one.name, until=None) for one in inside),
            invited=tuple(GuestRow(key=one.key, name=one.name, until=one.expires_at) for one in invited),
        )


def invite(actor: Actor, key: TaskKey, login: str, name: str) -> Invited:
    """Invite somebody to this task alone. Raises NotFound, TaskNotOpen, BadRequest with its field."""
    users.check_login(login)
    users.check_name(name)
    with working(actor) as work:
        opened = _shared(work, key, "U")
        made = inviting.make(work.session, actor.account, login, name, (GUEST,), task_key=key)
        _tell(work, opened, "guest:invited", {})
        return made


def withdraw(actor: Actor, key: TaskKey, invitation: int) -> None:
    """Take an open invitation back."""
    with working(actor) as work:
        opened = _shared(work, key, "U")
        if not invitations.withdraw_of_task(work.session, invitation, key):
            raise work.missing("invitation", invitation, "D")
        _tell(work, opened, "guest:removed", {})


def remove(actor: Actor, key: TaskKey, account: int) -> None:
    """A guest may do the task no longer; what they typed stays theirs and unread."""
    with working(actor) as work:
        opened = _shared(work, key, "U")
        row = accounts.by_key(work.session, account)
        if row is None or row.login not in opened.row.candidate_users:
            raise work.missing("person", account, "D")
        tasks.unshare(work.session, key, row.login)
        _tell(work, opened, "guest:removed", {"of": str(account)})


def admit(session: Session, invited: Found, account: int, now: datetime) -> None:
    """An accepted invitation: the task is theirs too. Raises NotFound for a task that was done meanwhile."""
    row = tasks.get(session, invited.task_key)
    if row is None or row.state != "CREATED":
        raise NotFound
    tasks.share(session, row.key, invited.login, row.due_at)
    tasks.assign(
        session, row.key, invited.login
    )  # nobody does it meanwhile; who invited takes it back by removing
    fact = Fact(
        kind="guest:joined", element=row.element_id, data={"task": str(row.key), "account": str(account)}
    )
    facts.append(session, row.instance_key, [moves.line(now, fact)])


def _shared(work: Work, key: int, action: str) -> Opened:
    """The open task of an organisation for which the actor works."""
    opened = submissions.find(work, key)
    work.require(Permission.TASK_SHARE, opened.resource, action=action, kind="task", key=key)
    if opened.row.state != "CREATED":
        raise TaskNotOpen(by=opened.row.ended_by_name or "", at=opened.row.ended_at, state=opened.row.state)
    return opened


def _tell(work: Work, opened: Opened, kind: str, data: dict[str, str]) -> None:
    row = opened.row
    fact = Fact(kind=kind, element=row.element_id, data={"task": str(row.key), **data, **who(work.actor)})
    facts.append(work.session, row.instance_key, [moves.line(runtime.now(), fact)])
