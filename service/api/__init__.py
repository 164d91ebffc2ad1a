"""The HTTP interface for other systems: /v2 (Camunda 8 orchestration API), /api, /openapi.json, problems."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

from flask import Response, json
from flask_smorest import Api

from service.api import audit, document, health, metrics, oauth, v2
from service.api.schemas import Key

if TYPE_CHECKING:
    from flask import Flask


class QuietApi(Api):
    """flask-smorest without its app-wide error handler: service.api.problems answers for API paths alone."""

    def _openapi_json(self) -> Response:
        """The document, with what marshmallow cannot tell."""
        told = document.complete(deepcopy(self.spec.to_dict()))
        return Response(json.dumps(told, indent=2), mimetype="application/json")

    def _register_error_handlers(self) -> None:
        """Leave errors to the application's one dispatcher."""


def register(app: Flask) -> None:
    """Put every API blueprint and the OpenAPI document on the application."""
    app.config.update(
        API_TITLE="Sluitend",
        API_VERSION="v2",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = QuietApi(app)
    api.register_field(Key, "string", None)
    for blueprint in (*v2.blueprints(), audit.blueprint):
        api.register_blueprint(blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(metrics.blueprint)
    app.register_blueprint(oauth.blueprint)
