"""Gateways. Arrivals are the living tokens that wait at the join, one per flow; nothing counts the past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, InclusiveGateway, ParallelGateway
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from service.engine import expressions
from service.engine.specs.node import Node
from service.engine.token import Token, consume, spawn
from service.engine.values import Flow


class Exclusive(Node, ExclusiveGateway):
    """The first flow whose condition holds, in the order of the diagram; else the default flow."""

    def leaving(self, token: Token, seen: Mapping[str, Any]) -> tuple[Flow, ...]:
        host = token.workflow.top_workflow.host
        default = None
        for flow in self.flows_out:
            if self.is_default(flow) or (not flow.condition and len(self.flows_out) == 1):
                default = flow
            elif flow.condition and expressions.condition(flow.condition, seen, host):
                return (flow,)
        if default is not None:
            return (default,)
        if self.flows_out:
            raise self.stuck()
        return ()

    _run_hook = BpmnTaskSpec._run_hook


class Join(Node):
    """A gateway that may have to wait for further tokens."""

    flows_in: tuple[Flow, ...]

    def _update_hook(self, token: Token) -> bool:
        waiting = self.waiting_with(token)
        by_flow: dict[str, list[Token]] = {}
        for other in waiting:
            by_flow.setdefault(other.internal_data.get("f", ""), []).append(other)
        if not self.fires(token, by_flow):
            token._set_state(TaskState.WAITING)
            self.wait(token)
            return False
        merged = [tokens[0] for tokens in by_flow.values()]
        keep = token if token in merged else merged[0]
        for other in merged:
            if other is not keep:
                consume(other)
        token.workflow.joins.pop(keep.id, None)
        self.enter(keep)
        if keep is token:
            return True
        token._set_state(TaskState.WAITING)
        self.wait(token)
        keep._ready()
        return False

    def waiting_with(self, token: Token) -> list[Token]:
        """The tokens that wait here, oldest first, and this one."""
        at_rest = TaskState.WAITING | TaskState.FUTURE
        return [
            other
            for other in token.workflow.tasks.values()
            if other.task_spec is self
            and (other is token or (other.has_state(at_rest) and "in" not in other.internal_data))
        ]

    def fires(self, token: Token, by_flow: Mapping[str, list[Token]]) -> bool:
        raise NotImplementedError

    def wait(self, token: Token) -> None:
        """Nothing to do: the token itself is the arrival."""


class Parallel(Join, ParallelGateway):
    """Waits for one token on every incoming flow; leaves by all."""

    def fires(self, token: Token, by_flow: Mapping[str, list[Token]]) -> bool:
        return len(by_flow) >= len(self.flows_in)

    def leaving(self, token: Token, seen: Mapping[str, Any]) -> tuple[Flow, ...]:
        return self.flows_out

    _run_hook = BpmnTaskSpec._run_hook


class Inclusive(Join, InclusiveGateway):
    """BPMN 2.0, table 13.3: waits while a token elsewhere can still reach an empty flow and no filled one."""

    reach: Mapping[str, frozenset[str]]  # flow id -> nodes from which it can be reached without passing here

    def fires(self, token: Token, by_flow: Mapping[str, list[Token]]) -> bool:
        if len(self.flows_in) <= 1:
            return True
        empty = [flow.id for flow in self.flows_in if flow.id not in by_flow]
        filled = [flow for flow in by_flow if flow in self.reach]
        return not any(
            any(other.task_spec.name in self.reach[flow] for flow in empty)
            and not any(other.task_spec.name in self.reach[flow] for flow in filled)
            for other in token.workflow.living()
            if other.task_spec is not self and "o" not in other.internal_data
        )

    def wait(self, token: Token) -> None:
        token.workflow.joins[token.id] = None

    def leaving(self, token: Token, seen: Mapping[str, Any]) -> tuple[Flow, ...]:
        if len(self.flows_out) == 1 and not self.flows_out[0].condition:
            return self.flows_out
        return super().leaving(token, seen)

    _run_hook = BpmnTaskSpec._run_hook


class EventBased(Node, BpmnSpecMixin):
    """The event-based gateway: a token at each event behind it; the first to happen ends the others."""

    def leaving(self, token: Token, seen: Mapping[str, Any]) -> tuple[Flow, ...]:
        return self.flows_out

    def take(self, token: Token, flow: Flow, **internal: Any) -> Token:
        """No fact yet: which flow was taken is known when an event happens."""
        return spawn(token, token.workflow.spec.task_specs[flow.target], f=flow.id, g=token.id)


def settle(token: Token) -> None:
    """The first event behind an event-based gateway has happened: the other arms go."""
    race = token.internal_data.pop("g", None)
    if race is None:
        return
    for other in token.workflow.living():
        if other is not token and other.internal_data.get("g") == race:
            other.cancel()
    token.workflow.top_workflow.tell("flow:taken", token, token.internal_data["f"])
    token.task_spec.enter(token)
