"""Tasks: the ones that wait for a person or a program, and the ones that compute."""

from __future__ import annotations

from collections import ChainMap
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import ScriptTask, ServiceTask, UserTask
from SpiffWorkflow.util.task import TaskState

from service import dmn, feel
from service.engine import expressions, timers
from service.engine.failure import Failure
from service.engine.specs.node import Node
from service.engine.token import Token, spawn
from service.errors import ServiceError


class Activity(Node):
    """Has an own scope when it has input mappings, and boundary events for as long as it lives."""

    def _update_hook(self, token: Token) -> bool | None:
        self.enter(token)
        self.open(token)
        return True

    def open(self, token: Token) -> None:
        self.map_inputs(token)
        if "mi" not in token.internal_data:
            self.attach(token)

    def attach(self, token: Token) -> None:
        for boundary in self.boundaries:
            event = spawn(token.workflow.task_tree, boundary, o=token.id)
            boundary._update(event)


class Task(Activity, ServiceTask):
    """bpmn:task and bpmn:manualTask: nothing for the service to do, as in Camunda 8."""


class Person(Activity, UserTask):
    """A user task: READY until somebody completes it."""

    def open(self, token: Token) -> None:
        self.map_inputs(token)
        top = token.workflow.top_workflow
        token.internal_data["t"] = self.texts(top.visible(top.scope_of(token)), top.host)
        if "mi" not in token.internal_data:
            self.attach(token)
        top.tell("task:created", token, token=token.id, lane=self.element.lane, form=self.element.form_id)

    def texts(self, seen: Any, host: Any) -> dict[str, Any]:
        """Who and when, worked out once, at entry; only what is there is stored."""
        element = self.element
        found: dict[str, Any] = {
            "form": expressions.string(element.form_id, seen, host, "Het formulier"),
            "assignee": expressions.string(element.assignee, seen, host, "De toegewezen persoon"),
            "groups": expressions.strings(element.candidate_groups, seen, host, "De kandidaatgroepen"),
            "users": expressions.strings(element.candidate_users, seen, host, "De kandidaten"),
        }
        for name, text, what in (
            ("due", element.due_date, "De uiterste datum"),
            ("follow", element.follow_up_date, "De opvolgdatum"),
        ):
            at = expressions.moment(text, seen, host, what) if text else None
            found[name] = timers.text(timers.moment(at)) if at else None
        if element.priority:
            found["priority"] = self.priority(seen, host)
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def priority(self, seen: Any, host: Any) -> int:
        text = expressions.string(self.element.priority, seen, host, "De prioriteit")
        if not text.isdecimal() or int(text) > 100:
            raise Failure(
                "EXTRACT_VALUE_ERROR", f"De prioriteit '{self.element.priority}' is niet 0 tot en met 100"
            )
        return int(text)

    def told(self, token: Token) -> None:
        token.workflow.top_workflow.tell("task:completed", token, token=token.id)
        super().told(token)

    def cancelled(self, token: Token) -> None:
        token.workflow.top_workflow.tell("task:cancelled", token, token=token.id)
        super().cancelled(token)


class Work(Activity, ServiceTask):
    """A job for a program: service and send tasks, and any task with a zeebe:taskDefinition."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.manual = True

    def open(self, token: Token) -> None:
        self.map_inputs(token)
        top = token.workflow.top_workflow
        seen = top.visible(top.scope_of(token))
        kind = expressions.string(self.element.job_type, seen, top.host, "Het soort werk")
        retries = expressions.string(self.element.job_retries, seen, top.host, "Het aantal pogingen")
        if not kind or not retries.isdecimal():
            raise Failure(
                "EXTRACT_VALUE_ERROR",
                f"Het werk '{self.element.job_type}' met pogingen '{self.element.job_retries}' is niet bruikbaar",
            )
        token.internal_data["j"] = [kind, int(retries)]
        if "mi" not in token.internal_data:
            self.attach(token)

    def _run_hook(self, token: Token) -> bool:
        return True


class Script(Activity, ScriptTask):
    """A FEEL expression whose value goes into one variable."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, script=kwargs["element"].script or "", **kwargs)

    def _run_hook(self, token: Token) -> bool:
        top = token.workflow.top_workflow
        text = self.element.script or ""
        notes: expressions.Notes = []
        formula = text if expressions.is_feel(text) else f"={text}"
        seen = top.visible(top.scope_of(token))
        value = expressions.noted(formula, seen, top.host, notes, self.element.result_variable)
        top.note(token, notes)
        token.submitted = {self.element.result_variable: value} if self.element.result_variable else {}
        return True


class Decision(Activity, ServiceTask):
    """A business rule task: a DMN decision whose value goes into one variable."""

    def _run_hook(self, token: Token) -> bool:
        top = token.workflow.top_workflow
        seen = top.visible(top.scope_of(token))
        name = expressions.string(self.element.called_decision, seen, top.host, "De beslissing")
        value, data = self.decide(name, dict(ChainMap(*seen.maps)), token)
        top.tell("decision:evaluated", token, **data)
        token.submitted = {self.element.result_variable or "result": value}
        return True

    def decide(self, name: str, seen: dict[str, Any], token: Token) -> tuple[Any, dict[str, Any]]:
        top, process = token.workflow.top_workflow, token.workflow.spec
        xml = process.decisions.get(name)
        if xml is None:
            wanted = self.element.called_decision
            raise Failure("CALLED_DECISION_ERROR", f"De beslissing '{wanted}' bestaat niet")
        others = [other for other in process.decision_files if other is not xml]
        try:
            result = dmn.evaluate(
                xml, name, seen, imports=others, clock=top.host.clock, functions=top.host.functions
            )
        except (feel.FeelSyntaxError, ServiceError, ValueError) as error:
            raise Failure(
                "DECISION_EVALUATION_ERROR", f"De beslissing '{name}' lukt niet: {error}"
            ) from error
        value = feel.to_json(result.value)
        if value is None and result.warnings:
            reasons = "; ".join(str(one) for one in result.warnings[:3])
            raise Failure("DECISION_EVALUATION_ERROR", f"De beslissing '{name}' geeft niets: {reasons}")
        matched = [
            {
                "table": rule.table,
                "rule": rule.rule_id,
                "index": rule.index,
                "inputs": feel.to_json(dict(rule.inputs)),
                "outputs": feel.to_json(dict(rule.outputs)),
            }
            for rule in result.matched_rules
        ]
        without = [
            {"table": one.table, "inputs": feel.to_json(dict(one.inputs))}
            for one in result.asked
            if not one.matched
        ]
        return value, {
            "decision": name,
            "rules": matched,
            "output": value,
            **({"without_rule": without} if without else {}),
        }


def waits(token: Token) -> bool:
    """Whether a person or program may complete this token now."""
    return token.state == TaskState.READY and bool(token.task_spec.manual)
