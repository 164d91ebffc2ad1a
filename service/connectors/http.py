"""One HTTP call to another system: to an address that was judged, without redirects, bounded in time and size."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from service.connectors.addresses import AddressRefused, AddressUnknown, Guard

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_CHUNK = 65_536
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"})
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What is asked of another system."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_seconds: float  # of all of it
    max_bytes: int  # of the answer


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; a redirect is an answer like others."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes


class CallRefused(Exception):
    """It cannot be made, or its answer cannot be taken: trying again would not help."""


class CallFailed(Exception):
    """Nothing came back now: trying again may help."""


def call(asked: Call, guard: Guard) -> Answer:
    """Make one call. Raises CallRefused, CallFailed; what they say holds no address, header or body."""
    parts = _checked(asked)
    end = time.monotonic() + asked.timeout_seconds
    try:
        addresses = guard.resolve(parts.hostname or "", _port(parts))
        connection = _Connection(parts, addresses, end)
    except AddressRefused as error:
        raise CallRefused(str(error)) from error
    except AddressUnknown as error:
        raise CallFailed(str(error)) from error
    try:
        answer = _exchange(connection, parts, asked)
        _left(end)  # what was cut off in time looks like an answer that ended
        return answer
    except (OSError, http.client.HTTPException) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= end
        raise CallFailed("no answer in time" if late else f"no answer: {type(error).__name__}") from error
    finally:
        connection.finish()


def _checked(asked: Call) -> SplitResult:
    try:
        parts = urlsplit(asked.url)
        known = parts.scheme in {"http", "https"} and parts.hostname and _port(parts)
    except ValueError:
        known = None
    if not known or asked.method not in METHODS:
        raise CallRefused("Expected an http or https address and a method that is known")
    if parts.username or any(not 32 < ord(sign) < 127 for sign in asked.url):
        raise CallRefused("Expected an address without a password, spaces or other signs than ASCII")
    for name, value in asked.headers.items():
        if not name or set(name) - _TOKEN or name.lower() in _OURS or _breaks(value):
            raise CallRefused("Expected headers that a call can carry")
    return parts


def _breaks(value: str) -> bool:
    return any(ord(sign) < 32 or ord(sign) > 126 for sign in value)


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


class _Connection(http.client.HTTPConnection):
    """A connection to one of the judged addresses; certificate and Host are of the name. No proxy, no second look-up.

    A time-out of a socket counts from each byte; who drips bytes would hold us for ever. So at the end of the time the
    connection is cut from outside.
    """

    def __init__(self, parts: SplitResult, addresses: Sequence[str], end: float) -> None:
        super().__init__(parts.hostname or "", _port(parts))
        self._addresses = addresses
        self._end = end
        self._secure = ssl.create_default_context() if parts.scheme == "https" else None
        self._twin: socket.socket | None = None
        self._cutter: threading.Timer | None = None

    def connect(self) -> None:
        failed: OSError | None = None
        for address in self._addresses:
            try:
                self.sock = socket.create_connection((address, self.port), timeout=_left(self._end))
            except OSError as error:
                failed = error
                continue
            self._watch(self.sock)
            if self._secure is not None:
                self.sock = self._secure.wrap_socket(self.sock, server_hostname=self.host)
            return
        raise failed or OSError("no address")

    def _watch(self, sock: socket.socket) -> None:
        self._twin = sock.dup()
        self._cutter = threading.Timer(_left(self._end), _cut, (self._twin,))
        self._cutter.daemon = True
        self._cutter.start()

    def finish(self) -> None:
        """Close for good; close() alone is also called by the library while an answer is still read."""
        self.close()
        if self._cutter is not None and self._twin is not None:
            self._cutter.cancel()
            self._cutter.join()
            self._twin.close()
            self._cutter = self._twin = None


def _cut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _exchange(connection: _Connection, parts: SplitResult, asked: Call) -> Answer:
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection.request(asked.method, path, body=asked.body, headers=dict(asked.headers))
    answer = connection.getresponse()
    body = b""
    while chunk := answer.read1(_CHUNK):
        body += chunk
        if len(body) > asked.max_bytes:
            raise CallRefused("the answer is larger than [http] max_bytes")
    if answer.length:  # read1() takes a broken end for the end
        raise http.client.IncompleteRead(body, answer.length)
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(status=answer.status, headers=headers, body=body)
