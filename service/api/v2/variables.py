"""/v2/variables: the process variables of an instance; never dossier values."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.operations import instances
from service.operations.records import VariableRecord

blueprint = Blueprint("v2-variables", __name__, url_prefix="/v2/variables", description="Variables")

LONGEST = 8192  # characters of a value in a list


class Variable(CamelSchema):
    """A process variable; its value is JSON text, as Camunda 8 has it."""

    variable_key = Key()
    name = fields.String()
    value = fields.String()
    is_truncated = fields.Boolean()
    scope_key = Key()
    process_instance_key = Key()
    root_process_instance_key = Key(allow_none=True)
    tenant_id = fields.String()


class Variables(CamelSchema):
    """A page of variables."""

    items = fields.List(fields.Nested(Variable))
    page = fields.Nested(PageResponse)


class VariableSearch(SearchRequest):
    """Search among the variables of one instance."""

    required = ("processInstanceKey",)

    names = MappingProxyType(
        {
            "processInstanceKey": ("instance_key", "key"),
            "scopeKey": ("instance_key", "key"),
            "name": ("name", "text"),
            "value": ("value", "text"),
        }
    )


class Truncating(CamelSchema):
    """Whether long values are cut in a list."""

    truncate_values = fields.Boolean(load_default=True)


def describe_variable(record: VariableRecord, *, cut: bool = False) -> dict[str, Any]:
    """A variable as the schema wants it; with `cut` a long value is cut off."""
    value = json.dumps(record.value, ensure_ascii=False)
    return {
        "variable_key": record.key,
        "name": record.name,
        "value": value[:LONGEST] if cut else value,
        "is_truncated": cut and len(value) > LONGEST,
        "scope_key": record.instance_key,
        "process_instance_key": record.instance_key,
        "root_process_instance_key": record.instance_key,
        "tenant_id": TENANT,
    }


@blueprint.post("/search")
@blueprint.arguments(Truncating, location="query")
@blueprint.arguments(VariableSearch)
@blueprint.response(200, Variables)
def search(asked: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """Process variables of one instance: never dossier values."""
    query = VariableSearch().query(data)
    page = instances.variables(actor(), query)
    cut = asked["truncate_values"]
    return paged(page, query, [describe_variable(one, cut=cut) for one in page.items])


@blueprint.get("/<int:key>")
@blueprint.response(200, Variable)
def get(key: int) -> dict[str, Any]:
    """One process variable, whole."""
    return describe_variable(instances.variable(actor(), key))
