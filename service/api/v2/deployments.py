"""/v2/deployments: diagrams, decisions and forms of a technical process, sent as files."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import fields

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key
from service.errors import BadRequest
from service.operations import deployments
from service.operations.records import DefinitionRecord

blueprint = Blueprint("v2-deployments", __name__, url_prefix="/v2", description="Deployments")


class Deployment(CamelSchema):
    """What a deployment made."""

    deployment_key = Key()
    tenant_id = fields.String()
    deployments = fields.List(fields.Dict())


@blueprint.post("/deployments")
@blueprint.response(200, Deployment)
def create() -> dict[str, Any]:
    """Deploy the files of the multipart parts named `resources`; a file that cannot run refuses them all."""
    parts = request.files.getlist("resources")
    if not parts:
        raise BadRequest(
            "Expected multipart/form-data with at least one file named 'resources'", field="resources"
        )
    if request.form.get("tenantId", TENANT) != TENANT:
        raise BadRequest(f"Expected tenant {TENANT}: this installation has no other", field="tenantId")
    files = {part.filename or "": part.read() for part in parts}
    made = deployments.deploy(actor(), files)
    return {
        "deployment_key": made.key,
        "tenant_id": TENANT,
        "deployments": [_metadata(d) for d in made.definitions],
    }


def _metadata(definition: DefinitionRecord) -> dict[str, Any]:
    """One made definition under the name of its kind; the other kinds are null."""
    kinds = {
        "process": ("processDefinition", _process),
        "form": ("form", _form),
        "decision": ("decisionDefinition", _decision),
    }
    name, describe = kinds[definition.kind]
    empty = dict.fromkeys(
        ("processDefinition", "decisionDefinition", "decisionRequirements", "form", "resource")
    )
    return {**empty, name: {**describe(definition), "tenantId": TENANT}}


def _process(definition: DefinitionRecord) -> dict[str, Any]:
    return {
        "processDefinitionId": definition.id,
        "processDefinitionVersion": definition.version,
        "processDefinitionKey": str(definition.key),
        "resourceName": definition.resource_name,
    }


def _form(definition: DefinitionRecord) -> dict[str, Any]:
    return {
        "formId": definition.id,
        "version": definition.version,
        "formKey": str(definition.key),
        "resourceName": definition.resource_name,
    }


def _decision(definition: DefinitionRecord) -> dict[str, Any]:
    return {
        "decisionDefinitionId": definition.id,
        "version": definition.version,
        "name": definition.name,
        "decisionDefinitionKey": str(definition.key),
        "decisionRequirementsId": definition.resource_name,
        "decisionRequirementsKey": str(definition.deployment_key),
    }
