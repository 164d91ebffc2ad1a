"""People who prove who they are elsewhere: their account here, their way there and back, the end of their session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from service.domain import Membership, new_key
from service.errors import RoleUnknown, SignInRefused
from service.operations import runtime, sealing, sessions
from service.operations.assurance import Assurance
from service.store import access_log, accounts, federation, organisations
from service.store import sessions as session_rows
from service.store.rows import Session
from service.store.scopes import SERVICE
from service.store.session import transaction

UNDER_WAY = timedelta(minutes=10)  # from our page to the provider and back


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a provider proved, checked and translated."""

    provider: str  # key in aanmelden.toml
    provider_name: str
    call: str  # whom to call when there are no memberships
    issuer: str
    subject: str = field(repr=False)
    name: str = field(repr=False)
    memberships: tuple[Membership, ...]
    assurance: Assurance
    proved_at: datetime | None  # None when the provider does not tell
    id_token: str = field(repr=False)
    sid: str = field(default="", repr=False)


def depart(state: str, provider: str, browser: str, kept: Mapping[str, str]) -> None:
    """Remember that this browser goes to a provider; `kept` is sealed and comes back once."""
    digest = _digest("state", state)
    sealed = sealing.seal_own(json.dumps(dict(kept)).encode(), f"sign_in_request/{digest.hex()}")
    with transaction(SERVICE) as session:
        federation.ask(
            session,
            {
                "state_hash": digest,
                "provider": provider,
                "browser_hash": _digest("browser", browser),
                "sealed": sealed,
                "expires_at": runtime.now() + UNDER_WAY,
            },
        )


def come_back(state: str, provider: str, browser: str) -> dict[str, str]:
    """What depart() kept, once, for the same browser and provider. Raises SignInRefused."""
    digest = _digest("state", state)
    with transaction(SERVICE) as session:
        row = federation.take(session, digest)
    if row is None or row.expires_at <= runtime.now():
        raise SignInRefused
    if row.provider != provider or bytes(row.browser_hash) != _digest("browser", browser):
        raise SignInRefused
    kept = json.loads(sealing.open_own(bytes(row.sealed), f"sign_in_request/{digest.hex()}"))
    return {str(name): str(value) for name, value in kept.items()}


def enter(proof: Proof, replaces: str = "") -> str:
    """Begin a session for who proved this; gives its token. The first time makes the account.

    replaces  token of the session that this browser had, which ends
    Raises RoleUnknown when the claims map to nothing: no account is made, and a known one loses what it had.
    """
    subject = _subject(proof.issuer, proof.subject)
    token = sessions.new_token()
    with transaction(SERVICE) as session:
        outside = organisations.outside(session)
        held = tuple(one for one in proof.memberships if one.organisation not in outside)
        proof = replace(proof, memberships=held)
        key = _account(session, proof, subject)
        if key is not None and proof.memberships:
            accounts.set_memberships(session, key, [(m.role, m.organisation) for m in proof.memberships])
            _begin(session, proof, subject, key, token)
            if replaces:
                session_rows.end(session, sessions.hashed(replaces))
    if not proof.memberships:
        raise RoleUnknown(proof.provider_name, proof.call)
    return token


def _account(session: Session, proof: Proof, subject: bytes) -> int | None:
    """The account of this identity, made when there is none; None when there are no roles to give it."""
    now = runtime.now()
    row = federation.account_of(session, proof.issuer, subject)
    if row is not None and row.disabled_at is not None:
        _log(session, row.key, proof.provider, allowed=False, ground="account gesloten")
        session.commit()
        raise SignInRefused
    if not proof.memberships:
        _without_roles(session, proof, 0 if row is None else row.key)
        return None
    login = f"{proof.provider}:{subject.hex()[:32]}" if row is None else row.login
    key = accounts.put(session, new_key(now), login, proof.name, "", now)
    if row is None:
        federation.bind(session, proof.issuer, subject, key, now)
    return key


def _without_roles(session: Session, proof: Proof, account_key: int) -> None:
    if account_key:
        accounts.set_memberships(session, account_key, [])
        federation.end_all_of(session, account_key)
    _log(session, account_key, proof.provider, allowed=False, ground="geen rol bij deze gegevens")


def _begin(session: Session, proof: Proof, subject: bytes, key: int, token: str) -> None:
    hash_ = sessions.hashed(token)
    sessions.add(session, token, key, assurance=proof.assurance, proved_at=proof.proved_at)
    federation.note_session(
        session,
        {
            "token_hash": hash_,
            "provider": proof.provider,
            "issuer": proof.issuer,
            "subject_hash": subject,
            "sid_hash": _sid(proof.issuer, proof.sid) if proof.sid else None,
            "id_token": sealing.seal_own(proof.id_token.encode(), f"external_session/{hash_.hex()}"),
        },
    )
    _log(session, key, proof.provider, allowed=True, ground=f"aanbieder, zekerheid {proof.assurance}")


def farewell(token: str) -> tuple[str, str] | None:
    """Provider and id token of a session that came from one, for signing out there; None for any other."""
    hash_ = sessions.hashed(token)
    with transaction(SERVICE) as session:
        row = federation.session_of(session, hash_)
    if row is None:
        return None
    return row.provider, sealing.open_own(bytes(row.id_token), f"external_session/{hash_.hex()}").decode()


def ended_there(provider: str, issuer: str, subject: str, sid: str, token_id: str, until: datetime) -> int:
    """The provider ended a session of its own: end ours. Gives how many; raises SignInRefused for a replay."""
    with transaction(SERVICE) as session:
        if not federation.first_time(session, _digest("logout", f"{issuer}\0{token_id}"), until):
            raise SignInRefused
        subject_hash = _subject(issuer, subject) if subject else None
        ended = federation.end_sessions(session, issuer, subject_hash, _sid(issuer, sid) if sid else None)
        for account_key in ended:
            _log(session, account_key, provider, allowed=True, ground="uitgelogd door de aanbieder")
    return len(ended)


def _subject(issuer: str, subject: str) -> bytes:
    return _digest("subject", f"{issuer}\0{subject}")


def _sid(issuer: str, sid: str) -> bytes:
    return _digest("sid", f"{issuer}\0{sid}")


def _digest(purpose: str, text: str) -> bytes:
    return bytes.fromhex(sealing.digest(f"oidc:{purpose}:{text}".encode()))


def _log(session: Session, account_key: int, provider: str, *, allowed: bool, ground: str) -> None:
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
        object_kind="provider",
        object_key=provider,
        classes="",
        ground=ground,
    )
    access_log.append(session, [line])
