"""Accepting an invitation: the link, the code that came by another channel, and a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain import Fact, new_key
from service.errors import BadRequest, NotFound, TooManyAttempts
from service.operations import chronicle, guests, inviting, passwords, people, runtime, sessions, users
from service.operations.assurance import Assurance
from service.store import accounts, casus
from service.store import invitations as rows
from service.store.rows import Found, Session
from service.store.scopes import SERVICE
from service.store.session import transaction

MOST_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What an accepted invitation led to."""

    session: str  # token of the session that began; "" for who has an account already and signs in with it
    renewed: bool = False  # an account got its new password


def is_open(token: str) -> bool:
    """Whether a link leads to an invitation that can be accepted."""
    with transaction(SERVICE) as session:
        row = rows.lock(session, inviting.hashed(token), runtime.now())
    return row is not None and row.tries < MOST_TRIES


def accept(token: str, code: str, password: str) -> Accepted:
    """Accept, once. Raises NotFound for a link that is none, TooManyAttempts after five wrong codes, BadRequest."""
    now = runtime.now()
    with transaction(SERVICE) as session:
        row = rows.lock(session, inviting.hashed(token), now)
        if row is None:
            raise NotFound
        if row.tries >= MOST_TRIES:
            raise TooManyAttempts
        right = bytes(row.code_digest) == inviting.digest(token, code)
        if not right:
            rows.tried(session, row.key)
        else:
            accepted = _taken(session, row, password, now)
    if not right:
        raise BadRequest("Expected the code that came by another channel", field="code")
    return accepted


def _taken(session: Session, row: Found, password: str, now: datetime) -> Accepted:
    if row.restores is not None:
        return _renew(session, row, password, now)
    known = accounts.login_known(session, row.login)
    if not known:
        users.check_password(password, row.login)
    return _accept(session, row, password, known=known, now=now)


def _renew(session: Session, row: Found, password: str, now: datetime) -> Accepted:
    """A new password for who lost it, without the app and paper codes when those are lost too; then they sign in."""
    users.renew(session, row.restores, password, codes_too=row.drops_factor)
    rows.accept(session, row.key, now)
    fact = Fact(kind="access:renewed", data={"account": str(row.restores), "codes": row.drops_factor})
    chronicle.tell(session, row.casus_key or people.REGION, [fact], now)
    return Accepted(session="", renewed=True)


def _accept(session: Session, row: Found, password: str, *, known: bool, now: datetime) -> Accepted:
    key = (
        accounts.by_login_any(session, row.login)
        if known
        else accounts.put(session, new_key(now), row.login, row.name, passwords.hashed(password), now)
    )
    rows.give_roles(session, key, row.roles, row.organisation_key)
    accounts.mark_roles_changed(session, key, now)
    rows.accept(session, row.key, now)
    fact = Fact(kind="member:joined", data={"account": str(key), "roles": list(row.roles)})
    if row.task_key is not None:
        guests.admit(session, row, key, now)
    elif row.casus_key is None:
        chronicle.tell(session, people.REGION, [fact], now)
    else:
        casus.bind_once(
            session,
            row.casus_key,
            [
                {
                    "role": role,
                    "candidate": f"account:{key}",
                    "organisation_key": "",
                    "account_key": key,
                    "since": now,
                }
                for role in row.roles
            ],
        )
        chronicle.tell(session, row.casus_key, [fact], now)
    if known:
        return Accepted(session="")
    token = sessions.new_token()
    sessions.add(session, token, key, assurance=Assurance.LOW, proved_at=now)
    return Accepted(session=token)
