"""The mandates that an organisation gives to the auditor or FG of another."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest
from service.operations import mandates
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("mandates", __name__)

Answer = Response | str | tuple[str, int]
_WRONG = {
    "wie": "Kies aan wie u het mandaat geeft.",
    "vanaf": "Vul een eerste dag in.",
    "tot": "Kies een laatste dag vanaf vandaag, niet vóór de eerste dag. Of laat hem leeg.",
    "stuk": "Schrijf op waar het besluit ligt, in 3 tot 300 tekens.",
}


@blueprint.get("/organisatie/<key>/mandaten")
def show(key: str) -> str:
    """What was given, and the form for more."""
    return _page(key, {}, "")


@blueprint.post("/organisatie/<key>/mandaten")
def give(key: str) -> Answer:
    """Give a mandate."""
    given = {name: request.form.get(name, "").strip() for name in ("wie", "vanaf", "tot", "stuk")}
    role, _, holder = given["wie"].partition("/")
    try:
        starts = date.fromisoformat(given["vanaf"])
        ends = date.fromisoformat(given["tot"]) if given["tot"] else None
        mandates.give(actor(), key, role, holder, starts, ends, given["stuk"])
    except BadRequest as error:
        return _page(key, given, error.field or "wie"), 422
    except ValueError:
        return _page(key, given, "vanaf"), 422
    flash("Het mandaat is vastgelegd.", "goed")
    return redirect(url_for("mandates.show", key=key))


@blueprint.post("/organisatie/<key>/mandaten/<int:mandate>/intrekken")
def revoke(key: str, mandate: int) -> Response:
    """Take one back."""
    mandates.revoke(actor(), key, mandate)
    flash("Het mandaat is ingetrokken. Het geldt meteen niet meer.", "goed")
    return redirect(url_for("mandates.show", key=key))


def _page(key: str, given: dict[str, str], wrong: str) -> str:
    return render_template(
        "mandaten.html",
        page=mandates.view(actor(), key),
        given=given,
        wrong=wrong,
        error=_WRONG.get(wrong, ""),
    )
