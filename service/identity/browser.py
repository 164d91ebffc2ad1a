"""Signing in with name and password, and the session that follows."""

from __future__ import annotations

from service.domain import Actor
from service.operations import accounts, sessions

_LONGEST_TOKEN = 200


def sign_in(login: str, password: str, address: str = "") -> str:
    """Check name and password and begin a session; gives its token. Raises NotSignedIn, TooManyAttempts."""
    return sessions.begin(accounts.check(login, password, address))


def actor_of(token: str) -> Actor | None:
    """Who holds this session; None when it ended or never was."""
    return sessions.actor_of(token) if 0 < len(token) <= _LONGEST_TOKEN else None


def sign_out(token: str) -> None:
    """End the session."""
    sessions.end(token)
