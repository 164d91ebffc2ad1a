"""/v2/incidents: what stopped, why, and another try."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.domain import element_key
from service.operations import incidents
from service.operations.records import IncidentRecord

blueprint = Blueprint("v2-incidents", __name__, url_prefix="/v2/incidents", description="Incidents")


class Incident(CamelSchema):
    """An incident."""

    incident_key = Key()
    process_instance_key = Key()
    process_definition_key = Key()
    process_definition_id = fields.String()
    root_process_instance_key = Key(allow_none=True)
    element_id = fields.String()
    element_instance_key = Key()
    error_type = fields.String()
    error_message = fields.String()
    state = fields.String()
    creation_time = fields.AwareDateTime(format="iso")
    job_key = Key(allow_none=True)
    tenant_id = fields.String()


class Incidents(CamelSchema):
    """A page of incidents."""

    items = fields.List(fields.Nested(Incident))
    page = fields.Nested(PageResponse)


class IncidentSearch(SearchRequest):
    """Search among incidents."""

    names = MappingProxyType(
        {
            "incidentKey": ("key", "key"),
            "processInstanceKey": ("instance_key", "key"),
            "processDefinitionKey": ("definition_key", "key"),
            "processDefinitionId": ("process_id", "text"),
            "elementId": ("element_id", "text"),
            "errorType": ("error_type", "text"),
            "errorMessage": ("message", "text"),
            "state": ("state", "text"),
            "creationTime": ("created_at", "moment"),
        }
    )


class Resolution(CamelSchema):
    """The body of a resolution; it may be empty."""

    operation_reference = fields.Integer(load_default=None, allow_none=True)


def describe(record: IncidentRecord) -> dict[str, Any]:
    """An incident as the schema wants it."""
    return {
        "incident_key": record.key,
        "process_instance_key": record.instance_key,
        "process_definition_key": record.definition_key,
        "process_definition_id": record.process_id,
        "root_process_instance_key": record.instance_key,
        "element_id": record.element_id,
        "element_instance_key": element_key(record.instance_key, record.token),
        "error_type": record.error_type,
        "error_message": record.message,
        "state": record.state,
        "creation_time": record.created_at,
        "job_key": record.job_key,
        "tenant_id": TENANT,
    }


@blueprint.post("/search")
@blueprint.arguments(IncidentSearch)
@blueprint.response(200, Incidents)
def search(data: dict[str, Any]) -> dict[str, Any]:
    """Incidents of the instances that the caller may operate."""
    query = IncidentSearch().query(data)
    page = incidents.search(actor(), query)
    return paged(page, query, [describe(r) for r in page.items])


@blueprint.get("/<int:key>")
@blueprint.response(200, Incident)
def get(key: int) -> dict[str, Any]:
    """One incident."""
    return describe(incidents.get(actor(), key))


@blueprint.post("/<int:key>/resolution")
@blueprint.arguments(Resolution)
@blueprint.response(204)
def resolve(_data: dict[str, Any], key: int) -> None:
    """Try the element again."""
    incidents.resolve(actor(), key)
