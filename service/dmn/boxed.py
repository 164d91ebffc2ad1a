"""Boxed expressions: each kind and what it becomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from service import feel
from service.dmn import tables
from service.dmn.frames import Frame
from service.dmn.model import Boxed, Parameter
from service.dmn.types import Mismatch
from service.errors import Unanswered
from service.feel.running import FeelFunction, Scope, invoke


def evaluate(frame: Frame, boxed: Boxed | None) -> Any:
    """The value of a boxed expression; null when there is none."""
    return _KINDS[boxed.kind](frame, boxed) if boxed is not None else None


def _literal(frame: Frame, boxed: Boxed) -> Any:
    return frame.value(boxed.text)


def _unknown(frame: Frame, boxed: Boxed) -> Any:
    frame.session.warn(frame.where, boxed.text)


def _table(frame: Frame, boxed: Boxed) -> Any:
    return tables.evaluate(frame, boxed.table) if boxed.table is not None else None


def _context(frame: Frame, boxed: Boxed) -> Any:
    """A context; an entry without a name is the result of the whole."""
    made: dict[str, Any] = {}
    inner = frame.inner(made)
    for entry in boxed.entries:
        value = frame.coerced(entry.type, evaluate(inner, entry.value), entry.name)
        if not entry.name:
            return value
        made[entry.name] = value
        inner = frame.inner(made)
    return made


def _row(frame: Frame, boxed: Boxed) -> dict[str, Any]:
    return {
        cell.name: frame.coerced(cell.type, evaluate(frame, cell.value), cell.name) for cell in boxed.entries
    }


def _list(frame: Frame, boxed: Boxed) -> list[Any]:
    return [evaluate(frame, entry.value) for entry in boxed.entries]


def _function(frame: Frame, boxed: Boxed) -> FeelFunction:
    return function(boxed.parameters, lambda values: evaluate(frame.inner(values), boxed.body), frame)


def function(
    parameters: tuple[Parameter, ...], call: Callable[[Mapping[str, Any]], Any], frame: Frame
) -> FeelFunction:
    """A FEEL function with typed parameters; it is not called at all with arguments of other types."""

    def run(_scope: Scope, *values: Any) -> Any:
        if len(values) != len(parameters):
            raise Unanswered(f"{len(parameters)} arguments were expected, not {len(values)}")
        given = {}
        for parameter, value in zip(parameters, values, strict=True):
            try:
                given[parameter.name] = frame.types.coerce(parameter.type, value) if parameter.type else value
            except Mismatch as error:
                raise Unanswered(f"{parameter.name}: {error}") from error
        return call(given)

    return FeelFunction(tuple(one.name for one in parameters) or ("",), run)


def _invocation(frame: Frame, boxed: Boxed) -> Any:
    called = evaluate(frame, boxed.body)
    if not isinstance(called, FeelFunction):
        frame.session.warn(frame.where, "what is invoked is no function")
        return None
    values = [frame.coerced(one.type, evaluate(frame, one.value), one.name) for one in boxed.entries]
    return invoke(frame.scope, called, values, tuple(one.name for one in boxed.entries))


def _conditional(frame: Frame, boxed: Boxed) -> Any:
    condition, then, otherwise = (entry.value for entry in boxed.entries)
    return evaluate(frame, then if evaluate(frame, condition) is True else otherwise)


class _Booleans:
    """Answers of a condition; one that is no boolean makes the whole null, not just that item."""

    def __init__(self, *others: type) -> None:
        self.kinds: tuple[type, ...] = (bool, type(None), *others)
        self.wrong = ""

    def note(self, answer: Any) -> Any:
        if not isinstance(answer, self.kinds):
            self.wrong = self.wrong or feel.text(answer)[:60] or "an empty text"
        return answer

    def outcome(self, frame: Frame, value: Any) -> Any:
        if self.wrong:
            frame.session.warn(frame.where, f"the condition must be true or false, but is {self.wrong}")
            return None
        return value


def _filter(frame: Frame, boxed: Boxed) -> Any:
    source, match = (entry.value for entry in boxed.entries)
    answers = _Booleans(Decimal)

    def matches(values: Mapping[str, Any]) -> Any:
        item = values["item"]
        known = {**item, "item": item} if isinstance(item, Mapping) else {"item": item}
        return answers.note(evaluate(frame.inner(known), match))

    test = function((Parameter(name="item"),), matches, frame)
    inner = frame.inner({"bron": evaluate(frame, source), "test": test})
    return answers.outcome(frame, inner.value("bron[test(item)]"))


_LOOPS = {
    "for": "for item in bron return lus(item, partial)",
    "some": "some item in bron satisfies lus(item, null)",
    "every": "every item in bron satisfies lus(item, null)",
}


def _iterator(frame: Frame, boxed: Boxed) -> Any:
    """for, some and every: FEEL walks, so that ranges, nulls and three values mean the same in both."""
    source, body = (entry.value for entry in boxed.entries)
    variable = boxed.parameters[0]
    answers = _Booleans(*([object] if boxed.kind == "for" else []))

    def step(values: Mapping[str, Any]) -> Any:
        known = {"partial": values["partial"], variable.name: values["item"]}
        return answers.note(evaluate(frame.inner(known), body))

    walk = function((Parameter(name="item"), Parameter(name="partial")), step, frame)
    items = frame.coerced(variable.type, evaluate(frame, source), "in")
    inner = frame.inner({"bron": items, "lus": walk})
    return answers.outcome(frame, inner.value(_LOOPS[boxed.kind]))


_KINDS: dict[str, Callable[[Frame, Boxed], Any]] = {
    "literal": _literal,
    "unknown": _unknown,
    "table": _table,
    "context": _context,
    "row": _row,
    "list": _list,
    "function": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}
