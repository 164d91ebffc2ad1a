"""The vault of citizen service numbers: row-level security shows one child's row, or those with a digest one has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.tables import bsn, casus, casus_participant

_OPEN = text("SELECT set_config('sluitend.vault', :what, true)")


@contextmanager
def _opened(session: Session, what: str) -> Iterator[None]:
    """Reach these rows for one statement; afterwards the vault is shut again."""
    session.execute(_OPEN, {"what": what})
    yield
    session.execute(_OPEN, {"what": ""})


def get(session: Session, subject_key: int) -> bytes | None:
    """The sealed number of one child."""
    with _opened(session, str(subject_key)):
        found = session.execute(select(bsn.c.sealed).where(bsn.c.subject_key == subject_key)).scalar()
    return None if found is None else bytes(found)


def put(session: Session, row: Mapping[str, Any]) -> None:
    """Keep a number over an earlier one."""
    statement = insert(bsn).values(dict(row))
    changed = {name: value for name, value in row.items() if name != "subject_key"}
    with _opened(session, str(row["subject_key"])):
        session.execute(statement.on_conflict_do_update(index_elements=["subject_key"], set_=changed))


def erase(session: Session, subject_key: int) -> bool:
    """Forget a number; False when there was none."""
    with _opened(session, str(subject_key)):
        gone = session.execute(
            delete(bsn).where(bsn.c.subject_key == subject_key).returning(bsn.c.subject_key)
        )
        return gone.first() is not None


def with_digest(session: Session, digest: bytes) -> Sequence[int]:
    """The children who have the number with this keyed digest."""
    with _opened(session, digest.hex()):
        found = session.execute(select(bsn.c.subject_key).where(bsn.c.digest == digest))
        return found.scalars().all()


def candidates(session: Session, subject_key: int) -> frozenset[str]:
    """Who takes part in a casus of this child, as far as this transaction sees."""
    found = session.execute(
        select(casus_participant.c.candidate)
        .join(casus, casus.c.key == casus_participant.c.casus_key)
        .where(casus.c.subject_key == subject_key)
    )
    return frozenset(found.scalars())
