"""Every refusal as a page that says what happened and what to do now."""

from __future__ import annotations

import logging

from flask import Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from service.errors import DiagramRejected, NotSignedIn, ServiceError, StepUpNeeded, Unavailable
from service.web import posted, session, texts

log = logging.getLogger(__name__)

_HTTP_CODES = {
    400: "bad-request",
    401: "not-signed-in",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    429: "too-many-attempts",
}


def respond(error: Exception) -> BaseResponse:
    """The page for any exception; what nobody expected is logged and told without detail."""
    if isinstance(error, HTTPException) and (error.response is not None or (error.code or 500) < 400):
        return error.get_response()
    if isinstance(error, NotSignedIn) and request.method != "POST":
        return session.to_sign_in()
    if isinstance(error, StepUpNeeded) and request.method == "GET":
        return session.to_proof(error.level)
    code = _code(error)
    words = texts.refusal(code)
    if words.status >= 500 and not isinstance(error, Unavailable):
        log.exception("page_failed", exc_info=error, extra={"route": str(request.url_rule)})
    response = _page(code, words, error)
    response.status_code = words.status
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _code(error: Exception) -> str:
    if isinstance(error, ServiceError):
        return error.code
    if isinstance(error, HTTPException):
        return str(getattr(g, "refusal", "") or _HTTP_CODES.get(error.code or 500, "service-error"))
    return "service-error"


def _page(code: str, words: texts.Refusal, error: Exception) -> Response:
    if not hasattr(g, "actor"):
        g.actor, g.session_token = None, ""
        if words.status < 500:
            session.load()
    findings = error.findings if isinstance(error, DiagramRejected) else ()
    return make_response(
        render_template("fout.html", code=code, words=words, findings=findings, own=_own_text(code))
    )


def _own_text(code: str) -> dict[str, str]:
    """What somebody typed, so that a refusal never takes it from them."""
    if request.method != "POST" or code == "too-large" or request.endpoint == "account.enter":
        return {}
    return {name: ", ".join(filter(None, values)) for name, values in posted.answers(request.form).items()}
