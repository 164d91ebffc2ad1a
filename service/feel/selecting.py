"""Closures of paths, filters and calls."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.feel import nodes as n
from service.feel.building import build, builds
from service.feel.comparing import kind
from service.feel.parts import part
from service.feel.running import Closure, FeelFunction, Scope, invoke
from service.feel.values import number, text


@builds(n.Path)
def path(node: n.Path) -> Closure:
    """base.name: an entry of a context, a part of a temporal value, or the same over a list."""
    base, wanted, at = build(node.base), node.name, node.at

    def one(scope: Scope, value: Any) -> Any:
        if isinstance(value, Mapping):
            return (
                number(value[wanted])
                if wanted in value
                else scope.run.null(at, f"there is no '{wanted}' in it")
            )
        if isinstance(value, list | tuple):
            scope.run.spend(len(value))
            return [one(scope, item) for item in value]
        found = part(value, wanted)
        return found if found is not None else scope.run.null(at, f"{kind(value)} has no '{wanted}'")

    return lambda scope: one(scope, base(scope))


@builds(n.Filter)
def filtered(node: n.Filter) -> Closure:
    """base[condition]: the items for which it holds, or the item at a position."""
    base, condition, at = build(node.base), build(node.condition), node.at

    def run(scope: Scope) -> Any:
        value = base(scope)
        items = list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
        if not items:
            position = condition(scope) if not isinstance(node.condition, n.Binary) else None
            return scope.run.null(at, "there is no such position") if isinstance(position, Decimal) else []
        kept = []
        for item in items:
            scope.run.spend()
            fields = {"item": item, **item} if isinstance(item, Mapping) else {"item": item}
            answer = condition(scope.inner(fields))
            if isinstance(answer, Decimal):
                return _position(scope, items, answer, at)
            if answer is True:
                kept.append(item)
        return kept

    return run


def _position(scope: Scope, items: list[Any], position: Decimal, at: int) -> Any:
    index = int(position)
    if position != index or index == 0 or abs(index) > len(items):
        return scope.run.null(at, f"there is no position {text(position)}")
    return number(items[index - 1] if index > 0 else items[index])


@builds(n.Call)
def call(node: n.Call) -> Closure:
    """function(arguments)."""
    function, arguments, names, at = (
        build(node.function),
        [build(a) for a in node.arguments],
        node.names,
        node.at,
    )

    def run(scope: Scope) -> Any:
        found = function(scope)
        if not isinstance(found, FeelFunction):
            return scope.run.null(at, "that is no function")
        return invoke(scope, found, [argument(scope) for argument in arguments], names, at)

    return run
