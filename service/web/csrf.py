"""Forged requests are refused: every form carries a token that belongs to this browser's session."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import Response, abort, current_app, g, request

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
VISIT_COOKIE = "sluitend_bezoek"  # binds the token before anybody signed in
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def _binding() -> str:
    """What the token is bound to: the session, else a random name for this visit."""
    session: str = getattr(g, "session_token", "")
    if session:
        return f"session:{session}"
    visit = request.cookies.get(VISIT_COOKIE) or getattr(g, "new_visit", "")
    if not visit:
        visit = g.new_visit = secrets.token_urlsafe(18)
    return f"visit:{visit}"


def token() -> str:
    """The token for the forms of this page."""
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, b"csrf|" + _binding().encode(), hashlib.sha256).hexdigest()


def protect() -> None:
    """Refuse a request that changes something without the token, or that came from another site."""
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403)
    sent = request.form.get(FIELD) or request.headers.get(HEADER, "")
    if not hmac.compare_digest(sent.encode(), token().encode()):
        g.refusal = "csrf"
        abort(400)


def remember_visit(response: Response, *, secure: bool) -> Response:
    """Set the visit cookie when this page made one."""
    visit = getattr(g, "new_visit", "")
    if visit:
        response.set_cookie(VISIT_COOKIE, visit, httponly=True, samesite="Lax", secure=secure)
    return response
