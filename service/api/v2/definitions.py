"""/v2/process-definitions and /v2/forms: what is deployed."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.operations import definitions
from service.operations.records import DefinitionRecord, FormRecord

blueprint = Blueprint("v2-definitions", __name__, url_prefix="/v2", description="Definitions")


class ProcessDefinition(CamelSchema):
    """One version of a process."""

    process_definition_key = Key()
    process_definition_id = fields.String()
    name = fields.String(allow_none=True)
    resource_name = fields.String()
    version = fields.Integer()
    version_tag = fields.String(allow_none=True)
    tenant_id = fields.String()
    has_start_form = fields.Boolean()
    state = fields.String()


class ProcessDefinitions(CamelSchema):
    """A page of process definitions."""

    items = fields.List(fields.Nested(ProcessDefinition))
    page = fields.Nested(PageResponse)


class ProcessDefinitionSearch(SearchRequest):
    """Search among process definitions."""

    names = MappingProxyType(
        {
            "processDefinitionKey": ("key", "key"),
            "processDefinitionId": ("id", "text"),
            "name": ("name", "text"),
            "resourceName": ("resource_name", "text"),
            "version": ("version", "number"),
            "versionTag": ("version_tag", "text"),
        }
    )


class Form(CamelSchema):
    """A form: form-js JSON as text."""

    form_key = Key()
    form_id = fields.String()
    version = fields.Integer()
    tenant_id = fields.String()
    schema = fields.String()


def describe(definition: DefinitionRecord) -> dict[str, Any]:
    """A process definition as the schema wants it."""
    return {
        "process_definition_key": definition.key,
        "process_definition_id": definition.id,
        "name": definition.name or None,
        "resource_name": definition.resource_name,
        "version": definition.version,
        "version_tag": definition.version_tag or None,
        "tenant_id": TENANT,
        "has_start_form": bool(definition.form_id),
        "state": "ACTIVE",
    }


def describe_form(form: FormRecord) -> dict[str, Any]:
    """A form as the schema wants it."""
    return {
        "form_key": form.key,
        "form_id": form.id,
        "version": form.version,
        "tenant_id": TENANT,
        "schema": form.schema,
    }


@blueprint.post("/process-definitions/search")
@blueprint.arguments(ProcessDefinitionSearch)
@blueprint.response(200, ProcessDefinitions)
def search(data: dict[str, Any]) -> dict[str, Any]:
    """Process definitions, all versions."""
    query = ProcessDefinitionSearch().query(data)
    page = definitions.search(actor(), query)
    return paged(page, query, [describe(d) for d in page.items])


@blueprint.get("/process-definitions/<int:key>")
@blueprint.response(200, ProcessDefinition)
def get(key: int) -> dict[str, Any]:
    """One process definition."""
    return describe(definitions.get(actor(), key))


@blueprint.get("/process-definitions/<int:key>/xml")
@blueprint.response(200, content_type="text/xml")
def xml(key: int) -> Response:
    """The diagram as it was deployed, byte for byte."""
    return Response(definitions.xml(actor(), key), mimetype="text/xml")


@blueprint.get("/process-definitions/<int:key>/form")
@blueprint.response(200, Form)
@blueprint.alt_response(204, description="The process has no start form")
def start_form(key: int) -> Any:
    """The form of the start event; 204 when there is none."""
    form = definitions.start_form(actor(), key)
    return describe_form(form) if form else Response(status=204)


@blueprint.get("/forms/<int:key>")
@blueprint.response(200, Form)
def form(key: int) -> dict[str, Any]:
    """One form."""
    return describe_form(definitions.form(actor(), key))
