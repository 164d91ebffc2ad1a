"""Notes of a casus: write one, add to it, or withdraw it with a reason."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest
from service.operations import notes
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("notes", __name__)

Answer = Response | tuple[str, int]


@blueprint.get("/casus/<number>/notitie")
def form(number: str) -> str:
    """Write a note."""
    return _page(number)


@blueprint.post("/casus/<number>/notitie")
def write(number: str) -> Answer:
    """Keep it: from now on it cannot be changed."""
    klasse, text = request.form.get("soort", ""), request.form.get("tekst", "")
    try:
        notes.write(actor(), number, klasse, text)
    except BadRequest as error:
        return _page(number, wrong=error.field, text=text, klasse=klasse), 422
    return _done(number, "De notitie staat in de casus.")


@blueprint.get("/casus/<number>/notitie/<int:key>/aanvullen")
def supplement_form(number: str, key: int) -> str:
    """Add to a note."""
    return _page(number, about=notes.readable(actor(), number, key))


@blueprint.post("/casus/<number>/notitie/<int:key>/aanvullen")
def supplement(number: str, key: int) -> Answer:
    """Keep what is added."""
    text = request.form.get("tekst", "")
    try:
        notes.supplement(actor(), number, key, text)
    except BadRequest as error:
        about = notes.readable(actor(), number, key)
        return _page(number, about=about, wrong=error.field, text=text), 422
    return _done(number, "De aanvulling staat in de casus.")


@blueprint.get("/casus/<number>/notitie/<int:key>/intrekken")
def withdraw_form(number: str, key: int) -> str:
    """Withdraw one's own note."""
    return _withdrawal(number, key)


@blueprint.post("/casus/<number>/notitie/<int:key>/intrekken")
def withdraw(number: str, key: int) -> Answer:
    """Hide its text, with a reason."""
    reason = request.form.get("reden", "")
    try:
        notes.withdraw(actor(), number, key, reason)
    except BadRequest as error:
        return _withdrawal(number, key, wrong=error.field, reason=reason), 422
    return _done(number, "De notitie is ingetrokken. Niemand ziet de tekst nog.")


def _page(
    number: str, *, about: notes.Note | None = None, wrong: str = "", text: str = "", klasse: str = ""
) -> str:
    return render_template(
        "notitie.html",
        number=number,
        about=about,
        wrong=wrong,
        text=text,
        chosen=klasse,
        longest=notes.LONGEST,
        classes=[klasse.value for klasse in notes.may_write(actor(), number)],
    )


def _withdrawal(number: str, key: int, *, wrong: str = "", reason: str = "") -> str:
    note = notes.readable(actor(), number, key)
    return render_template(
        "notitie_intrekken.html", number=number, note=note, wrong=wrong, given=reason.strip()
    )


def _done(number: str, words: str) -> Response:
    flash(words, "goed")
    return redirect(url_for("casus.show", number=number))
