"""The hash chain of an instance's facts, and the search for its first break."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

GENESIS = bytes(32)


class Row(Protocol):
    """A stored fact."""

    instance_key: int
    seq: int
    at: datetime
    kind: str
    payload: str
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, kw_only=True)
class Break:
    """The first place where the history is not what was written."""

    instance_key: int
    seq: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a verification found."""

    facts: int
    chains: int
    broken: Break | None


def link(prev_hash: bytes, payload: str) -> bytes:
    """The hash of a fact: SHA-256 over the hash before it and its canonical text."""
    return hashlib.sha256(prev_hash + payload.encode("utf-8")).digest()


def verify(rows: Iterable[Row], heads: Mapping[int, tuple[int, bytes]]) -> Verification:
    """Recompute all chains from their facts, ordered by instance and number, against heads kept apart."""
    counted = 0
    ends: dict[int, tuple[int, bytes]] = {}
    for row in rows:
        counted += 1
        seq, before = ends.get(row.instance_key, (0, GENESIS))
        broken = _check(row, seq, before)
        if broken:
            return Verification(facts=counted, chains=len(ends), broken=broken)
        ends[row.instance_key] = (row.seq, bytes(row.hash))
    return Verification(facts=counted, chains=len(ends), broken=_against(ends, heads))


def _check(row: Row, seq: int, before: bytes) -> Break | None:
    if row.seq != seq + 1:
        return Break(instance_key=row.instance_key, seq=seq + 1, reason=f"fact {seq + 1} is missing")
    if bytes(row.prev_hash) != before:
        return Break(
            instance_key=row.instance_key, seq=row.seq, reason="the link to the fact before it was changed"
        )
    if link(before, row.payload) != bytes(row.hash):
        return Break(instance_key=row.instance_key, seq=row.seq, reason="the fact was changed")
    return _beside(row)


def _beside(row: Row) -> Break | None:
    """Moment and kind are also columns, for queries: they must say what the hashed text says."""
    told = json.loads(row.payload)
    if told.get("kind", row.kind) != row.kind:
        return Break(
            instance_key=row.instance_key, seq=row.seq, reason="the kind beside the fact was changed"
        )
    if "at" in told and datetime.fromisoformat(told["at"]) != row.at:
        return Break(
            instance_key=row.instance_key, seq=row.seq, reason="the moment beside the fact was changed"
        )
    return None


def _against(ends: Mapping[int, tuple[int, bytes]], heads: Mapping[int, tuple[int, bytes]]) -> Break | None:
    for key in sorted(ends.keys() | heads.keys()):
        seq, made = ends.get(key, (0, GENESIS))
        head_seq, head = heads.get(key, (0, GENESIS))
        if (seq, made) != (head_seq, bytes(head)):
            where = min(seq, head_seq) + 1 if seq != head_seq else seq
            reason = "the newest facts were removed" if seq < head_seq else "the chain and its head differ"
            return Break(instance_key=key, seq=where, reason=reason)
    return None
