"""The people of an organisation, and accepting an invitation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service import identity
from service.errors import BadRequest, NotFound, TooManyAttempts
from service.operations import invitations, people
from service.operations.outlooks import Invited
from service.web import session
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("organisation", __name__)
door = pages("invitation", __name__, public=True)

Answer = Response | str | tuple[str, int]
_WRONG = {
    "login": "Vul een e-mailadres in, bijvoorbeeld naam@school.nl.",
    "name": "Vul een naam in, bijvoorbeeld Sanne de W.",
    "rollen": "Kies ten minste één rol. Uzelf verwijderen kan niet.",
    "rol": "Een jongere krijgt een eigen account vanaf 12 jaar.",
    "code": "Deze code klopt niet. Controleer de zes cijfers.",
    "password": "Kies een wachtwoord van ten minste 12 tekens, dat niet uw e-mailadres is.",
}


@blueprint.get("/organisatie")
def mine() -> Response | str:
    """Lead an administrator to the organisation; who administers several chooses."""
    keys = people.own(actor())
    if not keys:
        raise NotFound
    return redirect(url_for("organisation.show", key=keys[0]))


@blueprint.get("/organisatie/<key>")
def show(key: str) -> str:
    """The people of an organisation."""
    return _page(key, {}, "")


@blueprint.post("/organisatie/<key>")
def invite(key: str) -> Answer:
    """Invite somebody; the link and the code are shown once."""
    given = {name: request.form.get(name, "").strip() for name in ("login", "name")}
    try:
        made = people.invite(actor(), key, given["login"], given["name"], request.form.getlist("rollen"))
    except BadRequest as error:
        return _page(key, given, error.field or "login"), 422
    return _invited(made, url_for("organisation.show", key=key))


@blueprint.post("/organisatie/<key>/mensen/<int:account>")
def change(key: str, account: int) -> Answer:
    """Other roles, or none: then somebody is removed."""
    roles = [] if request.form.get("wat") == "weg" else request.form.getlist("rollen")
    if not roles and request.form.get("wat") != "weg":
        return _page(key, {}, "rollen"), 422
    try:
        people.change(actor(), key, account, roles)
    except BadRequest as error:
        return _page(key, {}, error.field), 422
    flash(
        "Gewijzigd. De toegang geldt meteen zo." if roles else "Verwijderd. De toegang is meteen gesloten.",
        "goed",
    )
    return redirect(url_for("organisation.show", key=key))


@blueprint.post("/organisatie/<key>/uitnodigingen/<int:invitation>")
def withdraw(key: str, invitation: int) -> Response:
    """Take an invitation back."""
    people.withdraw(actor(), key, invitation)
    flash("De uitnodiging is ingetrokken.", "goed")
    return redirect(url_for("organisation.show", key=key))


@blueprint.get("/casus/<number>/uitnodigen")
def family(number: str) -> str:
    """Invite a parent or the young person."""
    people.require_family(actor(), number)
    return render_template("uitnodigen.html", number=number, given={}, error="")


@blueprint.post("/casus/<number>/uitnodigen")
def invite_family(number: str) -> Answer:
    """Make the invitation; the link and the code are shown once."""
    given = {name: request.form.get(name, "").strip() for name in ("login", "name", "rol")}
    try:
        made = people.invite_family(actor(), number, given["login"], given["name"], given["rol"])
    except BadRequest as error:
        wrong = _WRONG.get(error.field, _WRONG["login"])
        return render_template("uitnodigen.html", number=number, given=given, error=wrong), 422
    return _invited(made, url_for("casus.show", number=number))


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
    if not accepted.session:
        flash("Gelukt. U hebt al een account: log in met uw eigen wachtwoord.", "goed")
        return redirect(url_for("account.sign_in"))
    found = identity.actor_of(accepted.session)
    return session.begin(redirect(session.home(found) if found else "/"), accepted.session)


def _invitation(error: str, field: str) -> str:
    return render_template("uitnodiging.html", error=error, field=field)


def _invited(made: Invited, back: str) -> str:
    link = url_for("invitation.open_invitation", token=made.token, _external=True)
    return render_template("uitgenodigd.html", made=made, link=link, back=back)


def _page(key: str, given: dict[str, str], wrong: str) -> str:
    return render_template(
        "organisatie.html",
        view=people.view(actor(), key),
        given=given,
        error=_WRONG.get(wrong, ""),
        wrong=wrong,
    )
