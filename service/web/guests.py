"""A guest for one task: invite somebody from outside, see who may do it, take it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.domain import TaskKey
from service.errors import BadRequest
from service.operations import guests
from service.web import invitations
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("guests", __name__)

Answer = Response | str | tuple[str, int]
_WRONG = {
    "login": "Vul een e-mailadres in, bijvoorbeeld naam@praktijk.nl.",
    "name": "Vul een naam in, bijvoorbeeld Karim A.",
}


@blueprint.get("/taken/<int:key>/gast")
def show(key: int) -> str:
    """Who from outside may do this task."""
    return _page(key, {}, "")


@blueprint.post("/taken/<int:key>/gast")
def invite(key: int) -> Answer:
    """Invite somebody; the letter and the code are shown once."""
    given = {name: request.form.get(name, "").strip() for name in ("login", "name")}
    try:
        made = guests.invite(actor(), TaskKey(key), given["login"], given["name"])
    except BadRequest as error:
        return _page(key, given, error.field or "login"), 422
    return invitations.shown(made, url_for("guests.show", key=key))


@blueprint.post("/taken/<int:key>/gast/<int:account>")
def remove(key: int, account: int) -> Response:
    """Somebody from outside may do the task no longer."""
    guests.remove(actor(), TaskKey(key), account)
    flash("Deze persoon kan de taak niet meer zien of doen.", "goed")
    return redirect(url_for("guests.show", key=key))


@blueprint.post("/taken/<int:key>/gast/uitnodigingen/<int:invitation>")
def withdraw(key: int, invitation: int) -> Response:
    """Take an invitation back."""
    guests.withdraw(actor(), TaskKey(key), invitation)
    flash("De uitnodiging is ingetrokken.", "goed")
    return redirect(url_for("guests.show", key=key))


def _page(key: int, given: dict[str, str], wrong: str) -> str:
    view = guests.view(actor(), TaskKey(key))
    return render_template("gast.html", view=view, given=given, wrong=wrong, error=_WRONG.get(wrong, ""))
