"""Accounts: who somebody is, whether the password fits, and how often it did not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from service.domain import AccountKey, Actor, Membership, new_key
from service.errors import NotSignedIn, TooManyAttempts
from service.operations import passwords, runtime, sealing
from service.store import access_log
from service.store import accounts as rows
from service.store.rows import Session
from service.store.scopes import SERVICE
from service.store.session import transaction

WINDOW = timedelta(minutes=15)
MOST_PER_LOGIN = 10
MOST_PER_ADDRESS = 100


def check(login: str, password: str, address: str) -> Actor:
    """The actor of this login and password. Raises NotSignedIn, or TooManyAttempts before it even looks."""
    login = login.strip().lower()
    hashes = _hashes(login, address)
    now = runtime.now()
    with transaction(SERVICE) as session:
        _not_too_often(session, hashes)
        row = rows.by_login(session, login)
    if row is not None and passwords.fits(row.password_hash, password):
        actor = actor_of(row)
        with transaction(SERVICE) as session:
            rows.forget_failures(session, hashes[:1])
            _log(session, actor.account, allowed=True, ground="wachtwoord juist")
        return actor
    if row is None:
        passwords.fits("", password)  # as long as for a login that exists
    with transaction(SERVICE) as session:
        rows.count_failure(session, hashes, now, now - WINDOW)
        _log(session, row.key if row is not None else 0, allowed=False, ground="aanmelden mislukt")
    raise NotSignedIn


def not_too_often(subject: str, address: str) -> None:
    """Raises TooManyAttempts after too many wrong codes of one subject, or from one address."""
    with transaction(SERVICE) as session:
        _not_too_often(session, _digests(subject, address))


def count_failure(subject: str, address: str, account_key: int) -> None:
    """Count a wrong code, and log it."""
    now = runtime.now()
    with transaction(SERVICE) as session:
        rows.count_failure(session, _digests(subject, address), now, now - WINDOW)
        _log(session, account_key, allowed=False, ground="code onjuist")


def visit(kind: str, address: str, most: int) -> None:
    """Count what anybody may do, but not without end: TooManyAttempts past `most` in a window from one address."""
    hashes, now = _digests(f"{kind}:{address}", ""), runtime.now()
    with transaction(SERVICE) as session:
        if rows.failures(session, hashes, now - WINDOW) >= most:
            raise TooManyAttempts
        rows.count_failure(session, hashes, now, now - WINDOW)


def forget_failures(subject: str) -> None:
    """A right code: those before it are forgiven."""
    with transaction(SERVICE) as session:
        rows.forget_failures(session, _digests(subject, ""))


def _not_too_often(session: Session, hashes: list[bytes]) -> None:
    since = runtime.now() - WINDOW
    for hash_, most in zip(hashes, (MOST_PER_LOGIN, MOST_PER_ADDRESS), strict=False):
        if rows.failures(session, [hash_], since) >= most:
            raise TooManyAttempts


def _hashes(login: str, address: str) -> list[bytes]:
    return _digests(f"login:{login}", address)


def _digests(subject: str, address: str) -> list[bytes]:
    named = [subject] + ([f"address:{address}"] if address else [])
    return [bytes.fromhex(sealing.digest(one.encode())) for one in named]


def _log(session: Session, account_key: int, *, allowed: bool, ground: str) -> None:
    now = runtime.now()
    line = access_log.Line(
        key=new_key(now),
        at=now,
        account_key=account_key,
        role="",
        organisation_key="",
        session="",
        action="login",
        allowed=allowed,
        object_kind="account",
        object_key=str(account_key),
        classes="",
        ground=ground,
    )
    access_log.append(session, [line])


def actor_of(row: Any, *, session: str = "") -> Actor:
    """An account row with its memberships as the actor it is."""
    return Actor(
        account=AccountKey(row.key),
        login=row.login,
        name=row.name,
        memberships=tuple(memberships(row.memberships)),
        session=session,
    )


def memberships(pairs: Iterable[str]) -> Iterable[Membership]:
    """ "role@organisation" texts as memberships."""
    for pair in pairs:
        role, _, organisation = pair.partition("@")
        yield Membership(role=role, organisation=organisation)


def by_login(login: str) -> Actor | None:
    """The actor of a login, without a password; for the demo and for commands."""
    with transaction(SERVICE) as session:
        row = rows.by_login(session, login.lower())
    return actor_of(row) if row is not None else None
