"""A column whose bytes are sealed on their way into the database and opened on their way out; nobody can forget to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

from service.errors import ConfigurationError

MARK = b"SK1"  # what a sealed value begins with; earlier ones stand in clear until they are written again

Turn = Callable[[bytes], bytes]
_turns: list[tuple[Turn, Turn]] = []


def use(seal: Turn, unseal: Turn) -> None:
    """How bytes are sealed and opened; whoever holds the keys says so once."""
    _turns[:] = [(seal, unseal)]


def _turn() -> tuple[Turn, Turn]:
    if not _turns:
        raise ConfigurationError(
            "Expected keys for sealed columns, but nobody gave them: nothing is written in clear"
        )
    return _turns[0]


class Closed(TypeDecorator[bytes]):
    """Bytes that stand sealed in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Any) -> bytes | None:
        """Seal."""
        return None if value is None else MARK + _turn()[0](bytes(value))

    def process_result_value(self, value: bytes | None, dialect: Any) -> bytes | None:
        """Open."""
        if value is None or bytes(value[: len(MARK)]) != MARK:
            return value
        return _turn()[1](bytes(value[len(MARK) :]))
