"""Mijn taken, and the form of one task."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.domain import TaskKey
from service.errors import AnswersRejected, StepUpNeeded, TaskNotOpen
from service.operations import relocations, siblings, tasks
from service.web import dates, posted, render, session
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("tasks", __name__)
PAGE_SIZE = 50

Answer = Response | str | tuple[str, int]


@blueprint.get("/taken")
def mine() -> str:
    """The open tasks of this person, grouped by how near the deadline is."""
    offset = max(request.args.get("vanaf", 0, type=int), 0)
    page = tasks.mine(actor(), limit=PAGE_SIZE, offset=offset)
    groups = render.by_urgency(page.tasks, render.now())
    return render_template(
        "taken.html",
        page=page,
        groups=groups,
        offset=offset,
        size=PAGE_SIZE,
        relocations=relocations.waiting(actor()),
        siblings=siblings.waiting(actor()),
    )


@blueprint.get("/taken/<int:key>")
def show(key: int) -> Answer:
    """The form of a task, with what was typed before."""
    task = tasks.open(actor(), TaskKey(key))
    if task.row.state != "CREATED":
        return render_template("taak_gesloten.html", task=task, own={})
    return _form(task)


@blueprint.post("/taken/<int:key>")
def submit(key: int) -> Answer:
    """Complete the task, keep a draft, or add and remove rows: whichever button was pressed."""
    given, action = posted.answers(request.form), request.form.get(posted.ACTION, "")
    changed = posted.row_change(action, given)
    if changed is not None:
        return _form(tasks.rejected_view(actor(), TaskKey(key), changed, {}), focus=action)
    if action == "bewaren":
        return _keep(TaskKey(key), given)
    try:
        return _complete(TaskKey(key), given)
    except StepUpNeeded as needed:  # the proof became too old while they typed
        tasks.save_draft(actor(), TaskKey(key), given)
        flash("Wat u invulde is bewaard. Na de controle kunt u het versturen.", "goed")
        return session.to_proof(needed.level, request.path)


@blueprint.post("/taken/<int:key>/concept")
def autosave(key: int) -> dict[str, str]:
    """Keep what is typed so far; asked by the page itself every few seconds."""
    saved_at = tasks.save_draft(actor(), TaskKey(key), posted.answers(request.form))
    return {"bewaard": dates.clock_time(saved_at)}


@blueprint.post("/taken/<int:key>/oppakken")
def claim(key: int) -> Response:
    """Take a task that is offered to more people."""
    tasks.claim(actor(), TaskKey(key))
    return redirect(url_for("tasks.show", key=key))


@blueprint.post("/taken/<int:key>/teruggeven")
def unclaim(key: int) -> Response:
    """Give a task back to the team."""
    tasks.unclaim(actor(), TaskKey(key))
    flash("U hebt de taak teruggegeven. Een collega kan die nu oppakken.", "goed")
    return redirect(url_for("tasks.mine"))


def _keep(key: TaskKey, given: posted.Posted) -> Response:
    saved_at = tasks.save_draft(actor(), key, given)
    flash(
        f"Bewaard om {dates.clock_time(saved_at)}. U kunt later verder; alleen u ziet wat u invulde.", "goed"
    )
    return redirect(url_for("tasks.show", key=key))


def _complete(key: TaskKey, given: posted.Posted) -> Answer:
    try:
        done = tasks.complete(
            actor(), key, given, idempotency_key=request.form.get(posted.IDEMPOTENCY, ""), as_html=True
        )
    except AnswersRejected as error:
        tasks.save_draft(actor(), key, given)
        view = tasks.rejected_view(actor(), key, given, error.errors)
        return _form(view, title_prefix="Fout: "), 422
    except TaskNotOpen as error:
        return render_template("taak_gesloten.html", refusal=error, own=given, key=key), 409
    return render_template("klaar.html", done=done)


def _form(task: object, *, title_prefix: str = "", focus: str = "") -> str:
    return render_template(
        "taak.html",
        task=task,
        title_prefix=title_prefix,
        focus=focus,
        idempotency_key=request.form.get(posted.IDEMPOTENCY) or secrets.token_urlsafe(16),
    )
