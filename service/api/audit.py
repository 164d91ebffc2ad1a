"""/api/audit: who read what, for those who guard it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import fields

from service.api.auth import actor, require_actor
from service.api.schemas import CamelSchema, Key
from service.operations import audit

blueprint = Blueprint("audit", __name__, url_prefix="/api/audit", description="Audit")
blueprint.before_request(require_actor)


class AccessLine(CamelSchema):
    """One line of the access log (NEN 7513): never content."""

    at = fields.AwareDateTime(format="iso")
    account = fields.String()
    role = fields.String()
    organisation = fields.String()
    action = fields.String()
    allowed = fields.Boolean()
    object_kind = fields.String()
    object_key = Key()
    classes = fields.String()
    ground = fields.String()
    on_behalf = fields.String()


class AccessLines(CamelSchema):
    """Allowed and refused reads, newest first."""

    items = fields.List(fields.Nested(AccessLine))


@blueprint.get("/access")
@blueprint.response(200, AccessLines)
def access() -> dict[str, Any]:
    """Allowed and refused reads of one object, of one account, or both."""
    return {"items": audit.access(actor(), request.args.get("object", ""), request.args.get("actor", ""))}
