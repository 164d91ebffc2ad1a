"""/v2/decision-definitions: the decisions that are deployed, and the answer of one to given values."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.domain import Json
from service.errors import BadRequest
from service.operations import decisions
from service.operations.decisions import Answered
from service.operations.records import DefinitionRecord

blueprint = Blueprint(
    "v2-decisions", __name__, url_prefix="/v2/decision-definitions", description="Decisions"
)


class DecisionDefinition(CamelSchema):
    """One version of a decision; its requirements are the file that it came in."""

    decision_definition_id = fields.String()
    decision_definition_key = Key()
    decision_requirements_id = fields.String()
    decision_requirements_key = Key()
    decision_requirements_name = fields.String()
    decision_requirements_version = fields.Integer()
    name = fields.String()
    version = fields.Integer()
    tenant_id = fields.String()


class DecisionDefinitions(CamelSchema):
    """A page of decision definitions."""

    items = fields.List(fields.Nested(DecisionDefinition))
    page = fields.Nested(PageResponse)


class DecisionDefinitionSearch(SearchRequest):
    """Search among decision definitions."""

    names = MappingProxyType(
        {
            "decisionDefinitionKey": ("key", "key"),
            "decisionDefinitionId": ("id", "text"),
            "decisionRequirementsId": ("resource_name", "text"),
            "decisionRequirementsName": ("resource_name", "text"),
            "decisionRequirementsKey": ("deployment_key", "key"),
            "decisionRequirementsVersion": ("version", "number"),
            "name": ("name", "text"),
            "version": ("version", "number"),
        }
    )


class DecisionQuestion(CamelSchema):
    """A decision by its key or its id, and the values that it is asked about."""

    told = MappingProxyType(
        {
            "anyOf": [
                {
                    "required": ["decisionDefinitionKey"],
                    "properties": {"decisionDefinitionKey": {"pattern": "[1-9]"}},
                },
                {
                    "required": ["decisionDefinitionId"],
                    "properties": {"decisionDefinitionId": {"minLength": 1}},
                },
            ]
        }
    )

    decision_definition_id = fields.String(load_default="")
    decision_definition_key = Key(load_default=0)
    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    tenant_id = fields.String(load_default=TENANT, validate=validate.Equal(TENANT))


class DecisionAnswer(CamelSchema):
    """What a decision answered, and on what."""

    decision_definition_id = fields.String()
    decision_definition_key = Key()
    decision_definition_name = fields.String()
    decision_definition_version = fields.Integer()
    decision_evaluation_key = Key()
    decision_instance_key = Key()
    decision_requirements_id = fields.String()
    decision_requirements_key = Key()
    evaluated_decisions = fields.List(fields.Dict())
    failed_decision_definition_id = fields.String(allow_none=True)
    failure_message = fields.String(allow_none=True)
    output = fields.String()
    tenant_id = fields.String()


def describe(record: DefinitionRecord) -> dict[str, Any]:
    """A decision definition as the schema wants it."""
    return {
        "decision_definition_id": record.id,
        "decision_definition_key": record.key,
        "decision_requirements_id": record.resource_name,
        "decision_requirements_key": record.deployment_key,
        "decision_requirements_name": record.resource_name,
        "decision_requirements_version": record.version,
        "name": record.name,
        "version": record.version,
        "tenant_id": TENANT,
    }


@blueprint.post("/search")
@blueprint.arguments(DecisionDefinitionSearch)
@blueprint.response(200, DecisionDefinitions)
def search(data: dict[str, Any]) -> dict[str, Any]:
    """Decision definitions, all versions."""
    query = DecisionDefinitionSearch().query(data)
    page = decisions.search(actor(), query)
    return paged(page, query, [describe(r) for r in page.items])


@blueprint.get("/<int:key>")
@blueprint.response(200, DecisionDefinition)
def get(key: int) -> dict[str, Any]:
    """One decision definition."""
    return describe(decisions.get(actor(), key))


@blueprint.get("/<int:key>/xml")
@blueprint.response(200, content_type="text/xml")
def xml(key: int) -> Response:
    """The file of the decision as it was deployed, byte for byte."""
    return Response(decisions.xml(actor(), key), mimetype="text/xml")


@blueprint.post("/evaluation")
@blueprint.arguments(DecisionQuestion)
@blueprint.response(200, DecisionAnswer)
def evaluate(data: dict[str, Any]) -> dict[str, Any]:
    """Ask a decision about values; nothing of it is kept."""
    id_, key = data["decision_definition_id"], data["decision_definition_key"]
    if not id_ and not key:
        raise BadRequest(
            "Expected decisionDefinitionKey or decisionDefinitionId", field="decisionDefinitionId"
        )
    made = decisions.evaluate(actor(), data["variables"] or {}, decision_id=id_, key=key)
    asked = made.asked.definition
    return {
        "decision_definition_id": asked.id,
        "decision_definition_key": asked.key,
        "decision_definition_name": asked.name,
        "decision_definition_version": asked.version,
        "decision_evaluation_key": made.key,
        "decision_instance_key": made.key,
        "decision_requirements_id": asked.resource_name,
        "decision_requirements_key": asked.deployment_key,
        "evaluated_decisions": [
            _evaluated(one, f"{made.key}-{place}") for place, one in enumerate(made.answered, start=1)
        ],
        "failed_decision_definition_id": None,
        "failure_message": None,
        "output": _text(made.asked.output),
        "tenant_id": TENANT,
    }


def _evaluated(one: Answered, place: str) -> dict[str, Any]:
    inputs = [
        {"inputId": name, "inputName": name, "inputValue": _text(value)} for name, value in one.inputs.items()
    ]
    return {
        "decisionDefinitionId": one.definition.id,
        "decisionDefinitionKey": str(one.definition.key),
        "decisionDefinitionName": one.definition.name,
        "decisionDefinitionVersion": one.definition.version,
        "decisionDefinitionType": one.kind,
        "decisionEvaluationInstanceKey": place,
        "evaluatedInputs": inputs,
        "matchedRules": [
            {
                "ruleId": rule.rule_id,
                "ruleIndex": rule.index,
                "evaluatedOutputs": [_output(n, v, rule) for n, v in rule.outputs.items()],
            }
            for rule in one.rules
        ],
        "output": _text(one.output),
        "tenantId": TENANT,
    }


def _output(name: str, value: Json, rule: Any) -> dict[str, Any]:
    return {
        "outputId": name,
        "outputName": name,
        "outputValue": _text(value),
        "ruleId": rule.rule_id,
        "ruleIndex": rule.index,
    }


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
