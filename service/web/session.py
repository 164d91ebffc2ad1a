"""Who is asking: the session cookie, and the pages that need somebody signed in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from service import identity
from service.domain import Actor
from service.errors import NotSignedIn
from service.web import texts

COOKIE = "sluitend_sessie"
_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def load() -> None:
    """Find the actor of this request's cookie; `g.actor` is None for a stranger."""
    g.session_token = request.cookies.get(COOKIE, "")
    g.actor = identity.actor_of(g.session_token) if g.session_token else None
    if g.actor is None:
        g.session_token = ""


def actor() -> Actor:
    """The signed-in actor; raises NotSignedIn, which leads to the sign-in page."""
    found: Actor | None = getattr(g, "actor", None)
    if found is None:
        raise NotSignedIn
    return found


def begin(response: BaseResponse, token: str) -> BaseResponse:
    """Give the browser its new session; the one that it had, its own or planted there, ends on the server too."""
    before = getattr(g, "session_token", "")
    if before and before != token:
        identity.sign_out(before)
    response.set_cookie(COOKIE, token, httponly=True, samesite="Lax", secure=secure(), path="/")
    return response


def end(response: BaseResponse) -> BaseResponse:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=secure(), path="/")
    return response


def secure() -> bool:
    """Cookies go over https only, save on this very machine."""
    host = urlsplit(request.host_url).hostname or ""
    return request.is_secure or (host not in _LOCAL_HOSTS and not current_app.config.get("SLUITEND_DEMO"))


def to_sign_in() -> BaseResponse:
    """Send a stranger to the sign-in page and remember where they wanted to go."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return redirect(url_for("account.sign_in", volgende=wanted))


def to_proof(level: str, wanted: str = "") -> BaseResponse:
    """Ask for a surer proof, and come back to the page."""
    back = wanted or request.full_path.rstrip("?")
    return redirect(url_for("federation.surer", zekerheid=level, volgende=back), 303)


def local_path(wanted: str, fallback: str = "/") -> str:
    """A path on this site; anything that could lead elsewhere becomes the fallback."""
    parts = urlsplit(wanted)
    safe = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and "\\" not in wanted
    return wanted if safe and not parts.scheme and not parts.netloc and wanted.isprintable() else fallback


def home(who: Actor) -> str:
    """Where somebody's work is."""
    if who.roles & texts.WORK_ROLES:
        return url_for("tasks.mine")
    if "procesregisseur" in who.roles:
        return url_for("studio.overview")
    if "org_beheer" in who.roles:
        return url_for("organisation.mine")
    if who.roles & {"auditor", "fg"}:
        return url_for("auditor.search")
    return url_for("tasks.mine")


def harden(response: Response) -> Response:
    """Headers that keep a page to itself; editor pages may style inline, one page signs out elsewhere."""
    styles = "'self' 'unsafe-inline'" if getattr(g, "inline_style", False) else "'self'"
    forms = " ".join(("'self'", *getattr(g, "forms_to", ())))
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data:; font-src 'self' data:; "
        f"connect-src 'self'; form-action {forms}; base-uri 'none'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
