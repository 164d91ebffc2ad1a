"""Asking for help without an invitation, and the list of questions for who calls back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest
from service.operations import help as helping
from service.web import texts
from service.web.guard import pages
from service.web.session import actor

door = pages("help", __name__, public=True)
blueprint = pages("questions", __name__)

Answer = Response | str | tuple[str, int]
_WRONG = {
    "gemeente": "Kies de gemeente waar u woont.",
    "naam": "Vul uw naam in. Alleen een voornaam mag ook.",
    "contact": "Vul een telefoonnummer of e-mailadres in. Anders kunnen wij u niet bereiken.",
    "woorden": "Dit is te lang. Schrijf het korter, de rest kunt u straks vertellen.",
    "uitkomst": "Kies wat er is gebeurd.",
    "toelichting": "Schrijf in een korte zin wat u hebt gedaan (ten minste 10 tekens).",
}


@door.get("/hulp-vragen")
def form() -> str:
    """The question."""
    return _form({}, "")


@door.post("/hulp-vragen")
def ask() -> Answer:
    """Keep it, and say what happens next."""
    names = ("gemeente", "naam", "contact", "woorden")
    given = {name: request.form.get(name, "").strip() for name in names}
    try:
        due = helping.ask(
            given["gemeente"],
            given["naam"],
            given["contact"],
            given["woorden"],
            request.remote_addr or "",
        )
    except BadRequest as error:
        return _form(given, error.field), 422
    place = next(one for one in helping.municipalities() if one.key == given["gemeente"])
    return render_template("hulp_gevraagd.html", due=due, place=place)


def _form(given: dict[str, str], wrong: str) -> str:
    return render_template(
        "hulp_vragen.html",
        places=helping.municipalities(),
        given=given,
        wrong=wrong,
        words=_WRONG.get(wrong, ""),
        longest=helping.LONGEST,
        due=helping.answered_by(),
    )


@blueprint.get("/hulpvragen")
def mine() -> str:
    """The questions to one's municipality."""
    return _list({}, 0, "")


@blueprint.post("/hulpvragen/<int:key>")
def handle(key: int) -> Answer:
    """Record what was done."""
    given = {name: request.form.get(name, "").strip() for name in ("uitkomst", "toelichting")}
    try:
        helping.handle(actor(), key, given["uitkomst"], given["toelichting"])
    except BadRequest as error:
        return _list(given, key, error.field), 422
    flash("Vastgelegd wat u hebt gedaan.", "goed")
    return redirect(url_for("questions.mine"))


def _list(given: dict[str, str], key: int, wrong: str) -> str:
    found = helping.questions(actor())
    return render_template(
        "hulpvragen.html",
        waiting=[one for one in found if one.handled_at is None],
        done=[one for one in found if one.handled_at is not None],
        outcomes=texts.HELP_OUTCOMES,
        given=given,
        wrong_key=key,
        wrong=wrong,
        words=_WRONG.get(wrong, ""),
    )
