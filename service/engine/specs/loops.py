"""Multi-instance and loop bodies: one token that counts its items and keeps their results."""

from __future__ import annotations

import re
from collections import ChainMap
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from service.engine import expressions
from service.engine.failure import Failure
from service.engine.specs.activities import Activity
from service.engine.token import Token, spawn
from service.engine.values import Loop

_NAME = re.compile(r"^\w+$")


class Body(Activity, BpmnSpecMixin):
    """Holds the boundary events and flows of the activity; each item is a token on the inner spec."""

    inner: Any  # the spec of one item
    loop: Loop

    def _update_hook(self, token: Token) -> bool | None:
        self.enter(token)
        return self.begin(token)

    def begin(self, token: Token) -> bool | None:
        raise NotImplementedError

    def prepare_item(self, body: Token, item: Token) -> None:
        """Before an item completes: its result, and whether it is the last."""
        raise NotImplementedError

    def next_item(self, body: Token, index: int, value: Any) -> None:
        top = body.workflow.top_workflow
        values = {"loopCounter": index + 1}
        if self.loop.item:
            values[self.loop.item] = value
        output = expressions.source(self.loop.output_element) if self.loop.output_element else ""
        if _NAME.match(output):
            values.setdefault(output, None)  # type: ignore[arg-type]  # any JSON value
        scope = top.new_scope(body.workflow.scope, values)
        item = spawn(body.workflow.task_tree, self.inner, mi=body.id, i=index, s=scope)
        self.inner._update(item)

    def item_done(self, body: Token, item: Token) -> None:
        raise NotImplementedError

    def close(self, body: Token) -> None:
        body._set_state(TaskState.READY)
        self._on_ready(body)

    def outputs_of(self, token: Token) -> tuple[Any, ...]:
        return ()

    def _run_hook(self, token: Token) -> bool:
        return True


class MultiInstance(Body):
    """Over a collection, one after the other or all at once; results in the order of the collection."""

    def begin(self, token: Token) -> bool | None:
        top = token.workflow.top_workflow
        warnings: list[Any] = []
        items = expressions.json(self.loop.collection, top.visible(top.scope_of(token)), top.host, warnings)
        if not isinstance(items, list):
            why = f": {warnings[0]}" if warnings else ""
            raise Failure("EXTRACT_VALUE_ERROR", f"'{self.loop.collection}' is geen lijst{why}")
        internal = token.internal_data
        internal["n"], internal["done"] = len(items), 0
        if self.loop.output_collection:
            internal["out"] = [None] * len(items)
        self.attach(token)
        if not items:
            return True
        token._set_state(TaskState.STARTED)
        if self.loop.sequential:
            internal["items"] = items
            items = items[:1]
        for index, value in enumerate(items):
            self.next_item(token, index, value)
        return None

    def prepare_item(self, body: Token, item: Token) -> None:
        top, internal = body.workflow.top_workflow, body.internal_data
        seen = ChainMap(*(values for _, values in item.writes), *top.visible(top.scope_of(item)).maps)
        value = None
        if self.loop.output_collection:
            notes: expressions.Notes = []
            target = self.loop.output_collection
            value = expressions.noted(self.loop.output_element, seen, top.host, notes, target)
            top.note(item, notes)
        stop = internal["done"] + 1 == internal["n"]
        if self.loop.until and not stop:
            counts = {
                "numberOfInstances": internal["n"],
                "numberOfCompletedInstances": internal["done"] + 1,
                "numberOfActiveInstances": 0
                if self.loop.sequential
                else internal["n"] - internal["done"] - 1,
                "numberOfTerminatedInstances": 0,
            }
            stop = expressions.condition(self.loop.until, seen.new_child(counts), top.host)
        item.result = [value, stop]

    def item_done(self, body: Token, item: Token) -> None:
        internal = body.internal_data
        value, stop = item.result
        internal["done"] += 1
        if self.loop.output_collection:
            internal["out"][item.internal_data["i"]] = value
        if stop:
            for other in body.workflow.top_workflow.belongings(body):
                if "mi" in other.internal_data and other is not item:
                    other.cancel()
            self.close(body)
        elif self.loop.sequential:
            self.next_item(body, internal["done"], internal["items"][internal["done"]])

    def written(self, token: Token) -> list[tuple[int, dict[str, Any]]]:
        if not self.loop.output_collection:
            return []
        return [(token.workflow.scope, {self.loop.output_collection: token.internal_data["out"]})]


class Repeat(Body):
    """BPMN's standard loop: again while the condition holds."""

    def begin(self, token: Token) -> bool | None:
        top = token.workflow.top_workflow
        token.internal_data["done"] = 0
        if self.loop.test_before:
            seen = top.visible(top.scope_of(token)).new_child({"loopCounter": 1})
            if self.loop.maximum == 0 or not self.goes_on(seen, top.host):
                self.attach(token)
                return True
        self.attach(token)
        token._set_state(TaskState.STARTED)
        self.next_item(token, 0, None)
        return None

    def goes_on(self, seen: Any, host: Any) -> bool:
        return not self.loop.repeat or expressions.condition(self.loop.repeat, seen, host)

    def prepare_item(self, body: Token, item: Token) -> None:
        top, rounds = body.workflow.top_workflow, body.internal_data["done"] + 1
        seen = ChainMap(*(values for _, values in item.writes), *top.visible(top.scope_of(item)).maps)
        full = self.loop.maximum is not None and rounds >= self.loop.maximum
        item.result = full or not self.goes_on(seen, top.host)

    def item_done(self, body: Token, item: Token) -> None:
        body.internal_data["done"] += 1
        if item.result:
            self.close(body)
        else:
            self.next_item(body, body.internal_data["done"], None)

    def written(self, token: Token) -> list[tuple[int, dict[str, Any]]]:
        return []
