"""Server-side sessions: the cookie's token is known by its hash only."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from service.store.accounts import memberships_of
from service.store.rows import Found
from service.store.tables import account, web_session


def add(
    session: Session,
    token_hash: bytes,
    account_key: int,
    at: datetime,
    expires_at: datetime,
    *,
    assurance: str = "low",
    proved_at: datetime | None = None,
) -> None:
    """Begin a session; without `proved_at` nobody knows when the person last proved who they are."""
    session.execute(
        insert(web_session).values(
            token_hash=token_hash,
            account_key=account_key,
            created_at=at,
            seen_at=at,
            expires_at=expires_at,
            assurance=assurance,
            proved_at=proved_at,
        )
    )


def resolve(session: Session, token_hash: bytes, at: datetime, idle: timedelta) -> Found | None:
    """The account of a living session with its memberships, in one query; None when it ended."""
    return session.execute(
        select(
            account.c.key,
            account.c.login,
            account.c.name,
            web_session.c.seen_at,
            web_session.c.assurance,
            web_session.c.proved_at,
            memberships_of(account.c.key),
        )
        .join(account, account.c.key == web_session.c.account_key)
        .where(
            web_session.c.token_hash == token_hash,
            web_session.c.expires_at > at,
            web_session.c.seen_at > at - idle,
            account.c.disabled_at.is_(None),
        )
    ).one_or_none()


def seen(session: Session, token_hash: bytes, at: datetime) -> None:
    """The session was used just now."""
    session.execute(update(web_session).where(web_session.c.token_hash == token_hash).values(seen_at=at))


def end(session: Session, token_hash: bytes) -> None:
    """Sign out."""
    session.execute(delete(web_session).where(web_session.c.token_hash == token_hash))


def end_all(session: Session, account_key: int) -> None:
    """End every session of an account."""
    session.execute(delete(web_session).where(web_session.c.account_key == account_key))


def sweep(session: Session, at: datetime, idle: timedelta) -> int:
    """Remove the sessions that ended; gives how many."""
    ended = or_(web_session.c.expires_at <= at, web_session.c.seen_at <= at - idle)
    return len(session.execute(delete(web_session).where(ended).returning(web_session.c.account_key)).all())
