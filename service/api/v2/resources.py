"""/v2/resources: the files that were deployed, by the key of what they became."""

from __future__ import annotations

import json
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key
from service.errors import NotAcceptable
from service.operations import deployments

blueprint = Blueprint("v2-resources", __name__, url_prefix="/v2/resources", description="Deployed files")


class Resource(CamelSchema):
    """A deployed file."""

    resource_name = fields.String()
    version = fields.Integer()
    version_tag = fields.String(allow_none=True)
    resource_id = fields.String()
    resource_key = Key()
    tenant_id = fields.String()


@blueprint.get("/<int:key>")
@blueprint.response(200, Resource)
def get(key: int) -> dict[str, Any]:
    """What file a process, a decision or a form came from."""
    record, _ = deployments.resource(actor(), key)
    return {
        "resource_name": record.resource_name,
        "version": record.version,
        "version_tag": record.version_tag or None,
        "resource_id": record.id,
        "resource_key": record.key,
        "tenant_id": TENANT,
    }


@blueprint.get("/<int:key>/content")
@blueprint.response(200, content_type="application/json", schema={"type": "object"})
@blueprint.alt_response(406, description="The file is no JSON; ask for /content/binary")
def content(key: int) -> Response:
    """The content of a file that is JSON, such as a form."""
    record, found = deployments.resource(actor(), key)
    if record.kind != "form":
        raise NotAcceptable("Expected a file that is JSON: ask for /content/binary")
    return Response(json.dumps(json.loads(found)), mimetype="application/json")


@blueprint.get("/<int:key>/content/binary")
@blueprint.response(200, content_type="application/octet-stream")
def binary(key: int) -> Response:
    """The file as it was deployed, byte for byte."""
    return Response(deployments.resource(actor(), key)[1], mimetype="application/octet-stream")
