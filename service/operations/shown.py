"""Rows of the store as the views that people see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from service import forms
from service.domain import DataClass, Json, TaskKey
from service.forms import Form, FormView
from service.operations import runtime
from service.operations.views import TaskRow
from service.store.rows import Found

POLICY = "beleid"  # what a casus is about when it is about nobody


def about(manifest: Mapping[str, Any]) -> str:
    """What a casus of this process is about: jeugdige or beleid."""
    return str(manifest.get("casus", {}).get("onderwerp", "jeugdige"))


def subject_name(first_name: str | None, last_name: str | None) -> str:
    """First name and initial: "Noor B."."""
    initial = f"{last_name[0]}." if last_name else ""
    return " ".join(part for part in (first_name or "", initial) if part)


def task_row(row: Found, now: datetime) -> TaskRow:
    """A task in a list; the child's name only for roles that read identity."""
    role = runtime.current().register.rights.row(row.role)
    named = row.about == POLICY or (
        row.subject_key is not None and DataClass.IDENTITY in role.everything | role.own
    )
    return TaskRow(
        key=TaskKey(row.key),
        name=row.name,
        process_name=row.process_name,
        casus_number=row.casus_number or "",
        subject_name=subject_name(row.first_name, row.last_name) if named else "",
        role=row.role,
        organisation_name=row.organisation_name or "",
        state=row.state,
        assignee_name=row.assignee_name or row.assignee,
        due_at=row.due_at,
        late=is_late(row, now),
        created_at=row.created_at,
    )


def is_late(row: Found, now: datetime) -> bool:
    """Whether the deadline passed: now while open, at its end when it ended."""
    return row.due_at is not None and (row.ended_at or now) > row.due_at


def form_view(
    form: Form | None,
    title: str,
    values: dict[str, Json],
    errors: dict[str, str],
    context: dict[str, Json],
) -> FormView:
    """A form ready to show; an empty one for a step without form."""
    if form is None:
        return FormView(id="", title=title, fields=())
    run = runtime.current()
    return forms.view(form, values, errors, context=context, clock=run.clock, functions=run.functions)


def age(birth_date: date | None, now: datetime) -> int | None:
    """Age in whole years."""
    if birth_date is None:
        return None
    had_birthday = (now.month, now.day) >= (birth_date.month, birth_date.day)
    return now.year - birth_date.year - (0 if had_birthday else 1)
