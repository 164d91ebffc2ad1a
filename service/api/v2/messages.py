"""/v2/messages and /v2/signals: what comes from outside to instances that wait, or starts one."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields, validate

from service.api.auth import actor
from service.api.schemas import TENANT, CamelSchema, Key, PageResponse, SearchRequest, paged
from service.api.v2.jobs import milliseconds
from service.operations import messages
from service.operations.records import SubscriptionRecord

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


class MessageSubscription(CamelSchema):
    """A message that an instance waits for."""

    message_subscription_key = Key()
    message_subscription_state = fields.String()
    message_subscription_type = fields.String()
    process_definition_id = fields.String()
    process_definition_key = Key()
    process_definition_name = fields.String(allow_none=True)
    process_definition_version = fields.Integer()
    process_instance_key = Key()
    root_process_instance_key = Key()
    element_id = fields.String()
    element_instance_key = Key()
    last_updated_date = fields.AwareDateTime(format="iso")
    message_name = fields.String()
    correlation_key = fields.String()
    tool_properties = fields.Dict()
    tool_name = fields.String(allow_none=True)
    inbound_connector_type = fields.String(allow_none=True)
    business_id = fields.String(allow_none=True)
    tenant_id = fields.String()


class MessageSubscriptions(CamelSchema):
    """A page of messages that are waited for."""

    items = fields.List(fields.Nested(MessageSubscription))
    page = fields.Nested(PageResponse)


class MessageSubscriptionSearch(SearchRequest):
    """Search among the messages that instances wait for."""

    names = MappingProxyType(
        {
            "messageSubscriptionKey": ("key", "key"),
            "messageSubscriptionState": ("state", "text"),
            "messageSubscriptionType": ("type", "text"),
            "processDefinitionId": ("process_id", "text"),
            "processDefinitionKey": ("definition_key", "key"),
            "processInstanceKey": ("instance_key", "key"),
            "elementId": ("element_id", "text"),
            "elementInstanceKey": ("key", "key"),
            "lastUpdatedDate": ("updated_at", "moment"),
            "messageName": ("message_name", "text"),
            "correlationKey": ("correlation_key", "text"),
        }
    )


@blueprint.post("/message-subscriptions/search")
@blueprint.arguments(MessageSubscriptionSearch)
@blueprint.response(200, MessageSubscriptions)
def subscriptions(data: dict[str, Any]) -> dict[str, Any]:
    """The messages that instances wait for now; what a process starts with is with its definition."""
    query = MessageSubscriptionSearch().query(data)
    page = messages.subscriptions(actor(), query)
    return paged(page, query, [_subscription(one) for one in page.items])


def _subscription(record: SubscriptionRecord) -> dict[str, Any]:
    return {
        "message_subscription_key": record.key,
        "message_subscription_state": "CREATED",
        "message_subscription_type": "PROCESS_EVENT",
        "process_definition_id": record.process_id,
        "process_definition_key": record.definition_key,
        "process_definition_name": record.process_name or None,
        "process_definition_version": record.version,
        "process_instance_key": record.instance_key,
        "root_process_instance_key": record.instance_key,
        "element_id": record.element_id,
        "element_instance_key": record.key,
        "last_updated_date": record.updated_at,
        "message_name": record.message_name,
        "correlation_key": record.correlation_key,
        "tool_properties": {},
        "tool_name": None,
        "inbound_connector_type": None,
        "business_id": None,
        "tenant_id": TENANT,
    }


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
