"""Invitations, and the people of an organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store import organisations
from service.store.rows import Found
from service.store.tables import account, invitation, membership, user_task


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Add an invitation."""
    session.execute(insert(invitation).values(dict(row)))


def lock(session: Session, token_hash: bytes, at: datetime) -> Found | None:
    """An open invitation; a second one who tries a code waits."""
    return session.execute(
        select(invitation)
        .where(
            invitation.c.token_hash == token_hash,
            invitation.c.expires_at > at,
            invitation.c.accepted_at.is_(None),
        )
        .with_for_update()
    ).one_or_none()


def tried(session: Session, key: int) -> None:
    """Count a wrong code."""
    session.execute(update(invitation).where(invitation.c.key == key).values(tries=invitation.c.tries + 1))


def accept(session: Session, key: int, at: datetime) -> None:
    """It is used."""
    session.execute(update(invitation).where(invitation.c.key == key).values(accepted_at=at))


def open_of(session: Session, organisation_key: str, at: datetime) -> Sequence[Found]:
    """The open invitations of an organisation, newest first."""
    one = invitation.c
    return session.execute(
        select(invitation)
        .where(one.organisation_key == organisation_key, one.expires_at > at, one.accepted_at.is_(None))
        .order_by(one.created_at.desc(), one.key)
    ).all()


def withdraw(session: Session, key: int, organisation_key: str) -> bool:
    """Take an open invitation back."""
    made = session.execute(
        delete(invitation)
        .where(
            invitation.c.key == key,
            invitation.c.organisation_key == organisation_key,
            invitation.c.accepted_at.is_(None),
        )
        .returning(invitation.c.key)
    )
    return made.scalar() is not None


def forget_restoring(session: Session, account_key: int) -> None:
    """An account has one open letter to come in again."""
    session.execute(
        delete(invitation).where(invitation.c.restores == account_key, invitation.c.accepted_at.is_(None))
    )


def of_task(session: Session, task_key: int, at: datetime) -> Sequence[Found]:
    """The open invitations of guests to one task."""
    one = invitation.c
    return session.execute(
        select(one.key, one.name, one.expires_at)
        .where(one.task_key == task_key, one.expires_at > at, one.accepted_at.is_(None))
        .order_by(one.created_at, one.key)
    ).all()


def withdraw_of_task(session: Session, key: int, task_key: int) -> bool:
    """Take the open invitation of a guest back."""
    made = session.execute(
        delete(invitation)
        .where(invitation.c.key == key, invitation.c.task_key == task_key, invitation.c.accepted_at.is_(None))
        .returning(invitation.c.key)
    )
    return made.scalar() is not None


def sweep(session: Session, at: datetime) -> None:
    """Forget what nobody accepted in time."""
    session.execute(
        delete(invitation).where(invitation.c.expires_at <= at, invitation.c.accepted_at.is_(None))
    )


def people(session: Session, organisation_key: str) -> Sequence[Found]:
    """Account, login, name and one role per row, of an organisation."""
    return session.execute(
        select(account.c.key, account.c.login, account.c.name, membership.c.role)
        .join(membership, membership.c.account_key == account.c.key)
        .where(membership.c.organisation_key == organisation_key, account.c.disabled_at.is_(None))
        .order_by(account.c.name, account.c.key, membership.c.role)
    ).all()


def give_roles(session: Session, account_key: int, roles: Sequence[str], organisation_key: str) -> None:
    """Add roles at an organisation; those that are held stay."""
    organisations.refuse_outside(session, [organisation_key] if roles else [])
    rows = [
        {"account_key": account_key, "role": role, "organisation_key": organisation_key} for role in roles
    ]
    if rows:
        session.execute(upsert(membership).values(rows).on_conflict_do_nothing())


def take_roles(session: Session, account_key: int, organisation_key: str, keep: Sequence[str] = ()) -> None:
    """Take the roles at an organisation away, but for those in `keep`."""
    session.execute(
        delete(membership).where(
            membership.c.account_key == account_key,
            membership.c.organisation_key == organisation_key,
            membership.c.role.not_in(list(keep)),
        )
    )


def taken_tasks(session: Session, login: str, organisation_key: str) -> Sequence[Found]:
    """The open tasks of an organisation that somebody took."""
    return session.execute(
        select(user_task.c.key, user_task.c.instance_key, user_task.c.element_id).where(
            user_task.c.assignee == login,
            user_task.c.organisation_key == organisation_key,
            user_task.c.state == "CREATED",
        )
    ).all()
