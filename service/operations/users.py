"""Local accounts, as an operator keeps them: every change of a password, of roles or of an account ends its sessions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain import new_key
from service.errors import BadRequest, Conflict, NotFound
from service.operations import passwords, runtime
from service.publication.manifest import ROLES
from service.store import accounts, factors, organisations, sessions
from service.store.rows import Found, Session
from service.store.scopes import SERVICE
from service.store.session import transaction

SHORTEST_PASSWORD = 12  # signs
LONGEST_PASSWORD = 200
_ROLES = ROLES | {"api", "org_beheer"}  # those of the domain, and programs
_LOGIN = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True, kw_only=True)
class UserRow:
    """An account in a list."""

    login: str
    name: str
    roles: tuple[str, ...]
    closed: bool


def passwords_differ() -> BadRequest:
    """The refusal of a password that was typed in two ways."""
    return BadRequest("Expected the same password twice", field="password")


def create(login: str, name: str, roles: Sequence[str], password: str) -> None:
    """Make an account. Raises BadRequest for a login, role or password that cannot be, Conflict for a login in use."""
    login = login.strip().lower()
    check_login(login)
    check_name(name)
    check_password(password, login)
    now = runtime.now()
    with transaction(SERVICE) as session:
        if accounts.login_known(session, login):
            raise Conflict("Expected a new login, but it is in use")
        wanted = _roles(session, roles)
        key = accounts.put(session, new_key(now), login, name.strip(), passwords.hashed(password), now)
        accounts.set_memberships(session, key, wanted)


def check_login(login: str) -> None:
    """Raises BadRequest for what is no e-mail address."""
    if not _LOGIN.fullmatch(login.strip()) or len(login) > 254:
        raise BadRequest("Expected an e-mail address as login", field="login")


def check_name(name: str) -> None:
    """Raises BadRequest for a name that is none, or more than a line."""
    if not name.strip() or not name.isprintable() or len(name) > 120:
        raise BadRequest("Expected a name of one line", field="name")


def check_password(password: str, login: str) -> None:
    """Raises BadRequest for a password that is short, endless or the login itself (NIST SP 800-63B, 5.1.1)."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadRequest(
            f"Expected a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} signs", field="password"
        )
    if password.lower() in {login, login.partition("@")[0]} or len(set(password)) < 5:
        raise BadRequest(
            "Expected a password that is not the login and not one sign again and again", field="password"
        )


def set_password(login: str, password: str) -> None:
    """Give another password; sessions end."""
    check_password(password, login.strip().lower())
    with transaction(SERVICE) as session:
        row = _found(session, login)
        accounts.set_password(session, row.key, passwords.hashed(password))
        _out(session, row.key)


def renew(session: Session, key: int, password: str, *, codes_too: bool) -> None:
    """A new password of one's own; sessions end, and the second factor goes when that is lost too.

    Raises BadRequest, and NotFound for an account that was closed meanwhile.
    """
    row = accounts.by_key(session, key)
    if row is None or row.disabled_at is not None:
        raise NotFound
    check_password(password, row.login)
    accounts.set_password(session, key, passwords.hashed(password))
    if codes_too:
        factors.remove(session, key)
    _out(session, key)


def drop_codes(login: str) -> None:
    """Take the second factor of somebody away who lost the app and the paper codes; sessions end."""
    with transaction(SERVICE) as session:
        row = _found(session, login)
        factors.remove(session, row.key)
        _out(session, row.key)


def set_roles(login: str, roles: Sequence[str]) -> None:
    """Give these roles and no others; sessions end."""
    with transaction(SERVICE) as session:
        row = _found(session, login)
        accounts.set_memberships(session, row.key, _roles(session, roles))
        _out(session, row.key)


def disable(login: str) -> None:
    """Close an account at once; sessions end."""
    with transaction(SERVICE) as session:
        row = _found(session, login)
        accounts.disable(session, row.key, runtime.now())
        _out(session, row.key)


def _out(session: Session, key: int) -> None:
    """End every session, and every sign-in that is halfway."""
    sessions.end_all(session, key)
    factors.end_all(session, key)


def everyone() -> tuple[UserRow, ...]:
    """All accounts, by login."""
    with transaction(SERVICE) as session:
        return tuple(
            UserRow(
                login=row.login,
                name=row.name,
                roles=tuple(one.rstrip("@") for one in row.memberships),
                closed=row.disabled_at is not None,
            )
            for row in accounts.all_with_roles(session)
        )


def _found(session: Session, login: str) -> Found:
    row = accounts.by_login(session, login.strip().lower())
    if row is None:
        raise NotFound("Expected the login of an open account")
    return row


def _roles(session: Session, wanted: Sequence[str]) -> list[tuple[str, str]]:
    """ "role@organisation" as pairs; each organisation has to be there, each role to be one of the region."""
    known = {row.key for row in organisations.everything(session)}
    pairs = []
    for one in wanted:
        role, _, organisation = one.partition("@")
        if role not in _ROLES:
            raise BadRequest(f"Expected a role of the region, but {role[:40]!r} is none", field="role")
        if organisation and organisation not in known:
            raise BadRequest(f"Expected an organisation, but {organisation[:60]!r} is none", field="role")
        pairs.append((role, organisation))
    return pairs
