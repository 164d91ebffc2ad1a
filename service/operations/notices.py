"""Who gets a mail about what: a new task, the noodknop, a question for help, a colleague to replace."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from service.clock import AMSTERDAM
from service.domain import last_key
from service.operations import outgoing, runtime
from service.store import absences, accounts, mandates, notices, organisations
from service.store.rows import Session
from service.store.scopes import WORKER
from service.store.session import transaction

_OF_USE = timedelta(days=7)  # a mail about a task


def of_emergency(session: Session, organisation: str, at: datetime) -> None:
    """The FG of the organisation whose somebody used the noodknop, and of who holds its mandate, look at it."""
    today = at.astimezone(AMSTERDAM).date()
    holders = {
        row.holder_key
        for row in mandates.of_controller(session, organisation)
        if row.role == "fg" and row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)
    }
    logins = notices.logins(session, [("fg", key) for key in {organisation, *holders}])
    outgoing.post(session, "noodknop", logins, "/fg", at)


def of_help(session: Session, municipality: str, at: datetime, until: datetime) -> None:
    """Who calls back for a municipality."""
    serving = {
        one.key
        for one in organisations.everything(session)
        if one.key == municipality or municipality in _served(one.data)
    }
    posts = [(role, key) for role in runtime.registered().helping for key in serving]
    outgoing.post(session, "hulpvraag", notices.logins(session, posts), "/hulpvragen", at, until=until)


def _served(data: Mapping[str, object]) -> set[str]:
    serves = data.get("bedient", {})
    lists = serves.values() if isinstance(serves, Mapping) else ()
    return {str(key) for one in lists for key in (one if isinstance(one, list) else [one])}


def of_absence(session: Session, replacement: int, at: datetime, until: datetime) -> None:
    """Who stands in for a colleague."""
    row = accounts.by_key(session, replacement)
    if row is not None:
        outgoing.post(session, "vervanging", [row.login], "/account/afwezigheid", at, until=until)


def of_tasks() -> int:
    """Mail everybody who has a task that waited for some minutes, once for all that is new; gives how many mails.

    Tasks that somebody took or did meanwhile need no mail. Ten at once are one mail: who is told of the oldest is told
    of all up to now.
    """
    now = runtime.now()
    newest = last_key(now)
    limit = last_key(now - timedelta(minutes=runtime.current().settings.mail_collect_minutes))
    with transaction(WORKER) as session:
        mark = notices.lock_mark(session, newest)  # a site that upgrades tells nobody of what waits already
        if limit <= mark:
            return 0
        logins, unseen = _unseen(session, mark, newest, now)
        due = {key: tasks for key, tasks in unseen.items() if min(tasks) <= limit}
        for kind, several in (("taak", False), ("taken", True)):
            some = [logins[key] for key, tasks in due.items() if (len(tasks) > 1) == several]
            outgoing.post(session, kind, some, "/taken", now, until=now + _OF_USE)
        notices.tell(session, {**dict.fromkeys(due, newest), notices.EVERYBODY: limit})
    return len(due)


def _unseen(
    session: Session, mark: int, newest: int, now: datetime
) -> tuple[dict[int, str], dict[int, set[int]]]:
    """The login of each account that is offered a task it was not told of, and the keys of those tasks."""
    offered = notices.fresh(session, mark, newest)
    people = _people(session, {row.candidate for row in offered}, now)
    logins: dict[int, str] = {}
    tasks: dict[int, set[int]] = defaultdict(set)
    for row in offered:
        for key, login in people.get(row.candidate, {}).items():
            logins[key] = login
            tasks[key].add(row.key)
    told = notices.told(session, tasks)
    unseen = {key: {task for task in held if task > told.get(key, 0)} for key, held in tasks.items()}
    return logins, {key: held for key, held in unseen.items() if held}


def _people(session: Session, candidates: Iterable[str], now: datetime) -> dict[str, dict[int, str]]:
    """Per name the accounts behind it with their logins; who is absent gives way to who stands in."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for candidate, key, login in notices.people(session, candidates):
        found[candidate][key] = login
    for away in absences.holding(session, now):
        behind = found.get(f"{away.role}@{away.organisation_key}", {})
        if behind.pop(away.account_key, None) is None:
            continue
        instead = accounts.by_key(session, away.replacement_key)
        if instead is not None and instead.disabled_at is None:
            behind[instead.key] = instead.login
    return found
