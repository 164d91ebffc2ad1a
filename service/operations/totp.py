"""Codes that change every half minute: RFC 6238 on RFC 4226, as the common apps make them."""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20  # RFC 4226, section 4: at least 128 bits, 160 recommended
DRIFT = 1  # steps before and after that count too: clocks differ, and people type slowly


def new_secret() -> bytes:
    """A fresh shared secret."""
    return secrets.token_bytes(SECRET_BYTES)


def code(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of one step (RFC 4226, section 5.3)."""
    mac = hmac.digest(
        secret, step.to_bytes(8, "big"), "sha1"
    )  # the one that every app knows; HMAC is not broken by it
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def step_at(seconds: float) -> int:
    """The step of a moment in seconds since 1970."""
    return int(seconds // STEP_SECONDS)


def matching(secret: bytes, given: str, seconds: float, after: int) -> int | None:
    """The step whose code was given, close to a moment and later than `after`; None when there is none.

    A code that counted once does not count again: a step is later than the last one that did.
    """
    now = step_at(seconds)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and hmac.compare_digest(code(secret, step).encode(), given.encode()):
            return step
    return None


def as_text(secret: bytes) -> str:
    """The secret as people type it: base32 in groups of four."""
    plain = base64.b32encode(secret).decode()
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def address(secret: bytes, account: str, issuer: str) -> str:
    """What an app reads from the picture."""
    label = quote(f"{issuer}:{account}")
    plain = base64.b32encode(secret).decode()
    return (
        f"otpauth://totp/{label}?secret={plain}&issuer={quote(issuer)}&period={STEP_SECONDS}&digits={DIGITS}"
    )
