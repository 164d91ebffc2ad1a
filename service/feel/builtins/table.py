"""How a built-in is declared: its FEEL name, its parameters, its Python function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.feel.running import FeelFunction


class Table:
    """Collects the built-ins of one module."""

    def __init__(self) -> None:
        self.functions: dict[str, FeelFunction] = {}

    def add(self, name: str, *parameters: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare the decorated function; it gets the scope first, then the arguments."""

        def declare(call: Callable[..., Any]) -> Callable[..., Any]:
            self.functions[name] = FeelFunction(parameters or ("",), call)
            return call

        return declare


def need(value: Any, *kinds: Any) -> None:
    """Refuse an argument of another kind; the call becomes null with this reason."""
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise TypeError(f"{type(value).__name__} was not expected")
