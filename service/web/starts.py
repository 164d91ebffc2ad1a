"""The processes that somebody may start, each with its start form."""

from __future__ import annotations

import secrets

from flask import render_template, request
from werkzeug.wrappers import Response

from service.errors import AnswersRejected
from service.operations import starts
from service.web import posted
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("starts", __name__)

Answer = Response | str | tuple[str, int]


@blueprint.get("/starten")
def offered() -> str:
    """The processes that this person may start."""
    return render_template("starten.html", cards=starts.offered(actor()))


@blueprint.get("/starten/<process_id>")
def show(process_id: str) -> str:
    """A start form."""
    return _form(starts.open(actor(), process_id))


@blueprint.post("/starten/<process_id>")
def submit(process_id: str) -> Answer:
    """Start the process, or add and remove rows of its form."""
    given, action = posted.answers(request.form), request.form.get(posted.ACTION, "")
    changed = posted.row_change(action, given)
    if changed is not None:
        return _form(starts.rejected_view(actor(), process_id, changed, {}), focus=action)
    try:
        started = starts.start(
            actor(), process_id, given, idempotency_key=request.form.get(posted.IDEMPOTENCY, "")
        )
    except AnswersRejected as error:
        return _form(
            starts.rejected_view(actor(), process_id, given, error.errors), title_prefix="Fout: "
        ), 422
    return render_template("gestart.html", started=started, process_id=process_id)


def _form(start: object, *, title_prefix: str = "", focus: str = "") -> str:
    return render_template(
        "start.html",
        start=start,
        title_prefix=title_prefix,
        focus=focus,
        idempotency_key=request.form.get(posted.IDEMPOTENCY) or secrets.token_urlsafe(16),
    )
