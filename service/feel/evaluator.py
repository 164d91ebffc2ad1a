"""Runs a syntax tree: each node becomes a closure once, then answers for any context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from typing import Any

from service.clock import Clock
from service.feel import nodes as n
from service.feel import temporal
from service.feel.values import NUMBERS, Range, Warning_, YearMonthDuration, number, text

MAX_STEPS = 1_000_000
MAX_SIZE = 1_000_000  # characters or items of one value
MAX_CALLS = 100
MAX_POWER = 6_200
MAX_BOUND = 10**15  # of a range that is gone through


class OutOfBudget(Exception):
    """The evaluation took more than it may; the whole becomes null with a warning."""


class Run:
    """What one evaluation shares: budget, clock, warnings, host functions."""

    __slots__ = ("calls", "clock", "functions", "steps", "warnings")

    def __init__(
        self,
        clock: Clock | None,
        functions: Mapping[str, Callable[..., Any]],
        warnings: list[Warning_] | None,
    ) -> None:
        self.clock = clock
        self.functions = functions
        self.warnings = warnings
        self.steps = MAX_STEPS
        self.calls = 0

    def spend(self, steps: int = 1) -> None:
        """Use budget; ends the evaluation when none is left."""
        self.steps -= steps
        if self.steps < 0:
            raise OutOfBudget("the evaluation takes too many steps")

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

    __slots__ = ("call", "parameters")

    def __init__(self, parameters: tuple[str, ...], call: Callable[..., Any]) -> None:
        self.parameters = parameters
        self.call = call


# -- comparison -------------------------------------------------------------------------------------------------------


def kind(value: Any) -> str:
    """The FEEL kind of a value, for comparing like with like."""
    for name, types in _KINDS:
        if isinstance(value, types):
            return name
    return "other"


_KINDS: tuple[tuple[str, Any], ...] = (
    ("null", type(None)),
    ("boolean", bool),
    ("number", Decimal | int | float),
    ("string", str),
    ("date and time", dt.datetime),
    ("date", dt.date),
    ("time", dt.time),
    ("days and time duration", dt.timedelta),
    ("years and months duration", YearMonthDuration),
    ("range", Range),
    ("context", Mapping),
    ("list", list | tuple),
    ("function", FeelFunction),
)


def equal(left: Any, right: Any) -> bool | None:
    """FEEL equality: None for values of different kinds, except null."""
    if left is None or right is None:
        return left is right
    if kind(left) != kind(right):
        return None
    if isinstance(left, Mapping):
        return left.keys() == right.keys() and all(
            equal(one, right[key]) is True for key, one in left.items()
        )
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(equal(a, b) is True for a, b in zip(left, right, strict=True))
    if isinstance(left, dt.datetime | dt.time) and (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return bool(temporal.comparable(left) == temporal.comparable(right))


_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)


def compare(operator: str, left: Any, right: Any) -> bool | None:
    """left < right and the like; None when they cannot be compared."""
    if left is None or right is None or kind(left) != kind(right) or kind(left) not in _ORDERED:
        return None
    if isinstance(left, dt.datetime | dt.time) and (left.tzinfo is None) != (right.tzinfo is None):
        return None
    a, b = temporal.comparable(left), temporal.comparable(right)
    if operator == "<":
        return bool(a < b)
    if operator == "<=":
        return bool(a <= b)
    return bool(a > b) if operator == ">" else bool(a >= b)


def within(value: Any, interval: Range) -> bool | None:
    """Whether a value lies in a range."""
    low = (
        True
        if interval.start is None
        else compare(">=" if interval.start_included else ">", value, interval.start)
    )
    high = (
        True if interval.end is None else compare("<=" if interval.end_included else "<", value, interval.end)
    )
    if low is False or high is False:
        return False
    return None if low is None or high is None else True


def holds(value: Any, test: Any) -> bool | None:
    """`value in test` for a test that is no operator: a range, a list, or an equal value."""
    if isinstance(test, Range):
        return within(value, test)
    if isinstance(test, list | tuple) and not isinstance(value, list | tuple):
        return any(holds(value, one) is True for one in test)
    if isinstance(test, list | tuple) and any(isinstance(one, list | tuple) for one in test):
        return any(equal(value, one) is True for one in test)
    return equal(value, test)


# -- arithmetic -------------------------------------------------------------------------------------------------------


def plus(left: Any, right: Any) -> Any:
    """left + right."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.add(left, right)
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_SIZE:
            raise OutOfBudget("the text becomes too long")
        return left + right
    return temporal.add(left, right)


def minus(left: Any, right: Any) -> Any:
    """left - right."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.subtract(left, right)
    return temporal.subtract(left, right)


def times(left: Any, right: Any) -> Any:
    """left * right."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.multiply(left, right)
    if isinstance(left, Decimal):
        left, right = right, left
    if isinstance(left, dt.timedelta | YearMonthDuration) and isinstance(right, Decimal):
        return temporal.multiply(left, right)
    return None


def divided(left: Any, right: Any) -> Any:
    """left / right; null for a division by zero."""
    if isinstance(right, Decimal):
        if right == 0:
            return None
        if isinstance(left, Decimal):
            return NUMBERS.divide(left, right)
        return (
            temporal.multiply(left, 1 / right) if isinstance(left, dt.timedelta | YearMonthDuration) else None
        )
    if isinstance(left, dt.timedelta) and isinstance(right, dt.timedelta) and right:
        micro = dt.timedelta(microseconds=1)
        return NUMBERS.divide(Decimal(left // micro), Decimal(right // micro))
    if isinstance(left, YearMonthDuration) and isinstance(right, YearMonthDuration) and right.months:
        return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    return None


def power(left: Any, right: Any) -> Any:
    """left ** right, with a bound on the exponent."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or abs(right) > MAX_POWER:
        return None
    return NUMBERS.power(left, right)


_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": plus,
    "-": minus,
    "*": times,
    "/": divided,
    "**": power,
}


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
        try:
            result = operate(a, b)
        except DecimalException:
            result = None
        if result is None:
            scope.run.null(at, f"'{sign}' has no result for {kind(a)} and {kind(b)}")
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
        result = equal(left(scope), right(scope))
        return result if result is None or operator == "=" else not result

    return same if operator in {"=", "!="} else ordered


def logic(node: n.Binary) -> Closure:
    """A closure for `and` and `or` in three values."""
    left, right = build(node.left), build(node.right)
    decisive: bool = node.operator == "or"

    def run(scope: Scope) -> bool | None:
        a = left(scope)
        if a is decisive:
            return bool(decisive)  # false and …, true or …: the other side is not asked
        b = right(scope)
        if b is decisive:
            return bool(decisive)
        return (not decisive) if isinstance(a, bool) and isinstance(b, bool) else None

    return run


# -- the other nodes --------------------------------------------------------------------------------------------------


def literal(node: n.Literal) -> Closure:
    """A constant."""
    value = node.value
    return lambda _scope: value


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


def name(node: n.Name) -> Closure:
    """A name: the innermost scope that has it, then host functions, then built-ins."""
    from service.feel.builtins import BUILTINS  # the built-ins themselves call functions through this module

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
            return FeelFunction((), host)
        return builtin if builtin is not None else scope.run.null(at, f"'{wanted}' is not known here")

    return run


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


def part(value: Any, wanted: str) -> Any:
    """A named part of a temporal value or range, e.g. `year`; None when it has none."""
    found = _PARTS.get(kind(value), {}).get(wanted)
    result = found(value) if found else None
    return Decimal(result) if isinstance(result, int) and not isinstance(result, bool) else result


def _zone_name(value: Any) -> str | None:
    return getattr(value.tzinfo, "key", None)


def _split(span: dt.timedelta) -> tuple[int, int, int, int]:
    total = abs(span) // dt.timedelta(seconds=1)
    sign = -1 if span < dt.timedelta() else 1
    return (
        sign * (total // 86400),
        sign * (total // 3600 % 24),
        sign * (total // 60 % 60),
        sign * (total % 60),
    )


_DATE_PARTS: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: v.year,
    "month": lambda v: v.month,
    "day": lambda v: v.day,
    "weekday": lambda v: v.isoweekday(),
}
_TIME_PARTS: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: v.hour,
    "minute": lambda v: v.minute,
    "second": lambda v: v.second,
    "time offset": lambda v: v.utcoffset(),
    "timezone": _zone_name,
}
_PARTS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": _DATE_PARTS,
    "time": _TIME_PARTS,
    "date and time": {**_DATE_PARTS, **_TIME_PARTS},
    "years and months duration": {
        "years": lambda v: int(v.months / 12),
        "months": lambda v: v.months - int(v.months / 12) * 12,
    },
    "days and time duration": {
        "days": lambda v: _split(v)[0],
        "hours": lambda v: _split(v)[1],
        "minutes": lambda v: _split(v)[2],
        "seconds": lambda v: _split(v)[3],
    },
    "range": {
        "start": lambda v: v.start,
        "end": lambda v: v.end,
        "start included": lambda v: v.start_included,
        "end included": lambda v: v.end_included,
    },
}


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
            fields = {**item, "item": item} if isinstance(item, Mapping) else {"item": item}
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


def invoke(
    scope: Scope, function: FeelFunction, values: list[Any], names: tuple[str, ...] = (), at: int = 0
) -> Any:
    """Call a FEEL function with values, by position or by name."""
    scope.run.spend()
    scope.run.calls += 1
    if scope.run.calls > MAX_CALLS:
        raise OutOfBudget("functions call each other too deeply")
    try:
        if names:
            if set(names) - set(function.parameters):
                return scope.run.null(at, f"the function has no parameter {', '.join(names)}")
            given = dict(zip(names, values, strict=True))
            last = max(function.parameters.index(one) for one in names)
            values = [given.get(one) for one in function.parameters[: last + 1]]
        result = function.call(scope, *values) if function.parameters else function.call(*values)
    except OutOfBudget:
        raise
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        return scope.run.null(at, f"the function has no result for these arguments: {error}")
    finally:
        scope.run.calls -= 1
    return number(result)


def when(node: n.If) -> Closure:
    """if … then … else …: anything but true takes the else."""
    condition, then, otherwise = build(node.condition), build(node.then), build(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def between(node: n.Between) -> Closure:
    """value between low and high, both included."""
    value, low, high = build(node.value), build(node.low), build(node.high)

    def run(scope: Scope) -> bool | None:
        given, lowest, highest = value(scope), low(scope), high(scope)
        if lowest is None or highest is None:
            return None
        return within(given, Range(lowest, highest))

    return run


def in_tests(node: n.In) -> Closure:
    """value in tests."""
    value, tests = build(node.value), [build(test) for test in node.tests]
    return lambda scope: any_holds(scope, value(scope), tests)


def any_holds(scope: Scope, value: Any, tests: list[Closure]) -> bool | None:
    """Whether one of the tests holds for the value, which they know as `?`."""
    inner = scope.inner({"?": value})
    answers = [_answer(value, test(inner)) for test in tests]
    if True in answers:
        return True
    return None if None in answers else False


def _answer(value: Any, outcome: Any) -> bool | None:
    if isinstance(outcome, _Tested):
        return outcome.answer
    if isinstance(outcome, bool) and not isinstance(value, bool):
        return outcome
    return holds(value, outcome)


class _Tested:
    """The answer of `< 5`, which is not to be compared with the value again."""

    __slots__ = ("answer",)

    def __init__(self, answer: bool | None) -> None:
        self.answer = answer


def test(node: n.Test) -> Closure:
    """A unary test with an operator."""
    operand, operator = build(node.operand), node.operator

    def run(scope: Scope) -> _Tested:
        value, other = scope.values["?"], operand(scope)
        if operator in {"=", "!="}:
            same = equal(value, other)
            return _Tested(same if same is None or operator == "=" else not same)
        return _Tested(compare(operator, value, other))

    return run


def unary(node: n.Tests) -> Closure:
    """A cell of a decision table."""
    tests, negated = [build(one) for one in node.tests], node.negated

    def run(scope: Scope) -> bool | None:
        if not tests:
            return True
        answer = any_holds(scope, scope.values.get("?"), tests)
        return answer if answer is None or not negated else not answer

    return run


def _rounds(iterators: tuple[n.Iterator, ...]) -> Callable[[Scope], Any]:
    built = [(one.name, build(one.start), build(one.end) if one.end else None) for one in iterators]

    def rounds(scope: Scope, index: int = 0) -> Any:
        if index == len(built):
            yield scope
            return
        variable, start, end = built[index]
        for item in _items(scope, start(scope), end(scope) if end else None, ranged=end is not None):
            scope.run.spend()
            yield from rounds(scope.inner({variable: item}), index + 1)

    return rounds


def _items(scope: Scope, start: Any, end: Any, *, ranged: bool) -> Any:
    if isinstance(start, Range) and not ranged:
        start, end, ranged = start.start, start.end, True
    if not ranged:
        return start if isinstance(start, list | tuple) else [] if start is None else [start]
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        if max(abs(start), abs(end)) > MAX_BOUND:
            raise OutOfBudget("the range goes through numbers that are too large")
        step = 1 if end >= start else -1
        return (Decimal(i) for i in range(int(start), int(end) + step, step))
    if temporal.is_plain_date(start) and temporal.is_plain_date(end):
        days = (end - start).days
        step = 1 if days >= 0 else -1
        return (start + dt.timedelta(days=i) for i in range(0, days + step, step))
    scope.run.null(0, "the range to go through has no steps")
    return []


def loop(node: n.For) -> Closure:
    """for … return …, with `partial` for what was returned before."""
    rounds, body = _rounds(node.iterators), build(node.body)

    def run(scope: Scope) -> list[Any]:
        results: list[Any] = []
        for inner in rounds(scope.inner({"partial": results})):
            results.append(body(inner))
            if len(results) > MAX_SIZE:
                raise OutOfBudget("the list becomes too long")
        return results

    return run


def quantified(node: n.Quantified) -> Closure:
    """some … satisfies …, every … satisfies …"""
    rounds, condition = _rounds(node.iterators), build(node.condition)
    decisive: bool = not node.every

    def run(scope: Scope) -> bool | None:
        unsure = False
        for inner in rounds(scope):
            answer = condition(inner)
            if answer is decisive:
                return bool(decisive)
            unsure = unsure or not isinstance(answer, bool)
        return None if unsure else not decisive

    return run


def context(node: n.Context) -> Closure:
    """{key: value}: later entries see earlier ones."""
    entries = [(key, build(value)) for key, value in node.entries]

    def run(scope: Scope) -> dict[str, Any]:
        made: dict[str, Any] = {}
        inner = scope.inner(made)
        for key, value in entries:
            made[key] = value(inner)
        return made

    return run


def list_of(node: n.ListOf) -> Closure:
    """[a, b, c]."""
    items = [build(item) for item in node.items]
    return lambda scope: [item(scope) for item in items]


def interval(node: n.Interval) -> Closure:
    """[a..b]."""
    start = build(node.start) if node.start else None
    end = build(node.end) if node.end else None

    def run(scope: Scope) -> Range | None:
        low, high = start(scope) if start else None, end(scope) if end else None
        if (start and low is None) or (end and high is None):
            scope.run.null(node.at, "a range needs its ends")
            return None
        return Range(low, high, node.start_included, node.end_included)

    return run


def function(node: n.Function) -> Closure:
    """function(parameters) body."""
    body, parameters = build(node.body), node.parameters

    def run(scope: Scope) -> FeelFunction:
        def called(_scope: Scope, *values: Any) -> Any:
            if len(values) != len(parameters):
                raise TypeError(f"{len(parameters)} arguments were expected")
            return body(scope.inner(dict(zip(parameters, values, strict=True))))

        return FeelFunction(parameters or ("",), called)

    return run


def negate(node: n.Negate) -> Closure:
    """-value."""
    operand = build(node.operand)

    def run(scope: Scope) -> Any:
        value = operand(scope)
        if isinstance(value, Decimal | dt.timedelta):
            return -value
        if isinstance(value, YearMonthDuration):
            return YearMonthDuration(-value.months)
        return scope.run.null(node.at, f"{kind(value)} has no negative")

    return run


def instance_of(node: n.InstanceOf) -> Closure:
    """value instance of type."""
    value = build(node.value)
    wanted = node.type.split("<")[0].strip().lower()

    def run(scope: Scope) -> bool:
        found = kind(value(scope))
        return (wanted == "any" and found != "null") or found == wanted

    return run


_BUILDERS: dict[type[n.Node], Callable[[Any], Closure]] = {
    n.Literal: literal,
    n.At: at_literal,
    n.Name: name,
    n.Path: path,
    n.Filter: filtered,
    n.Call: call,
    n.Negate: negate,
    n.Between: between,
    n.In: in_tests,
    n.Test: test,
    n.Tests: unary,
    n.If: when,
    n.For: loop,
    n.Quantified: quantified,
    n.Context: context,
    n.ListOf: list_of,
    n.Interval: interval,
    n.Function: function,
    n.InstanceOf: instance_of,
}


def build(node: n.Node) -> Closure:
    """The closure of a node."""
    if isinstance(node, n.Binary):
        if node.operator in _ARITHMETIC:
            return arithmetic(node)
        return logic(node) if node.operator in {"and", "or"} else comparison(node)
    return _BUILDERS[type(node)](node)
