"""Closures of for, some and every."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from service.feel import nodes as n
from service.feel import temporal
from service.feel.building import build, builds
from service.feel.running import MAX_SIZE, Closure, Scope
from service.feel.values import OutOfBudget, Range

MAX_BOUND = 10**15  # of a range that is gone through


class _NoSteps(Exception):
    """What is to be gone through is no list, and no range of numbers or dates."""


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
    raise _NoSteps("only numbers, and dates, have steps between them")


@builds(n.For)
def loop(node: n.For) -> Closure:
    """for … return …, with `partial` for what was returned before."""
    rounds, body, at = _rounds(node.iterators), build(node.body), node.at

    def run(scope: Scope) -> Any:
        results: list[Any] = []
        try:
            for inner in rounds(scope.inner({"partial": results})):
                results.append(body(inner))
                scope.run.spend(2)  # a number takes a hundred bytes
                if len(results) > MAX_SIZE:
                    raise OutOfBudget("the list becomes too long")
        except _NoSteps as error:
            return scope.run.null(at, str(error))
        return results

    return run


@builds(n.Quantified)
def quantified(node: n.Quantified) -> Closure:
    """some … satisfies …, every … satisfies …"""
    rounds, condition, at = _rounds(node.iterators), build(node.condition), node.at
    decisive: bool = not node.every

    def run(scope: Scope) -> bool | None:
        unsure = False
        try:
            for inner in rounds(scope):
                answer = condition(inner)
                if answer is decisive:
                    return bool(decisive)
                unsure = unsure or not isinstance(answer, bool)
        except _NoSteps as error:
            scope.run.null(at, str(error))
            return None
        return None if unsure else not decisive

    return run
