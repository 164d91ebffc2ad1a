"""What a failing database means for who asked: come back in a moment, or an error of ours."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from service.errors import Contended, ServiceError, Unavailable

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_CONTENDED = frozenset({"40001", "40P01"})  # serialisation, deadlock: worth another try at once
_GONE = ("08", "53", "57P", "55P03")  # connection, resources, shut down, a lock not given in time


def refusal(error: BaseException) -> ServiceError | None:
    """The refusal for a failure that passes by itself; None for any other."""
    if isinstance(error, NoConnection):
        return Unavailable()
    if not isinstance(error, DBAPIError):
        return None
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _CONTENDED:
        return Contended()
    lost = error.connection_invalidated or (not state and type(error.orig).__name__ == "OperationalError")
    return Unavailable() if lost or state.startswith(_GONE) else None


def passing(error: BaseException) -> bool:
    """Whether a failure says nothing about the work itself, which may be tried again as it is."""
    return isinstance(error, Unavailable) or refusal(error) is not None
