"""/health/live and /health/ready: for load balancers and orchestrators; no sign-in."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from service.operations import health

blueprint = Blueprint("health", __name__, url_prefix="/health")


@blueprint.get("/live")
def live() -> Response:
    """200 while the process answers."""
    return jsonify(status="UP")


@blueprint.get("/ready")
def ready() -> tuple[Response, int]:
    """200 when the database answers with the migrations of this release and workers keep up; 503 with what is missing.

    `complaints` is what an operator should look at while all works.
    """
    missing = health.missing()
    complaints = [] if missing else health.complaints()
    status = "DOWN" if missing else "UP"
    return jsonify(status=status, missing=missing, complaints=complaints), 503 if missing else 200
