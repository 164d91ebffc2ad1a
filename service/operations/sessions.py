"""Server-side sessions: a random token for the browser, its hash for the database."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from service.domain import Actor
from service.operations import accounts, runtime
from service.operations.assurance import Assurance
from service.store import sessions as rows
from service.store.rows import Session
from service.store.scopes import SERVICE
from service.store.session import transaction

_SEEN_EVERY = timedelta(seconds=60)  # how exact the idle time is; saves a write on most requests


def begin(actor: Actor, *, assurance: Assurance = Assurance.LOW) -> str:
    """Begin a session of somebody who just proved who they are; gives the token, which is known nowhere else."""
    token = new_token()
    with transaction(SERVICE) as session:
        add(session, token, actor.account, assurance=assurance, proved_at=runtime.now())
    return token


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def add(
    session: Session, token: str, account_key: int, *, assurance: Assurance, proved_at: datetime | None
) -> None:
    """Begin a session inside a transaction of the caller."""
    now = runtime.now()
    ends = now + timedelta(hours=runtime.current().settings.session_hours)
    rows.add(session, hashed(token), account_key, now, ends, assurance=assurance.value, proved_at=proved_at)


def actor_of(token: str) -> Actor | None:
    """The actor of a living session; None when it ended or never was."""
    now, hash_ = runtime.now(), hashed(token)
    with transaction(SERVICE) as session:
        row = rows.resolve(session, hash_, now, idle())
        if row is not None and now - row.seen_at > _SEEN_EVERY:
            rows.seen(session, hash_, now)
    if row is None:
        return None
    actor = accounts.actor_of(row, session=hash_[:6].hex())
    return replace(actor, assurance=row.assurance, proved_at=row.proved_at)


def end(token: str) -> None:
    """End a session."""
    with transaction(SERVICE) as session:
        rows.end(session, hashed(token))


def idle() -> timedelta:
    """How long a session lives without being used."""
    return timedelta(minutes=runtime.current().settings.session_idle_minutes)


def hashed(token: str) -> bytes:
    """What the database knows a token by."""
    return hashlib.sha256(token.encode()).digest()
