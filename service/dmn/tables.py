"""Decision tables: which rules match, and what their hit policy makes of it (DMN 1.5, section 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service import feel
from service.dmn.frames import AskedTable, Frame, MatchedRule, compiled
from service.dmn.model import Clause, Rule, Table
from service.feel.running import Scope

Closure = Callable[[Scope], Any]
_PARSED_AS = {
    "date": "date(v)",
    "time": "time(v)",
    "date and time": "date and time(v)",
    "days and time duration": "duration(v)",
    "years and months duration": "duration(v)",
}


@dataclass(frozen=True)
class Program:
    """A table compiled: a test of None is a cell that matches everything."""

    inputs: tuple[Closure, ...]
    allowed: tuple[Closure | None, ...]
    rules: tuple[tuple[int, Rule, tuple[tuple[int, Closure], ...], tuple[Closure, ...]], ...]


@lru_cache(maxsize=1024)
def program(table: Table, names: frozenset[str]) -> Program:
    """Compile a table once for the names with spaces that are known around it."""
    rules = []
    for number, rule in enumerate(table.rules, 1):
        tests = tuple(
            (column, compiled(cell, names, unary=True))
            for column, cell in enumerate(rule.inputs[: len(table.inputs)])
            if cell not in {"", "-"}
        )
        results = tuple(compiled(cell, names) for cell in rule.outputs[: len(table.outputs)])
        rules.append((number, rule, tests, results))
    return Program(
        inputs=tuple(compiled(one.expression, names) for one in table.inputs),
        allowed=tuple(
            compiled(one.allowed, names, unary=True) if one.allowed else None for one in table.inputs
        ),
        rules=tuple(rules),
    )


@dataclass(frozen=True)
class _Hit:
    number: int
    rule: Rule
    outputs: tuple[Any, ...]


def evaluate(frame: Frame, table: Table) -> Any:
    """The outcome of a table; the rules that matched are kept in the session."""
    made = program(table, frame.names)
    values = [_input(frame, table, made, column) for column in range(len(table.inputs))]
    for column, allowed in enumerate(made.allowed):
        if allowed is not None and values[column] is not None:
            tested = frame.scope.inner({"?": values[column]})
            if frame.run(allowed, tested, table.inputs[column].name) is not True:
                name = table.inputs[column].name or table.inputs[column].expression
                frame.session.warn(frame.where, f"the value of {name} is not one that is allowed")
                _tell(frame, table, values, [])
                return None
    hits = _hits(frame, table, made, values)
    _tell(frame, table, values, hits)
    return _outcome(frame, table, hits)


def _input(frame: Frame, table: Table, made: Program, column: int) -> Any:
    clause = table.inputs[column]
    value = frame.run(made.inputs[column], frame.scope, clause.name)
    if isinstance(value, str):
        # JSON knows no dates: a column that is declared as one reads the text.
        parse = _PARSED_AS.get(frame.types.base(clause.type))
        return frame.inner({"v": value}).value(parse) if parse else value
    return value


def _hits(frame: Frame, table: Table, made: Program, values: Sequence[Any]) -> list[_Hit]:
    scopes = [frame.scope.inner({"?": value}) for value in values]
    hits = []
    for number, rule, tests, results in made.rules:
        if all(frame.run(test, scopes[column], rule.id) is True for column, test in tests):
            outputs = tuple(frame.run(result, frame.scope, rule.id) for result in results)
            hits.append(_Hit(number, rule, outputs))
            if table.hit_policy == "FIRST":
                break
    return hits


def _tell(frame: Frame, table: Table, values: Sequence[Any], hits: Sequence[_Hit]) -> None:
    asked = _asked(table, values)
    frame.session.asked.append(AskedTable(frame.where, asked, tuple(hit.number for hit in hits)))
    for hit in hits:
        frame.session.matched.append(
            MatchedRule(
                table=frame.where,
                rule_id=hit.rule.id,
                index=hit.number,
                inputs=asked,
                outputs={
                    clause.name or "uitkomst": feel.to_json(value)
                    for clause, value in zip(table.outputs, hit.outputs, strict=False)
                },
            )
        )


def _asked(table: Table, values: Sequence[Any]) -> dict[str, Any]:
    """The input values by the names of their columns; a name that two columns have gets a number."""
    found: dict[str, Any] = {}
    for column, (clause, value) in enumerate(zip(table.inputs, values, strict=True), 1):
        name = clause.name or clause.expression
        found[f"{name} ({column})" if name in found else name] = feel.to_json(value)
    return found


def _shaped(table: Table, outputs: Sequence[Any]) -> Any:
    """One output as it is, several as a context."""
    if len(table.outputs) == 1:
        return outputs[0] if outputs else None
    return {clause.name: value for clause, value in zip(table.outputs, outputs, strict=False)}


def _outcome(frame: Frame, table: Table, hits: list[_Hit]) -> Any:
    if not hits:
        return _without(frame, table)
    values = [_shaped(table, hit.outputs) for hit in hits]
    policy = table.hit_policy
    if policy in _SINGLE:
        return _SINGLE[policy](frame, table, hits, values)
    if policy == "COLLECT" and table.aggregation:
        return _aggregated(frame, table, hits)
    if policy == "OUTPUT_ORDER":
        return [values[at] for at in _by_priority(frame, table, hits)]
    if policy in {"COLLECT", "RULE_ORDER"}:
        return values
    frame.session.warn(frame.where, f"there is no hit policy {policy}")
    return None


def _without(frame: Frame, table: Table) -> Any:
    """The outcome when no rule matches."""
    if any(clause.default for clause in table.outputs):
        return _shaped(table, [frame.value(clause.default) for clause in table.outputs])
    if table.hit_policy == "COLLECT":
        return {"": [], "COUNT": 0}.get(table.aggregation)
    if table.hit_policy in {"RULE_ORDER", "OUTPUT_ORDER"}:
        return []
    frame.session.warn(frame.where, "no rule matches")
    return None


def _numbers(hits: Sequence[_Hit]) -> str:
    return ", ".join(str(hit.number) for hit in hits)


def _unique(frame: Frame, _table: Table, hits: list[_Hit], values: list[Any]) -> Any:
    if len(hits) == 1:
        return values[0]
    frame.session.warn(frame.where, f"rules {_numbers(hits)} match, but hit policy UNIQUE allows one")
    return None


def _any(frame: Frame, _table: Table, hits: list[_Hit], values: list[Any]) -> Any:
    if all(feel.equal(value, values[0]) is True for value in values[1:]):
        return values[0]
    frame.session.warn(
        frame.where, f"rules {_numbers(hits)} match with different outcomes under hit policy ANY"
    )
    return None


def _first(_frame: Frame, _table: Table, _hits: list[_Hit], values: list[Any]) -> Any:
    return values[0]


def _priority(frame: Frame, table: Table, hits: list[_Hit], values: list[Any]) -> Any:
    return values[_by_priority(frame, table, hits)[0]]


_SINGLE: Mapping[str, Callable[[Frame, Table, list[_Hit], list[Any]], Any]] = {
    "UNIQUE": _unique,
    "ANY": _any,
    "FIRST": _first,
    "PRIORITY": _priority,
}


def _by_priority(frame: Frame, table: Table, hits: list[_Hit]) -> list[int]:
    """Positions of the hits, the most important output first; the leftmost column weighs most."""
    orders = [_order(frame, clause) for clause in table.outputs]

    def rank(at: int) -> tuple[int, ...]:
        return tuple(
            next((place for place, one in enumerate(order) if feel.equal(one, value) is True), len(order))
            for value, order in zip(hits[at].outputs, orders, strict=False)
        )

    return sorted(range(len(hits)), key=rank)


def _order(frame: Frame, clause: Clause) -> list[Any]:
    allowed = clause.allowed or frame.types.allowed(clause.type)
    found = frame.value(f"[{allowed}]") if allowed else []
    return found if isinstance(found, list) else []


def _aggregated(frame: Frame, table: Table, hits: list[_Hit]) -> Any:
    columns = list(zip(*(hit.outputs for hit in hits), strict=True))
    function = f"{table.aggregation.lower()}(waarden)"
    return _shaped(table, [frame.inner({"waarden": list(column)}).value(function) for column in columns])
