"""Puts the service together: settings, database, pages and API on one Flask application."""

from __future__ import annotations

import logging
import secrets
import time
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from werkzeug.routing import IntegerConverter, Map

from service import api, config, web
from service.api import once, problems
from service.api.proxied import REQUEST_ID, Proxied
from service.errors import AnsweredBefore
from service.operations import keys, logs, runtime
from service.operations.board import board
from service.web import errors as pages
from service.web import federation

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from service.clock import Clock
    from service.config import Settings

log = logging.getLogger("service.request")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def create_app(
    settings: Settings | None = None, *, clock: Clock | None = None, connect: bool = True
) -> Flask:
    """The application; gunicorn calls this once in every web process.

    settings  as read by service.config; from file and environment when not given
    clock     for tests; the machine's own otherwise
    connect   False when a test has opened the runtime itself
    """
    settings = settings or config.load()
    logs.begin(settings.log_level, settings.log_format)
    app = Flask(
        "service", root_path=str(config.shipped("config").parent / "service"), static_folder="web/static"
    )
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.max_body_bytes
    app.config["SLUITEND_REGION"] = settings.region
    app.config["SLUITEND_DEMO"] = settings.demo
    app.config["SLUITEND_IDLE_SECONDS"] = settings.session_idle_minutes * 60
    app.config["SLUITEND_SIGN_IN"] = federation.read(settings)  # a fault in it stops us here, not a visitor
    if connect:
        runtime.start(settings, app=app, clock=clock)
        keys.check()
    app.secret_key, *earlier = runtime.current().secrets
    app.config["SECRET_KEY_FALLBACKS"] = earlier
    app.url_map.converters["int"] = _Key
    web.register(app)
    api.register(app)
    app.register_error_handler(Exception, _refuse)
    app.register_error_handler(AnsweredBefore, once.meanwhile)
    app.wsgi_app = Proxied(app.wsgi_app, settings.trusted_proxies)  # type: ignore[method-assign]  # Flask's own way
    app.before_request(_begin)
    app.after_request(_end)
    return app


class _Key(IntegerConverter):
    """A number in a path: what no key can be is an address that does not exist."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


def _refuse(error: Exception) -> BaseResponse:
    """The one dispatcher of errors: a problem for programs, a page for people."""
    error = getattr(error, "original_exception", None) or error  # what failed after the answer was made
    if problems.answers_for(request.path):
        return problems.respond(error)
    return pages.respond(error)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = request.environ.get(REQUEST_ID) or secrets.token_hex(8)
    logs.request_id.set(g.request_id)


def _end(response: Response) -> Response:
    """Log the request by route, without query, body or names; tell the caller its number."""
    response.headers["X-Request-Id"] = g.get("request_id", "")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    seconds = time.perf_counter() - g.get("started", time.perf_counter())
    milliseconds = round(seconds * 1000, 1)
    route = request.url_rule.rule if request.url_rule else "-"
    method = request.method if request.method in _METHODS else "-"
    board().count(method, response.status_code, route, seconds)
    log.info(
        "%s %s %s %sms id=%s",
        method,
        route,
        response.status_code,
        milliseconds,
        g.get("request_id", ""),
        extra={
            "event": "request_answered",
            "method": method,
            "route": route,
            "status": response.status_code,
            "milliseconds": milliseconds,
        },
    )
    return response
