"""From node to closure: every kind of node registers its builder here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from service.feel import nodes as n
from service.feel.running import Closure

Builder = TypeVar("Builder", bound=Callable[[Any], Closure])
_BUILDERS: dict[type[n.Node], Callable[[Any], Closure]] = {}


def builds(kind: type[n.Node]) -> Callable[[Builder], Builder]:
    """Declare the decorated function as the builder of one kind of node."""

    def declare(builder: Builder) -> Builder:
        _BUILDERS[kind] = builder
        return builder

    return declare


def build(node: n.Node) -> Closure:
    """The closure of a node."""
    return _BUILDERS[type(node)](node)
