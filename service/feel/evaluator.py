"""Closures of the other nodes; importing this module makes every builder known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from service.errors import Unanswered
from service.feel import looping, selecting, temporal, testing  # noqa: F401  # their builders register themselves
from service.feel import nodes as n
from service.feel.arithmetic import divided, minus, plus, power, times
from service.feel.building import build, builds
from service.feel.builtins import BUILTINS
from service.feel.comparing import compare, equal, kind
from service.feel.running import Closure, FeelFunction, HostFunction, Scope
from service.feel.types import instance_of, known, taken_as
from service.feel.values import NUMBERS, Range, YearMonthDuration, number

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": plus,
    "-": minus,
    "*": times,
    "/": divided,
    "**": power,
}


_POWER = 20  # steps: a power with a fraction costs as much as so many sums


def arithmetic(node: n.Binary) -> Closure:
    """A closure for + - * / **."""
    left, right, operate, at, sign = (
        build(node.left),
        build(node.right),
        _ARITHMETIC[node.operator],
        node.at,
        node.operator,
    )

    def run(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        if sign == "**":
            scope.run.spend(_POWER)
        try:
            result = operate(a, b)
        except DecimalException:
            result = None
        if result is None:
            scope.run.null(at, f"'{sign}' has no result for {kind(a)} and {kind(b)}")
        elif isinstance(result, str):
            scope.run.charge(result)
        return result

    return run


def comparison(node: n.Binary) -> Closure:
    """A closure for = != < <= > >=."""
    left, right, operator, at = build(node.left), build(node.right), node.operator, node.at

    def ordered(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        result = compare(operator, a, b)
        if result is None:
            scope.run.null(at, f"'{operator}' cannot compare {kind(a)} with {kind(b)}")
        return result

    def same(scope: Scope) -> Any:
        a, b = left(scope), right(scope)
        result = equal(a, b, scope.run.spend)
        if result is None:
            return scope.run.null(at, f"'{operator}' compares {kind(a)} with {kind(b)}")
        return result if operator == "=" else not result

    return same if operator in {"=", "!="} else ordered


def logic(node: n.Binary) -> Closure:
    """A closure for `and` and `or` in three values."""
    left, right, at = build(node.left), build(node.right), node.at
    decisive: bool = node.operator == "or"

    def run(scope: Scope) -> bool | None:
        a = left(scope)
        if a is decisive:
            return bool(decisive)  # false and …, true or …: the other side is not asked
        b = right(scope)
        if b is decisive:
            return bool(decisive)
        if isinstance(a, bool) and isinstance(b, bool):
            return not decisive
        strange = next((one for one in (a, b) if one is not None and not isinstance(one, bool)), None)
        if strange is not None:
            scope.run.null(at, f"{kind(strange)} is not true or false")
        return None

    return run


@builds(n.Literal)
def literal(node: n.Literal) -> Closure:
    """A constant."""
    value = node.value
    return lambda _scope: value


@builds(n.At)
def at_literal(node: n.At) -> Closure:
    """@"…": a constant temporal value."""
    value = temporal.read_at(node.text)

    def run(scope: Scope) -> Any:
        return (
            value
            if value is not None
            else scope.run.null(node.at, f"'{node.text}' is no date, time or duration")
        )

    return run


@builds(n.Name)
def name(node: n.Name) -> Closure:
    """A name: the innermost scope that has it, then host functions, then built-ins."""

    wanted, at = node.name, node.at
    builtin = BUILTINS.get(wanted)

    def run(scope: Scope) -> Any:
        inner: Scope | None = scope
        while inner is not None:
            if wanted in inner.values:
                return number(inner.values[wanted])
            inner = inner.outer
        host = scope.run.functions.get(wanted)
        if host is not None:
            return HostFunction(host)
        return builtin if builtin is not None else scope.run.null(at, f"'{wanted}' is not known here")

    return run


@builds(n.If)
def when(node: n.If) -> Closure:
    """if … then … else …: anything but true takes the else."""
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)

    def run(scope: Scope) -> Any:
        answer = condition(scope)
        if answer is True:
            return then(scope)
        if answer is not None and answer is not False:
            scope.run.null(node.at, f"the condition is not true or false, but a {kind(answer)}")
        return otherwise(scope)

    return run


@builds(n.Context)
def context(node: n.Context) -> Closure:
    """{key: value}: later entries see earlier ones."""
    entries = [(key, build(value)) for key, value in node.entries]

    def run(scope: Scope) -> dict[str, Any]:
        made: dict[str, Any] = {}
        inner = scope.inner(made)
        for key, value in entries:
            made[key] = value(inner)
        scope.run.charge(made)
        return made

    return run


@builds(n.ListOf)
def list_of(node: n.ListOf) -> Closure:
    """[a, b, c]."""
    items = [build(item) for item in node.items]
    return lambda scope: scope.run.charge([item(scope) for item in items])


@builds(n.Interval)
def interval(node: n.Interval) -> Closure:
    """[a..b]."""
    start = build(node.start) if node.start else None
    end = build(node.end) if node.end else None

    def run(scope: Scope) -> Range | None:
        low, high = start(scope) if start else None, end(scope) if end else None
        if (start and low is None) or (end and high is None):
            scope.run.null(node.at, "a range needs its ends")
            return None
        if start and end and compare("<", low, high) is None:
            scope.run.null(node.at, f"{kind(low)} and {kind(high)} are no ends of one range")
            return None
        return Range(low, high, node.start_included, node.end_included)

    return run


@builds(n.Function)
def function(node: n.Function) -> Closure:
    """function(parameters) body."""
    parameters, wanted = node.parameters, node.types
    if node.body is None:
        return lambda _scope: FeelFunction(parameters, _external, wanted)
    body = build(node.body)

    def run(scope: Scope) -> FeelFunction:
        def called(_scope: Scope, *values: Any) -> Any:
            if len(values) != len(parameters):
                raise Unanswered(f"{len(parameters)} arguments were expected")
            taken = [taken_as(value, one, scope.run.spend) for value, one in zip(values, wanted, strict=True)]
            return body(scope.inner(dict(zip(parameters, taken, strict=True))))

        return FeelFunction(parameters, called, wanted)

    return run


def _external(_scope: Scope, *_values: Any) -> Any:
    raise Unanswered("external functions are not run")


@builds(n.Negate)
def negate(node: n.Negate) -> Closure:
    """-value."""
    operand = build(node.operand)

    def run(scope: Scope) -> Any:
        value = operand(scope)
        if isinstance(value, Decimal):
            return NUMBERS.minus(value)
        if isinstance(value, dt.timedelta):
            return -value
        if isinstance(value, YearMonthDuration):
            return YearMonthDuration(-value.months)
        return scope.run.null(node.at, f"{kind(value)} has no negative")

    return run


@builds(n.InstanceOf)
def instance(node: n.InstanceOf) -> Closure:
    """value instance of type."""
    value, wanted = build(node.value), node.type
    if known(wanted):
        return lambda scope: instance_of(value(scope), wanted, scope.run.spend)

    def of_host(scope: Scope) -> bool | None:
        types = scope.run.types
        answer = types(wanted.name, value(scope)) if types and not n.children(wanted) else None
        if answer is None:
            scope.run.null(node.at, f"'{wanted.name}' is no type that is known here")
        return answer

    return of_host


@builds(n.Binary)
def binary(node: n.Binary) -> Closure:
    """An operator between two values."""
    if node.operator in _ARITHMETIC:
        return arithmetic(node)
    return logic(node) if node.operator in {"and", "or"} else comparison(node)
