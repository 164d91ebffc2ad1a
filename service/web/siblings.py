"""Brothers and sisters, for who directs a casus."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest, Conflict
from service.operations import siblings
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("siblings", __name__)

Answer = Response | tuple[str, int]
_WRONG: Mapping[str, str] = {
    "nummer": "Vul het nummer in van de andere casus.",
    "reden": "Schrijf in een korte zin waarom (ten minste 10 tekens).",
    "dubbel": "Deze twee zijn al gekoppeld, of de vraag wacht al.",
}


@blueprint.get("/casus/<number>/broers-en-zussen")
def show(number: str) -> str:
    """The links and questions."""
    return _page(number, {}, "")


@blueprint.post("/casus/<number>/broers-en-zussen")
def ask(number: str) -> Answer:
    """Link, or ask who directs the other casus."""
    given = {name: request.form.get(name, "").strip() for name in ("nummer", "reden")}
    try:
        done = siblings.ask(actor(), number, given["nummer"], given["reden"])
    except BadRequest as error:
        return _page(number, given, error.field), 422
    except Conflict:
        return _page(number, given, "dubbel"), 409
    flash(
        "De casussen zijn gekoppeld. Alleen wie regisseert, ziet dat."
        if done
        else "Vastgelegd. Is er een casus met dit nummer, dan krijgt wie die regisseert uw vraag.",
        "goed",
    )
    return redirect(url_for("siblings.show", number=number))


@blueprint.post("/casus/<number>/broers-en-zussen/<int:key>")
def decide(number: str, key: int) -> Answer:
    """Confirm, refuse or separate."""
    reason, wanted = request.form.get("reden", ""), request.form.get("wat", "")
    try:
        if wanted == "scheiden":
            siblings.separate(actor(), number, key, reason)
        else:
            siblings.answer(actor(), number, key, agreed=wanted == "ja", reason=reason)
    except BadRequest:
        return _page(number, {}, f"reden-{key}"), 422
    flash("Vastgelegd.", "goed")
    return redirect(url_for("siblings.show", number=number))


def _page(number: str, given: Mapping[str, str], wrong: str) -> str:
    return render_template(
        "broers_en_zussen.html",
        view=siblings.view(actor(), number),
        given=given,
        wrong=wrong,
        words=_WRONG.get(wrong.partition("-")[0], ""),
    )
