"""Who is calling the API: HTTP Basic, checked by service.identity."""

from __future__ import annotations

from flask import g, request

from service import identity
from service.domain import Actor
from service.errors import NotSignedIn


def require_actor() -> None:
    """Before every API request: the caller's account, or 401."""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username or given.password is None:
        raise NotSignedIn
    g.actor = identity.actor_basic(given.username, given.password, address=request.remote_addr or "")


def actor() -> Actor:
    """The account that require_actor() let in."""
    found: Actor = g.actor
    return found
