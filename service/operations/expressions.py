"""A FEEL expression for a program: its value over given variables, and those of an instance that it may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service import feel
from service.access import Permission
from service.domain import Actor, Json
from service.errors import BadRequest
from service.operations import instances, runtime
from service.operations.guard import working


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """A value as JSON, and why parts of it became null."""

    value: Json
    warnings: tuple[str, ...]


def evaluate(
    actor: Actor, expression: str, variables: Mapping[str, Json], *, instance_key: int | None = None
) -> Evaluated:
    """Evaluate `=expression`; text without the equals sign is itself. Nothing is kept.

    instance_key  an instance whose variables are seen too, under those that are given
    Raises BadRequest for an expression that cannot be read, NotFound for an instance that is not the actor's to read.
    """
    with working(actor) as work:
        work.require(Permission.DEFINITION_READ, action="R", kind="expression", key=0, hidden=False)
        seen = instances.seen(work, instance_key) if instance_key is not None else {}
    text = expression.strip()
    if not text.startswith("="):
        return Evaluated(value=expression, warnings=())
    warnings: list[feel.Warning_] = []
    running = runtime.current()
    try:
        value = feel.evaluate(
            text[1:],
            {**seen, **variables},
            clock=running.clock,
            functions=running.functions,
            warnings=warnings,
        )
    except feel.FeelSyntaxError as error:
        raise BadRequest(f"Expected FEEL that can be read: {error}", field="expression") from error
    return Evaluated(value=feel.to_json(value), warnings=tuple(str(one) for one in warnings))
