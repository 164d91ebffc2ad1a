"""/v2/expression: the value of a FEEL expression."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key
from service.operations import expressions

blueprint = Blueprint("v2-expressions", __name__, url_prefix="/v2/expression", description="Expressions")


class ExpressionQuestion(CamelSchema):
    """An expression, what it is asked about, and the instance whose variables it sees."""

    expression = fields.String(required=True, validate=validate.Length(min=1, max=10_000))
    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    scope_key = Key(load_default=None, allow_none=True)
    tenant_id = fields.String(load_default=TENANT, validate=validate.Equal(TENANT))


class ExpressionNote(CamelSchema):
    """Why a part of it became null."""

    message = fields.String()


class ExpressionValue(CamelSchema):
    """The value of an expression."""

    expression = fields.String()
    result = fields.Raw(allow_none=True)
    warnings = fields.List(fields.Nested(ExpressionNote))
    referenced_secrets = fields.List(fields.Dict())


@blueprint.post("/evaluation")
@blueprint.arguments(ExpressionQuestion)
@blueprint.response(200, ExpressionValue)
def evaluate(data: dict[str, Any]) -> dict[str, Any]:
    """Evaluate `=expression`; nothing of it is kept."""
    made = expressions.evaluate(
        actor(), data["expression"], data["variables"] or {}, instance_key=data["scope_key"]
    )
    return {
        "expression": data["expression"],
        "result": made.value,
        "warnings": [{"message": one} for one in made.warnings],
        "referenced_secrets": [],
    }
