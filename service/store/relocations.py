"""Children that move: what the receiving organisation is asked, and roles that go over when it says yes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import (
    casus_participant,
    disclosure,
    former_participant,
    organisation,
    relocation,
    task_candidate,
    user_task,
)


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add questions."""
    session.execute(insert(relocation), [dict(row) for row in rows])


def of_casus(session: Session, casus_key: int, states: Sequence[str]) -> Sequence[Found]:
    """The questions of a casus in these states, oldest first, with the names of both organisations."""
    return _with_names(session, relocation.c.casus_key == casus_key, states)


def for_organisations(session: Session, keys: Sequence[str]) -> Sequence[Found]:
    """The open questions to these organisations, oldest first."""
    return _with_names(session, relocation.c.to_organisation.in_(list(keys)), ("OPEN",))


def _with_names(session: Session, condition: Any, states: Sequence[str]) -> Sequence[Found]:
    old, new = organisation.alias("old"), organisation.alias("new")
    return session.execute(
        select(relocation, old.c.name.label("from_name"), new.c.name.label("to_name"))
        .outerjoin(old, old.c.key == relocation.c.from_organisation)
        .outerjoin(new, new.c.key == relocation.c.to_organisation)
        .where(condition, relocation.c.state.in_(list(states)))
        .order_by(relocation.c.asked_at, relocation.c.key)
    ).all()


def decide(
    session: Session, key: int, *, was: str, state: str, by: int, at: datetime, answer: bytes | None = None
) -> bool:
    """Bring a question from one state into the next; False when somebody did before."""
    values: dict[str, Any] = {"state": state, "decided_by": by, "decided_at": at}
    if answer is not None:
        values["answer"] = answer
    made = session.execute(
        update(relocation)
        .where(relocation.c.key == key, relocation.c.state == was)
        .values(**values)
        .returning(relocation.c.key)
    )
    return made.scalar() is not None


def rebind(session: Session, casus_key: int, role: str, old: str, new: str, at: datetime) -> bool:
    """Give a role from one organisation to another; False when the old one does not hold it any more."""
    part, before = casus_participant.c, f"{role}@{old}"
    gone = session.execute(
        delete(casus_participant)
        .where(part.casus_key == casus_key, part.role == role, part.candidate == before)
        .returning(part.organisation_key, part.since)
    ).one_or_none()
    if gone is None:
        return False
    row = {"casus_key": casus_key, "role": role}
    session.execute(
        insert(former_participant).values(
            **row, candidate=before, organisation_key=gone.organisation_key, since=gone.since, until=at
        )
    )
    session.execute(
        upsert(casus_participant)
        .values(**row, candidate=f"{role}@{new}", organisation_key=new, since=at)
        .on_conflict_do_nothing()
    )
    return True


def reoffer(session: Session, casus_key: int, role: str, old: str, new: str) -> Sequence[Found]:
    """Offer the open tasks of a role to who took it over; gives them with who had taken them."""
    open_tasks = (
        select(user_task.c.key)
        .join(task_candidate, task_candidate.c.task_key == user_task.c.key)
        .where(
            user_task.c.casus_key == casus_key,
            user_task.c.state == "CREATED",
            task_candidate.c.candidate == f"{role}@{old}",
        )
        .order_by(user_task.c.key)
        .with_for_update(of=user_task)
    )
    keys = session.execute(open_tasks).scalars().all()
    if not keys:
        return ()
    moved = session.execute(
        select(user_task.c.key, user_task.c.instance_key, user_task.c.element_id, user_task.c.assignee).where(
            user_task.c.key.in_(keys)
        )
    ).all()
    session.execute(
        update(task_candidate)
        .where(task_candidate.c.task_key.in_(keys), task_candidate.c.candidate == f"{role}@{old}")
        .values(candidate=f"{role}@{new}")
    )
    theirs = [user_task.c.key.in_(keys), user_task.c.role == role, user_task.c.organisation_key == old]
    session.execute(update(user_task).where(*theirs).values(organisation_key=new, assignee=""))
    return moved


def disclosures_to(session: Session, casus_key: int, candidate: str) -> Sequence[Found]:
    """What is given to one role holder now."""
    held = disclosure.c
    return session.execute(
        select(disclosure).where(
            held.casus_key == casus_key, held.to_candidate == candidate, held.ended_at.is_(None)
        )
    ).all()


def former_of(session: Session, candidates: Sequence[str]) -> Sequence[Found]:
    """Where these candidates took part before, the last first."""
    return session.execute(
        select(former_participant)
        .where(former_participant.c.candidate.in_(list(candidates)))
        .order_by(former_participant.c.until.desc())
    ).all()


def former_in(session: Session, casus_key: int) -> Sequence[Found]:
    """Who took part in a casus before, with names."""
    return session.execute(
        select(former_participant, organisation.c.name.label("organisation_name"))
        .outerjoin(organisation, organisation.c.key == former_participant.c.organisation_key)
        .where(former_participant.c.casus_key == casus_key)
        .order_by(former_participant.c.until)
    ).all()
