"""Every refusal as application/problem+json (RFC 9457), with the status it deserves."""

from __future__ import annotations

import logging
from dataclasses import asdict
from http import HTTPStatus

from flask import Response, current_app, g, request
from werkzeug.exceptions import HTTPException

from service.errors import (
    AnswersRejected,
    BadRequest,
    Conflict,
    DiagramRejected,
    KeyMissing,
    NotAcceptable,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ServiceError,
    StepUpNeeded,
    TaskNotOpen,
    TooLarge,
    TooManyAttempts,
    Unavailable,
    Unfinished,
)

log = logging.getLogger(__name__)

STATUS: dict[type[ServiceError], HTTPStatus] = {
    AnswersRejected: HTTPStatus.BAD_REQUEST,
    BadRequest: HTTPStatus.BAD_REQUEST,
    DiagramRejected: HTTPStatus.BAD_REQUEST,
    StepUpNeeded: HTTPStatus.FORBIDDEN,
    NotSignedIn: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    TaskNotOpen: HTTPStatus.CONFLICT,
    Conflict: HTTPStatus.CONFLICT,
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    KeyMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Unfinished: HTTPStatus.GATEWAY_TIMEOUT,
}


def answers_for(path: str) -> bool:
    """Whether an error under this path is told as a problem instead of a page."""
    return path.startswith(("/v2/", "/api/", "/openapi.json", "/health/", "/oauth/")) or path in {
        "/v2",
        "/api",
        "/metrics",
    }


def respond(error: Exception) -> Response:
    """The problem+json answer for any error; the unexpected ones are logged and told without detail."""
    if isinstance(error, ServiceError):
        return _service(error)
    if isinstance(error, HTTPException):
        return _http(error)
    log.exception("request_failed", extra={"route": str(request.url_rule)})
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "Something went wrong on our side; it was recorded."
    )


def _service(error: ServiceError) -> Response:
    status = next(
        (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), HTTPStatus.INTERNAL_SERVER_ERROR
    )
    extra: dict[str, object] = {}
    if isinstance(error, DiagramRejected):
        extra["findings"] = [asdict(finding) for finding in error.findings]
    if isinstance(error, AnswersRejected):
        extra["errors"] = error.errors
    if isinstance(error, TaskNotOpen):
        extra.update(by=error.by, at=error.at.isoformat() if error.at else None, state=error.state)
    if isinstance(error, BadRequest) and error.field:
        extra["field"] = error.field
    response = _problem(status, error.code, str(error), **extra)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Basic realm="Sluitend", charset="UTF-8"'
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    messages = getattr(error, "data", {}).get("messages") if hasattr(error, "data") else None
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:  # webargs' word for a schema that does not fit
        status = HTTPStatus.BAD_REQUEST
    extra = {"errors": messages} if messages else {}
    response = _problem(
        status, status.phrase.lower().replace(" ", "-"), error.description or status.phrase, **extra
    )
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _problem(status: HTTPStatus, code: str, detail: str, **extra: object) -> Response:
    body = {
        "type": f"urn:sluitend:problem:{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "instance": request.path,
        "requestId": g.get("request_id", ""),
        **extra,
    }
    return Response(current_app.json.dumps(body), status=int(status), mimetype="application/problem+json")
