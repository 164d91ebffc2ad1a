"""Evaluates decisions: requirements first, then the decision's own logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from service import feel
from service.clock import Clock
from service.dmn.model import Boxed, Decision, Model, Rule, Table
from service.dmn.reader import read
from service.errors import NotFound


@dataclass(frozen=True, kw_only=True)
class MatchedRule:
    """A rule that matched, and on what: auditors see why."""

    table: str  # decision id
    rule_id: str
    index: int  # from 1
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class DecisionResult:
    """The outcome of a decision."""

    value: Any
    matched_rules: tuple[MatchedRule, ...]
    warnings: tuple[feel.Warning_, ...]


@dataclass
class _Run:
    model: Model
    clock: Clock | None
    functions: Mapping[str, Callable[..., Any]]
    matched: list[MatchedRule] = field(default_factory=list)
    warnings: list[feel.Warning_] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)

    def feel(self, expression: str, context: Mapping[str, Any]) -> Any:
        try:
            return feel.evaluate(
                expression, context, clock=self.clock, functions=self.functions, warnings=self.warnings
            )
        except feel.FeelSyntaxError as error:
            self.warnings.append(feel.Warning_(0, str(error)))
            return None

    def test(self, cell: str, value: Any, context: Mapping[str, Any]) -> bool:
        if cell in {"", "-"}:
            return True
        try:
            answer = feel.unary_tests(
                cell, value, context, clock=self.clock, functions=self.functions, warnings=self.warnings
            )
        except feel.FeelSyntaxError as error:
            self.warnings.append(feel.Warning_(0, str(error)))
            return False
        return answer is True


def evaluate(
    xml: bytes,
    decision_id: str,
    context: Mapping[str, Any],
    *,
    imports: Sequence[bytes] = (),
    clock: Clock | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> DecisionResult:
    """Evaluate one decision of a model with input data from `context`; raises NotFound for an unknown id."""
    model = read(xml)
    if decision_id not in model.decisions:
        raise NotFound(f"Expected a decision {decision_id!r} in the model")
    run = _Run(model, clock, functions or {})
    value = _decide(run, model.decisions[decision_id], context)
    return DecisionResult(value=value, matched_rules=tuple(run.matched), warnings=tuple(run.warnings))


def _decide(run: _Run, decision: Decision, context: Mapping[str, Any]) -> Any:
    if decision.id in run.known:
        return run.known[decision.id]
    run.known[decision.id] = None  # a circle of requirements ends here
    scope = dict(context)
    for key in decision.knowledge:
        if key in run.model.knowledge:
            model = run.model.knowledge[key]
            scope[model.name] = _boxed(run, model.logic, scope, model.id)
    for key in decision.requires:
        if key in run.model.decisions:
            required = run.model.decisions[key]
            scope[required.name] = _decide(run, required, context)
    value = _boxed(run, decision.logic, scope, decision.id)
    run.known[decision.id] = value
    return value


def _boxed(run: _Run, boxed: Boxed | None, scope: Mapping[str, Any], where: str) -> Any:
    if boxed is None:
        return None
    if boxed.table is not None:
        return _table(run, boxed.table, scope, where)
    return _SHAPES[boxed.kind](run, boxed, scope, where)


def _literal(run: _Run, boxed: Boxed, scope: Mapping[str, Any], _where: str) -> Any:
    return run.feel(boxed.text, scope) if boxed.text else None


def _context(run: _Run, boxed: Boxed, scope: Mapping[str, Any], where: str) -> Any:
    made: dict[str, Any] = {}
    for name, entry in boxed.entries:
        value = _boxed(run, entry, {**scope, **made}, where)
        if not name:
            return value
        made[name] = value
    return made


def _list(run: _Run, boxed: Boxed, scope: Mapping[str, Any], where: str) -> Any:
    return [_boxed(run, entry, scope, where) for _, entry in boxed.entries]


def _function(run: _Run, boxed: Boxed, scope: Mapping[str, Any], where: str) -> Any:
    def call(_scope: Any, *values: Any) -> Any:
        return _boxed(run, boxed.body, {**scope, **dict(zip(boxed.parameters, values, strict=True))}, where)

    return feel.FeelFunction(boxed.parameters or ("",), call)


def _invocation(run: _Run, boxed: Boxed, scope: Mapping[str, Any], where: str) -> Any:
    function = _boxed(run, boxed.body, scope, where)
    if not isinstance(function, feel.FeelFunction):
        return None
    given = {name: _boxed(run, entry, scope, where) for name, entry in boxed.entries}
    return function.call(None, *(given.get(name) for name in function.parameters))


_SHAPES: dict[str, Callable[[_Run, Boxed, Mapping[str, Any], str], Any]] = {
    "literal": _literal,
    "context": _context,
    "list": _list,
    "function": _function,
    "invocation": _invocation,
}


def _table(run: _Run, table: Table, scope: Mapping[str, Any], where: str) -> Any:
    values = [run.feel(clause.expression, scope) if clause.expression else None for clause in table.inputs]
    hits = [
        (number, rule)
        for number, rule in enumerate(table.rules, 1)
        if all(run.test(cell, value, scope) for cell, value in zip(rule.inputs, values, strict=False))
    ]
    if table.hit_policy == "FIRST":
        hits = hits[:1]
    outputs = [_outputs(run, table, rule, scope) for _, rule in hits]
    asked = {clause.name: feel.to_json(value) for clause, value in zip(table.inputs, values, strict=True)}
    for (number, rule), output in zip(hits, outputs, strict=True):
        shown = {name: feel.to_json(value) for name, value in output.items()}
        run.matched.append(
            MatchedRule(table=where, rule_id=rule.id, index=number, inputs=asked, outputs=shown)
        )
    return _by_policy(run, table, [_single(table, output) for output in outputs], scope)


def _outputs(run: _Run, table: Table, rule: Rule, scope: Mapping[str, Any]) -> dict[str, Any]:
    return {
        clause.name or "uitkomst": run.feel(cell, scope) if cell else None
        for clause, cell in zip(table.outputs, rule.outputs, strict=False)
    }


def _single(table: Table, output: dict[str, Any]) -> Any:
    return next(iter(output.values()), None) if len(table.outputs) == 1 else output


def _default(run: _Run, table: Table, scope: Mapping[str, Any]) -> Any:
    if not any(clause.default for clause in table.outputs):
        return None
    values = {c.name: run.feel(c.default, scope) if c.default else None for c in table.outputs}
    return _single(table, values)


def _by_policy(run: _Run, table: Table, values: list[Any], scope: Mapping[str, Any]) -> Any:
    policy = table.hit_policy
    if policy == "COLLECT":
        return _aggregate(run, table.aggregation, values) if table.aggregation else values
    if not values:
        return _default(run, table, scope)
    if policy in {"RULE_ORDER", "OUTPUT_ORDER"}:
        return values if policy == "RULE_ORDER" else _prioritised(run, table, values)
    if policy == "PRIORITY":
        return _prioritised(run, table, values)[0]
    if policy in {"UNIQUE", "ANY"} and len(values) > 1:
        same = all(feel.equal(value, values[0]) is True for value in values)
        if policy == "UNIQUE" or not same:
            run.warnings.append(feel.Warning_(0, f"{len(values)} rules matched under hit policy {policy}"))
            return None
    return values[0]


def _prioritised(run: _Run, table: Table, values: list[Any]) -> list[Any]:
    orders = [run.feel(f"[{clause.allowed}]", {}) or [] if clause.allowed else [] for clause in table.outputs]

    def rank(value: Any) -> tuple[int, ...]:
        parts = list(value.values()) if len(table.outputs) > 1 else [value]
        return tuple(o.index(p) if p in o else len(o) for p, o in zip(parts, orders, strict=True))

    return sorted(values, key=rank)


def _aggregate(run: _Run, aggregation: str, values: list[Any]) -> Any:
    if not values:
        return 0 if aggregation == "COUNT" else None
    return run.feel(f"{aggregation.lower()}(waarden)", {"waarden": values})
