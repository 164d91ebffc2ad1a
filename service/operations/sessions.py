"""Server-side sessions: a random token for the browser, its hash for the database."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from service.domain import Actor
from service.operations import accounts, runtime
from service.store import sessions as rows
from service.store.scopes import SERVICE
from service.store.session import transaction

_SEEN_EVERY = timedelta(seconds=60)  # how exact the idle time is; saves a write on most requests


def begin(actor: Actor) -> str:
    """Begin a session; gives the token, which is known nowhere else."""
    token = secrets.token_urlsafe(32)
    now = runtime.now()
    ends = now + timedelta(hours=runtime.current().settings.session_hours)
    with transaction(SERVICE) as session:
        rows.add(session, _hash(token), actor.account, now, ends)
    return token


def actor_of(token: str) -> Actor | None:
    """The actor of a living session; None when it ended or never was."""
    now, hash_ = runtime.now(), _hash(token)
    with transaction(SERVICE) as session:
        row = rows.resolve(session, hash_, now, idle())
        if row is not None and now - row.seen_at > _SEEN_EVERY:
            rows.seen(session, hash_, now)
    return accounts.actor_of(row, session=hash_[:6].hex()) if row is not None else None


def end(token: str) -> None:
    """End a session."""
    with transaction(SERVICE) as session:
        rows.end(session, _hash(token))


def idle() -> timedelta:
    """How long a session lives without being used."""
    return timedelta(minutes=runtime.current().settings.session_idle_minutes)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
