"""The chained history: append_fact() writes it, nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, func, literal, select, text
from sqlalchemy.orm import Session

from service.store.tables import chain_head, fact

_APPEND = text(
    "SELECT append_fact(:instance, CAST(:at AS timestamptz[]), CAST(:kind AS text[]), CAST(:payload AS text[]))"
)


def append(session: Session, instance_key: int, facts: Sequence[tuple[datetime, str, str]]) -> None:
    """Append facts (moment, kind, canonical payload) to an instance's chain, in order, in one statement."""
    if not facts:
        return
    at, kind, payload = zip(*facts, strict=True)
    session.execute(
        _APPEND, {"instance": instance_key, "at": list(at), "kind": list(kind), "payload": list(payload)}
    )


def rows(session: Session, instance_key: int) -> Sequence[Row[Any]]:
    """All facts of an instance in order."""
    return session.execute(select(fact).where(fact.c.instance_key == instance_key).order_by(fact.c.seq)).all()


def counts(session: Session, instance_keys: Sequence[int]) -> dict[int, int]:
    """Number of facts per instance."""
    statement = select(chain_head.c.instance_key, chain_head.c.seq).where(
        chain_head.c.instance_key.in_(instance_keys)
    )
    return {row.instance_key: row.seq for row in session.execute(statement)}


def every(session: Session) -> Iterator[Any]:
    """All facts of all instances, chain by chain, streamed."""
    ordered = select(fact).order_by(fact.c.instance_key, fact.c.seq).execution_options(yield_per=2000)
    with session.execute(ordered) as streamed:
        yield from streamed


def heads(session: Session) -> dict[int, tuple[int, bytes]]:
    """The head of every chain: last number and hash."""
    return {row.instance_key: (row.seq, bytes(row.hash)) for row in session.execute(select(chain_head))}


def chain(session: Session, instance_key: int) -> tuple[Sequence[Row[Any]], dict[int, tuple[int, bytes]]]:
    """The facts of an instance and its head, in one statement: what is appended meanwhile is in both or in neither."""
    wanted = select(literal(instance_key, BigInteger).label("key")).subquery()
    statement = (
        select(fact, chain_head.c.seq.label("head_seq"), chain_head.c.hash.label("head_hash"))
        .select_from(wanted)
        .outerjoin(fact, fact.c.instance_key == wanted.c.key)
        .outerjoin(chain_head, chain_head.c.instance_key == wanted.c.key)
        .order_by(fact.c.seq)
    )
    found = session.execute(statement).all()
    head = {instance_key: (found[0].head_seq, bytes(found[0].head_hash))} if found[0].head_hash else {}
    return [row for row in found if row.seq is not None], head


def total(session: Session) -> int:
    """Number of facts that the heads claim."""
    return int(session.execute(select(func.coalesce(func.sum(chain_head.c.seq), 0))).scalar_one())
