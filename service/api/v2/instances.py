"""/v2/process-instances: start, read, search, cancel, hold."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.errors import BadRequest
from service.operations import instances, operating, patience
from service.operations.records import InstanceRecord

blueprint = Blueprint("v2-instances", __name__, url_prefix="/v2", description="Process instances")


class Creation(CamelSchema):
    """Start a process by its key, or by id and version (-1: the newest)."""

    told = MappingProxyType(
        {
            "anyOf": [
                {
                    "required": ["processDefinitionKey"],
                    "properties": {"processDefinitionKey": {"pattern": "[1-9]"}},
                },
                {
                    "required": ["processDefinitionId"],
                    "properties": {"processDefinitionId": {"minLength": 1}},
                },
            ]
        }
    )

    process_definition_key = Key(load_default=0)
    process_definition_id = fields.String(load_default="")
    process_definition_version = fields.Integer(
        load_default=-1, validate=validate.Range(min=-1, max=2**31 - 1)
    )
    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    tenant_id = fields.String(load_default=TENANT, validate=validate.Equal(TENANT))
    fetch_variables = fields.List(fields.String(), load_default=list)
    request_timeout = fields.Integer(load_default=0)
    await_completion = fields.Boolean(load_default=False)
    operation_reference = fields.Integer(load_default=None, allow_none=True)
    tags = fields.List(fields.String(), load_default=list)
    start_instructions = fields.List(fields.Dict(), load_default=list, metadata={"maxItems": 0})
    runtime_instructions = fields.List(fields.Dict(), load_default=list, metadata={"maxItems": 0})
    business_id = fields.String(load_default=None, allow_none=True)


class Created(CamelSchema):
    """A started process instance."""

    process_definition_id = fields.String()
    process_definition_version = fields.Integer()
    process_definition_key = Key()
    process_instance_key = Key()
    tenant_id = fields.String()
    variables = fields.Dict()
    tags = fields.List(fields.String())
    business_id = fields.String(allow_none=True)


class ProcessInstance(CamelSchema):
    """A process instance."""

    process_instance_key = Key()
    process_definition_key = Key()
    process_definition_id = fields.String()
    process_definition_name = fields.String(allow_none=True)
    process_definition_version = fields.Integer()
    process_definition_version_tag = fields.String(allow_none=True)
    start_date = fields.AwareDateTime(format="iso")
    end_date = fields.AwareDateTime(format="iso", allow_none=True)
    suspended_date = fields.AwareDateTime(format="iso", allow_none=True)
    state = fields.String()
    has_incident = fields.Boolean()
    tenant_id = fields.String()
    parent_process_instance_key = Key(allow_none=True)
    parent_element_instance_key = Key(allow_none=True)
    root_process_instance_key = Key(allow_none=True)
    tags = fields.List(fields.String())
    business_id = fields.String(allow_none=True)


class ProcessInstances(CamelSchema):
    """A page of process instances."""

    items = fields.List(fields.Nested(ProcessInstance))
    page = fields.Nested(PageResponse)


class ProcessInstanceSearch(SearchRequest):
    """Search among process instances."""

    names = MappingProxyType(
        {
            "processInstanceKey": ("key", "key"),
            "processDefinitionKey": ("definition_key", "key"),
            "processDefinitionId": ("process_id", "text"),
            "processDefinitionName": ("process_name", "text"),
            "processDefinitionVersion": ("version", "number"),
            "processDefinitionVersionTag": ("version_tag", "text"),
            "state": ("state", "text"),
            "hasIncident": ("has_incident", "flag"),
            "startDate": ("started_at", "moment"),
            "endDate": ("ended_at", "moment"),
        }
    )


class Cancellation(CamelSchema):
    """The body of a cancellation; it may be empty."""

    operation_reference = fields.Integer(load_default=None, allow_none=True)


def describe(record: InstanceRecord) -> dict[str, Any]:
    """A process instance as the schema wants it."""
    return {
        "process_instance_key": record.key,
        "process_definition_key": record.definition_key,
        "process_definition_id": record.process_id,
        "process_definition_name": record.process_name or None,
        "process_definition_version": record.version,
        "process_definition_version_tag": record.version_tag or None,
        "start_date": record.started_at,
        "end_date": record.ended_at,
        "suspended_date": record.suspended_at,
        "state": record.state,
        "has_incident": record.has_incident,
        "tenant_id": TENANT,
        "parent_process_instance_key": None,
        "parent_element_instance_key": None,
        "root_process_instance_key": record.key,
        "tags": [],
        "business_id": None,
    }


@blueprint.post("/process-instances")
@blueprint.arguments(Creation)
@blueprint.response(200, Created)
@blueprint.alt_response(504, description="It did not end in time")
def create(data: dict[str, Any]) -> dict[str, Any]:
    """Start a process instance; variables pass the start form where there is one.

    With awaitCompletion the answer comes when it has ended, with its variables; 504 when that takes longer than
    requestTimeout (0: ten seconds), while the instance goes on.
    """
    if not data["process_definition_key"] and not data["process_definition_id"]:
        raise BadRequest("Expected processDefinitionKey or processDefinitionId", field="processDefinitionId")
    for name in ("start_instructions", "runtime_instructions"):
        if data[name]:
            raise BadRequest("Expected no instructions: they are not supported yet", field=name)
    record = instances.create(
        actor(),
        process_id=data["process_definition_id"],
        version=data["process_definition_version"],
        definition_key=data["process_definition_key"],
        variables=data["variables"] or {},
    )
    wanted = data["fetch_variables"]
    if data["await_completion"]:
        record = instances.ended(actor(), record.key, patience.asked(data["request_timeout"]))
        wanted = wanted or list(record.variables)
    return {
        "process_definition_id": record.process_id,
        "process_definition_version": record.version,
        "process_definition_key": record.definition_key,
        "process_instance_key": record.key,
        "tenant_id": TENANT,
        "variables": {name: value for name, value in record.variables.items() if name in wanted},
        "tags": data["tags"],
        "business_id": None,
    }


@blueprint.get("/process-instances/<int:key>")
@blueprint.response(200, ProcessInstance)
def get(key: int) -> dict[str, Any]:
    """One process instance."""
    return describe(instances.get(actor(), key))


@blueprint.post("/process-instances/search")
@blueprint.arguments(ProcessInstanceSearch)
@blueprint.response(200, ProcessInstances)
def search(data: dict[str, Any]) -> dict[str, Any]:
    """Process instances that the caller may see."""
    query = ProcessInstanceSearch().query(data)
    page = instances.search(actor(), query)
    return paged(page, query, [describe(r) for r in page.items])


@blueprint.post("/process-instances/<int:key>/cancellation")
@blueprint.arguments(Cancellation)
@blueprint.response(204)
def cancel(_data: dict[str, Any], key: int) -> None:
    """End a process instance where it stands."""
    instances.cancel(actor(), key)


class Operation(CamelSchema):
    """The body of an operation on an instance; it may be empty."""

    operation_reference = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(min=1))


class Round(CamelSchema):
    """What was set going for several at once; here it is done before the answer comes."""

    batch_operation_key = Key()
    batch_operation_type = fields.String()


@blueprint.post("/process-instances/<int:key>/suspension")
@blueprint.arguments(Operation)
@blueprint.response(204)
def suspend(_data: dict[str, Any], key: int) -> None:
    """Hold a process instance: nothing in it moves until it is resumed."""
    operating.suspend(actor(), key)


@blueprint.post("/process-instances/<int:key>/resumption")
@blueprint.arguments(Operation)
@blueprint.response(204)
def resume(_data: dict[str, Any], key: int) -> None:
    """Let a held process instance go on."""
    operating.resume(actor(), key)


@blueprint.post("/process-instances/<int:key>/incident-resolution")
@blueprint.response(200, Round)
def resolve(key: int) -> dict[str, Any]:
    """Try everything again that stopped in a process instance."""
    made = operating.resolve_all(actor(), key)
    return {"batch_operation_key": made, "batch_operation_type": "RESOLVE_INCIDENT"}
