"""/v2/user-tasks: search, read, assign, complete, with the same form and policy as the pages."""

from __future__ import annotations

from datetime import UTC
from types import MappingProxyType
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.api.v2.definitions import Form, describe_form
from service.api.v2.variables import Truncating, Variables, describe_variable
from service.domain import element_key
from service.operations import user_tasks
from service.operations.records import UserTaskRecord

blueprint = Blueprint("v2-user-tasks", __name__, url_prefix="/v2/user-tasks", description="User tasks")


class UserTask(CamelSchema):
    """A user task."""

    user_task_key = Key()
    name = fields.String(allow_none=True)
    state = fields.String()
    assignee = fields.String(allow_none=True)
    element_id = fields.String()
    element_instance_key = Key()
    candidate_groups = fields.List(fields.String())
    candidate_users = fields.List(fields.String())
    process_definition_id = fields.String()
    process_definition_key = Key()
    process_definition_version = fields.Integer()
    process_instance_key = Key()
    process_name = fields.String(allow_none=True)
    root_process_instance_key = Key(allow_none=True)
    creation_date = fields.AwareDateTime(format="iso")
    completion_date = fields.AwareDateTime(format="iso", allow_none=True)
    follow_up_date = fields.AwareDateTime(format="iso", allow_none=True)
    due_date = fields.AwareDateTime(format="iso", allow_none=True)
    external_form_reference = fields.String(allow_none=True)
    form_key = Key(allow_none=True)
    custom_headers = fields.Dict()
    priority = fields.Integer()
    tags = fields.List(fields.String())
    business_id = fields.String(allow_none=True)
    tenant_id = fields.String()


class UserTasks(CamelSchema):
    """A page of user tasks."""

    items = fields.List(fields.Nested(UserTask))
    page = fields.Nested(PageResponse)


class UserTaskSearch(SearchRequest):
    """Search among user tasks."""

    unsortable = frozenset({"candidateGroup", "candidateUser"})

    names = MappingProxyType(
        {
            "userTaskKey": ("key", "key"),
            "state": ("state", "text"),
            "name": ("name", "text"),
            "assignee": ("assignee", "text"),
            "elementId": ("element_id", "text"),
            "candidateGroup": ("candidate_group", "text"),
            "candidateUser": ("candidate_user", "text"),
            "priority": ("priority", "number"),
            "processDefinitionId": ("process_id", "text"),
            "processDefinitionKey": ("definition_key", "key"),
            "processInstanceKey": ("instance_key", "key"),
            "creationDate": ("created_at", "moment"),
            "completionDate": ("ended_at", "moment"),
            "dueDate": ("due_at", "moment"),
            "followUpDate": ("follow_up_at", "moment"),
        }
    )


class Completion(CamelSchema):
    """What a completion submits: the answers of the form, or variables where there is no form."""

    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    action = fields.String(load_default=None, allow_none=True)


class Assignment(CamelSchema):
    """To whom a task goes."""

    assignee = fields.String(required=True)
    allow_override = fields.Boolean(load_default=True, allow_none=True)
    action = fields.String(load_default=None, allow_none=True)


class TaskVariableSearch(SearchRequest):
    """Search among the variables that a task sees."""

    names = MappingProxyType({"name": ("name", "text"), "value": ("value", "text")})


class _Moment(fields.AwareDateTime):
    """A moment, or "" for none."""

    def _deserialize(self, value: Any, *more: Any, **named: Any) -> Any:
        return "" if value == "" else super()._deserialize(value, *more, **named)


class TaskChanges(CamelSchema):
    """What changes of a task; "" takes a moment away, an empty list the candidates."""

    due_date = _Moment(format="iso", default_timezone=UTC, allow_none=True)
    follow_up_date = _Moment(format="iso", default_timezone=UTC, allow_none=True)
    candidate_users = fields.List(
        fields.String(validate=validate.Length(1, 200)), validate=validate.Length(max=100), allow_none=True
    )
    candidate_groups = fields.List(
        fields.String(validate=validate.Length(1, 200)), validate=validate.Length(max=100), allow_none=True
    )
    priority = fields.Integer(validate=validate.Range(min=0, max=100), allow_none=True)


class TaskUpdate(CamelSchema):
    """An update of a task."""

    changeset = fields.Nested(TaskChanges, load_default=None, allow_none=True)
    action = fields.String(load_default=None, allow_none=True)


_COLUMNS = {"due_date": "due_at", "follow_up_date": "follow_up_at"}


def describe(record: UserTaskRecord) -> dict[str, Any]:
    """A user task as the schema wants it."""
    return {
        "user_task_key": record.key,
        "name": record.name or None,
        "state": record.state,
        "assignee": record.assignee or None,
        "element_id": record.element_id,
        "element_instance_key": element_key(record.instance_key, record.token),
        "candidate_groups": list(record.candidate_groups),
        "candidate_users": list(record.candidate_users),
        "process_definition_id": record.process_id,
        "process_definition_key": record.definition_key,
        "process_definition_version": record.version,
        "process_instance_key": record.instance_key,
        "process_name": record.process_name or None,
        "root_process_instance_key": record.instance_key,
        "creation_date": record.created_at,
        "completion_date": record.ended_at,
        "follow_up_date": record.follow_up_at,
        "due_date": record.due_at,
        "external_form_reference": None,
        "form_key": record.form_key,
        "custom_headers": {},
        "priority": record.priority,
        "tags": [],
        "business_id": None,
        "tenant_id": TENANT,
    }


@blueprint.post("/search")
@blueprint.arguments(UserTaskSearch)
@blueprint.response(200, UserTasks)
def search(data: dict[str, Any]) -> dict[str, Any]:
    """User tasks that the caller may see."""
    query = UserTaskSearch().query(data)
    page = user_tasks.search(actor(), query)
    return paged(page, query, [describe(r) for r in page.items])


@blueprint.get("/<int:key>")
@blueprint.response(200, UserTask)
def get(key: int) -> dict[str, Any]:
    """One user task."""
    return describe(user_tasks.get(actor(), key))


@blueprint.post("/<int:key>/completion")
@blueprint.arguments(Completion)
@blueprint.response(204)
def complete(data: dict[str, Any], key: int) -> None:
    """Complete a user task; 409 with who and when if somebody was first."""
    user_tasks.complete(actor(), key, data["variables"] or {})


@blueprint.post("/<int:key>/assignment")
@blueprint.arguments(Assignment)
@blueprint.response(204)
def assign(data: dict[str, Any], key: int) -> None:
    """Give a user task to one person."""
    user_tasks.assign(actor(), key, data["assignee"], allow_override=data["allow_override"] is not False)


@blueprint.delete("/<int:key>/assignee")
@blueprint.response(204)
def unassign(key: int) -> None:
    """Give a user task back to its candidates."""
    user_tasks.unassign(actor(), key)


@blueprint.get("/<int:key>/form")
@blueprint.response(200, Form)
@blueprint.alt_response(204, description="The task has no form")
def form(key: int) -> Any:
    """The form of the task in the version it was made with; 204 when there is none."""
    found = user_tasks.form(actor(), key)
    return describe_form(found) if found else Response(status=204)


@blueprint.post("/<int:key>/variables/search")
@blueprint.arguments(Truncating, location="query")
@blueprint.arguments(TaskVariableSearch)
@blueprint.response(200, Variables)
def variables(asked: dict[str, Any], data: dict[str, Any], key: int) -> dict[str, Any]:
    """The process variables that the task sees: never dossier values."""
    return _variables(asked, data, key)


@blueprint.post("/<int:key>/effective-variables/search")
@blueprint.arguments(Truncating, location="query")
@blueprint.arguments(TaskVariableSearch)
@blueprint.response(200, Variables)
def effective_variables(asked: dict[str, Any], data: dict[str, Any], key: int) -> dict[str, Any]:
    """The variables that the task sees, of each name the nearest one: never dossier values."""
    return _variables(asked, data, key)


def _variables(asked: dict[str, Any], data: dict[str, Any], key: int) -> dict[str, Any]:
    query = TaskVariableSearch().query(data)
    page = user_tasks.variables(actor(), key, query)
    cut = asked["truncate_values"]
    return paged(page, query, [describe_variable(one, cut=cut) for one in page.items])


@blueprint.patch("/<int:key>")
@blueprint.arguments(TaskUpdate)
@blueprint.response(204)
def update(data: dict[str, Any], key: int) -> None:
    """Change when a task is due, to whom it is offered and how urgent it is; what is left out stays."""
    changes = {name: value for name, value in (data["changeset"] or {}).items() if value is not None}
    user_tasks.update(actor(), key, {_COLUMNS.get(name, name): value for name, value in changes.items()})
