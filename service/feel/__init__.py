"""FEEL, the expression language of DMN and BPMN: parse, evaluate, warn. Pure: no input or output, no clock of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service.clock import Clock
from service.feel import (
    evaluator,  # noqa: F401  # makes every builder known
    nodes,
)
from service.feel.building import build
from service.feel.builtins import BUILTINS
from service.feel.comparing import equal, kind
from service.feel.lexer import place
from service.feel.parser import Parser, phrases
from service.feel.printer import write
from service.feel.running import Closure, FeelFunction, Run, Scope
from service.feel.values import (
    Budget,
    FeelSyntaxError,
    OutOfBudget,
    Range,
    Warning_,
    YearMonthDuration,
    text,
    to_json,
    weigh,
)

__all__ = [
    "BUILTINS",
    "Compiled",
    "FeelFunction",
    "FeelSyntaxError",
    "Range",
    "Warning_",
    "YearMonthDuration",
    "compile_expression",
    "compile_unary_tests",
    "equal",
    "evaluate",
    "kind",
    "parse",
    "parse_unary_tests",
    "reads",
    "text",
    "to_json",
    "unary_tests",
    "write",
]

#: Functions with spaces in their name that the host offers (service.periods); known wherever FEEL is parsed.
HOST_NAMES = ("werkdagen na", "schoolweken na", "leeftijd op")

#: Of a syntax tree; whoever asks from deep in the server gets the same answer as who asks from its edge.
MAX_HEIGHT = 200

_KNOWN = phrases([*BUILTINS, *HOST_NAMES])
Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Compiled:
    """A parsed expression, ready to be evaluated many times."""

    tree: nodes.Node
    run: Closure
    reads: frozenset[str]  # free names, built-ins excluded

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        clock: Clock | None = None,
        functions: Functions | None = None,
        warnings: list[Warning_] | None = None,
    ) -> Any:
        """The value in this context; null and a warning where FEEL has no answer."""
        run = Run(clock, functions or {}, warnings)
        try:
            value = self.run(Scope(run, context))
            weigh(value, Budget().spend)
            return value
        except ArithmeticError:
            return run.null(0, "the evaluation goes beyond what can be counted")
        except (OutOfBudget, RecursionError, MemoryError) as error:
            reason = str(error) or "the evaluation nests too deeply"
            return run.null(
                0, reason if isinstance(error, OutOfBudget) else "the evaluation nests too deeply"
            )


def _phrased(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name for name in names if not name.isidentifier())


@lru_cache(maxsize=4096)
def _compiled(expression: str, names: frozenset[str], unary: bool) -> Compiled:
    known = {first: list(parts) for first, parts in _KNOWN.items()}
    for first, parts in phrases(names).items():
        known.setdefault(first, []).extend(parts)
        known[first].sort(key=len, reverse=True)
    try:
        parser = Parser(expression, known)
        tree = parser.unary_tests() if unary else parser.whole()
        if nodes.taller(tree, MAX_HEIGHT):
            raise FeelSyntaxError(
                f"Expected at most {MAX_HEIGHT} operators or brackets that hang on one another",
                *place(expression, tree.at),
                f"at most {MAX_HEIGHT} operators or brackets that hang on one another",
            )
        return Compiled(tree, build(tree), nodes.reads(tree) - BUILTINS.keys() - {"?"})
    except RecursionError as error:
        raise FeelSyntaxError("Expected less nesting") from error


def compile_expression(expression: str, names: Iterable[str] = ()) -> Compiled:
    """Parse an expression once; `names` are names with spaces that may occur (context keys, host functions)."""
    return _compiled(expression, _phrased(names), False)


def compile_unary_tests(tests: str, names: Iterable[str] = ()) -> Compiled:
    """Parse the unary tests of a decision table cell once; the tested value is `?`."""
    return _compiled(tests, _phrased(names), True)


def parse(expression: str, names: Iterable[str] = ()) -> nodes.Node:
    """The syntax tree; raises FeelSyntaxError with line, column and what was expected."""
    return compile_expression(expression, names).tree


def parse_unary_tests(tests: str, names: Iterable[str] = ()) -> nodes.Node:
    """The syntax tree of unary tests."""
    return compile_unary_tests(tests, names).tree


def reads(expression: str, names: Iterable[str] = ()) -> frozenset[str]:
    """Names that the expression takes from its context."""
    return compile_expression(expression, names).reads


def evaluate(
    expression: str,
    context: Mapping[str, Any],
    *,
    clock: Clock | None = None,
    functions: Functions | None = None,
    warnings: list[Warning_] | None = None,
) -> Any:
    """The value of an expression in a context.

    Values are plain Python: Decimal, str, bool, None, list, dict, date, time, datetime, timedelta, YearMonthDuration,
    Range. Raises only FeelSyntaxError; whatever else has no answer is None, with the reason in `warnings`.
    """
    names = [*context, *(functions or ())]
    compiled = compile_expression(expression, names)
    return compiled.evaluate(context, clock=clock, functions=functions, warnings=warnings)


def unary_tests(
    tests: str,
    value: Any,
    context: Mapping[str, Any],
    *,
    clock: Clock | None = None,
    functions: Functions | None = None,
    warnings: list[Warning_] | None = None,
) -> bool | None:
    """Whether a value passes unary tests such as `< 5, [10..20]` or `not("a")`."""
    compiled = compile_unary_tests(tests, [*context, *(functions or ())])
    answer = compiled.evaluate({**context, "?": value}, clock=clock, functions=functions, warnings=warnings)
    return answer if isinstance(answer, bool) else None


compile = compile_expression
