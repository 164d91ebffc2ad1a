"""Casussen and who takes part in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import account, casus, casus_participant, organisation, subject


def add(session: Session, values: Mapping[str, Any], participants: Sequence[Mapping[str, Any]]) -> None:
    """Add a casus and bind who holds which role in it."""
    session.execute(insert(casus).values(dict(values)))
    if participants:
        session.execute(
            insert(casus_participant), [{"casus_key": values["key"], **row} for row in participants]
        )


def bind(session: Session, casus_key: int, participants: Sequence[Mapping[str, Any]]) -> None:
    """Bind more roles in a casus."""
    if participants:
        session.execute(insert(casus_participant), [{"casus_key": casus_key, **row} for row in participants])


def bind_once(session: Session, casus_key: int, participants: Sequence[Mapping[str, Any]]) -> None:
    """Bind roles in a casus, as far as they are not bound so already."""
    rows = [{"casus_key": casus_key, **row} for row in participants]
    if rows:
        session.execute(upsert(casus_participant).values(rows).on_conflict_do_nothing())


def _heads() -> Select[Any]:
    return select(
        casus,
        subject.c.first_name,
        subject.c.last_name,
        subject.c.birth_date,
        subject.c.municipality,
        subject.c.kind.label("about"),
        subject.c.pseudonym,
        subject.c.wrapped_key,
    ).join(subject, subject.c.key == casus.c.subject_key)


def by_number(session: Session, number: str) -> Found | None:
    """One casus with its child."""
    return session.execute(_heads().where(casus.c.number == number)).one_or_none()


def get(session: Session, key: int) -> Found | None:
    """One casus with its child."""
    return session.execute(_heads().where(casus.c.key == key)).one_or_none()


def of_candidates(session: Session, candidates: Sequence[str], *, limit: int = 500) -> Sequence[Found]:
    """The casussen in which somebody takes part, newest first."""
    part = (
        select(casus_participant.c.casus_key)
        .where(
            casus_participant.c.casus_key == casus.c.key,
            casus_participant.c.candidate.in_(list(candidates)),
        )
        .exists()
    )
    return session.execute(_heads().where(part).order_by(casus.c.created_at.desc()).limit(limit)).all()


def held_by(
    session: Session, casus_keys: Sequence[int], candidates: Sequence[str]
) -> Mapping[int, Sequence[tuple[str, str]]]:
    """Per casus the roles that these candidates hold in it, as (role, candidate)."""
    found: dict[int, list[tuple[str, str]]] = {key: [] for key in casus_keys}
    part = casus_participant.c
    statement = select(part.casus_key, part.role, part.candidate).where(
        part.casus_key.in_(list(casus_keys)), part.candidate.in_(list(candidates))
    )
    for row in session.execute(statement):
        found[row.casus_key].append((row.role, row.candidate))
    return found


def participants(session: Session, casus_key: int) -> Sequence[Found]:
    """Who holds which role, with names."""
    return session.execute(
        select(
            casus_participant,
            organisation.c.name.label("organisation_name"),
            organisation.c.data.label("organisation_data"),
            account.c.name.label("person_name"),
            account.c.login.label("person_login"),
        )
        .outerjoin(organisation, organisation.c.key == casus_participant.c.organisation_key)
        .outerjoin(account, account.c.key == casus_participant.c.account_key)
        .where(casus_participant.c.casus_key == casus_key)
        .order_by(casus_participant.c.role, casus_participant.c.candidate)
    ).all()


def bindings(session: Session, casus_key: int) -> Sequence[Found]:
    """Role, candidate and organisation of each participant; no names."""
    return session.execute(
        select(
            casus_participant.c.role, casus_participant.c.candidate, casus_participant.c.organisation_key
        ).where(casus_participant.c.casus_key == casus_key)
    ).all()


def lock(session: Session, key: int) -> None:
    """Let one of two processes that end at the same moment see that the other has ended."""
    session.execute(select(casus.c.key).where(casus.c.key == key).with_for_update())


def close(session: Session, key: int, status: str, at: datetime) -> None:
    """The last process of a casus ended."""
    session.execute(update(casus).where(casus.c.key == key).values(status=status, closed_at=at))


def is_known(session: Session, first_name: str, last_name: str) -> bool:
    """Whether there is a casus of a child with this name; for the demo, which plays each case once."""
    found = _heads().where(subject.c.first_name == first_name, subject.c.last_name == last_name).limit(1)
    return session.execute(found).first() is not None
