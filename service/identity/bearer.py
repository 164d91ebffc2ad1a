"""Tokens of programs: lasting ones and those that were exchanged for them."""

from __future__ import annotations

from datetime import timedelta

from service.domain import Actor
from service.errors import NotSignedIn
from service.operations import tokens

_LONGEST = 200


def actor_bearer(token: str) -> Actor:
    """Who this token speaks for. Raises NotSignedIn."""
    if not 0 < len(token) <= _LONGEST:
        raise NotSignedIn
    return tokens.actor_of(token)


def exchange(client_id: str, client_secret: str, address: str = "") -> tuple[str, timedelta]:
    """A short-lived token for a name and its lasting token. Raises NotSignedIn, TooManyAttempts."""
    if len(client_id) > _LONGEST or len(client_secret) > _LONGEST:
        raise NotSignedIn
    return tokens.exchange(client_id, client_secret, address)
