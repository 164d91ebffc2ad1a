"""Sealed values: AES-256-GCM under a key that a master key wraps or gives; each names the master that it needs."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.errors import ConfigurationError, KeyMissing, StateDamaged

MIN_SECRET = 32
FIRST = "start"  # id of the one key that SLUITEND_SECRET_KEY gives
_LABEL = b"SL1"  # what a labelled value begins with; earlier values carry no label
_NONCE = 12
_ID = re.compile(r"[a-z0-9-]{1,24}")


@dataclass(frozen=True, kw_only=True)
class Master:
    """One master key of the installation."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Ring:
    """All master keys that this process holds; the first seals, all open."""

    masters: tuple[Master, ...]

    @property
    def current(self) -> Master:
        """The key that seals."""
        return self.masters[0]

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all keys."""
        return frozenset(master.id for master in self.masters)


def ring(keys: str, secret: str) -> Ring:
    """The keys of SLUITEND_KEYS as `id:secret` with spaces between, else the one secret key.

    Raises ConfigurationError, which never repeats a secret.
    """
    masters = [_master(one) for one in keys.split()] or [Master(id=FIRST, secret=secret)]
    if len({master.id for master in masters}) < len(masters):
        raise ConfigurationError("Expected SLUITEND_KEYS to name every key once, but an id comes twice")
    return Ring(tuple(masters))


def _master(text: str) -> Master:
    name, _, secret = text.partition(":")
    if not _ID.fullmatch(name) or len(secret) < MIN_SECRET:
        raise ConfigurationError(
            f"Expected SLUITEND_KEYS as 'id:secret id:secret': an id of a-z, 0-9 and -, a secret of at least {MIN_SECRET} characters"
        )
    return Master(id=name, secret=secret)


@lru_cache(maxsize=64)
def derive(secret: str, purpose: str) -> bytes:
    """A 256-bit key for one purpose, from a master key."""
    if len(secret) < MIN_SECRET:
        raise ConfigurationError(f"Expected SLUITEND_SECRET_KEY to have at least {MIN_SECRET} characters")
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"sluitend:{purpose}".encode()).derive(
        secret.encode()
    )


def seal(key: bytes, value: bytes, place: str) -> bytes:
    """Encrypt; `place` (table and row) is bound to it, so that a ciphertext moved elsewhere does not open."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, value, place.encode())


def unseal(key: bytes, sealed: bytes, place: str) -> bytes:
    """Decrypt; raises StateDamaged when key, place or bytes are not those of seal()."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise StateDamaged("Expected a sealed value of this place and key, but it does not open") from error


def label(master_id: str) -> bytes:
    """What a value begins with that this master sealed."""
    return _LABEL + bytes([len(master_id)]) + master_id.encode()


def close(keys: Ring, purpose: str, value: bytes, place: str) -> bytes:
    """Seal under the current master's key for a purpose, labelled with its id."""
    master = keys.current
    return label(master.id) + seal(derive(master.secret, purpose), value, place)


def open(keys: Ring, purpose: str, sealed: bytes, place: str) -> bytes:
    """Open what close() sealed under any master of the ring; KeyMissing when that one is not there or another."""
    if not sealed.startswith(_LABEL):
        return _unlabelled(keys, purpose, sealed, place)
    start = len(_LABEL) + 1 + sealed[len(_LABEL)]
    name = sealed[len(_LABEL) + 1 : start].decode("ascii", "replace")
    master = next((one for one in keys.masters if one.id == name), None)
    if master is None:
        raise KeyMissing(name)
    try:
        return unseal(derive(master.secret, purpose), sealed[start:], place)
    except StateDamaged as error:
        raise KeyMissing(name, other=True) from error


def _unlabelled(keys: Ring, purpose: str, sealed: bytes, place: str) -> bytes:
    """Of before values were labelled: whichever master opens it."""
    for master in keys.masters:
        try:
            return unseal(derive(master.secret, purpose), sealed, place)
        except StateDamaged:
            continue
    raise KeyMissing("", other=True)


def digest(key: bytes, value: bytes) -> str:
    """An HMAC-SHA256 as hex: proves an answer later without telling it."""
    return hmac.new(key, value, hashlib.sha256).hexdigest()
