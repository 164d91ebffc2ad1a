"""The second factor of local accounts: enrolling, codes of an app or of paper, and signing in with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from service.domain import Actor
from service.errors import BadRequest, Conflict, NotSignedIn
from service.operations import accounts, runtime, sealing, sessions, totp
from service.operations.assurance import Assurance
from service.store import accounts as account_rows
from service.store import factors as rows
from service.store import sessions as session_rows
from service.store.rows import Session
from service.store.scopes import SERVICE
from service.store.session import transaction

ISSUER = "Sluitend"
PAPER_CODES = 10
_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that is taken for another
_HALFWAY = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """What an app needs: as text to type, and as an address for a picture."""

    text: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Status:
    """Whether somebody has a second factor, and how many paper codes are left."""

    confirmed: bool
    paper_left: int
    obligatory: bool


def status(actor: Actor) -> Status:
    """How it stands with this actor's second factor."""
    with transaction(SERVICE) as session:
        row = rows.get(session, actor.account)
        return Status(
            confirmed=row is not None and row.confirmed_at is not None,
            paper_left=rows.paper_left(session, actor.account),
            obligatory=bool(runtime.current().register.second_factor & actor.roles),
        )


def wanted(account_key: int) -> bool:
    """Whether a password alone is not enough for this account."""
    with transaction(SERVICE) as session:
        row = rows.get(session, account_key)
    return row is not None and row.confirmed_at is not None


def lacking(actor: Actor) -> bool:
    """Whether the region asks a second factor of this role and this session was begun without one."""
    asked = runtime.registered().second_factor & actor.roles
    return bool(asked) and not Assurance(actor.assurance).reaches(Assurance.SUBSTANTIAL)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An account that comes in by its password alone, as it is now."""

    actor: Actor
    stamp: bytes  # changes with the password


def by_password_alone(account_key: int) -> Standing | None:
    """The account as it is now; None when it is closed, or when its password alone is not enough."""
    with transaction(SERVICE) as session:
        row = account_rows.standing(session, account_key)
    if row is None or row.disabled_at is not None or row.second_factor:
        return None
    actor = accounts.actor_of(row)
    if runtime.registered().second_factor & actor.roles:
        return None
    return Standing(actor=actor, stamp=hashlib.sha256(row.password_hash.encode()).digest())


def enrol(actor: Actor) -> Enrolment:
    """A new secret for an app; nothing asks for it before confirm(). Conflict when there is a factor already."""
    secret = totp.new_secret()
    with transaction(SERVICE) as session:
        row = rows.get(session, actor.account)
        if row is not None and row.confirmed_at is not None:
            raise Conflict("Expected an account without a second factor, but it has one")
        if row is not None:
            secret = sealing.open_own(bytes(row.sealed), _place(actor.account))
        else:
            sealed = sealing.seal_own(secret, _place(actor.account))
            rows.put(session, actor.account, sealed, runtime.now())
    return Enrolment(text=totp.as_text(secret), address=totp.address(secret, actor.login, ISSUER))


def confirm(actor: Actor, code: str) -> tuple[str, ...]:
    """Show that the app works; from now on it is asked for. Gives the paper codes, which are shown once.

    Every session that began with the password alone ends.
    """

    def right(session: Session) -> bool:
        row = rows.lock(session, actor.account)
        if row is None or row.confirmed_at is not None:
            raise Conflict("Expected a second factor that waits for its first code")
        step = _step(bytes(row.sealed), actor.account, code, row.last_step)
        if step is not None:
            rows.used(session, actor.account, step, runtime.now())
        return step is not None

    with _proved(actor, right) as session:
        session_rows.end_all(session, actor.account)
        rows.end_all(session, actor.account)
        return _new_paper(session, actor.account)


def prove(actor: Actor, code: str) -> None:
    """Show once more who one is, with a code. BadRequest for a wrong one, and for an account without a second factor."""
    with _proved(actor, lambda session: _counts(session, actor.account, code)):
        pass


def renew_paper(actor: Actor, code: str) -> tuple[str, ...]:
    """New paper codes in the place of the old ones."""
    with _proved(actor, lambda session: _counts(session, actor.account, code)) as session:
        return _new_paper(session, actor.account)


def remove(actor: Actor, code: str) -> None:
    """Take the second factor away; only with a code, and not where it is obligatory."""
    if runtime.current().register.second_factor & actor.roles:
        raise Conflict("Expected a role that may do without, but the region makes a second factor obligatory")
    with _proved(actor, lambda session: _counts(session, actor.account, code)) as session:
        rows.remove(session, actor.account)


@contextmanager
def _proved(actor: Actor, right: Callable[[Session], bool]) -> Iterator[Session]:
    """A transaction for who gave a right code. Wrong ones are counted, here as at signing in: BadRequest."""
    subject = f"factor:{actor.account}"
    accounts.not_too_often(subject, "")
    with transaction(SERVICE) as session:
        proved = right(session)
        if proved:
            yield session
    if not proved:
        accounts.count_failure(subject, "", actor.account)
        raise BadRequest("Expected a code of the app or of paper", field="code")
    accounts.forget_failures(subject)


def halfway(account_key: int) -> str:
    """The password was right; gives a token with which the code may be given."""
    token = sessions.new_token()
    with transaction(SERVICE) as session:
        rows.begin(session, sessions.hashed(token), account_key, runtime.now() + _HALFWAY)
    return token


def finish(token: str, code: str, address: str) -> str:
    """Give the code; begins a session. Raises NotSignedIn for a wrong or used code, TooManyAttempts."""
    now, hash_ = runtime.now(), sessions.hashed(token)
    with transaction(SERVICE) as session:
        account_key = rows.half(session, hash_, now)
    if account_key is None:
        raise NotSignedIn
    subject = f"factor:{account_key}"
    accounts.not_too_often(subject, address)
    with transaction(SERVICE) as session:
        right = _counts(session, account_key, code)
        if right:
            rows.end(session, hash_)
            row = account_rows.by_key(session, account_key)
    if not right:
        accounts.count_failure(subject, address, account_key)
        raise NotSignedIn
    accounts.forget_failures(subject)
    if row is None or row.disabled_at is not None:
        raise NotSignedIn
    actor = accounts.actor_of(row)
    return sessions.begin(actor, assurance=Assurance.SUBSTANTIAL)


def _counts(session: Session, account_key: int, code: str) -> bool:
    """Whether a code counts, now and once."""
    row = rows.lock(session, account_key)
    if row is None or row.confirmed_at is None:
        return False
    plain = "".join(code.split()).replace("-", "").upper()
    step = _step(bytes(row.sealed), account_key, plain, row.last_step)
    if step is not None:
        rows.used(session, account_key, step, row.confirmed_at)
        return True
    return rows.use_paper(session, account_key, _digest(plain), runtime.now())


def _step(sealed: bytes, account_key: int, code: str, after: int) -> int | None:
    secret = sealing.open_own(sealed, _place(account_key))
    return totp.matching(secret, "".join(code.split()), runtime.now().timestamp(), after)


def _new_paper(session: Session, account_key: int) -> tuple[str, ...]:
    codes = ["".join(secrets.choice(_SIGNS) for _ in range(10)) for _ in range(PAPER_CODES)]
    rows.put_paper(session, account_key, [_digest(one) for one in codes])
    return tuple(f"{one[:5]}-{one[5:]}" for one in codes)


def _digest(code: str) -> bytes:
    return bytes.fromhex(sealing.digest(f"paper:{code}".encode()))


def _place(account_key: int) -> str:
    return f"second_factor/{account_key}"
