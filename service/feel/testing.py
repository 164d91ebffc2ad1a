"""Closures of unary tests, `in` and `between`."""

from __future__ import annotations

from typing import Any

from service.feel import nodes as n
from service.feel.building import build, builds
from service.feel.comparing import compare, equal, holds, kind, within
from service.feel.running import Closure, Scope
from service.feel.values import Range


@builds(n.Between)
def between(node: n.Between) -> Closure:
    """value between low and high, both included."""
    value, low, high, at = build(node.value), build(node.low), build(node.high), node.at

    def run(scope: Scope) -> Any:
        given, lowest, highest = value(scope), low(scope), high(scope)
        answer = None if lowest is None or highest is None else within(given, Range(lowest, highest))
        if answer is None:
            kinds = f"{kind(given)} does not lie between {kind(lowest)} and {kind(highest)}"
            return scope.run.null(at, kinds)
        return answer

    return run


@builds(n.In)
def in_tests(node: n.In) -> Closure:
    """value in tests."""
    value, tests = build(node.value), [build(test) for test in node.tests]
    return lambda scope: any_holds(scope, value(scope), tests)


def any_holds(scope: Scope, value: Any, tests: list[Closure]) -> bool | None:
    """Whether one of the tests holds for the value, which they know as `?`."""
    inner = scope.inner({"?": value})
    answers = [_answer(value, test(inner), scope) for test in tests]
    if True in answers:
        return True
    return None if None in answers else False


def _answer(value: Any, outcome: Any, scope: Scope) -> bool | None:
    if isinstance(outcome, _Tested):
        return outcome.answer
    if isinstance(outcome, bool) and not isinstance(value, bool):
        return outcome
    return holds(value, outcome, scope.run.spend)


class _Tested:
    """The answer of `< 5`, which is not to be compared with the value again."""

    __slots__ = ("answer",)

    def __init__(self, answer: bool | None) -> None:
        self.answer = answer


@builds(n.Test)
def test(node: n.Test) -> Closure:
    """A unary test with an operator."""
    operand, operator = build(node.operand), node.operator

    def run(scope: Scope) -> _Tested:
        value, other = scope.values["?"], operand(scope)
        if operator in {"=", "!="}:
            same = equal(value, other, scope.run.spend)
            return _Tested(same if same is None or operator == "=" else not same)
        return _Tested(compare(operator, value, other))

    return run


@builds(n.Tests)
def unary(node: n.Tests) -> Closure:
    """A cell of a decision table."""
    tests, negated = [build(one) for one in node.tests], node.negated

    def run(scope: Scope) -> bool | None:
        if not tests:
            return True
        answer = any_holds(scope, scope.values.get("?"), tests)
        return answer if answer is None or not negated else not answer

    return run
