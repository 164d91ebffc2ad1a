"""Mail and events on their way out: kept in the step that asks for them, carried by the worker, at least once.

What goes out waits in a table and its job in the queue, both on the session of the step: no commit, nothing goes.
The worker reads, carries without a transaction, then writes what became of it. Killed in between, it carries again
under the same id.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.connectors import mail, webhooks
from service.connectors.http import CallFailed, CallRefused
from service.connectors.mail import Mail, MailDelayed, MailRefused, NoMailServer
from service.domain import new_key
from service.operations import phrases, runtime, sealing
from service.store import outgoing as rows
from service.store.queue import defer
from service.store.rows import Found, Session
from service.store.scopes import WORKER
from service.store.session import transaction

log = logging.getLogger(__name__)

SEND = "send"  # the queue's task
LINE = "out"  # its line in the queue: a slow system outside must not hold up messages between instances
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(hours=1)
_LOST = timedelta(minutes=2)  # after its moment without a try: its job is gone
_BATCH = 500
_KEY = "outgoing"
_OF_USE = timedelta(days=14)


class Delayed(Exception):
    """It did not arrive, and may later."""


class Refused(Exception):
    """It will never arrive."""


class NoWay(Exception):
    """There is no way out yet: it waits, without counting."""


def post(
    session: Session,
    kind: str,
    logins: Iterable[str],
    path: str,
    at: datetime,
    *,
    until: datetime | None = None,
) -> None:
    """Mail everybody of these logins, when this transaction is committed.

    kind   of phrases.MAILS
    path   of the page that the mail links to
    until  when it is of no use any more; two weeks when not given
    """
    subject, text = phrases.MAILS[kind]
    told = {"subject": subject, "text": text.format(link=address() + path)}
    add(
        session,
        [("mail", "", {"to": login, **told}) for login in sorted({one for one in logins if "@" in one})],
        at,
        until=until or at + _OF_USE,
    )


def address() -> str:
    """How people reach the site."""
    settings = runtime.current().settings
    return settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"


def add(
    session: Session,
    wanted: Sequence[tuple[str, str, Mapping[str, Any]]],
    at: datetime,
    *,
    until: datetime | None = None,
) -> None:
    """Let things (kind, channel, content) go out when this transaction is committed."""
    kept = [(new_key(at), kind, channel, content) for kind, channel, content in wanted]
    if not kept:
        return
    rows.add(
        session,
        [
            {
                "key": key,
                "kind": kind,
                "channel": channel,
                "sealed": sealing.seal_with(_KEY, json.dumps(content).encode(), _place(key)),
                "state": "WAITING",
                "next_at": at,
                "until": until,
                "created_at": at,
            }
            for key, kind, channel, content in kept
        ],
    )
    for key, *_ in kept:
        _ask(session, key)


def _ask(session: Session, key: int, at: datetime | None = None) -> None:
    """A job for one; two of one never run side by side."""
    defer(session, SEND, lock=f"{SEND}/{key}", at=at, line=LINE, key=key)


def _place(key: int) -> str:
    return f"outgoing/{key}"


def send(key: int) -> None:
    """Carry one, when its moment has come; a second time it does nothing."""
    now = runtime.now()
    with transaction(WORKER) as session:
        row = rows.get(session, key)
    if row is None or row.state != "WAITING" or row.next_at > now:
        return
    if row.until is not None and row.until <= now:
        _end(key, "LATE", "")
        return
    try:
        _CARRY[row.kind](row, json.loads(sealing.open_with(_KEY, bytes(row.sealed), _place(key))))
    except NoWay:
        return
    except Refused as refused:
        _give_up(row, str(refused))
    except Delayed as delayed:
        _later(row, str(delayed))
    else:
        _end(key, "SENT", "")


def _by_mail(row: Found, told: Mapping[str, str]) -> None:
    try:
        mail.sender(runtime.current().settings)(
            Mail(
                id=str(row.key), to=told["to"], subject=told["subject"], text=told["text"], at=row.created_at
            )
        )
    except NoMailServer as error:
        raise NoWay from error
    except MailRefused as error:
        raise Refused(str(error)) from error
    except MailDelayed as error:
        raise Delayed(str(error)) from error


def _by_webhook(row: Found, told: Mapping[str, Any]) -> None:
    settings = runtime.current().settings
    hook = next((one for one in settings.webhooks if one.name == row.channel), None)
    if hook is None:
        raise Refused("no webhook has this name any more")
    try:
        answer = webhooks.tell(settings, hook, told, runtime.now())
    except CallRefused as error:
        raise Refused(str(error)) from error
    except CallFailed as error:
        raise Delayed(str(error)) from error
    if not 200 <= answer.status < 300:  # also 4xx: whoever receives may mend it before we give up
        raise Delayed(f"the other system answered {answer.status}")


_CARRY: dict[str, Callable[[Found, Mapping[str, Any]], None]] = {"mail": _by_mail, "event": _by_webhook}


def _end(key: int, state: str, reason: str) -> None:
    """It needs no more: what it said is forgotten."""
    with transaction(WORKER) as session:
        rows.change(session, key, state=state, reason=reason, sealed=b"", ended_at=runtime.now())


def _give_up(row: Found, reason: str) -> None:
    """For an operator to see; what it said stays, to be sent again."""
    log.error("outgoing_given_up", extra={"outgoing": row.key, "kind": row.kind, "reason": reason})
    with transaction(WORKER) as session:
        rows.change(
            session, row.key, state="DEAD", reason=reason, attempts=row.attempts + 1, ended_at=runtime.now()
        )


def _later(row: Found, reason: str) -> None:
    settings = runtime.current().settings
    attempts = row.attempts + 1
    if attempts >= (settings.mail_attempts if row.kind == "mail" else settings.webhook_attempts):
        _give_up(row, reason)
        return
    again = runtime.now() + pause(attempts)
    with transaction(WORKER) as session:
        rows.change(session, row.key, attempts=attempts, reason=reason, next_at=again)
        _ask(session, row.key, again)


def pause(attempts: int) -> timedelta:
    """Before the next try: 15 s after the first, doubling up to an hour."""
    doubled: int = 2 ** min(attempts - 1, 16)
    return min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)


def resume() -> int:
    """Ask again for what waits and is overdue: its job is lost, or there was no way out before. Gives how many."""
    kinds = ["event", *(["mail"] if has_mail() else [])]
    with transaction(WORKER) as session:
        found = rows.overdue(session, SEND, runtime.now() - _LOST, kinds, _BATCH)
        for row in found:
            _ask(session, row.key)
    return len(found)


def has_mail() -> bool:
    """Whether mail can go out."""
    settings = runtime.current().settings
    return bool(settings.mail_host) or settings.demo


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """Something that did not arrive, for an operator: what kind, since when and why, never what it says."""

    key: int
    kind: str
    channel: str
    state: str
    attempts: int
    reason: str
    created_at: datetime
    next_at: datetime


def stuck(limit: int = 200) -> tuple[Stuck, ...]:
    """What was given up, or failed and is tried again; newest first."""
    with transaction(WORKER) as session:
        found = rows.stuck(session, limit)
    return tuple(
        Stuck(
            key=row.key,
            kind=row.kind,
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            reason=row.reason,
            created_at=row.created_at,
            next_at=row.next_at,
        )
        for row in found
    )


def again(key: int) -> bool:
    """Let one that was given up go out again; False where there is none."""
    with transaction(WORKER) as session:
        found = rows.revive(session, key, runtime.now())
        if found:
            _ask(session, key)
    return found


def drop(key: int) -> bool:
    """Forget one that was given up."""
    with transaction(WORKER) as session:
        return rows.drop(session, key)


def complaints() -> list[str]:
    """What an operator should know of what goes out, in words; empty when all is well."""
    with transaction(WORKER) as session:
        found = rows.counts(session)
    told = []
    waiting = found.get(("mail", "WAITING"), 0)
    if waiting and not has_mail():
        told.append(f"{waiting} mails wait for a mail server: set [mail] in config/sluitend.toml")
    dead = sum(number for (_, state), number in found.items() if state == "DEAD")
    if dead:
        told.append(f"{dead} mails or events were given up: see `sluitend outgoing list`")
    return told
