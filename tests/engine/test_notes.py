"""A formula without an answer: an incident where a choice, timer or person depends on it, else a fact with the reason."""

from __future__ import annotations

import pytest

from tests.engine.diagrams import chain, end, flow, many, mapping, node, play, script, start, timer, user

SECRET = "Noor B."
NULL = ("expression:warned", "a")


def line(a: str) -> str:
    return start() + a + user("b") + end() + chain("s", "a", "b", "e")


@pytest.mark.parametrize(
    ("body", "variable"),
    [
        (line(user("a", mapping(("input", "=onbekend + 1", "x")))), "x"),
        (line(script("a", "=onbekend + 1", "x")), "x"),
        (line(node("task", "a", zeebe=mapping(("output", "=[1][2]", "x")))), "x"),
    ],
)
def test_a_variable_that_became_null_is_told_with_its_reason(body: str, variable: str) -> None:
    p = play(body)
    (found,) = [f for f in p.facts if f.kind == "expression:warned"]
    assert (found.element, found.data["variable"]) == ("a", variable)
    assert found.data["reasons"]
    assert p.step.incidents == ()


def test_the_results_of_items_too() -> None:
    p = play(line(user("a", inside=many("=[1]", "n", out="uit", result="=n + nergens"))))
    p.complete("a")
    assert [f.data["variable"] for f in p.step.facts if f.kind == "expression:warned"] == ["uit"]


def test_a_null_that_was_meant_is_not_told() -> None:
    p = play(line(user("a", mapping(("input", "=null", "x"), ("input", "=leeg", "y")))), {"leeg": None})
    assert p.count("expression:warned") == {}


@pytest.mark.parametrize(
    "body",
    [
        start()
        + node("exclusiveGateway", "a", default="a_e")
        + end()
        + end("f")
        + chain("s", "a", "e")
        + flow("a", "f", "=naam"),
        line(user("a", '<zeebe:assignmentDefinition assignee="=[naam]"/>')),
        line(user("a", '<zeebe:assignmentDefinition candidateGroups="=[{a: naam}]"/>')),
        line(user("a", '<zeebe:taskSchedule dueDate="=naam"/>')),
        line(user("a", '<zeebe:priorityDefinition priority="=naam"/>')),
        line(node("callActivity", "a", zeebe='<zeebe:calledElement processId="=naam"/>')),
        line(
            node(
                "businessRuleTask", "a", zeebe='<zeebe:calledDecision decisionId="=naam" resultVariable="x"/>'
            )
        ),
        line(node("serviceTask", "a", zeebe='<zeebe:taskDefinition type="=naam" retries="=naam"/>')),
        *(
            line(node("intermediateCatchEvent", "a", timer(kind, "=naam")))
            for kind in ("date", "duration", "cycle")
        ),
    ],
)
def test_an_incident_names_kinds_and_no_answers(body: str) -> None:
    p = play(body, {"naam": SECRET})
    (incident,) = p.step.incidents
    assert SECRET not in incident.message
    assert SECRET not in str([f.data for f in p.facts])
