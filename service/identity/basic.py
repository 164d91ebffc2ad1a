"""Basic credentials, checked with argon2id once in five minutes: the check costs a tenth of a second.

What the account may do, and whether it is open, is looked up every time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict

from service.domain import Actor
from service.errors import NotSignedIn
from service.operations import accounts, factors

KEPT_SECONDS = 300.0
_MOST = 2048
_key = secrets.token_bytes(32)  # of this process alone: a memory dump of another day helps nobody
_known: OrderedDict[bytes, tuple[float, int, bytes]] = OrderedDict()  # until, account, stamp of its password
_lock = threading.Lock()


def actor_basic(login: str, password: str, address: str = "") -> Actor:
    """The actor of these credentials. Raises NotSignedIn, TooManyAttempts."""
    digest = hmac.new(_key, f"{login.lower()}\0{password}".encode(), hashlib.sha256).digest()
    now = time.monotonic()
    with _lock:
        until, account, stamp = _known.get(digest, (0.0, 0, b""))
    if (
        until > now
        and (standing := factors.by_password_alone(account)) is not None
        and standing.stamp == stamp
    ):
        return standing.actor
    standing = factors.by_password_alone(accounts.check(login, password, address).account)
    if standing is None:
        raise NotSignedIn  # a password alone is not enough here; programs use a token
    with _lock:
        _known[digest] = (now + KEPT_SECONDS, standing.actor.account, standing.stamp)
        _known.move_to_end(digest)
        while len(_known) > _MOST:
            _known.popitem(last=False)
    return standing.actor


def forget() -> None:
    """Empty the cache; for tests."""
    with _lock:
        _known.clear()
