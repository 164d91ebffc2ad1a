"""The Camunda 8 Orchestration Cluster REST API: what is served of it, one module per resource."""

from __future__ import annotations

from flask_smorest import Blueprint

from service.api.auth import require_actor
from service.api.bodies import require_json
from service.api.v2 import cluster, definitions, deployments, incidents, instances, user_tasks


def blueprints() -> tuple[Blueprint, ...]:
    """Every /v2 blueprint; each asks who is calling before it answers."""
    modules = (cluster, definitions, deployments, incidents, instances, user_tasks)
    made = tuple(module.blueprint for module in modules)
    for blueprint in made:
        blueprint.before_request(require_actor)
        blueprint.before_request(require_json)
    return made
