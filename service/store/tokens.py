"""Tokens of programs, and the short-lived ones made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.accounts import memberships_of
from service.store.rows import Found
from service.store.tables import account, api_token


def add(session: Session, row: Mapping[str, Any]) -> bool:
    """Add a token; False when one with this name is in use."""
    made = session.execute(
        insert(api_token).values(dict(row)).on_conflict_do_nothing().returning(api_token.c.key)
    )
    return made.scalar() is not None


def resolve(session: Session, token_hash: bytes, at: datetime) -> Found | None:
    """A living token with its account; one whose parent or account ended is none."""
    parent = api_token.alias("parent")
    return session.execute(
        select(
            api_token.c.key.label("token_key"),
            api_token.c.scopes,
            api_token.c.used_at,
            api_token.c.parent_key,
            api_token.c.name.label("token_name"),
            account,
            memberships_of(account.c.key),
        )
        .join(account, account.c.key == api_token.c.account_key)
        .outerjoin(parent, parent.c.key == api_token.c.parent_key)
        .where(
            api_token.c.token_hash == token_hash,
            api_token.c.revoked_at.is_(None),
            api_token.c.expires_at > at,
            account.c.disabled_at.is_(None),
            parent.c.revoked_at.is_(None),
        )
    ).one_or_none()


def used(session: Session, key: int, at: datetime) -> None:
    """Note when it was used last."""
    session.execute(update(api_token).where(api_token.c.key == key).values(used_at=at))


def everyone(session: Session) -> Sequence[Found]:
    """The lasting tokens with their account, by name; revoked ones too."""
    return session.execute(
        select(api_token, account.c.login)
        .join(account, account.c.key == api_token.c.account_key)
        .where(api_token.c.parent_key.is_(None))
        .order_by(api_token.c.name, api_token.c.created_at)
    ).all()


def revoke(session: Session, name: str, at: datetime) -> bool:
    """End a lasting token, and with it the short-lived ones; False when there is none of this name."""
    made = session.execute(
        update(api_token)
        .where(api_token.c.name == name, api_token.c.parent_key.is_(None), api_token.c.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(api_token.c.key)
    )
    return made.first() is not None


def sweep(session: Session, at: datetime) -> None:
    """Forget short-lived tokens that ended."""
    session.execute(
        delete(api_token).where(api_token.c.parent_key.is_not(None), api_token.c.expires_at <= at)
    )
