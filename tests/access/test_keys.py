"""Keys are made without asking the database, so they must not meet."""

from __future__ import annotations

from datetime import UTC, datetime

from service.domain import new_key


def test_keys_of_one_millisecond_never_meet() -> None:
    now = datetime(2027, 1, 18, tzinfo=UTC)
    keys = {new_key(now) for _ in range(10_000)}  # by chance alone about twelve pairs would
    assert len(keys) == 10_000
    assert all(0 < key < 2**63 for key in keys)
