"""Entering the answer of another: whose it is, from which source, and then the form of the task."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.domain import TaskKey
from service.errors import AnswersRejected, BehalfRejected, StepUpNeeded, TaskNotOpen
from service.operations import entering
from service.operations import paper as recording
from service.operations.spoken import Given
from service.operations.views import BehalfView
from service.web import dates, posted, reasons, session, sources
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("behalf", __name__)

PREFIX = "namens:"  # of the fields about the source: no question of a form has a colon in its key
_TEXTS = {"whose": "wie", "source": "bron", "received": "ontvangen", "note": "notitie"}
_TICKS = {"signed": "ondertekend", "asked": "gevraagd", "other": "ander"}
_PAPER = {"domain": "waarover", "answer": "antwoord"}  # of a consent

Answer = Response | str | tuple[str, int]


@blueprint.get("/taken/<int:key>/namens")
def show(key: int) -> Answer:
    """The questions, and what was typed before."""
    try:
        return _page(entering.open(actor(), TaskKey(key)))
    except TaskNotOpen as error:
        return render_template("taak_gesloten.html", refusal=error, own={}, key=key)


@blueprint.post("/taken/<int:key>/namens")
def submit(key: int) -> Answer:
    """Send it, keep a draft, or add and remove rows: whichever button was pressed."""
    answers, said = _posted()
    action = request.form.get(posted.ACTION, "")
    changed = posted.row_change(action, answers)
    if changed is not None:
        return _page(entering.rejected_view(actor(), TaskKey(key), changed, said), focus=action)
    if action == "bewaren":
        saved_at = entering.save_draft(actor(), TaskKey(key), answers, said)
        flash(f"Bewaard om {dates.clock_time(saved_at)}. Alleen u ziet wat u hier invulde.", "goed")
        return redirect(url_for("behalf.show", key=key))
    try:
        return _send(TaskKey(key), answers, said)
    except StepUpNeeded as needed:  # the proof became too old while they typed
        entering.save_draft(actor(), TaskKey(key), answers, said)
        flash("Wat u invulde is bewaard. Na de controle kunt u het versturen.", "goed")
        return session.to_proof(needed.level, request.path)


@blueprint.post("/taken/<int:key>/namens/concept")
def autosave(key: int) -> dict[str, str]:
    """Keep what is typed so far; asked by the page itself every few seconds."""
    return {"bewaard": dates.clock_time(entering.save_draft(actor(), TaskKey(key), *_posted()))}


@blueprint.get("/casus/<number>/toestemming/namens")
def paper(number: str) -> str:
    """Whose word about sharing may be recorded."""
    return _paper(number, Given(), {}, {})


@blueprint.post("/casus/<number>/toestemming/namens")
def say(number: str) -> Answer:
    """Record a yes from signed paper, or a no."""
    _, said = _posted()
    given = {name: request.form.get(PREFIX + field, "") for name, field in _PAPER.items()}
    agreed = {"ja": True, "nee": False}.get(given["answer"])
    try:
        recording.say(actor(), number, said, given["domain"], agreed=agreed)
    except BehalfRejected as error:
        return _paper(number, said, given, error.wrong), 422
    flash("Vastgelegd. In de casus staat voor wie u dit deed.", "goed")
    return redirect(url_for("casus.show", number=number))


def _paper(number: str, said: Given, given: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    view = recording.view(actor(), number)
    domains = dict.fromkeys(domain for _, domain in view.asked)
    return render_template(
        "namens_toestemming.html",
        number=number,
        view=view,
        given={**vars(said), **given},
        wrong=sources.wrong(wrong),
        fields={**_TEXTS, **_TICKS, **_PAPER},
        prefix=PREFIX,
        domains=[(one, f"Delen wat is vastgelegd door {reasons.domain(one)}") for one in domains],
    )


def _posted() -> tuple[posted.Posted, Given]:
    """The answers, apart from what is said about the source."""
    everything = posted.answers(request.form)

    def text(name: str) -> str:
        return request.form.get(PREFIX + _TEXTS[name], "")

    def tick(name: str) -> bool:
        return PREFIX + _TICKS[name] in request.form

    answers = {name: values for name, values in everything.items() if not name.startswith(PREFIX)}
    said = Given(
        whose=text("whose"),
        source=text("source"),
        received=text("received"),
        note=text("note"),
        signed=tick("signed"),
        asked=tick("asked"),
        other=tick("other"),
    )
    return answers, said


def _send(key: TaskKey, answers: posted.Posted, said: Given) -> Answer:
    own_key = request.form.get(posted.IDEMPOTENCY, "")
    try:
        done = entering.complete(actor(), key, answers, said, idempotency_key=own_key)
    except AnswersRejected as error:
        refused = error if isinstance(error, BehalfRejected) else BehalfRejected({}, error.errors)
        entering.save_draft(actor(), key, answers, said)
        view = entering.rejected_view(actor(), key, answers, said, refused)
        return _page(view, title_prefix="Fout: "), 422
    except TaskNotOpen as error:
        own = {**answers, "notitie": [said.note]}
        return render_template("taak_gesloten.html", refusal=error, own=own, key=key), 409
    flash("Het antwoord is verstuurd. In de casus staat voor wie u het invulde.", "goed")
    return redirect(url_for("casus.show", number=done.casus_number))


def _page(view: BehalfView, *, title_prefix: str = "", focus: str = "") -> str:
    return render_template(
        "namens.html",
        view=view,
        given=view.given,
        task=view.task,
        wrong=sources.wrong(view.wrong),
        fields={**_TEXTS, **_TICKS},
        prefix=PREFIX,
        title_prefix=title_prefix,
        focus=focus,
        idempotency_key=request.form.get(posted.IDEMPOTENCY) or secrets.token_urlsafe(16),
    )
