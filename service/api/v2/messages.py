"""/v2/messages and /v2/signals: what comes from outside to instances that wait, or starts one."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key
from service.api.v2.jobs import milliseconds
from service.operations import messages

blueprint = Blueprint("v2-messages", __name__, url_prefix="/v2", description="Messages and signals")

_LONGEST_MS = 10**12


class _Told(CamelSchema):
    name = fields.String(required=True, validate=validate.Length(min=1))
    correlation_key = fields.String(load_default="")
    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    tenant_id = fields.String(load_default=TENANT, validate=validate.Equal(TENANT))
    business_id = fields.String(load_default=None, allow_none=True)


class Publication(_Told):
    """A message that may wait for its receiver."""

    time_to_live = fields.Integer(load_default=0, validate=validate.Range(min=0, max=_LONGEST_MS))
    message_id = fields.String(load_default="")


class Published(CamelSchema):
    """A message that was published."""

    message_key = Key()
    tenant_id = fields.String()


class Correlation(_Told):
    """A message for somebody who waits now."""


class Correlated(Published):
    """A message that reached an instance."""

    process_instance_key = Key()


class Broadcast(CamelSchema):
    """A signal for all who wait now."""

    signal_name = fields.String(required=True, validate=validate.Length(min=1))
    variables = fields.Dict(keys=fields.String(), load_default=dict, allow_none=True)
    tenant_id = fields.String(load_default=TENANT, validate=validate.Equal(TENANT))


class Sent(CamelSchema):
    """A signal that was sent."""

    signal_key = Key()
    tenant_id = fields.String()


@blueprint.post("/messages/publication")
@blueprint.arguments(Publication)
@blueprint.response(200, Published)
def publish(data: dict[str, Any]) -> dict[str, Any]:
    """Publish a message; 409 when a message with this id is kept already."""
    key = messages.publish(
        actor(),
        data["name"],
        data["correlation_key"],
        data["variables"] or {},
        kept_for=milliseconds(data["time_to_live"]),
        message_id=data["message_id"],
    )
    return {"message_key": key, "tenant_id": TENANT}


@blueprint.post("/messages/correlation")
@blueprint.arguments(Correlation)
@blueprint.response(200, Correlated)
def correlate(data: dict[str, Any]) -> dict[str, Any]:
    """Hand a message to the instance that waits for it, or start one; 404 when there is none."""
    reached = messages.correlate(actor(), data["name"], data["correlation_key"], data["variables"] or {})
    return {
        "message_key": reached.message_key,
        "process_instance_key": reached.instance_key,
        "tenant_id": TENANT,
    }


@blueprint.post("/signals/broadcast")
@blueprint.arguments(Broadcast)
@blueprint.response(200, Sent)
def broadcast(data: dict[str, Any]) -> dict[str, Any]:
    """Send a signal to all who wait for it."""
    key = messages.signal(actor(), data["signal_name"], data["variables"] or {})
    return {"signal_key": key, "tenant_id": TENANT}
