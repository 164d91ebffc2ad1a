"""/v2/element-instances, and what happened within one process instance: its steps, flows and incidents."""

from __future__ import annotations

from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.api.v2 import incidents
from service.operations import elements
from service.operations.records import ElementRecord

blueprint = Blueprint("v2-elements", __name__, url_prefix="/v2", description="Steps of process instances")


class ElementInstance(CamelSchema):
    """One time that an element of a process was, or is, at work."""

    element_instance_key = Key()
    element_id = fields.String()
    element_name = fields.String()
    type = fields.String()
    state = fields.String()
    start_date = fields.AwareDateTime(format="iso")
    end_date = fields.AwareDateTime(format="iso", allow_none=True)
    has_incident = fields.Boolean()
    incident_key = Key(allow_none=True)
    process_instance_key = Key()
    root_process_instance_key = Key(allow_none=True)
    process_definition_key = Key()
    process_definition_id = fields.String()
    tenant_id = fields.String()


class ElementInstances(CamelSchema):
    """A page of steps."""

    items = fields.List(fields.Nested(ElementInstance))
    page = fields.Nested(PageResponse)


class ElementInstanceSearch(SearchRequest):
    """Search among the steps of one instance."""

    required = ("processInstanceKey",)

    names = MappingProxyType(
        {
            "processInstanceKey": ("instance_key", "key"),
            "elementInstanceKey": ("key", "key"),
            "elementId": ("element_id", "text"),
            "elementName": ("name", "text"),
            "type": ("type", "text"),
            "state": ("state", "text"),
            "startDate": ("started_at", "moment"),
            "endDate": ("ended_at", "moment"),
            "hasIncident": ("has_incident", "flag"),
            "incidentKey": ("incident_key", "key"),
            "processDefinitionKey": ("definition_key", "key"),
            "processDefinitionId": ("process_id", "text"),
        }
    )


class Flow(CamelSchema):
    """A sequence flow that was taken."""

    sequence_flow_id = fields.String()
    element_id = fields.String()
    process_instance_key = Key()
    root_process_instance_key = Key(allow_none=True)
    process_definition_key = Key()
    process_definition_id = fields.String()
    tenant_id = fields.String()


class Flows(CamelSchema):
    """The sequence flows of an instance."""

    items = fields.List(fields.Nested(Flow))


class ElementStatistics(CamelSchema):
    """How often one element began, ended and stopped."""

    element_id = fields.String()
    active = fields.Integer()
    canceled = fields.Integer()
    incidents = fields.Integer()
    completed = fields.Integer()


class AllStatistics(CamelSchema):
    """Of every element that began."""

    items = fields.List(fields.Nested(ElementStatistics))


class VariableWriting(CamelSchema):
    """Variables for a scope; `local`: for this one, else for the one around it that has them."""

    variables = fields.Dict(keys=fields.String(), required=True, validate=validate.Length(max=1000))
    local = fields.Boolean(load_default=False)
    operation_reference = fields.Integer(load_default=None, allow_none=True)


def describe(record: ElementRecord) -> dict[str, Any]:
    """A step as the schema wants it."""
    return {
        "element_instance_key": record.key,
        "element_id": record.element_id,
        "element_name": record.name,
        "type": record.type,
        "state": record.state,
        "start_date": record.started_at,
        "end_date": record.ended_at,
        "has_incident": record.has_incident,
        "incident_key": record.incident_key,
        "process_instance_key": record.instance_key,
        "root_process_instance_key": record.instance_key,
        "process_definition_key": record.definition_key,
        "process_definition_id": record.process_id,
        "tenant_id": TENANT,
    }


@blueprint.post("/element-instances/search")
@blueprint.arguments(ElementInstanceSearch)
@blueprint.response(200, ElementInstances)
def search(data: dict[str, Any]) -> dict[str, Any]:
    """The steps of one process instance, those that ended too."""
    query = ElementInstanceSearch().query(data)
    page = elements.search(actor(), query)
    return paged(page, query, [describe(one) for one in page.items])


@blueprint.get("/element-instances/<int:key>")
@blueprint.response(200, ElementInstance)
def get(key: int) -> dict[str, Any]:
    """One step."""
    return describe(elements.get(actor(), key))


@blueprint.put("/element-instances/<int:key>/variables")
@blueprint.arguments(VariableWriting)
@blueprint.response(204)
def set_variables(data: dict[str, Any], key: int) -> None:
    """Write variables at a step, or at a process instance by its own key."""
    elements.set_variables(actor(), key, data["variables"], local=data["local"])


@blueprint.get("/process-instances/<int:key>/sequence-flows")
@blueprint.response(200, Flows)
def flows(key: int) -> dict[str, Any]:
    """The sequence flows that were taken, each once."""
    return {
        "items": [
            {
                "sequence_flow_id": f"{one.instance_key}_{one.id}",
                "element_id": one.id,
                "process_instance_key": one.instance_key,
                "root_process_instance_key": one.instance_key,
                "process_definition_key": one.definition_key,
                "process_definition_id": one.process_id,
                "tenant_id": TENANT,
            }
            for one in elements.flows(actor(), key)
        ]
    }


@blueprint.get("/process-instances/<int:key>/statistics/element-instances")
@blueprint.response(200, AllStatistics)
def statistics(key: int) -> dict[str, Any]:
    """How often each element began, ended and stopped."""
    return {"items": [asdict(one) for one in elements.statistics(actor(), key)]}


@blueprint.post("/process-instances/<int:key>/incidents/search")
@blueprint.arguments(incidents.IncidentSearch)
@blueprint.response(200, incidents.Incidents)
def incidents_of(data: dict[str, Any], key: int) -> dict[str, Any]:
    """The incidents of one process instance."""
    query = incidents.IncidentSearch().query(data)
    page = elements.incidents_of(actor(), key, query)
    return paged(page, query, [incidents.describe(one) for one in page.items])
