"""/v2/clock: let the clock of a demo stand still, and run again. Elsewhere there is no such address."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import CamelSchema
from service.operations import pinning

blueprint = Blueprint("v2-clock", __name__, url_prefix="/v2/clock", description="The clock of a demo")


class Moment(CamelSchema):
    """A moment in milliseconds since 1970: from 2020 up to 2090, since keys count milliseconds in 41 bits."""

    timestamp = fields.Integer(
        required=True, validate=validate.Range(min=1_577_836_800_000, max=3_786_911_999_999)
    )


@blueprint.put("")
@blueprint.arguments(Moment)
@blueprint.response(204)
def pin(data: dict[str, Any]) -> None:
    """Let the clock stand still at a moment."""
    pinning.pin(actor(), data["timestamp"])


@blueprint.post("/reset")
@blueprint.response(204)
def reset() -> None:
    """Let the clock run again."""
    pinning.reset(actor())
