"""Accounts, their memberships, and failed attempts to sign in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import Session

from service.store import organisations
from service.store.rows import Found
from service.store.tables import account, login_attempt, membership, second_factor


def memberships_of(account_key: ColumnElement[int]) -> ColumnElement[Any]:
    """The memberships of one account as an array of "role@organisation", inside another statement."""
    pair = membership.c.role + "@" + membership.c.organisation_key
    return (
        select(func.coalesce(func.array_agg(aggregate_order_by(pair, pair)), []))
        .where(membership.c.account_key == account_key)
        .scalar_subquery()
        .label("memberships")
    )


def by_login(session: Session, login: str) -> Found | None:
    """An account that may sign in, with its memberships."""
    return session.execute(
        select(account, memberships_of(account.c.key)).where(
            account.c.login == login, account.c.disabled_at.is_(None)
        )
    ).one_or_none()


def by_key(session: Session, key: int) -> Found | None:
    """An account with its memberships."""
    return session.execute(
        select(account, memberships_of(account.c.key)).where(account.c.key == key)
    ).one_or_none()


@cache
def _standing() -> Select[Any]:
    confirmed = select(second_factor.c.account_key).where(
        second_factor.c.account_key == account.c.key, second_factor.c.confirmed_at.is_not(None)
    )
    return select(account, memberships_of(account.c.key), confirmed.exists().label("second_factor")).where(
        account.c.key == bindparam("account")
    )


def standing(session: Session, key: int) -> Found | None:
    """An account with its memberships, and whether it asks a second factor; every call with a password reads it."""
    return session.execute(_standing(), {"account": key}).one_or_none()


def by_logins(session: Session, logins: Sequence[str]) -> Sequence[Found]:
    """Key and name of the accounts with these logins, by name."""
    if not logins:
        return ()
    return session.execute(
        select(account.c.key, account.c.name)
        .where(account.c.login.in_(list(logins)))
        .order_by(account.c.name)
    ).all()


def names(session: Session, keys: Iterable[int]) -> Mapping[int, str]:
    """Display names of accounts."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = session.execute(select(account.c.key, account.c.name).where(account.c.key.in_(wanted)))
    return {row.key: row.name for row in rows}


def holding(session: Session, role: str, organisation_key: str) -> Sequence[Found]:
    """The accounts that hold a role in an organisation and are not disabled."""
    return session.execute(
        select(account.c.key, account.c.name)
        .join(membership, membership.c.account_key == account.c.key)
        .where(
            membership.c.role == role,
            membership.c.organisation_key == organisation_key,
            account.c.disabled_at.is_(None),
        )
        .order_by(account.c.name)
    ).all()


def all_with_roles(session: Session) -> Sequence[Found]:
    """Every account with its memberships, by login."""
    return session.execute(select(account, memberships_of(account.c.key)).order_by(account.c.login)).all()


def put(session: Session, key: int, login: str, name: str, password_hash: str, at: datetime) -> int:
    """Add an account, or rename the one with this login; gives its key. A known password stays."""
    statement = insert(account).values(
        key=key, login=login, name=name, password_hash=password_hash, created_at=at
    )
    kept = statement.on_conflict_do_update(index_elements=["login"], set_={"name": name})
    return int(session.execute(kept.returning(account.c.key)).scalar_one())


def login_known(session: Session, login: str) -> bool:
    """Whether an account has this login, closed ones included."""
    return session.execute(select(account.c.key).where(account.c.login == login)).first() is not None


def by_login_any(session: Session, login: str) -> int:
    """The key of the account with this login, closed ones included."""
    return int(session.execute(select(account.c.key).where(account.c.login == login)).scalar_one())


def set_password(session: Session, key: int, password_hash: str) -> None:
    """Replace a password."""
    session.execute(update(account).where(account.c.key == key).values(password_hash=password_hash))


def disable(session: Session, key: int, at: datetime) -> None:
    """Close an account."""
    session.execute(update(account).where(account.c.key == key).values(disabled_at=at))


def set_memberships(session: Session, account_key: int, roles: Iterable[tuple[str, str]]) -> None:
    """Replace the memberships of an account by (role, organisation key) pairs."""
    roles = list(roles)
    organisations.refuse_outside(session, [organisation for _, organisation in roles])
    session.execute(delete(membership).where(membership.c.account_key == account_key))
    rows = [{"account_key": account_key, "role": r, "organisation_key": o} for r, o in sorted(set(roles))]
    if rows:
        session.execute(insert(membership), rows)


def mark_roles_changed(session: Session, key: int, at: datetime) -> None:
    """Remember that a page changed somebody's roles."""
    session.execute(update(account).where(account.c.key == key).values(roles_changed_at=at))


def roles_changed(session: Session, key: int) -> bool:
    """Whether a page changed somebody's roles since the start file gave them."""
    found = select(account.c.key).where(account.c.key == key, account.c.roles_changed_at.is_not(None))
    return session.execute(found).first() is not None


def failures(session: Session, hashes: Sequence[bytes], since: datetime) -> int:
    """The highest number of failed attempts among these logins and addresses since a moment."""
    highest = select(func.coalesce(func.max(login_attempt.c.failures), 0)).where(
        login_attempt.c.subject_hash.in_(hashes), login_attempt.c.since > since
    )
    return int(session.execute(highest).scalar_one())


def count_failure(session: Session, hashes: Sequence[bytes], at: datetime, window_start: datetime) -> None:
    """Count one failed attempt for each hash; a window that has passed starts again at one."""
    statement = insert(login_attempt).values(
        [{"subject_hash": h, "failures": 1, "since": at} for h in sorted(hashes)]
    )
    fresh = login_attempt.c.since <= window_start
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["subject_hash"],
            set_={
                "failures": case((fresh, 1), else_=login_attempt.c.failures + 1),
                "since": case((fresh, at), else_=login_attempt.c.since),
            },
        )
    )


def forget_failures(session: Session, hashes: Sequence[bytes]) -> None:
    """A successful sign-in clears the count."""
    session.execute(delete(login_attempt).where(login_attempt.c.subject_hash.in_(hashes)))


def pairs_at(session: Session, organisation_keys: Sequence[str]) -> Sequence[Found]:
    """The roles that are held at these organisations."""
    return session.execute(
        select(membership.c.role, membership.c.organisation_key)
        .where(membership.c.organisation_key.in_(list(organisation_keys)))
        .distinct()
    ).all()
