"""The people around a child: gezag with its source and date, and whose whereabouts are kept from others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from service.access import Permission, Resource
from service.domain import Actor, DataClass, Fact, Json, new_key
from service.errors import BadRequest
from service.operations import chronicle, runtime
from service.operations.guard import Work, who, working
from service.operations.opening import Opened, open_child
from service.operations.outlooks import PersonRow
from service.store import accounts, casus, households
from service.store.rows import Found, Session

CUSTODY = ("ja", "nee", "onbekend")
SHORTEST_REASON = 10  # signs


def begin(
    session: Session,
    casus_key: int,
    start: Mapping[str, Any],
    answers: Mapping[str, Json],
    by: Actor,
    at: datetime,
) -> None:
    """Take the people from the start form, by the mapping [start.gezag] in proces.toml."""
    mapping: Mapping[str, str] = start.get("gezag", {})
    rows = answers.get(mapping.get("lijst", ""))
    told = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    households.add(
        session,
        [_row(session, casus_key, mapping, number, row, by, at) for number, row in enumerate(told)],
    )


def _row(
    session: Session,
    casus_key: int,
    mapping: Mapping[str, str],
    number: int,
    row: Mapping[str, Json],
    by: Actor,
    at: datetime,
) -> dict[str, Any]:
    def text(name: str) -> str:
        value = row.get(mapping.get(name, name))
        return value if isinstance(value, str) else ""

    custody, contact = text("gezag"), text("contact").strip().lower()
    known = accounts.by_login(session, contact) if contact else None
    return {
        "key": new_key(at),
        "casus_key": casus_key,
        "name": text("naam"),
        "relation": text("relatie"),
        "custody": custody if custody in CUSTODY else "onbekend",
        "contact": text("contact"),
        "account_key": known.key if known is not None else None,
        "form_path": f"{mapping['lijst']}.{number}",
        "source": "startformulier",
        "told_by": by.account,
        "since": at,
    }


def people(session: Session, opened: Opened, actor: Actor) -> tuple[PersonRow, ...]:
    """The people of a casus for who may know identity; the contact of somebody who is kept, for who may know it."""
    if DataClass.IDENTITY not in opened.standing.classes:
        return ()
    return tuple(
        PersonRow(
            key=row.key,
            name=row.name,
            relation=row.relation,
            custody=row.custody,
            contact=row.contact if _may_know(row, opened, actor) else "",
            kept=row.kept,
            told=frozenset(row.told),
            source=row.source,
            since=row.since,
        )
        for row in households.of_casus(session, opened.row.key)
    )


def _may_know(row: Found, opened: Opened, actor: Actor) -> bool:
    return not row.kept or row.account_key == actor.account or _directs(opened, actor)


def _directs(opened: Opened, actor: Actor) -> bool:
    roles = runtime.current().register.directing
    return any(b.role in roles and b.candidate in actor.candidates for b in opened.bindings)


def view(actor: Actor, number: str) -> tuple[PersonRow, ...]:
    """The people of a casus, for who directs it."""
    with working(actor) as work:
        opened = _opened(work, number, "R")
        return people(work.session, opened, actor)


def organisations(actor: Actor, number: str) -> Mapping[str, str]:
    """Key and name of the organisations that take part, for who directs the casus."""
    with working(actor) as work:
        return _organisations(work, _opened(work, number, "R"))


def _organisations(work: Work, opened: Opened) -> Mapping[str, str]:
    rows = casus.participants(work.session, opened.row.key)
    return {row.organisation_key: row.organisation_name for row in rows if row.organisation_key}


def keep(actor: Actor, number: str, key: int, *, kept: bool, reason: str, told: Collection[str] = ()) -> None:
    """Keep the whereabouts of one person from everybody but who directs the casus; or no longer.

    told  keys of the organisations whose names other parents go on reading; the others, and those that join later,
          stay unnamed to them (service.operations.safety)
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadRequest(f"Expected a reason of at least {SHORTEST_REASON} signs", field="reden")
    with working(actor) as work:
        opened, now = _opened(work, number, "U"), runtime.now()
        _one(work, opened, key)
        if not set(told) <= _organisations(work, opened).keys():
            raise BadRequest("Expected organisations that take part", field="reden")
        households.keep(
            work.session,
            key,
            kept=kept,
            by=actor.account,
            reason=reason.strip(),
            told=sorted(told) if kept else (),
            at=now,
        )
        kind = "address:kept" if kept else "address:told"
        _tell(
            work,
            opened,
            Fact(kind=kind, data={"person": str(key), **who(actor, opened.decision.reason)}),
            now,
        )


def set_custody(actor: Actor, number: str, key: int, custody: str, source: str) -> None:
    """Record who has gezag, and how that is known."""
    if custody not in CUSTODY:
        raise BadRequest(f"Expected one of {', '.join(CUSTODY)}", field="gezag")
    if len(source.strip()) < SHORTEST_REASON:
        raise BadRequest(f"Expected a source of at least {SHORTEST_REASON} signs", field="bron")
    with working(actor) as work:
        opened, now = _opened(work, number, "U"), runtime.now()
        before = _one(work, opened, key)
        households.set_custody(work.session, key, custody, source=source.strip(), by=actor.account, at=now)
        data = {
            "person": str(key),
            "from": before.custody,
            "to": custody,
            **who(actor, opened.decision.reason),
        }
        _tell(work, opened, Fact(kind="custody:recorded", data=data), now)


def _opened(work: Work, number: str, action: str) -> Opened:
    """The casus, for who directs it; anybody else who takes part is refused, others find nothing."""
    opened = open_child(work, number, action=action, kind="household")
    work.require(
        Permission.HOUSEHOLD_CHANGE,
        Resource(start_roles=runtime.current().register.directing & opened.roles(work)),
        action=action,
        kind="household",
        key=opened.row.key,
        hidden=False,
    )
    return opened


def _one(work: Work, opened: Opened, key: int) -> Found:
    row = next((one for one in households.of_casus(work.session, opened.row.key) if one.key == key), None)
    if row is None:
        raise work.missing("person", key, "U")
    return row


def _tell(work: Work, opened: Opened, fact: Fact, at: datetime) -> None:
    work.go_on()
    chronicle.tell(work.session, opened.row.key, [fact], at)
