"""Invitations from the side of who is invited: by a link or by what a letter says; and the letter itself."""

from __future__ import annotations

import segno
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service import identity
from service.errors import BadRequest, NotFound, TooManyAttempts
from service.operations import accounts, invitations, inviting
from service.operations.outlooks import Invited
from service.web import render, session
from service.web.guard import pages

door = pages("invitation", __name__, public=True)

Answer = Response | str | tuple[str, int]
_MOST_TYPED = 30  # letters typed from one address in a quarter of an hour
_WRONG = {
    "code": "Deze code klopt niet. Controleer de zes cijfers.",
    "password": "Kies een wachtwoord van ten minste 12 tekens, dat niet uw e-mailadres is.",
    "brief": "Deze code uit de brief klopt niet. Het zijn vier groepjes van vijf letters en cijfers.",
}


@door.get("/uitnodiging")
def letter() -> str:
    """For who has a letter: type what it says."""
    return render_template("uitnodiging_brief.html", given="", error="")


@door.post("/uitnodiging")
def open_letter() -> Answer:
    """Go on with what the letter says, however it is typed."""
    given = request.form.get("brief", "").strip()
    accounts.visit("letter", request.remote_addr or "", _MOST_TYPED)
    if not invitations.is_open(given):
        return render_template("uitnodiging_brief.html", given=given, error=_WRONG["brief"]), 422
    return redirect(url_for("invitation.open_invitation", token=inviting.plain(given)), 303)


@door.get("/uitnodiging/<token>")
def open_invitation(token: str) -> Answer:
    """The page behind a link; one answer for every link that does not lead anywhere."""
    return (
        _invitation("", "") if invitations.is_open(token) else (render_template("uitnodiging_weg.html"), 404)
    )


@door.post("/uitnodiging/<token>")
def accept(token: str) -> Answer:
    """Accept: the code, and a password of one's own."""
    try:
        accepted = invitations.accept(token, request.form.get("code", ""), request.form.get("password", ""))
    except BadRequest as error:
        return _invitation(_WRONG.get(error.field, _WRONG["code"]), error.field), 422
    except (NotFound, TooManyAttempts):
        return render_template("uitnodiging_weg.html"), 404
    if accepted.renewed:
        flash("Gelukt. Log in met uw nieuwe wachtwoord.", "goed")
        return redirect(url_for("account.sign_in"))
    if not accepted.session:
        flash("Gelukt. U hebt al een account: log in met uw eigen wachtwoord.", "goed")
        return redirect(url_for("account.sign_in"))
    found = identity.actor_of(accepted.session)
    return session.begin(redirect(session.home(found) if found else "/"), accepted.session)


def _invitation(error: str, field: str) -> str:
    return render_template("uitnodiging.html", error=error, field=field)


def shown(made: Invited, back: str, *, again: bool = False) -> str:
    """Both halves, once, and the letter to print."""
    link = url_for("invitation.open_invitation", token=made.token, _external=True)
    return render_template(
        "uitgenodigd.html",
        made=made,
        link=link,
        door=url_for("invitation.letter", _external=True),
        picture=segno.make(link, micro=False).svg_data_uri(scale=4),
        today=render.now(),
        back=back,
        again=again,
    )
