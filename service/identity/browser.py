"""Signing in with name and password, and the session that follows."""

from __future__ import annotations

from service.domain import Actor
from service.errors import CodeNeeded, NotSignedIn
from service.operations import accounts, factors, sessions
from service.operations.assurance import Assurance

_LONGEST_TOKEN = 200
_LONGEST_CODE = 40


def sign_in(login: str, password: str, address: str = "") -> str:
    """Check name and password and begin a session; gives its token.

    Raises NotSignedIn, TooManyAttempts, and CodeNeeded for an account that has a second factor.
    """
    actor = accounts.check(login, password, address)
    if factors.wanted(actor.account):
        raise CodeNeeded(factors.halfway(actor.account))
    return sessions.begin(actor)


def give_code(token: str, code: str, address: str = "") -> str:
    """Go on after CodeNeeded, with a code of the app or of paper. Raises NotSignedIn, TooManyAttempts."""
    if not 0 < len(token) <= _LONGEST_TOKEN or len(code) > _LONGEST_CODE:
        raise NotSignedIn
    return factors.finish(token, code, address)


def actor_of(token: str) -> Actor | None:
    """Who holds this session; None when it ended or never was."""
    return sessions.actor_of(token) if 0 < len(token) <= _LONGEST_TOKEN else None


def sign_out(token: str) -> None:
    """End the session."""
    sessions.end(token)


def surer(token: str, actor: Actor) -> str:
    """A new session in the place of one whose holder just proved more."""
    sessions.end(token)
    return sessions.begin(actor, assurance=Assurance.SUBSTANTIAL)
