"""A child moves: recorded by who directs the casus, answered by the organisation that may take roles over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest, BehalfRejected, Conflict
from service.operations import relocations
from service.operations.proxies import SOURCES
from service.operations.spoken import Given
from service.web import sources, texts
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("relocation", __name__)

Answer = Response | tuple[str, int]
_WRONG: Mapping[str, str] = {
    "soort": "Kies of het kind naar een andere school of een andere gemeente gaat.",
    "naar": "Kies een andere organisatie: bij deze verandert er niets, of niemand heeft daar de rol die nodig is.",
    "datum": "Vul de dag in waarop het kind verhuist of van school gaat.",
    "reden": "Schrijf in een korte zin waarom (ten minste 10 tekens).",
    "loopt": "Er wacht al een vraag over deze organisatie. Neem die eerst terug.",
}


@blueprint.get("/casus/<number>/verhuizing")
def show(number: str) -> str:
    """What may be recorded, and what waits."""
    return _page(number, {}, "")


@blueprint.post("/casus/<number>/verhuizing")
def ask(number: str) -> Answer:
    """Record it, and ask who takes over."""
    names = ("soort", "school", "gemeente", "datum", "reden", "meegeven")
    given = {name: request.form.get(name, "").strip() for name in names}
    try:
        asked = relocations.ask(
            actor(),
            number,
            kind=given["soort"],
            to=given.get(given["soort"], ""),
            on=_day(given["datum"]),
            reason=given["reden"],
            pass_on=given["meegeven"] == "ja",
        )
    except BadRequest as error:
        return _page(number, given, error.field), 422
    except Conflict:
        return _page(number, given, "loopt"), 409
    flash(f"Vastgelegd. {texts.count(asked, 'organisatie kreeg', 'organisaties kregen')} de vraag.", "goed")
    return redirect(url_for("relocation.show", number=number))


@blueprint.post("/casus/<number>/verhuizing/<int:key>")
def settle(number: str, key: int) -> Response:
    """Take a question back, or note that its refusal was read."""
    relocations.settle(actor(), number, key)
    flash("Vastgelegd.", "goed")
    return redirect(url_for("relocation.show", number=number))


@blueprint.post("/casus/<number>/verhuizing/<int:key>/namens")
def accept_for(number: str, key: int) -> Answer:
    """Record that an organisation that does not take part takes over."""
    given = {"bron": request.form.get("bron", ""), "ontvangen": request.form.get("ontvangen", "")}
    try:
        said = Given(source=given["bron"], received=given["ontvangen"])
        relocations.accept_for(actor(), number, key, said)
    except BehalfRejected as error:
        words = sources.wrong(error.wrong)
        return _page(number, {**given, "vraag": str(key)}, "namens", " ".join(words.values())), 422
    flash("Vastgelegd. De taken staan bij de nieuwe organisatie.", "goed")
    return redirect(url_for("relocation.show", number=number))


@blueprint.get("/verhuizingen")
def mine() -> str:
    """The questions to this person's organisations."""
    return _questions("", "")


@blueprint.post("/verhuizingen/<int:key>")
def answer(key: int) -> Answer:
    """Take over, or refuse with a reason."""
    reason = request.form.get("reden", "")
    try:
        if request.form.get("antwoord") == "ja":
            relocations.accept(actor(), key)
            flash("U hebt de casus overgenomen. De taken staan bij uw organisatie.", "goed")
        else:
            relocations.refuse(actor(), key, reason)
            flash("Vastgelegd. Wie de casus regisseert, leest uw reden.", "goed")
    except BadRequest:
        return _questions(str(key), reason), 422
    return redirect(url_for("relocation.mine"))


def _questions(wrong: str, reason: str) -> str:
    return render_template(
        "verhuizingen.html", rows=relocations.mine(actor()), wrong=wrong, reason=reason.strip()
    )


def _page(number: str, given: Mapping[str, str], wrong: str, words: str = "") -> str:
    return render_template(
        "verhuizing.html",
        view=relocations.view(actor(), number),
        given=given,
        wrong=wrong,
        words=words or _WRONG.get(wrong, ""),
        sources=[sources.choice(one) for one in SOURCES],
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
