"""Asking for help uninvited: a question to a municipality, which calls back; nothing is told, no casus is begun."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.access import Permission, Resource
from service.domain import Actor, Fact, new_key
from service.errors import BadRequest, Conflict
from service.operations import accounts, chronicle, notices, runtime, sealing
from service.operations.guard import who, working
from service.store import help as rows
from service.store import organisations
from service.store.rows import Found, Session
from service.store.scopes import SERVICE
from service.store.session import transaction

OUTCOMES = ("gebeld", "aangemeld", "doorverwezen", "niet_bereikt")
SHORTEST_NOTE = 10  # signs
MOST_QUESTIONS = 10  # from one address in a quarter of an hour
LONGEST = {"naam": 80, "contact": 120, "woorden": 2000}
_TERM = "hulpvraag_reactie"  # of termijnen.toml
_WITHOUT_TERM = timedelta(days=3)
_KEY = "help"
_MOST = 200


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """Where somebody may ask."""

    key: str
    name: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody asked, for who calls back."""

    key: int
    municipality: str
    name: str
    contact: str
    words: str
    asked_at: datetime
    due_at: datetime
    outcome: str
    note: str
    handled_by: str
    handled_at: datetime | None


def municipalities() -> tuple[Municipality, ...]:
    """The municipalities of the region, by name."""
    with transaction(SERVICE) as session:
        return tuple(sorted(map(_municipality, _all(session)), key=lambda one: one.name))


def _all(session: Session) -> list[Found]:
    return [one for one in organisations.everything(session) if one.kind == "gemeente"]


def _municipality(row: Found) -> Municipality:
    return Municipality(
        key=row.key, name=row.municipality or row.name, phone=str(row.data.get("telefoon", ""))
    )


def ask(municipality: str, name: str, contact: str, words: str, address: str) -> datetime:
    """Keep a question; gives by when somebody calls. Raises BadRequest with its field, TooManyAttempts.

    address  of the caller, so that nobody floods a municipality
    """
    given = {"naam": name.strip(), "contact": contact.strip(), "woorden": words.strip()}
    for field in ("naam", "contact"):
        if len(given[field]) < 2:
            raise BadRequest("Expected a text", field=field)
    for field, most in LONGEST.items():
        if len(given[field]) > most:
            raise BadRequest(f"Expected at most {most} signs", field=field)
    accounts.visit("help", address, MOST_QUESTIONS)
    now = runtime.now()
    with transaction(SERVICE) as session:
        if municipality not in {one.key for one in _all(session)}:
            raise BadRequest("Expected a municipality of the region", field="gemeente")
        key, due = new_key(now), _due(now)
        rows.add(
            session,
            {
                "key": key,
                "municipality": municipality,
                "sealed": sealing.seal_with(_KEY, json.dumps(given).encode(), _place(key)),
                "asked_at": now,
                "due_at": due,
            },
        )
        chronicle.tell(session, key, [Fact(kind="help:asked", data={"municipality": municipality})], now)
        notices.of_help(session, municipality, now, due)
    return due


def answered_by() -> datetime:
    """By when somebody calls who asks now."""
    return _due(runtime.now())


def _due(now: datetime) -> datetime:
    term = runtime.current().functions.get("termijn")
    try:
        found = term(_TERM, now) if term is not None else None
    except (LookupError, ValueError, TypeError):
        found = None
    return found if isinstance(found, datetime) else now + _WITHOUT_TERM


def contacts(actor: Actor) -> tuple[str, ...]:
    """The municipalities for which this actor calls back, by the roles that the register names."""
    named = runtime.registered().helping
    return tuple(sorted({m.organisation for m in actor.memberships if m.role in named and m.organisation}))


def questions(actor: Actor) -> tuple[Question, ...]:
    """The questions to the municipalities of this actor, open ones first; the read is logged."""
    with working(actor) as work:
        served = _served(work.session, contacts(actor))
        decision = work.require(
            Permission.HELP_ANSWER,
            Resource(start_roles=frozenset(actor.roles) if served else frozenset()),
            action="R",
            kind="help-list",
            key=actor.account,
        )
        work.go_on()
        found = rows.of_municipalities(work.session, sorted(served), _MOST)
        work.note(decision, "R", "help-list", actor.account, classes="IZ" if found else "")
        return tuple(_question(row, served[row.municipality]) for row in found)


def handle(actor: Actor, key: int, outcome: str, note: str) -> None:
    """Record what was done. NotFound for a question to another municipality, Conflict for one that is handled."""
    if outcome not in OUTCOMES:
        raise BadRequest(f"Expected one of {', '.join(OUTCOMES)}", field="uitkomst")
    if len(note.strip()) < SHORTEST_NOTE:
        raise BadRequest(f"Expected at least {SHORTEST_NOTE} signs", field="toelichting")
    with working(actor) as work:
        served = _served(work.session, contacts(actor))
        work.go_on()
        row = rows.lock(work.session, key)
        if row is None or row.municipality not in served:
            raise work.missing("help", key, "U")
        decision = work.require(
            Permission.HELP_ANSWER,
            Resource(start_roles=frozenset(actor.roles)),
            action="U",
            kind="help",
            key=key,
        )
        if row.handled_at is not None:
            raise Conflict("Expected an open question, but it is handled")
        now = runtime.now()
        sealed = sealing.seal_with(_KEY, note.strip().encode(), f"{_place(key)}/note")
        rows.handle(work.session, key, outcome, sealed, actor.account, now)
        told = Fact(kind="help:handled", data={"outcome": outcome, **who(actor, decision.reason)})
        chronicle.tell(work.session, key, [told], now)


def _served(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """Of these organisations the municipalities that they are or work for: key -> name."""
    found: dict[str, str] = {}
    for one in _all(session):
        serves = {key for value in dict(one.data.get("bedient", {})).values() for key in _list(value)}
        if one.key in keys or serves & set(keys):
            found[one.key] = one.municipality or one.name
    return found


def _list(value: object) -> list[str]:
    return [str(key) for key in value] if isinstance(value, list) else [str(value)]


def _question(row: Found, municipality: str) -> Question:
    told = json.loads(sealing.open_with(_KEY, bytes(row.sealed), _place(row.key)))
    note = bytes(row.sealed_note or b"")
    return Question(
        key=row.key,
        municipality=municipality,
        name=told["naam"],
        contact=told["contact"],
        words=told["woorden"],
        asked_at=row.asked_at,
        due_at=row.due_at,
        outcome=row.outcome,
        note=sealing.open_with(_KEY, note, f"{_place(row.key)}/note").decode() if note else "",
        handled_by=row.handled_by_name or "",
        handled_at=row.handled_at,
    )


def _place(key: int) -> str:
    return f"help_request/{key}"
