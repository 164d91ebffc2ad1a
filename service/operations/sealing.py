"""What is kept closed: answers under the child's own key, drafts and stored answers under the service's key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from service import history
from service.domain import Json
from service.errors import NotFound
from service.operations import runtime
from service.store import crypto


@dataclass(frozen=True, kw_only=True)
class ChildKey:
    """The data key of one child as it is stored: wrapped, and empty once the child was erased."""

    subject_key: int
    wrapped: bytes


def child_key(subject_key: int | None, wrapped: bytes | None) -> ChildKey:
    """From the columns of a row; None where there is no child."""
    return ChildKey(subject_key=subject_key or 0, wrapped=bytes(wrapped or b""))


NO_CHILD = ChildKey(subject_key=0, wrapped=b"")


def new_child_key(subject_key: int) -> ChildKey:
    """A fresh data key for one child."""
    wrapped = crypto.new_wrapped_key(runtime.current().secret, _wrapped_at(subject_key))
    return ChildKey(subject_key=subject_key, wrapped=wrapped)


def seal(child: ChildKey, plain: bytes, place: str) -> bytes:
    """Seal a value under a child's key; it opens only at the same place."""
    return crypto.seal(_plain_key(child), plain, place)


def unseal(child: ChildKey, sealed: bytes, place: str) -> bytes:
    """Open what seal() closed."""
    return crypto.unseal(_plain_key(child), sealed, place)


def seal_own(plain: bytes, place: str) -> bytes:
    """Seal a value under the service's own key."""
    return crypto.seal(_own("seal"), plain, place)


def open_own(sealed: bytes, place: str) -> bytes:
    """Open what seal_own() closed."""
    return crypto.unseal(_own("seal"), sealed, place)


def digest(content: bytes) -> str:
    """A keyed digest as hex: equal for equal content, worthless to who guesses."""
    return crypto.digest(_own("digest"), content)


def fingerprint(child: ChildKey, answers: Mapping[str, Json]) -> str:
    """An HMAC of answers under the child's key (the service's key where there is no child), for the history."""
    content = history.canonical(answers).encode()
    return crypto.digest(_plain_key(child) if child.wrapped else _own("digest"), content)


def sha256(content: bytes) -> str:
    """A plain digest, for files that are no secret."""
    return hashlib.sha256(content).hexdigest()


def _own(purpose: str) -> bytes:
    return crypto.derive(runtime.current().secret, purpose)


def _plain_key(child: ChildKey) -> bytes:
    if not child.wrapped:
        raise NotFound("Expected a data key for this child, but it was erased")
    return _unwrapped(runtime.current().secret, child.wrapped, _wrapped_at(child.subject_key))


@lru_cache(maxsize=256)
def _unwrapped(secret: str, wrapped: bytes, place: str) -> bytes:
    return crypto.unwrap(secret, wrapped, place)


def _wrapped_at(subject_key: int) -> str:
    return f"subject/{subject_key}"
