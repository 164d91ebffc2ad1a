"""Making an invitation: one half for the link or the letter, the other half for another channel."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from service.domain import new_key
from service.operations import outgoing, runtime, sealing, sessions
from service.operations.outlooks import Invited
from service.store import invitations
from service.store.rows import Session

#: None that is taken for another, on paper or by ear: 30 signs.
SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
_LETTER = 20  # signs: 98 bits, which nobody guesses, in four groups that somebody can type
_GROUP = 5
_DIGITS = 6


def make(
    session: Session,
    by: int,
    login: str,
    name: str,
    roles: Sequence[str],
    *,
    organisation: str = "",
    casus_key: int | None = None,
    task_key: int | None = None,
    restores: int | None = None,
    drops_factor: bool = False,
) -> Invited:
    """Add an invitation; both halves are in the answer, and nowhere else.

    by            account of who invites
    roles         given on acceptance, at `organisation`, or in the casus for a family
    task_key      of the one task of a guest
    restores      account that may choose a new password; an earlier letter for it no longer works
    drops_factor  whether its app and paper codes go too
    """
    token, code, now = new_token(), new_code(), runtime.now()
    until = now + timedelta(days=runtime.registered().invitation_days)
    if restores is not None:
        invitations.forget_restoring(session, restores)
    invitations.add(
        session,
        {
            "key": new_key(now),
            "token_hash": hashed(token),
            "code_digest": digest(token, code),
            "login": login.strip().lower(),
            "name": name.strip(),
            "organisation_key": organisation,
            "roles": sorted(roles),
            "casus_key": casus_key,
            "task_key": task_key,
            "restores": restores,
            "drops_factor": drops_factor,
            "invited_by": by,
            "created_at": now,
            "expires_at": until,
        },
    )
    kind = "uitnodiging" if restores is None else "weer_inloggen"
    outgoing.post(session, kind, [login.strip().lower()], f"/uitnodiging/{plain(token)}", now, until=until)
    return Invited(token=token, code=code, name=name.strip(), until=until, mailed=outgoing.has_mail())


def new_token() -> str:
    """What the link holds and the letter shows, as ABCDE-FGHJK-MNPQR-STVWX."""
    signs = "".join(secrets.choice(SIGNS) for _ in range(_LETTER))
    return "-".join(signs[at : at + _GROUP] for at in range(0, _LETTER, _GROUP))


def new_code() -> str:
    """Six digits for the other channel."""
    return "".join(secrets.choice("0123456789") for _ in range(_DIGITS))


def hashed(token: str) -> bytes:
    """What the database knows a token by, however it was typed over."""
    return sessions.hashed(plain(token))


def digest(token: str, code: str) -> bytes:
    """What the database knows a code by; worthless without the link and our key."""
    return bytes.fromhex(sealing.digest(f"invitation:{plain(token)}:{''.join(code.split())}".encode()))


def plain(token: str) -> str:
    """A token without the marks and spaces between its groups, in capitals."""
    return "".join(sign for sign in token.upper() if sign.isalnum())
