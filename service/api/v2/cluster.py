"""/v2/topology, /v2/status, /v2/license and /v2/authentication/me: what clients ask before they work."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields

from service.api.auth import actor
from service.api.schemas import CamelSchema

blueprint = Blueprint("v2-cluster", __name__, url_prefix="/v2", description="The installation and the caller")


class Partition(CamelSchema):
    """One partition; an installation has one."""

    partition_id = fields.Integer()
    role = fields.String()
    health = fields.String()
    state = fields.String()


class Broker(CamelSchema):
    """One broker; an installation has one."""

    node_id = fields.Integer()
    broker_id = fields.String()
    host = fields.String()
    port = fields.Integer()
    partitions = fields.List(fields.Nested(Partition))
    version = fields.String()


class Topology(CamelSchema):
    """What the installation looks like to a client."""

    brokers = fields.List(fields.Nested(Broker))
    cluster_id = fields.String(allow_none=True)
    cluster_size = fields.Integer()
    partitions_count = fields.Integer()
    replication_factor = fields.Integer()
    gateway_version = fields.String()
    last_completed_change_id = fields.String()


class License(CamelSchema):
    """The licence block that clients ask for."""

    valid_license = fields.Boolean()
    license_type = fields.String()
    is_commercial = fields.Boolean()
    expires_at = fields.String(allow_none=True)


class Me(CamelSchema):
    """The calling account."""

    username = fields.String()
    display_name = fields.String()
    email = fields.String()
    authorized_components = fields.List(fields.String())
    tenants = fields.List(fields.Dict())
    groups = fields.List(fields.String())
    roles = fields.List(fields.String())
    sales_plan_type = fields.String(allow_none=True)
    c8_links = fields.Dict()
    can_logout = fields.Boolean()


@blueprint.get("/topology")
@blueprint.response(200, Topology)
def topology() -> dict[str, Any]:
    """The installation as one broker with one partition."""
    release = version("sluitend")
    partition = {"partition_id": 1, "role": "leader", "health": "healthy", "state": "active"}
    return {
        "brokers": [
            {
                "node_id": 0,
                "broker_id": "0",
                "host": "localhost",
                "port": 0,
                "partitions": [partition],
                "version": release,
            }
        ],
        "cluster_id": None,
        "cluster_size": 1,
        "partitions_count": 1,
        "replication_factor": 1,
        "gateway_version": release,
        "last_completed_change_id": "",
    }


@blueprint.get("/status")
@blueprint.response(204)
def status() -> None:
    """204: requests are answered."""


@blueprint.get("/license")
@blueprint.response(200, License)
def license_() -> dict[str, Any]:
    """Sluitend is free software."""
    return {"valid_license": True, "license_type": "EUPL-1.2", "is_commercial": False, "expires_at": None}


@blueprint.get("/authentication/me")
@blueprint.response(200, Me)
def me() -> dict[str, Any]:
    """Who is calling, as the service knows them."""
    caller = actor()
    return {
        "username": caller.login,
        "display_name": caller.name,
        "email": caller.login,
        "authorized_components": ["*"] if "beheer" in caller.roles else [],
        "tenants": [{"tenantId": "<default>", "name": "Default", "description": None}],
        "groups": sorted(caller.organisations),
        "roles": sorted(caller.roles),
        "sales_plan_type": None,
        "c8_links": {},
        "can_logout": True,
    }
