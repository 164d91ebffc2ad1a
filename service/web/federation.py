"""Signing in and out at another party, and the page that asks for a surer proof."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import url_for as address_of
from werkzeug.wrappers import Response as BaseResponse

from service import identity
from service.config import Settings
from service.errors import BadRequest, RoleUnknown, SignInRefused, TooManyAttempts
from service.identity import oidc, providers
from service.identity.providers import Provider, Providers
from service.operations import assurance, factors
from service.operations.assurance import Assurance
from service.web import region, session, texts
from service.web.guard import pages

log = logging.getLogger(__name__)

COOKIE = "sluitend_aanmelden"  # binds the way back to the browser that went
_COOKIE_PATH = "/aanmelden"
_COOKIE_SECONDS = 600
_LONGEST_COOKIE = 100

blueprint = pages("federation", __name__, public=True)
notices = Blueprint(
    "notices", __name__
)  # from providers, not from browsers: a signed token instead of a cookie


def read(settings: Settings) -> Providers:
    """The providers of these settings. Raises ConfigurationError."""
    found = providers.load(assurance.sign_in_file(settings))
    providers.check(found, region.read(settings.region).roles)
    return found


def offered() -> tuple[Provider, ...]:
    """The providers that the sign-in page shows."""
    found: Providers = current_app.config.get("SLUITEND_SIGN_IN", Providers())
    return tuple(found.by_key.values())


@blueprint.get("/aanmelden")
def surer() -> str:
    """Ask for a surer or fresher proof, with the providers that can give it."""
    return _asking(request.args, "")


@blueprint.post("/aanmelden")
def prove() -> BaseResponse | tuple[str, int]:
    """A code of the app or of paper is a surer proof: the session goes on under a new token."""
    actor, next_path = session.actor(), session.local_path(request.form.get("volgende", ""), "/")
    try:
        factors.prove(actor, request.form.get("code", ""))
    except TooManyAttempts as error:
        return _asking(request.form, texts.refusal(error.code).sentence), 429
    except BadRequest:
        return _asking(request.form, texts.WRONG_CODE), 422
    token = identity.surer(g.session_token, actor)
    return session.begin(redirect(next_path, 303), token)


def _asking(given: Mapping[str, str], error: str) -> str:
    wanted = _level(given.get("zekerheid", Assurance.SUBSTANTIAL.value))
    own = g.actor is not None and Assurance.SUBSTANTIAL.reaches(wanted)
    return render_template(
        "aanmelden_zekerder.html",
        providers=[one for one in offered() if one.strongest.reaches(wanted)],
        with_code=own and factors.wanted(session.actor().account),
        may_begin=own,
        level=wanted.value,
        next_path=session.local_path(given.get("volgende", ""), "/"),
        error=error,
    )


@blueprint.get("/aanmelden/<key>")
def depart(key: str) -> BaseResponse:
    """Go to the provider."""
    carried = request.cookies.get(COOKIE, "")
    browser = carried if 20 <= len(carried) <= _LONGEST_COOKIE else secrets.token_urlsafe(24)
    there = oidc.depart(
        oidc.provider_of(key),
        browser=browser,
        address=request.remote_addr or "",
        back=_own("federation.arrive", key=key),
        next_path=session.local_path(request.args.get("volgende", ""), ""),
        wanted=_level(request.args.get("zekerheid", Assurance.LOW.value)),
    )
    answer = redirect(there, 303)
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=_COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=session.secure(),
        path=_COOKIE_PATH,
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/aanmelden/<key>/terug")
def arrive(key: str) -> BaseResponse:
    """Come back from the provider: a session, or a page that says what to do now."""
    provider = oidc.provider_of(key)
    try:
        arrived = oidc.arrive(
            provider,
            browser=request.cookies.get(COOKIE, ""),
            answer=request.args.to_dict(),
            replaces=g.session_token,
        )
    except RoleUnknown as error:
        page = render_template("aanmelden_geen_rol.html", provider=error.provider, call=error.call)
        return make_response(page, 403)
    found = identity.actor_of(arrived.token)
    home = session.home(found) if found else "/"
    answer = session.begin(redirect(session.local_path(arrived.next_path, home), 303), arrived.token)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"  # this address held a code
    return answer


@blueprint.get("/uitgelogd")
def signed_out() -> BaseResponse:
    """Back from signing out at the provider."""
    if g.actor is None:
        flash("U bent uitgelogd.", "goed")
    return redirect(address_of("account.front"))


@notices.post("/aanmelden/<key>/uitgelogd")
def ended_there(key: str) -> Response:
    """The provider says that it ended a session: end ours. It is told no more than yes or no."""
    provider = oidc.provider_of(key)
    token = request.form.get("logout_token", "")
    try:
        ended = oidc.ended_there(provider, token)
    except SignInRefused as refused:
        log.info("logout_refused provider=%s why=%s", key, refused)
        return _told(401)
    log.info("logout_by_provider provider=%s sessions=%s", key, ended)
    return _told(200)


def farewell(token: str) -> BaseResponse | None:
    """The page that signs out at the provider of this session too; None when there is nothing to end there."""
    there = oidc.farewell(token, _own("federation.signed_out"))
    if there is None:
        return None
    parts = urlsplit(there.address)
    g.forms_to = (f"{parts.scheme}://{parts.netloc}",)
    g.actor, g.session_token = None, ""
    return make_response(render_template("uitgelogd.html", there=there))


def _own(endpoint: str, key: str | None = None) -> str:
    address = oidc.configured().address or request.host_url.rstrip("/")
    return address + address_of(endpoint, key=key)


def _level(name: str) -> Assurance:
    try:
        return Assurance(name)
    except ValueError as error:
        raise BadRequest("Expected low, substantial or high", field="zekerheid") from error


def _told(status: int) -> Response:
    return Response(status=status, headers={"Cache-Control": "no-store"})
