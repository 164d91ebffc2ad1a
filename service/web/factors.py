"""The second step of signing in: giving a code, and setting up the app that makes it."""

from __future__ import annotations

import segno
from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service import identity
from service.errors import BadRequest, NotSignedIn, TooManyAttempts
from service.operations import factors
from service.web import session, texts
from service.web.guard import pages
from service.web.session import actor

door = pages("code", __name__, public=True)
blueprint = pages("factors", __name__, may_lack_factor=True)

HALF = "sluitend_halverwege"
_HALF_SECONDS = 600


def ask(token: str, next_path: str) -> Response:
    """After a right password: remember who is halfway, and ask for the code."""
    response = redirect(url_for("code.ask_code", volgende=next_path))
    response.set_cookie(
        HALF,
        token,
        max_age=_HALF_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=session.secure(),
        path="/inloggen",
    )
    return response


@door.get("/inloggen/code")
def ask_code() -> Response | str:
    """The page that asks for the code."""
    if not request.cookies.get(HALF):
        return redirect(url_for("account.sign_in"))
    return render_template("code.html", error="", next_path=request.args.get("volgende", ""))


@door.post("/inloggen/code")
def give_code() -> Response | tuple[str, int]:
    """Check the code and begin the session."""
    next_path = request.form.get("volgende", "")
    given, half = request.form.get("code", ""), request.cookies.get(HALF, "")
    try:
        token = identity.give_code(half, given, request.remote_addr or "")
    except (NotSignedIn, TooManyAttempts) as error:
        wrong = texts.WRONG_CODE if isinstance(error, NotSignedIn) else texts.refusal(error.code).sentence
        page = render_template("code.html", error=wrong, next_path=next_path)
        return page, 422 if isinstance(error, NotSignedIn) else 429
    found = identity.actor_of(token)
    response = redirect(session.local_path(next_path, session.home(found) if found else "/"))
    response.delete_cookie(HALF, httponly=True, samesite="Lax", secure=session.secure(), path="/inloggen")
    return session.begin(response, token)


@blueprint.get("/account/tweede-stap")
def show() -> str:
    """How it stands, and how to set it up."""
    return _page("")


@blueprint.post("/account/tweede-stap")
def change() -> Response | str | tuple[str, int]:
    """Confirm the app, take it away, or make new paper codes."""
    code, wish = request.form.get("code", ""), request.form.get("wat", "")
    try:
        if wish == "weg":
            factors.remove(actor(), code)
            flash("U logt weer in met alleen uw wachtwoord.", "goed")
            return redirect(url_for("factors.show"))
        if wish == "papier":
            return render_template("papieren_codes.html", codes=factors.renew_paper(actor(), code))
        codes = factors.confirm(actor(), code)
    except TooManyAttempts as error:
        return _page(texts.refusal(error.code).sentence), 429
    except BadRequest:
        return _page(texts.WRONG_CODE), 422
    response = Response(render_template("papieren_codes.html", codes=codes), mimetype="text/html")
    token = identity.surer(g.session_token, actor())
    return session.begin(response, token)


def _page(error: str) -> str:
    status = factors.status(actor())
    enrolment = None if status.confirmed else factors.enrol(actor())
    picture = segno.make(enrolment.address, micro=False).svg_data_uri(scale=5) if enrolment else ""
    return render_template(
        "tweede_stap.html", status=status, enrolment=enrolment, picture=picture, error=error
    )
