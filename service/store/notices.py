"""Whom a mail may reach: who holds a role, and to whom a new task is offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Text, cast, literal, or_, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import account, membership, task_candidate, task_notice, user_task

EVERYBODY = 0  # the row that says up to which key all tasks were looked at


def logins(session: Session, posts: Iterable[tuple[str, str]]) -> Sequence[str]:
    """The logins of who holds one of these (role, organisation) pairs."""
    wanted = sorted(set(posts))
    if not wanted:
        return ()
    held = tuple_(membership.c.role, membership.c.organisation_key).in_(wanted)
    found = (
        select(account.c.login)
        .join(membership, membership.c.account_key == account.c.key)
        .where(held, account.c.disabled_at.is_(None))
    )
    return session.execute(found.distinct().order_by(account.c.login)).scalars().all()


def lock_mark(session: Session, first: int) -> int:
    """Up to which key tasks were looked at; one worker at a time. `first` where nobody looked before."""
    session.execute(upsert(task_notice).values(account_key=EVERYBODY, up_to=first).on_conflict_do_nothing())
    row = select(task_notice.c.up_to).where(task_notice.c.account_key == EVERYBODY).with_for_update()
    return int(session.execute(row).scalar_one())


def fresh(session: Session, after: int, up_to: int) -> Sequence[Found]:
    """Candidate and key of open tasks that came in a range of keys and that nobody took; one row per offer."""
    return session.execute(
        select(task_candidate.c.candidate, user_task.c.key)
        .join(task_candidate, task_candidate.c.task_key == user_task.c.key)
        .where(
            user_task.c.key > after,
            user_task.c.key <= up_to,
            user_task.c.state == "CREATED",
            or_(user_task.c.assignee == "", task_candidate.c.candidate == "user:" + user_task.c.assignee),
        )
        .order_by(user_task.c.key)
    ).all()


def people(session: Session, candidates: Iterable[str]) -> Sequence[tuple[str, int, str]]:
    """Candidate, account and login of each person whom these names mean: role@organisation, account:key, user:login."""
    wanted = sorted(set(candidates))
    post = membership.c.role + "@" + membership.c.organisation_key
    held = (
        select(post, account.c.key, account.c.login)
        .join(membership, membership.c.account_key == account.c.key)
        .where(post.in_(wanted))
    )
    own = [
        select(name, account.c.key, account.c.login).where(name.in_(wanted))
        for name in (literal("account:") + cast(account.c.key, Text), literal("user:") + account.c.login)
    ]
    found = union_all(*(one.where(account.c.disabled_at.is_(None)) for one in (held, *own)))
    return [(row[0], int(row[1]), str(row[2])) for row in session.execute(found)]


def told(session: Session, accounts: Iterable[int]) -> Mapping[int, int]:
    """Up to which task each of these was told."""
    wanted = select(task_notice).where(task_notice.c.account_key.in_(sorted(set(accounts))))
    return {row.account_key: row.up_to for row in session.execute(wanted)}


def tell(session: Session, up_to: Mapping[int, int]) -> None:
    """Remember up to which task each was told; account 0 for all tasks together."""
    if not up_to:
        return
    row = upsert(task_notice).values([{"account_key": key, "up_to": task} for key, task in up_to.items()])
    session.execute(
        row.on_conflict_do_update(index_elements=["account_key"], set_={"up_to": row.excluded.up_to})
    )
