"""Who is calling the API: a program's token, or HTTP Basic; both checked by service.identity."""

from __future__ import annotations

from flask import g, request

from service import identity
from service.domain import Actor
from service.errors import NotSignedIn


def require_actor() -> None:
    """Before every API request: the caller's account, or 401."""
    given = request.authorization
    if given is not None and given.type == "bearer" and given.token:
        g.actor = identity.actor_bearer(given.token)
    elif given is not None and given.type == "basic" and given.username and given.password is not None:
        g.actor = identity.actor_basic(given.username, given.password, address=request.remote_addr or "")
    else:
        raise NotSignedIn


def actor() -> Actor:
    """The account that require_actor() let in."""
    found: Actor = g.actor
    return found
