"""Tokens of programs: made once and shown once, limited to what they are for, exchanged for short-lived ones."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.access import Permission
from service.domain import Actor, new_key
from service.errors import BadRequest, Conflict, NotSignedIn
from service.operations import accounts, runtime
from service.store import accounts as account_rows
from service.store import tokens as rows
from service.store.scopes import SERVICE
from service.store.session import transaction

LASTING, SHORT = "slt_", "sla_"  # what somebody who finds one can search for
SHORT_LIVED = timedelta(hours=1)
LONGEST = timedelta(days=366)
_SEEN_EVERY = timedelta(seconds=60)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")


@dataclass(frozen=True, kw_only=True)
class TokenRow:
    """A lasting token, as an operator lists it."""

    name: str
    login: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


def create(name: str, login: str, scopes: Sequence[str], lasts: timedelta) -> str:
    """A new token for an account; gives the token, which is shown once.

    Raises BadRequest for a name, scope or time that cannot be, Conflict for a name in use.
    """
    if not _NAME.fullmatch(name):
        raise BadRequest("Expected a name of small letters, digits, dots and dashes", field="name")
    if not timedelta() < lasts <= LONGEST:
        raise BadRequest(f"Expected at most {LONGEST.days} days", field="days")
    allowed = _scopes(scopes)
    token, now = LASTING + secrets.token_urlsafe(32), runtime.now()
    with transaction(SERVICE) as session:
        account = account_rows.by_login(session, login.strip().lower())
        if account is None:
            raise BadRequest("Expected the login of an account", field="login")
        row = {
            "key": new_key(now),
            "name": name,
            "account_key": account.key,
            "token_hash": _hash(token),
            "scopes": allowed,
            "created_at": now,
            "expires_at": now + lasts,
        }
        if not rows.add(session, row):
            raise Conflict(f"Expected a new name, but {name!r} is in use")
    return token


def _scopes(wanted: Sequence[str]) -> list[str]:
    """Permissions as they are written, or all of one resource as `task:*`."""
    resources = {permission.value.partition(":")[0] for permission in Permission}
    known = {permission.value for permission in Permission} | {f"{one}:*" for one in resources}
    unknown = sorted(set(wanted) - known)
    if not wanted or unknown:
        raise BadRequest(f"Expected scopes such as 'task:read' or 'task:*', not {unknown}", field="scope")
    return sorted(set(wanted))


def covers(scopes: Sequence[str], permission: str) -> bool:
    """Whether these scopes hold a permission."""
    return permission in scopes or f"{permission.partition(':')[0]}:*" in scopes


def actor_of(token: str) -> Actor:
    """Who a token speaks for, and how far. Raises NotSignedIn for one that ended, was revoked or never was."""
    now = runtime.now()
    with transaction(SERVICE) as session:
        row = rows.resolve(session, _hash(token), now)
        if row is not None and (row.used_at is None or now - row.used_at > _SEEN_EVERY):
            rows.used(session, row.token_key, now)
    if row is None:
        raise NotSignedIn
    permissions = frozenset(p.value for p in Permission if covers(row.scopes, p.value))
    return replace(accounts.actor_of(row, session=_hash(token)[:6].hex()), scopes=permissions)


def exchange(client_id: str, client_secret: str, address: str) -> tuple[str, timedelta]:
    """A short-lived token for a lasting one (RFC 6749, section 4.4). Raises NotSignedIn, TooManyAttempts."""
    subject, now = f"client:{client_id}", runtime.now()
    accounts.not_too_often(subject, address)
    token = SHORT + secrets.token_urlsafe(32)
    with transaction(SERVICE) as session:
        row = rows.resolve(session, _hash(client_secret), now)
        right = (
            row is not None
            and row.parent_key is None
            and secrets.compare_digest(row.token_name.encode(), client_id.encode())
        )
        if row is not None and right:
            rows.used(session, row.token_key, now)
            rows.add(
                session,
                {
                    "key": new_key(now),
                    "name": row.token_name,
                    "account_key": row.key,
                    "parent_key": row.token_key,
                    "token_hash": _hash(token),
                    "scopes": row.scopes,
                    "created_at": now,
                    "expires_at": now + SHORT_LIVED,
                },
            )
    if not right:
        accounts.count_failure(subject, address, 0)
        raise NotSignedIn
    return token, SHORT_LIVED


def everyone() -> tuple[TokenRow, ...]:
    """All lasting tokens."""
    with transaction(SERVICE) as session:
        return tuple(
            TokenRow(
                name=row.name,
                login=row.login,
                scopes=tuple(row.scopes),
                created_at=row.created_at,
                expires_at=row.expires_at,
                revoked_at=row.revoked_at,
                used_at=row.used_at,
            )
            for row in rows.everyone(session)
        )


def revoke(name: str) -> bool:
    """End a token at once, with all that was made from it; False when there is none of this name."""
    with transaction(SERVICE) as session:
        return rows.revoke(session, name, runtime.now())


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
