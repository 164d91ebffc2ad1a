"""Signing in and out, and the way from the front door to somebody's work."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from service import identity
from service.errors import CodeNeeded, NotSignedIn, TooManyAttempts
from service.web import factors, federation, session, texts
from service.web.guard import pages

blueprint = pages("account", __name__, public=True)


@blueprint.get("/")
def front() -> Response:
    """Lead everybody to where their work is."""
    return redirect(session.home(g.actor) if g.actor else url_for("account.sign_in"))


@blueprint.get("/inloggen")
def sign_in() -> Response | str:
    """The sign-in page; who is signed in already goes on."""
    if g.actor:
        return redirect(session.local_path(request.args.get("volgende", ""), session.home(g.actor)))
    return _page("", "", request.args.get("volgende", ""))


@blueprint.post("/inloggen")
def enter() -> Response | tuple[str, int]:
    """Check name and password, and begin a session."""
    username, next_path = request.form.get("username", "").strip(), request.form.get("volgende", "")
    try:
        token = identity.sign_in(username, request.form.get("password", ""), request.remote_addr or "")
    except CodeNeeded as needed:
        return factors.ask(needed.token, next_path)
    except (NotSignedIn, TooManyAttempts) as error:
        wrong = texts.WRONG_LOGIN if isinstance(error, NotSignedIn) else texts.refusal(error.code).sentence
        return _page(wrong, username, next_path), 422 if isinstance(error, NotSignedIn) else 429
    found = identity.actor_of(token)
    return session.begin(
        redirect(session.local_path(next_path, session.home(found) if found else "/")), token
    )


@blueprint.get("/uitloggen")
def leaving() -> Response | str:
    """Ask before signing out, for who comes here by a link."""
    return render_template("uitloggen.html") if g.actor else redirect(url_for("account.sign_in"))


@blueprint.post("/uitloggen")
def leave() -> Response:
    """End the session, here and on the server; who came from a provider is asked to sign out there too."""
    token = g.session_token
    there = federation.farewell(token) if token else None
    if token:
        identity.sign_out(token)
    if there is not None:
        return session.end(there)
    flash("U bent uitgelogd.", "goed")
    return session.end(redirect(url_for("account.sign_in")))


@blueprint.post("/sessie")
def stay() -> tuple[str, int]:
    """Somebody is still there: this very request keeps the session alive."""
    return ("", 204) if g.actor else ("", 401)


def _page(error: str, username: str, next_path: str) -> str:
    offered = federation.offered()
    return render_template(
        "inloggen.html", error=error, username=username, next_path=next_path, providers=offered
    )
