"""The organisations of the region, for its administrator: add, change, end, and see what changed."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response as FlaskResponse
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.errors import BadRequest, Conflict, NotFound
from service.operations import organisations
from service.operations.organisations import Given, OrganisationRow
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("regional", __name__)

Answer = Response | str | tuple[str, int]
_WRONG = {
    "sleutel": "Kies een korte naam van kleine letters, die nog niet bestaat. Bijvoorbeeld: regenboogbrug.",
    "naam": "Vul een naam in die geen andere organisatie heeft.",
    "soort": "Kies een soort.",
    "gemeente": "Kies een gemeente van de regio. Is dit zelf een gemeente? Vul dan haar naam in.",
    "telefoon": "Vul een telefoonnummer in, of laat dit leeg.",
    "doet_mee": "Hier hebben nog mensen een account. Verwijder die eerst bij Mensen.",
    "bedient": "Kies organisaties die er zijn, en van de goede soort.",
    "einde": "Deze organisatie werkt nog voor een gemeente. Kies daar eerst een andere.",
    "weet": "Er hangt nog werk aan deze organisatie. Kruis aan dat u dat weet.",
}


@blueprint.get("/regio")
def overview() -> str:
    """All organisations, and what changed."""
    return render_template("regio.html", view=organisations.view(actor()))


@blueprint.get("/regio/organisaties.toml")
def exported() -> FlaskResponse:
    """The present state as a start file."""
    return FlaskResponse(
        organisations.exported(actor()),
        mimetype="application/toml",
        headers={"Content-Disposition": "attachment; filename=organisaties.toml"},
    )


@blueprint.get("/regio/organisaties/nieuw")
def new() -> str:
    """The form for one more."""
    return _form("", Given(name="", kind=""), "")


@blueprint.post("/regio/organisaties/nieuw")
def add() -> Answer:
    """Add it."""
    given, key = _given(), request.form.get("sleutel", "").strip()
    try:
        organisations.add(actor(), key, given)
    except BadRequest as error:
        return _form("", given, error.field, typed=key), 422
    flash(f"{given.name} is toegevoegd.", "goed")
    return redirect(url_for("regional.overview"))


@blueprint.get("/regio/organisaties/<key>")
def one(key: str) -> str:
    """One organisation."""
    return _form(key, _found(key), "")


@blueprint.post("/regio/organisaties/<key>")
def change(key: str) -> Answer:
    """Change it."""
    given = _given()
    try:
        organisations.change(actor(), key, given)
    except BadRequest as error:
        return _form(key, given, error.field), 422
    flash(f"{given.name} is bewaard.", "goed")
    return redirect(url_for("regional.overview"))


@blueprint.post("/regio/organisaties/<key>/einde")
def end(key: str) -> Answer:
    """End it, or let it take part again."""
    try:
        if request.form.get("wat") == "weer":
            organisations.reopen(actor(), key)
        else:
            organisations.end(actor(), key, knowing=request.form.get("weet") == "ja")
    except BadRequest as error:
        return _form(key, _found(key), error.field), 422
    except Conflict:
        return _form(key, _found(key), "weet"), 409
    flash("Bewaard. De toegang geldt meteen zo.", "goed")
    return redirect(url_for("regional.overview"))


def _given() -> Given:
    def typed(name: str) -> str:
        return request.form.get(name, "").strip()

    serves = {kind: typed(f"bedient.{kind}") for kind in organisations.SERVES}
    return Given(
        name=typed("naam"),
        kind=typed("soort"),
        municipality=typed("gemeente"),
        phone=typed("telefoon"),
        takes_part=typed("doet_mee") != "nee",
        serves={kind: key for kind, key in serves.items() if key},
    )


def _found(key: str) -> OrganisationRow:
    found = next((row for row in organisations.view(actor()).rows if row.key == key), None)
    if found is None:
        raise NotFound
    return found


def _form(key: str, given: Given, wrong: str, *, typed: str = "") -> str:
    view = organisations.view(actor())
    return render_template(
        "regio_organisatie.html",
        key=key,
        typed=typed,
        given=given,
        kinds=view.kinds,
        choices=_choices(view.rows),
        stored=next((row for row in view.rows if row.key == key), None),
        hanging=organisations.hanging(actor(), key) if key else (0, 0),
        wrong=wrong.partition(".")[0],
        error=_WRONG.get(wrong.partition(".")[0], ""),
    )


def _choices(rows: tuple[OrganisationRow, ...]) -> Mapping[str, list[OrganisationRow]]:
    return {
        kind: [row for row in rows if row.kind in kinds and row.ended_at is None]
        for kind, kinds in organisations.SERVES.items()
    }
