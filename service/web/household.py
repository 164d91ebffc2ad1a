"""The people around a child: gezag and whereabouts, for who directs the casus."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest
from service.operations import households
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("household", __name__)


@blueprint.get("/casus/<number>/gezin")
def show(number: str) -> str:
    """Who is around the child."""
    return _page(number, "")


@blueprint.post("/casus/<number>/gezin")
def change(number: str) -> Response | tuple[str, int]:
    """Record gezag, or keep somebody's whereabouts."""
    given = {
        name: request.form.get(name, "").strip() for name in ("persoon", "wat", "gezag", "bron", "reden")
    }
    key = int(given["persoon"]) if given["persoon"].isdecimal() else 0
    try:
        if given["wat"] == "gezag":
            households.set_custody(actor(), number, key, given["gezag"], given["bron"])
        else:
            households.keep(
                actor(),
                number,
                key,
                kept=given["wat"] == "afschermen",
                reason=given["reden"],
                told=request.form.getlist("genoemd"),
            )
    except BadRequest as error:
        return _page(number, f"{error.field}-{key}"), 422
    flash("Vastgelegd.", "goed")
    return redirect(url_for("household.show", number=number))


def _page(number: str, wrong: str) -> str:
    return render_template(
        "gezin.html",
        number=number,
        people=households.view(actor(), number),
        organisations=households.organisations(actor(), number),
        wrong=wrong,
    )
