"""The people of an organisation, and the family of a casus: invite them, and let them in again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest, Conflict, NotFound
from service.operations import people, recovery
from service.web import invitations
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("organisation", __name__)

Answer = Response | str | tuple[str, int]
_WRONG = {
    "login": "Vul een e-mailadres in, bijvoorbeeld naam@school.nl.",
    "name": "Vul een naam in, bijvoorbeeld Sanne de W.",
    "rollen": "Kies ten minste één rol. Uzelf verwijderen kan niet.",
    "rol": "Een jongere krijgt een eigen account vanaf 12 jaar.",
    "account": "Dit account is ook van een andere organisatie of een andere casus, of het heeft geen eigen wachtwoord. "
    "Vraag de beheerder van Sluitend.",
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
    return invitations.shown(made, url_for("organisation.show", key=key))


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
    return _family(number, {}, "")


@blueprint.post("/casus/<number>/uitnodigen")
def invite_family(number: str) -> Answer:
    """Make the invitation; the link and the code are shown once."""
    given = {name: request.form.get(name, "").strip() for name in ("login", "name", "rol")}
    try:
        made = people.invite_family(actor(), number, given["login"], given["name"], given["rol"])
    except BadRequest as error:
        return _family(number, given, _WRONG.get(error.field, _WRONG["login"])), 422
    return invitations.shown(made, url_for("casus.show", number=number))


@blueprint.post("/organisatie/<key>/mensen/<int:account>/toegang")
def let_in_again(key: str, account: int) -> Answer:
    """Somebody lost the password, or the codes too."""
    codes = request.form.get("codes") == "ja"
    try:
        made = recovery.for_colleague(actor(), key, account, codes_too=codes)
    except Conflict:
        return _page(key, {}, "account"), 409
    return invitations.shown(made, url_for("organisation.show", key=key), again=True)


@blueprint.post("/casus/<number>/uitnodigen/<int:account>/toegang")
def let_family_in_again(number: str, account: int) -> Answer:
    """A parent or young person lost the password, or the codes too."""
    codes = request.form.get("codes") == "ja"
    try:
        made = recovery.for_family(actor(), number, account, codes_too=codes)
    except Conflict:
        return _family(number, {}, _WRONG["account"]), 409
    return invitations.shown(made, url_for("casus.show", number=number), again=True)


def _family(number: str, given: dict[str, str], error: str) -> str:
    inside = recovery.family(actor(), number)
    return render_template("uitnodigen.html", number=number, given=given, error=error, inside=inside)


def _page(key: str, given: dict[str, str], wrong: str) -> str:
    return render_template(
        "organisatie.html",
        view=people.view(actor(), key),
        given=given,
        error=_WRONG.get(wrong, ""),
        wrong=wrong,
    )
