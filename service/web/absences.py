"""Afwezigheid: record that somebody is not there, and who stands in."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.clock import AMSTERDAM
from service.errors import BadRequest
from service.operations import absences
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("absences", __name__)

Answer = Response | str | tuple[str, int]
_WRONG = {
    "voor": "Kies voor wie u de afwezigheid vastlegt.",
    "wie": "Kies een collega met dezelfde rol bij dezelfde organisatie, die zelf niet afwezig is.",
    "van": "In deze tijd is al een afwezigheid vastgelegd. Trek die eerst in, of kies andere dagen.",
    "tot": "Kies een laatste dag vanaf vandaag, niet vóór de eerste dag en binnen een jaar.",
    "dag": "Vul twee dagen in.",
}


@blueprint.get("/account/afwezigheid")
def show() -> str:
    """What is recorded, and the form for more."""
    return _page({}, "")


@blueprint.post("/account/afwezigheid")
def record() -> Answer:
    """Record an absence: a choice names who is absent, as what, and who stands in."""
    given = {name: request.form.get(name, "").strip() for name in ("keuze", "van", "tot")}
    try:
        account, role, organisation, replacement = _choice(given["keuze"])
        starts_at, until = _start_of(given["van"]), _end_of(given["tot"])
        absences.record(actor(), account, role, organisation, replacement, starts_at, until)
    except BadRequest as error:
        return _page(given, error.field or "voor"), 422
    except (ValueError, OverflowError):
        return _page(given, "dag"), 422
    flash(
        "De afwezigheid is vastgelegd. Op de laatste dag om middernacht stopt de waarneming vanzelf.", "goed"
    )
    return redirect(url_for("absences.show"))


@blueprint.post("/account/afwezigheid/<int:key>/intrekken")
def revoke(key: int) -> Response:
    """End one at once."""
    absences.revoke(actor(), key)
    flash("De afwezigheid is ingetrokken. De waarneming is meteen gestopt.", "goed")
    return redirect(url_for("absences.show"))


def _choice(text: str) -> tuple[int, str, str, int]:
    parts = text.split("/")
    if len(parts) != 4 or not (parts[0].isdigit() and parts[3].isdigit()):
        raise BadRequest("Expected a choice from the list", field="voor")
    return int(parts[0]), parts[1], parts[2], int(parts[3])


def _start_of(day: str) -> datetime:
    """The beginning of a day as it is picked; ValueError for what is none."""
    return datetime.combine(datetime.fromisoformat(day).date(), time(), AMSTERDAM)


def _end_of(day: str) -> datetime:
    return _start_of(day) + timedelta(days=1) - timedelta(seconds=1)


def _page(given: dict[str, str], wrong: str) -> str:
    return render_template(
        "afwezigheid.html", page=absences.view(actor()), given=given, wrong=wrong, error=_WRONG.get(wrong, "")
    )
