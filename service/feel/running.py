"""What one evaluation shares: budget, scopes, functions; and how a function is called."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.clock import Clock
from service.errors import Unanswered
from service.feel import nodes as n
from service.feel.values import OutOfBudget, Warning_, number

MAX_STEPS = 1_000_000


MAX_SIZE = 1_000_000  # characters or items of one value


MAX_CALLS = 100


class Run:
    """What one evaluation shares: budget, clock, warnings, host functions."""

    __slots__ = ("calls", "clock", "functions", "steps", "types", "warnings")

    def __init__(
        self,
        clock: Clock | None,
        functions: Mapping[str, Callable[..., Any]],
        warnings: list[Warning_] | None,
    ) -> None:
        self.clock = clock
        self.functions = functions
        self.warnings = warnings
        self.types: Callable[[str, Any], bool | None] | None = (
            None  # instance of a type of the host; None: unknown
        )
        self.steps = MAX_STEPS
        self.calls = 0

    def spend(self, steps: int = 1) -> None:
        """Use budget; ends the evaluation when none is left."""
        self.steps -= steps
        if self.steps < 0:
            raise OutOfBudget("the evaluation takes too many steps")

    def charge(self, value: Any) -> Any:
        """Use budget for the memory that a new text, list or context takes; gives the value back."""
        if isinstance(value, str):
            self.spend(len(value) // 10)
        elif isinstance(value, list | dict):
            self.spend(len(value) + 1)
        return value

    def null(self, at: int, reason: str) -> None:
        """Null, with the reason kept."""
        if self.warnings is not None and len(self.warnings) < 100:
            self.warnings.append(Warning_(at, reason))


class Scope:
    """Names to values, inner before outer."""

    __slots__ = ("outer", "run", "values")

    def __init__(self, run: Run, values: Mapping[str, Any], outer: Scope | None = None) -> None:
        self.run = run
        self.values = values
        self.outer = outer

    def inner(self, values: Mapping[str, Any]) -> Scope:
        """A scope inside this one."""
        return Scope(self.run, values, self)


Closure = Callable[[Scope], Any]


class FeelFunction:
    """A function of the expression itself, a built-in, or one of the host."""

    __slots__ = ("call", "parameters", "result", "types")

    def __init__(
        self,
        parameters: tuple[str, ...],
        call: Callable[..., Any],
        types: tuple[n.Type | None, ...] = (),
        result: n.Type | None = None,
    ) -> None:
        self.parameters = parameters
        self.call = call
        self.types = types or (None,) * len(parameters)
        self.result = result

    def bind(self, values: Sequence[Any], names: tuple[str, ...]) -> tuple[Callable[..., Any], list[Any]]:
        """What to call, and the values in the order of the parameters; raises TypeError when they do not fit."""
        if not names:
            return self.call, list(values)
        given = dict(zip(names, values, strict=True))
        if not given.keys() <= set(self.parameters):
            raise Unanswered(
                f"there is no parameter {', '.join(sorted(given.keys() - set(self.parameters)))}"
            )
        return self.call, [given.get(one) for one in self.parameters]


class HostFunction(FeelFunction):
    """A function that the host offers; it does not get the scope."""

    __slots__ = ("host",)

    def __init__(self, call: Callable[..., Any]) -> None:
        super().__init__((), lambda _scope, *values: call(*values))
        self.host = call

    def bind(self, values: Sequence[Any], names: tuple[str, ...]) -> tuple[Callable[..., Any], list[Any]]:
        """By name too: the names are those of the host's own parameters."""
        if not names:
            return self.call, list(values)
        given = dict(zip(names, values, strict=True))
        known = inspect.signature(self.host).parameters
        if not given.keys() <= known.keys():
            raise Unanswered(f"there is no parameter {', '.join(sorted(given.keys() - known.keys()))}")
        return (lambda _scope: self.host(**given)), []


def invoke(
    scope: Scope, function: FeelFunction, values: Sequence[Any], names: tuple[str, ...] = (), at: int = 0
) -> Any:
    """Call a FEEL function with values, by position or by name."""
    scope.run.spend()
    scope.run.calls += 1
    if scope.run.calls > MAX_CALLS:
        raise OutOfBudget("functions call each other too deeply")
    try:
        call, arguments = function.bind(values, names)
        result = number(call(scope, *arguments))
    except OutOfBudget:
        raise
    except Unanswered as error:
        return scope.run.null(at, f"the function has no result for these arguments: {error}")
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError):
        # what Python says may repeat an argument, and arguments are what people filled in
        return scope.run.null(at, "the function has no result for these arguments")
    finally:
        scope.run.calls -= 1
    return scope.run.charge(result)
