"""The daily anchor over all chain heads; the worker also writes it to the data folder."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store import facts
from service.store.tables import anchor


def make(session: Session, day: date, at: datetime) -> bytes:
    """Anchor a day once: SHA-256 over (key, seq, hash) of all heads in key order. Gives the root."""
    known = session.execute(select(anchor.c.root).where(anchor.c.day == day)).scalar_one_or_none()
    if known is not None:
        return bytes(known)
    heads = facts.heads(session)
    digest = hashlib.sha256()
    for key in sorted(heads):
        seq, head = heads[key]
        digest.update(f"{key}:{seq}:".encode() + head)
    total = sum(seq for seq, _ in heads.values())
    root = digest.digest()
    values = {"day": day, "chains": len(heads), "facts": total, "root": root, "made_at": at}
    session.execute(insert(anchor).values(values).on_conflict_do_nothing())
    return root
