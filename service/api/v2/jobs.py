"""/v2/jobs: work of service tasks for programs outside."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.domain import element_key
from service.operations import patience, service_jobs
from service.operations.records import JobRecord
from service.operations.service_jobs import Taking

blueprint = Blueprint("v2-jobs", __name__, url_prefix="/v2/jobs", description="Jobs")

_LONGEST_MS = 10**12
_HOLD = {"minimum": 1, "maximum": service_jobs.LONGEST // timedelta(milliseconds=1)}


def milliseconds(value: int) -> timedelta:
    """A number of milliseconds as the API counts time."""
    return timedelta(milliseconds=value)


class Activation(CamelSchema):
    """Take jobs of a type."""

    type = fields.String(required=True, validate=validate.Length(min=1))
    worker = fields.String(load_default="")
    timeout = fields.Integer(required=True, validate=validate.Range(min=1, max=_LONGEST_MS), metadata=_HOLD)
    max_jobs_to_activate = fields.Integer(required=True, validate=validate.Range(min=1))
    fetch_variable = fields.List(fields.String(), load_default=list)
    request_timeout = fields.Integer(load_default=0, validate=validate.Range(max=_LONGEST_MS))
    tenant_ids = fields.List(fields.String(), load_default=list)
    tenant_filter = fields.String(load_default="PROVIDED", validate=validate.OneOf(["PROVIDED", "ASSIGNED"]))
    with_lease = fields.Boolean(load_default=False, allow_none=True, validate=validate.OneOf([False, None]))


class ActivatedJob(CamelSchema):
    """A job that the caller holds now."""

    job_key = Key()
    type = fields.String()
    process_definition_id = fields.String()
    process_definition_version = fields.Integer()
    process_definition_key = Key()
    process_instance_key = Key()
    root_process_instance_key = Key(allow_none=True)
    element_id = fields.String()
    element_instance_key = Key()
    custom_headers = fields.Dict()
    worker = fields.String()
    retries = fields.Integer()
    deadline = fields.Integer()
    variables = fields.Dict()
    tenant_id = fields.String()
    physical_tenant_id = fields.String()
    kind = fields.String()
    listener_event_type = fields.String()
    user_task = fields.Dict(allow_none=True)
    tags = fields.List(fields.String())
    business_id = fields.String(allow_none=True)
    priority = fields.Integer()
    job_lease_token = fields.String(allow_none=True)


class ActivatedJobs(CamelSchema):
    """The jobs that were taken; none when there was no work in time."""

    jobs = fields.List(fields.Nested(ActivatedJob), required=True)


class Job(CamelSchema):
    """A job."""

    job_key = Key()
    type = fields.String()
    worker = fields.String()
    state = fields.String()
    kind = fields.String()
    listener_event_type = fields.String()
    retries = fields.Integer()
    is_denied = fields.Boolean(allow_none=True)
    denied_reason = fields.String(allow_none=True)
    has_failed_with_retries_left = fields.Boolean()
    error_code = fields.String(allow_none=True)
    error_message = fields.String(allow_none=True)
    custom_headers = fields.Dict()
    deadline = fields.AwareDateTime(format="iso", allow_none=True)
    creation_time = fields.AwareDateTime(format="iso", allow_none=True)
    last_update_time = fields.AwareDateTime(format="iso", allow_none=True)
    end_time = fields.AwareDateTime(format="iso", allow_none=True)
    process_definition_id = fields.String(allow_none=True)
    process_definition_key = Key(allow_none=True)
    process_instance_key = Key()
    root_process_instance_key = Key(allow_none=True)
    element_id = fields.String(allow_none=True)
    element_instance_key = Key()
    business_id = fields.String(allow_none=True)
    priority = fields.Integer()
    tenant_id = fields.String()


class Jobs(CamelSchema):
    """A page of jobs."""

    items = fields.List(fields.Nested(Job))
    page = fields.Nested(PageResponse)


class JobSearch(SearchRequest):
    """Search among jobs."""

    names = MappingProxyType(
        {
            "jobKey": ("key", "key"),
            "type": ("type", "text"),
            "worker": ("worker", "text"),
            "state": ("state", "text"),
            "retries": ("retries", "number"),
            "deadline": ("deadline", "moment"),
            "errorCode": ("error_code", "text"),
            "errorMessage": ("error_message", "text"),
            "creationTime": ("created_at", "moment"),
            "lastUpdateTime": ("changed_at", "moment"),
            "endTime": ("ended_at", "moment"),
            "elementId": ("element_id", "text"),
            "processInstanceKey": ("instance_key", "key"),
            "processDefinitionKey": ("definition_key", "key"),
            "processDefinitionId": ("process_id", "text"),
        }
    )


class JobCompletion(CamelSchema):
    """A job that is done."""

    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    result = fields.Dict(load_default=None, allow_none=True, validate=validate.OneOf([None]))
    job_lease_token = fields.String(load_default=None, allow_none=True)
    business_id = fields.String(load_default=None, allow_none=True)


class Failure(CamelSchema):
    """A job that could not be done."""

    retries = fields.Integer(load_default=0, validate=validate.Range(min=0, max=2**31 - 1))
    error_message = fields.String(load_default="", allow_none=True)
    retry_back_off = fields.Integer(load_default=0, validate=validate.Range(min=0, max=_LONGEST_MS))
    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    job_lease_token = fields.String(load_default=None, allow_none=True)


class BusinessError(CamelSchema):
    """A business error that the process may catch."""

    error_code = fields.String(required=True, validate=validate.Length(min=1))
    error_message = fields.String(load_default="", allow_none=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    job_lease_token = fields.String(load_default=None, allow_none=True)


class Changeset(CamelSchema):
    """What changes of a job."""

    told = MappingProxyType(
        {
            "anyOf": [
                {"required": [name], "properties": {name: {"type": "integer"}}}
                for name in ("retries", "timeout")
            ]
        }
    )

    retries = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(max=2**31 - 1), metadata={"minimum": 1}
    )
    timeout = fields.Integer(
        load_default=None, allow_none=True, validate=validate.Range(max=_LONGEST_MS), metadata=_HOLD
    )
    priority = fields.Integer(load_default=None, allow_none=True, validate=validate.OneOf([None]))


class Update(CamelSchema):
    """Change a job."""

    changeset = fields.Nested(Changeset, required=True)
    operation_reference = fields.Integer(load_default=None, allow_none=True)
    job_lease_token = fields.String(load_default=None, allow_none=True)


def _both(record: JobRecord) -> dict[str, Any]:
    return {
        "job_key": record.key,
        "type": record.type,
        "process_definition_id": record.process_id,
        "process_definition_key": record.definition_key,
        "process_instance_key": record.instance_key,
        "root_process_instance_key": record.instance_key,
        "element_id": record.element_id,
        "element_instance_key": element_key(record.instance_key, record.token),
        "custom_headers": dict(record.headers),
        "worker": record.worker,
        "retries": record.retries,
        "tenant_id": TENANT,
        "kind": "BPMN_ELEMENT",
        "listener_event_type": "UNSPECIFIED",
        "business_id": None,
        "priority": 0,
    }


def _taken(record: JobRecord) -> dict[str, Any]:
    held_until = record.deadline or record.created_at
    return {
        **_both(record),
        "process_definition_version": record.version,
        "deadline": int(held_until.timestamp() * 1000),
        "variables": dict(record.variables),
        "physical_tenant_id": TENANT,
        "user_task": None,
        "tags": [],
        "job_lease_token": None,
    }


def describe(record: JobRecord) -> dict[str, Any]:
    """A job as the schema wants it."""
    return {
        **_both(record),
        "state": record.state,
        "is_denied": None,
        "denied_reason": None,
        "has_failed_with_retries_left": bool(record.error_message)
        and record.retries > 0
        and record.state == "CREATED",
        "error_code": record.error_code or None,
        "error_message": record.error_message or None,
        "deadline": record.deadline,
        "creation_time": record.created_at,
        "last_update_time": record.changed_at,
        "end_time": record.ended_at,
    }


@blueprint.post("/activation")
@blueprint.arguments(Activation)
@blueprint.response(200, ActivatedJobs)
def activate(data: dict[str, Any]) -> dict[str, Any]:
    """Take jobs; without any, wait for requestTimeout (0: ten seconds, less than 0: not at all)."""
    taken = service_jobs.take(
        actor(),
        Taking(
            kind=data["type"],
            worker=data["worker"],
            hold=milliseconds(data["timeout"]),
            most=data["max_jobs_to_activate"],
            names=tuple(data["fetch_variable"]),
            wait=patience.asked(data["request_timeout"]),
        ),
    )
    return {"jobs": [_taken(record) for record in taken]}


@blueprint.post("/search")
@blueprint.arguments(JobSearch)
@blueprint.response(200, Jobs)
def search(data: dict[str, Any]) -> dict[str, Any]:
    """Jobs of the processes that the caller operates."""
    query = JobSearch().query(data)
    page = service_jobs.search(actor(), query)
    return paged(page, query, [describe(r) for r in page.items])


@blueprint.post("/<int:key>/completion")
@blueprint.arguments(JobCompletion)
@blueprint.response(204)
def complete(data: dict[str, Any], key: int) -> None:
    """The job is done; its variables go to the process."""
    service_jobs.complete(actor(), key, data["variables"] or {})


@blueprint.post("/<int:key>/failure")
@blueprint.arguments(Failure)
@blueprint.response(204)
def fail(data: dict[str, Any], key: int) -> None:
    """The job could not be done; without retries left it becomes an incident."""
    service_jobs.fail(
        actor(),
        key,
        retries=data["retries"],
        message=data["error_message"] or "",
        pause=milliseconds(data["retry_back_off"]),
        variables=data["variables"],
    )


@blueprint.post("/<int:key>/error")
@blueprint.arguments(BusinessError)
@blueprint.response(204)
def throw(data: dict[str, Any], key: int) -> None:
    """A business error; the process catches it, or it becomes an incident."""
    service_jobs.throw_error(
        actor(),
        key,
        data["error_code"],
        message=data["error_message"] or "",
        variables=data["variables"],
    )


@blueprint.patch("/<int:key>")
@blueprint.arguments(Update)
@blueprint.response(204)
def update(data: dict[str, Any], key: int) -> None:
    """Other retries, or a longer or shorter hold from now."""
    change = data["changeset"]
    hold = change["timeout"]
    service_jobs.update(
        actor(), key, retries=change["retries"], hold=None if hold is None else milliseconds(hold)
    )
