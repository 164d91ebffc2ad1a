"""The demo region: its register loaded, its processes published, its cases played with a clock that walks along."""

from __future__ import annotations

import calendar
import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from service import config
from service.clock import AMSTERDAM, PinnedClock
from service.domain import SYSTEM, Actor, TaskKey
from service.errors import ServiceError
from service.operations import accounts, deployments, region, runtime, starts, tasks, timers
from service.store import casus as casus_rows
from service.store import tasks as task_rows
from service.store.scopes import SERVICE
from service.store.session import transaction

log = logging.getLogger(__name__)

_RELATIVE = re.compile(r"T([+-])(\d{1,4})([dwmj])")
_OFFICE_OPENS = time(10, 0)
_BETWEEN = timedelta(minutes=7)


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that somebody does in the story of a demo case."""

    at: datetime
    case: str
    login: str
    process_id: str  # "" for a step
    element: str  # task to complete; "" for the start
    answers: Mapping[str, Any]


def play() -> int:
    """Load and play what is not there yet; gives the number of cases that were started. A second time: none."""
    running = runtime.current()
    region.load(running.region)
    for process_id in deployments.shipped():
        deployments.publish_folder(SYSTEM, process_id)
    clock = running.clock
    try:
        return _play(running.region / "casussen.toml", clock.now())
    finally:
        runtime.use_clock(clock)


def logins() -> list[tuple[str, str]]:
    """The demo logins with their roles."""
    return region.logins(runtime.region_folder(config.load()))


def _play(file: Path, now: datetime) -> int:
    cases = tomllib.loads(file.read_text(encoding="utf-8")).get("casus", []) if file.exists() else []
    events = [event for case in cases if not _known(case) for event in _events(case, now)]
    pinned = PinnedClock(now)
    runtime.use_clock(pinned)
    numbers: dict[str, str] = {}
    for event in sorted(events, key=lambda e: e.at):
        _walk(pinned, event.at)
        _do(event, numbers)
    if events:
        _walk(pinned, now)
    return len(numbers)


def _known(case: Mapping[str, Any]) -> bool:
    answers = case["antwoorden"]
    with transaction(SERVICE) as session:
        return casus_rows.is_known(session, answers["voornaam"], answers["achternaam"])


def _walk(pinned: PinnedClock, until: datetime) -> None:
    """Move the clock to `until`, stopping at every timer that falls due on the way."""
    pinned.moment = min(pinned.moment, until)
    while (due := timers.next_due()) is not None and due <= until:
        pinned.moment = max(pinned.moment, due)
        if not timers.run_due():
            break
    pinned.moment = until


def _do(event: Event, numbers: dict[str, str]) -> None:
    actor = accounts.by_login(event.login)
    if actor is None or (event.element and event.case not in numbers):
        return
    try:
        if event.element:
            _complete(actor, numbers[event.case], event)
        else:
            started = starts.start(actor, event.process_id, event.answers, as_html=False)
            numbers[event.case] = started.casus_number
    except ServiceError as refusal:
        why = getattr(refusal, "errors", refusal)
        log.exception("demo_step_refused: %s %s: %s", event.case, event.element, why)


def _complete(actor: Actor, number: str, event: Event) -> None:
    with transaction(SERVICE) as session:
        casus = casus_rows.by_number(session, number)
        rows = task_rows.of_casus(session, casus.key) if casus is not None else ()
        key = next((r.key for r in rows if r.element_id == event.element and r.state == "CREATED"), None)
    if key is None:
        log.error("demo_step_not_open: %s %s", event.case, event.element)
        return
    tasks.complete(actor, TaskKey(key), event.answers, as_html=False)


def _events(case: Mapping[str, Any], now: datetime) -> list[Event]:
    """The start and the steps of one case in order of time, none of them in the future."""
    today = now.astimezone(AMSTERDAM).date()
    planned = [(case["start"], case["login"], "", case["antwoorden"])]
    planned += [(s["dag"], s["login"], s["taak"], s["antwoorden"]) for s in case.get("stap", [])]
    planned.sort(key=lambda plan: resolve(plan[0], today))
    return [
        Event(
            at=_moment(resolve(day, today), number, len(planned), now),
            case=case["naam"],
            login=login,
            process_id="" if element else case["proces"],
            element=element,
            answers=resolved(answers, today),
        )
        for number, (day, login, element, answers) in enumerate(planned)
    ]


def _moment(day: str, number: int, total: int, now: datetime) -> datetime:
    """In office hours of that day, in order; of today: the last minutes."""
    at = datetime.combine(date.fromisoformat(day), _OFFICE_OPENS, AMSTERDAM) + number * _BETWEEN
    return min(at, now - (total - number) * timedelta(minutes=1)).astimezone(now.tzinfo)


def resolved(value: Any, today: date) -> Any:
    """Answers with every relative date as an ISO date."""
    if isinstance(value, Mapping):
        return {key: resolved(one, today) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one, today) for one in value]
    return resolve(value, today) if isinstance(value, str) else value


def resolve(text: str, today: date) -> str:
    """ "T-30d", "T+2w", "T-58m", "T+1j" as an ISO date; any other text as it is."""
    found = _RELATIVE.fullmatch(text)
    if found is None:
        return text
    number = int(found[2]) * (1 if found[1] == "+" else -1)
    if found[3] in "dw":
        return (today + timedelta(days=number * (7 if found[3] == "w" else 1))).isoformat()
    months = today.year * 12 + today.month - 1 + number * (12 if found[3] == "j" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1])).isoformat()
