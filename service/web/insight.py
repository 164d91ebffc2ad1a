"""Pages about a casus: who can see it, who has looked, what the family agrees to, who takes a colleague's place."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service.clock import AMSTERDAM
from service.errors import BadRequest
from service.operations import consents, emergencies, insight, mandates, matches, runtime, substitutes
from service.web import reasons
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("insight", __name__)

Answer = Response | str | tuple[str, int]


@blueprint.get("/casus/<number>/inzage")
def who_can(number: str) -> str:
    """Wie kan dit zien, en waarom?"""
    return render_template("inzage.html", view=insight.who_can(actor(), number), why=reasons.why)


@blueprint.get("/casus/<number>/gekeken")
def who_looked(number: str) -> str:
    """Wie heeft er gekeken?"""
    looks = insight.who_looked(actor(), number)
    return render_template("gekeken.html", number=number, days=reasons.by_day(looks), looked=reasons.looked)


@blueprint.get("/casus/<number>/toestemming")
def consent(number: str) -> str:
    """What the family may say yes or no to."""
    rows = consents.open_of(actor(), number)
    return render_template("toestemming.html", number=number, rows=rows, words=reasons.consent)


@blueprint.post("/casus/<number>/toestemming")
def say(number: str) -> Response:
    """One click: yes, or no."""
    about, _, domain = request.form.get("over", "").partition("/")
    agreed = request.form.get("antwoord") == "ja"
    consents.say(actor(), number, about, domain, agreed=agreed)
    flash("Uw antwoord is bewaard. U kunt het altijd veranderen.", "goed")
    return redirect(url_for("insight.consent", number=number))


@blueprint.get("/casus/<number>/waarneming")
def substitution(number: str) -> str:
    """Take the place of a colleague."""
    return _substitution(number, {}, {})


@blueprint.post("/casus/<number>/waarneming")
def substitute(number: str) -> Answer:
    """Record it."""
    given = {name: request.form.get(name, "").strip() for name in ("voor", "reden", "tot")}
    try:
        until = _end_of(given["tot"])
        substitutes.record(actor(), number, int(given["voor"] or 0), given["reden"], until)
    except (BadRequest, ValueError) as error:
        field = getattr(error, "field", "") or "tot"
        return _substitution(number, given, {field: reasons.substitution_error(field)}), 422
    flash("De waarneming is vastgelegd.", "goed")
    return redirect(url_for("casus.show", number=number))


def _substitution(number: str, given: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "waarneming.html",
        number=number,
        colleagues=substitutes.colleagues(actor(), number),
        longest=runtime.current().register.substitution.days,
        given=given,
        errors=errors,
    )


def _end_of(day: str) -> datetime:
    """The end of a day as it is picked; ValueError for what is none."""
    picked = datetime.fromisoformat(day).date()
    return datetime.combine(picked, time(), AMSTERDAM) + timedelta(days=1) - timedelta(seconds=1)


@blueprint.get("/overeenkomsten")
def likely() -> str:
    """Casussen that may be about a child whose casus this person directs."""
    return _likely({}, "")


@blueprint.post("/overeenkomsten/<int:key>")
def decide(key: int) -> Answer:
    """Link or separate, with a reason."""
    reason, answer = request.form.get("reden", "").strip(), request.form.get("antwoord", "")
    try:
        if answer not in {"zelfde", "ander"}:
            raise BadRequest("Expected an answer", field="antwoord")
        matches.decide(actor(), key, same=answer == "zelfde", reason=reason)
    except BadRequest:
        return _likely({str(key): reason}, str(key)), 422
    flash("Vastgelegd.", "goed")
    return redirect(url_for("insight.likely"))


def _likely(given: dict[str, str], wrong: str) -> str:
    return render_template("overeenkomsten.html", rows=matches.mine(actor()), given=given, wrong=wrong)


@blueprint.get("/noodknop")
def button() -> str:
    """Open a casus in an emergency."""
    emergencies.require_use(actor())
    return _button({}, "")


@blueprint.post("/noodknop")
def press() -> Answer:
    """Record who, why and until when, and open it."""
    given = {name: request.form.get(name, "").strip() for name in ("nummer", "reden")}
    try:
        emergencies.use(actor(), given["nummer"].upper(), given["reden"])
    except BadRequest:
        return _button(given, reasons.short_reason(runtime.current().register.emergency.reason_signs)), 422
    return redirect(url_for("casus.show", number=given["nummer"].upper()))


def _button(given: dict[str, str], error: str) -> str:
    hours = int(runtime.current().register.emergency.lasts.total_seconds() // 3600)
    return render_template("noodknop.html", given=given, error=error, hours=hours)


@blueprint.get("/fg")
def review() -> str:
    """What the FG has to look at."""
    rows = emergencies.seen_by_fg(actor())
    return render_template("fg.html", rows=rows, reach=mandates.mine(actor(), {"fg"}))


@blueprint.post("/fg/<int:key>")
def reviewed(key: int) -> Response:
    """The FG has looked at one use of the noodknop."""
    emergencies.mark_seen(actor(), key)
    flash("Vastgelegd dat u dit hebt bekeken.", "goed")
    return redirect(url_for("insight.review"))
