"""Signing in elsewhere: identities, requests under way, and sessions by the provider's own names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import (
    account,
    external_identity,
    external_session,
    logout_receipt,
    sign_in_request,
    web_session,
)


def account_of(session: Session, issuer: str, subject_hash: bytes) -> Found | None:
    """Key, login and disabled_at of the account of an identity."""
    return session.execute(
        select(account.c.key, account.c.login, account.c.disabled_at)
        .join(external_identity, external_identity.c.account_key == account.c.key)
        .where(external_identity.c.issuer == issuer, external_identity.c.subject_hash == subject_hash)
        .with_for_update(of=account)
    ).one_or_none()


def bind(session: Session, issuer: str, subject_hash: bytes, account_key: int, at: datetime) -> None:
    """This identity is that account, from now on."""
    statement = insert(external_identity).values(
        issuer=issuer, subject_hash=subject_hash, account_key=account_key, created_at=at
    )
    session.execute(statement.on_conflict_do_nothing())


def ask(session: Session, values: dict[str, object]) -> None:
    """Somebody goes to a provider."""
    session.execute(insert(sign_in_request).values(**values))


def take(session: Session, state_hash: bytes) -> Found | None:
    """The request of this state, taken away: nobody comes back twice."""
    return session.execute(
        delete(sign_in_request)
        .where(sign_in_request.c.state_hash == state_hash)
        .returning(
            sign_in_request.c.provider,
            sign_in_request.c.browser_hash,
            sign_in_request.c.sealed,
            sign_in_request.c.expires_at,
        )
    ).one_or_none()


def note_session(session: Session, values: dict[str, object]) -> None:
    """A session came from a provider."""
    session.execute(insert(external_session).values(**values))


def session_of(session: Session, token_hash: bytes) -> Found | None:
    """Provider and sealed id token of a session that came from one."""
    return session.execute(
        select(external_session.c.provider, external_session.c.id_token).where(
            external_session.c.token_hash == token_hash
        )
    ).one_or_none()


def end_sessions(
    session: Session, issuer: str, subject_hash: bytes | None, sid_hash: bytes | None
) -> list[int]:
    """End the sessions that a provider names, by its session when it says one; gives their accounts."""
    named = (
        external_session.c.sid_hash == sid_hash
        if sid_hash is not None
        else external_session.c.subject_hash == subject_hash
    )
    if sid_hash is not None and subject_hash is not None:
        named = named & (external_session.c.subject_hash == subject_hash)
    tokens = select(external_session.c.token_hash).where(external_session.c.issuer == issuer, named)
    ended = delete(web_session).where(web_session.c.token_hash.in_(tokens))
    return list(session.execute(ended.returning(web_session.c.account_key)).scalars())


def end_all_of(session: Session, account_key: int) -> None:
    """End every session of an account."""
    session.execute(delete(web_session).where(web_session.c.account_key == account_key))


def first_time(session: Session, token_hash: bytes, expires_at: datetime) -> bool:
    """Note a logout token; False when it was here before."""
    statement = insert(logout_receipt).values(token_hash=token_hash, expires_at=expires_at)
    return bool(
        session.execute(
            statement.on_conflict_do_nothing().returning(logout_receipt.c.token_hash)
        ).one_or_none()
    )


def sweep(session: Session, at: datetime) -> None:
    """Remove requests that nobody came back for, and receipts of tokens that expired."""
    for table in (sign_in_request, logout_receipt):
        session.execute(delete(table).where(table.c.expires_at <= at))
