"""What is tidied up every few minutes, and the daily anchor over the history."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from service.clock import AMSTERDAM
from service.operations import runtime, sessions
from service.store import (
    anchors,
    drafts,
    factors,
    federation,
    idempotency,
    invitations,
    messages,
    outgoing,
    queue,
    tokens,
)
from service.store import sessions as session_rows
from service.store.scopes import WORKER
from service.store.session import transaction

_MOST_JOBS = 50_000  # of the queue that one sweep forgets


def sweep() -> None:
    """Remove what ended, what nobody waited for or came back to, each after the time that the settings say."""
    now, settings = runtime.now(), runtime.current().settings
    with transaction(WORKER) as session:
        session_rows.sweep(session, now, sessions.idle())
        idempotency.sweep(session, now - timedelta(hours=settings.idempotency_hours))
        drafts.sweep(session, now - timedelta(days=settings.keep_drafts_days))
        outgoing.sweep(session, now - timedelta(days=settings.keep_sent_days))
        queue.sweep(session, now - timedelta(days=settings.keep_jobs_days), _MOST_JOBS)
        messages.sweep(session, now)
        factors.sweep(session, now)
        tokens.sweep(session, now)
        invitations.sweep(session, now)
        federation.sweep(session, now)


def anchor() -> bytes:
    """Anchor the history of yesterday and before, once a day; also as a line in the data folder."""
    now = runtime.now()
    day = now.astimezone(AMSTERDAM).date()
    with transaction(WORKER) as session:
        root = anchors.make(session, day, now)
    line = f"{day.isoformat()} {root.hex()}\n"
    file = Path(runtime.current().settings.data_dir) / "anchors.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    if line not in known:
        with file.open("a", encoding="utf-8") as out:
            out.write(line)
    return root
