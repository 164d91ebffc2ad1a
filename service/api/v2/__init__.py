"""The Camunda 8 Orchestration Cluster REST API: what is served of it, one module per resource."""

from __future__ import annotations

from flask_smorest import Blueprint

from service.api import once
from service.api.auth import require_actor
from service.api.bodies import require_json
from service.api.v2 import (
    clock,
    cluster,
    decisions,
    definitions,
    deployments,
    elements,
    expressions,
    incidents,
    instances,
    jobs,
    messages,
    resources,
    user_tasks,
    variables,
)

_MADE = tuple(
    module.blueprint
    for module in (
        clock,
        cluster,
        decisions,
        definitions,
        deployments,
        elements,
        expressions,
        incidents,
        instances,
        jobs,
        messages,
        resources,
        user_tasks,
        variables,
    )
)
for _blueprint in _MADE:  # once, however many applications one process makes
    _blueprint.before_request(require_actor)
    _blueprint.before_request(require_json)
    _blueprint.before_request(once.attend)
    _blueprint.after_request(once.keep)
    _blueprint.teardown_request(once.leave)


def blueprints() -> tuple[Blueprint, ...]:
    """Every /v2 blueprint; each asks who is calling before it answers."""
    return _MADE
