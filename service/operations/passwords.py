"""Passwords: argon2id, checked in the same time for a login that does not exist."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()  # RFC 9106, second recommended option


def hashed(password: str) -> str:
    """The hash to keep."""
    return _HASHER.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether the password is the one; an account without password costs as much time and never fits."""
    known = password_hash or _nobodys()
    try:
        return _HASHER.verify(known, password) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
