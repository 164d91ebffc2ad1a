"""Decisions for /v2: what is deployed, and the answer to values that a program gives; nothing of a casus is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service import dmn, feel
from service.access import Permission
from service.domain import Actor, Json, new_key
from service.operations import deployments, runtime, searches
from service.operations.guard import Work, working
from service.operations.records import DefinitionRecord, Page, Query
from service.store import definitions as rows
from service.store.rows import Found


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One decision that was asked, and what it answered."""

    definition: DefinitionRecord
    kind: str  # DECISION_TABLE | LITERAL_EXPRESSION | UNKNOWN
    output: Json
    inputs: Mapping[str, Json]
    rules: tuple[dmn.MatchedRule, ...]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """An evaluation: the decision that was asked for, and all that were asked for it, itself last."""

    key: int
    answered: tuple[Answered, ...]

    @property
    def asked(self) -> Answered:
        """The decision that was asked for."""
        return self.answered[-1]


def search(actor: Actor, query: Query) -> Page[DefinitionRecord]:
    """Decision definitions, all versions."""
    with working(actor) as work:
        _require(work, 0)
        found, total = rows.search(work.session, searches.of(query), "decision")
        return Page(items=tuple(map(deployments.record, found)), total=total)


def get(actor: Actor, key: int) -> DefinitionRecord:
    """One decision definition."""
    with working(actor) as work:
        return deployments.record(_found(work, key))


def xml(actor: Actor, key: int) -> bytes:
    """The file of a decision as it was deployed, byte for byte."""
    with working(actor) as work:
        return _content(work, _found(work, key))


def evaluate(
    actor: Actor, variables: Mapping[str, Any], *, decision_id: str = "", key: int = 0
) -> Evaluation:
    """Evaluate a decision by its key, or the newest version by its id; nothing of it is kept."""
    with working(actor) as work:
        row = _found(work, key) if key else _newest(work, decision_id)
        content = _content(work, row)
        result = _result(content, row.id, variables)
        made = {one.id: one for one in rows.of_deployment(work.session, row.deployment_key)}
        before = dict.fromkeys(one.table for one in result.asked if one.table in made)
        ids = [*(one for one in before if one != row.id), row.id]
        model = dmn.read(content)
        return Evaluation(
            key=new_key(runtime.now()),
            answered=tuple(_answered(model, content, made[id_], variables, result) for id_ in ids),
        )


def _answered(
    model: dmn.Model, content: bytes, row: Found, variables: Mapping[str, Any], whole: dmn.DecisionResult
) -> Answered:
    result = _result(content, row.id, variables)
    asked = next((one for one in whole.asked if one.table == row.id), None)
    logic = model.decisions[row.id].logic if row.id in model.decisions else None
    kinds = {True: "DECISION_TABLE", False: "LITERAL_EXPRESSION"}
    return Answered(
        definition=deployments.record(row),
        kind="UNKNOWN" if logic is None else kinds[asked is not None],
        output=feel.to_json(result.value),
        inputs=asked.inputs if asked else {},
        rules=tuple(one for one in whole.matched_rules if one.table == row.id),
    )


def _result(content: bytes, id_: str, variables: Mapping[str, Any]) -> dmn.DecisionResult:
    running = runtime.current()
    return dmn.evaluate(content, id_, variables, clock=running.clock, functions=running.functions)


def _require(work: Work, key: object) -> None:
    work.require(Permission.DEFINITION_READ, action="R", kind="definition", key=key)


def _found(work: Work, key: int) -> Found:
    _require(work, key)
    row = rows.get(work.session, key, "decision")
    if row is None:
        raise work.missing("definition", key)
    return row


def _newest(work: Work, id_: str) -> Found:
    _require(work, id_)
    row = rows.newest(work.session, "decision", id_)
    if row is None:
        raise work.missing("definition", id_)
    return row


def _content(work: Work, row: Found) -> bytes:
    return rows.file(work.session, row.deployment_key, row.path) or b""
