"""Entering the answer of another: the form with whose it may be, a draft of one's own, and sending it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from service import forms
from service.domain import Actor, InstanceKey, Json, TaskKey
from service.errors import BehalfRejected
from service.forms import FormView
from service.operations import casussen, proof, runtime, sealing, shown, submissions, tasks
from service.operations.guard import Work, working
from service.operations.proxies import SOURCES
from service.operations.spoken import Given
from service.operations.submissions import Opened, Submitted
from service.operations.views import BehalfView, TaskView
from service.store import drafts

_OURS = (
    "namens:"  # what a draft calls the fields about the source; no question of a form has a colon in its key
)
_YES = "ja"


def open(actor: Actor, key: TaskKey) -> BehalfView:  # reads as entering.open
    """The questions of a task, for who may enter the answer of another. What that person typed is not in it."""
    with working(actor) as work:
        opened = _opened(work, key, "R")
        proof.require(actor, proof.asked_by(opened.form))
        draft = drafts.get(work.session, key, actor.account)
        kept = tasks.unsealed(draft.sealed, key, actor) if draft else {}
        raw = {name: typed for name, typed in kept.items() if not name.startswith(_OURS)}
        return _view(work, opened, raw, _typed(kept), draft.saved_at if draft else None)


def rejected_view(
    actor: Actor, key: TaskKey, raw: Mapping[str, Any], given: Given, refused: BehalfRejected | None = None
) -> BehalfView:
    """The same with every word that was typed, and what to mend in it."""
    with working(actor) as work:
        return _view(work, _opened(work, key, "R"), raw, given, None, refused)


def save_draft(actor: Actor, key: TaskKey, raw: Mapping[str, Any], given: Given) -> datetime:
    """Keep what was typed, sealed, for who typed it alone; gives the moment."""
    with working(actor) as work:
        _opened(work, key, "U")
        now = runtime.now()
        text = json.dumps({**raw, **_as_typed(given)}, ensure_ascii=False).encode()
        sealed = sealing.seal_own(text, tasks.draft_place(key, actor))
        drafts.save(work.session, key, actor.account, sealed, now)
    return now


def complete(
    actor: Actor,
    key: TaskKey,
    raw: Mapping[str, Any],
    given: Given,
    *,
    idempotency_key: str = "",
    as_html: bool = True,
) -> Submitted:
    """Complete a task with the answer of another. Raises NotFound, NotAllowed, TaskNotOpen, BehalfRejected."""
    return submissions.complete(
        actor, key, raw, html=as_html, idempotency_key=idempotency_key, on_behalf=given
    )


def _as_typed(given: Given) -> dict[str, list[str]]:
    """What is said about the source as a form posts it: a draft is one form, whoever opens it later."""
    said = {
        name: (_YES if value else "") if isinstance(value, bool) else value
        for name, value in vars(given).items()
    }
    return {f"{_OURS}{name}": [value] for name, value in said.items()}


def _typed(kept: Mapping[str, Any]) -> Given:
    def text(name: str) -> str:
        return str((kept.get(f"{_OURS}{name}") or [""])[0])

    return Given(
        whose=text("whose"),
        source=text("source"),
        received=text("received"),
        note=text("note"),
        signed=text("signed") == _YES,
        asked=text("asked") == _YES,
    )


def _opened(work: Work, key: TaskKey, action: str) -> Opened:
    opened = submissions.find(work, key)
    submissions.may_enter(work, opened, action)
    return opened


def _view(
    work: Work,
    opened: Opened,
    raw: Mapping[str, Any],
    given: Given,
    saved_at: datetime | None,
    refused: BehalfRejected | None = None,
) -> BehalfView:
    row = opened.row
    errors = dict(refused.errors) if refused else {}
    head = casussen.head(work, row.casus_key)
    named = (
        head.subject_name if head else ""
    )  # as far as who enters it may know the child, not whose task it is
    act = opened.form is not None and forms.is_act(opened.form)
    signed = runtime.current().register.proxies.signed
    return BehalfView(
        task=TaskView(
            row=replace(shown.task_row(row, runtime.now()), subject_name=named),
            form=_form(work, opened, raw, errors),
            instance_key=InstanceKey(row.instance_key),
            casus=head,
            draft_saved_at=saved_at,
            completed_by="",
            completed_at=None,
        ),
        choices=submissions.choices(work, opened),
        given=given,
        wrong=dict(refused.wrong) if refused else {},
        act=act,
        sources=tuple(source for source in SOURCES if not act or source in signed),
    )


def _form(work: Work, opened: Opened, raw: Mapping[str, Any], errors: dict[str, str]) -> FormView:
    """The questions, filled with what this actor typed and with process variables that this actor may read."""
    values = forms.collect(opened.form, raw) if opened.form and raw else {}
    return shown.form_view(opened.form, opened.row.name, dict(values), errors, _known(work, opened))


def _known(work: Work, opened: Opened) -> dict[str, Json]:
    """The process variables without answers of a class that this actor does not read, whoever supplied it."""
    rights = runtime.current().register.rights
    held = {one.role for one in opened.bindings if one.candidate in work.actor.candidates}
    readable = frozenset().union(*(rights.row(role).everything for role in held))
    closed = {
        component.key
        for form in opened.process.forms.values()
        for component in form.walk()
        if component.uitvoer and component.klasse not in readable
    }
    return {name: value for name, value in tasks.context(work, opened).items() if name not in closed}
