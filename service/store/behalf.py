"""Answers that somebody entered for another: only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from service.store.rows import Found
from service.store.tables import account, on_behalf, organisation


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Record whose answer was entered, by whom and from which source."""
    session.execute(insert(on_behalf).values(dict(row)))


def of_task(session: Session, task_key: int) -> Found | None:
    """For whom the answers of a task were entered; None for who gave their own."""
    return session.execute(_described().where(on_behalf.c.task_key == task_key)).one_or_none()


def of_casus(session: Session, casus_key: int) -> Mapping[int, Found]:
    """The tasks of a casus that were answered for another, by key."""
    rows = session.execute(_described().where(on_behalf.c.casus_key == casus_key)).all()
    return {row.task_key: row for row in rows}


def _described() -> Select[Any]:
    """With the names of who entered it and of both organisations."""
    whose, theirs = organisation.alias("whose"), organisation.alias("theirs")
    return (
        select(
            on_behalf,
            account.c.name.label("entered_by_name"),
            whose.c.name.label("organisation_name"),
            theirs.c.name.label("entered_organisation_name"),
        )
        .outerjoin(account, account.c.key == on_behalf.c.entered_by)
        .outerjoin(whose, whose.c.key == on_behalf.c.organisation_key)
        .outerjoin(theirs, theirs.c.key == on_behalf.c.entered_organisation)
    )
