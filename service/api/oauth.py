"""/oauth/token: a short-lived token for a program's name and secret (OAuth 2 client credentials, RFC 6749)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from service import identity
from service.errors import NotSignedIn, TooManyAttempts

blueprint = Blueprint("oauth", __name__)


@blueprint.post("/oauth/token")
def token() -> tuple[Response, int]:
    """Exchange; `audience` and `scope` are read and not needed: a token is as wide as it was made."""
    if request.form.get("grant_type") != "client_credentials":
        return _refuse("unsupported_grant_type" if request.form.get("grant_type") else "invalid_request")
    client, secret = _client()
    if not client or not secret:
        return _refuse("invalid_request")
    try:
        made, lasts = identity.exchange(client, secret, request.remote_addr or "")
    except TooManyAttempts:
        return _refuse("slow_down", 429)
    except NotSignedIn:
        return _refuse("invalid_client", 401)
    answer = jsonify(access_token=made, token_type="Bearer", expires_in=int(lasts.total_seconds()))  # noqa: S106  # a kind, no secret
    return _unkept(answer), 200


def _client() -> tuple[str, str]:
    """Name and secret, from the header (client_secret_basic) or from the body (client_secret_post)."""
    given = request.authorization
    if given is not None and given.type == "basic":
        return given.username or "", given.password or ""
    return request.form.get("client_id", ""), request.form.get("client_secret", "")


def _refuse(error: str, status: int = 400) -> tuple[Response, int]:
    response = _unkept(jsonify(error=error))
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Sluitend", charset="UTF-8"'
    return response, status


def _unkept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
