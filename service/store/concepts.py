"""Concepts: what a process owner is working on, one per process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import account, concept, concept_file


def lock(session: Session, process_id: str) -> int:
    """Lock the concept and give its revision; 0 when there is none."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"concept:{process_id}", 0))))
    found = session.execute(select(concept.c.revision).where(concept.c.process_id == process_id)).scalar()
    return found or 0


def head(session: Session, process_id: str) -> Found | None:
    """Revision, moment and author of a concept."""
    return session.execute(
        select(concept, account.c.name.label("saved_by_name"))
        .outerjoin(account, account.c.key == concept.c.saved_by)
        .where(concept.c.process_id == process_id)
    ).one_or_none()


def files(session: Session, process_id: str) -> Mapping[str, bytes]:
    """The files of a concept; empty once it was published."""
    rows = session.execute(
        select(concept_file.c.path, concept_file.c.content).where(concept_file.c.process_id == process_id)
    )
    return {row.path: row.content for row in rows}


def everything(session: Session) -> Sequence[Found]:
    """All concepts that hold files, with their author."""
    return session.execute(
        select(concept, account.c.name.label("saved_by_name"))
        .outerjoin(account, account.c.key == concept.c.saved_by)
        .where(select(concept_file.c.path).where(concept_file.c.process_id == concept.c.process_id).exists())
    ).all()


def save(
    session: Session,
    process_id: str,
    files: Mapping[str, bytes],
    *,
    revision: int,
    base_definition_key: int | None,
    account_key: int,
    at: datetime,
) -> None:
    """Replace the files of a concept; the revision rises for ever, also over a publication."""
    values = {
        "revision": revision,
        "base_definition_key": base_definition_key,
        "saved_by": account_key,
        "saved_at": at,
    }
    session.execute(
        upsert(concept)
        .values(process_id=process_id, **values)
        .on_conflict_do_update(index_elements=["process_id"], set_=values)
    )
    session.execute(delete(concept_file).where(concept_file.c.process_id == process_id))
    rows = [{"process_id": process_id, "path": path, "content": content} for path, content in files.items()]
    if rows:
        session.execute(insert(concept_file), rows)
