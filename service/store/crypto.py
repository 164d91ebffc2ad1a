"""Sealed values: AES-256-GCM under a key per child, itself wrapped by a key derived from the secret key."""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.errors import ConfigurationError, StateDamaged

MIN_SECRET = 32
_NONCE = 12


@lru_cache(maxsize=64)
def derive(secret: str, purpose: str) -> bytes:
    """A 256-bit key for one purpose, from the installation's secret key."""
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


def new_wrapped_key(secret: str, place: str) -> bytes:
    """A fresh data key, wrapped."""
    return seal(derive(secret, "wrap"), os.urandom(32), place)


def unwrap(secret: str, wrapped: bytes, place: str) -> bytes:
    """The data key that new_wrapped_key() made."""
    return unseal(derive(secret, "wrap"), wrapped, place)


def digest(key: bytes, value: bytes) -> str:
    """An HMAC-SHA256 as hex: proves an answer later without telling it."""
    return hmac.new(key, value, hashlib.sha256).hexdigest()
