"""What is kept closed: answers under the child's own key, drafts and stored answers under the master keys."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from service import history
from service.domain import Json
from service.errors import NotFound
from service.operations import runtime
from service.store import closed, crypto, keys
from service.store.crypto import Ring
from service.store.scopes import SERVICE
from service.store.session import transaction

OWN = "seal"  # what a master key seals itself
WRAP = "wrap"  # the data keys that it wraps
DIGEST = "digest"
STATE = "state"  # of running instances: a form may declare answers of any class as output


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
    return ChildKey(subject_key=subject_key, wrapped=_wrap(os.urandom(32), _wrapped_at(subject_key)))


def seal(child: ChildKey, plain: bytes, place: str) -> bytes:
    """Seal a value under a child's key; it opens only at the same place."""
    return crypto.seal(_plain_key(child), plain, place)


def unseal(child: ChildKey, sealed: bytes, place: str) -> bytes:
    """Open what seal() closed."""
    return crypto.unseal(_plain_key(child), sealed, place)


def seal_own(plain: bytes, place: str) -> bytes:
    """Seal a value under the current master key."""
    return crypto.close(runtime.current().keys, OWN, plain, place)


def open_own(sealed: bytes, place: str) -> bytes:
    """Open what seal_own() closed."""
    return crypto.open(runtime.current().keys, OWN, sealed, place)


def seal_with(name: str, plain: bytes, place: str) -> bytes:
    """Seal a value under a data key of the service."""
    return crypto.seal(service_key(name), plain, place)


def open_with(name: str, sealed: bytes, place: str) -> bytes:
    """Open what seal_with() closed."""
    return crypto.unseal(service_key(name), sealed, place)


def digest_with(name: str, content: bytes) -> str:
    """A keyed digest under a data key of the service."""
    return crypto.digest(service_key(name), content)


def digest(content: bytes) -> str:
    """A keyed digest as hex: equal for equal content, worthless to who guesses."""
    return digest_with(DIGEST, content)


def fingerprint(child: ChildKey, answers: Mapping[str, Json]) -> str:
    """An HMAC of answers under the child's key (the service's key where there is no child), for the history."""
    content = history.canonical(answers).encode()
    return crypto.digest(_plain_key(child) if child.wrapped else service_key(DIGEST), content)


def sha256(content: bytes) -> str:
    """A plain digest, for files that are no secret."""
    return hashlib.sha256(content).hexdigest()


def service_key(name: str) -> bytes:
    """A data key of the service itself, made at its first use and kept wrapped: digests outlive every master key."""
    running = runtime.current()
    if name not in running.own:
        place = f"service_key/{name}"
        with transaction(SERVICE) as session:
            wrapped = keys.of_service(session, name) or keys.keep(
                session, name, _wrap(os.urandom(32), place), runtime.now()
            )
        running.own[name] = crypto.open(running.keys, WRAP, wrapped, place)
    return running.own[name]


def try_child(subject_key: int, wrapped: bytes) -> None:
    """Raise KeyMissing when the master keys do not open this child's key."""
    crypto.open(runtime.current().keys, WRAP, wrapped, _wrapped_at(subject_key))


def resealed(purpose: str, sealed: bytes, place: str) -> bytes:
    """The same value under the current master key."""
    ring = runtime.current().keys
    return crypto.close(ring, purpose, crypto.open(ring, purpose, sealed, place), place)


def _plain_key(child: ChildKey) -> bytes:
    if not child.wrapped:
        raise NotFound("Expected a data key for this child, but it was erased")
    return _unwrapped(runtime.current().keys, child.wrapped, _wrapped_at(child.subject_key))


@lru_cache(maxsize=256)
def _unwrapped(ring: Ring, wrapped: bytes, place: str) -> bytes:
    return crypto.open(ring, WRAP, wrapped, place)


def _wrap(key: bytes, place: str) -> bytes:
    return crypto.close(runtime.current().keys, WRAP, key, place)


def _wrapped_at(subject_key: int) -> str:
    return f"subject/{subject_key}"


closed.use(
    lambda plain: seal_with(STATE, plain, "instance/state"),
    lambda sealed: open_with(STATE, sealed, "instance/state"),
)
