"""Tasks and gateways, with their traces. Every move starts from the stored bytes."""

from __future__ import annotations

from typing import Any

import pytest

from service import engine
from tests.engine.diagrams import (
    Player,
    bpmn,
    chain,
    end,
    flow,
    mapping,
    node,
    play,
    script,
    start,
    user,
)

DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="toets" name="Toets"><decisionTable id="t" hitPolicy="FIRST">
<input id="i"><inputExpression id="ie"><text>leeftijd</text></inputExpression></input><output id="o" name="uit"/>
<rule id="r1"><inputEntry id="a1"><text>&lt; 12</text></inputEntry><outputEntry id="b1"><text>"po"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>-</text></inputEntry><outputEntry id="b2"><text>"vo"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def xor(**attributes: str) -> str:
    return (
        start() + node("exclusiveGateway", "x", **attributes) + user("a") + user("b") + end()
        + flow("s", "x") + flow("x", "a", "=k > 1") + flow("x", "b", "=k > 0" if not attributes else "") + chain("a", "e") + chain("b", "e")
    )  # fmt: skip


def sub(inner: str, outer: str = "", **attributes: str) -> str:
    return start() + node("subProcess", "sub", inner, **attributes) + end() + chain("s", "sub", "e") + outer


def test_a_user_task_writes_exactly_what_was_submitted() -> None:
    p = play(start() + user("a") + end() + chain("s", "a", "e"), {"x": 1})
    p.complete("a", {"nul": 0, "nee": False, "niets": None, "een": 1.0, "lijst": [1, 2, 2]})
    assert p.step.variables == {"x": 1, "nul": 0, "nee": False, "niets": None, "een": 1.0, "lijst": [1, 2, 2]}
    assert (p.step.ended, p.step.outcome, p.trace()) == ("COMPLETED", "e", ["s", "a", "e"])


def test_false_after_zero_and_float_after_int_are_kept() -> None:
    """research/engine.md 5.3: SpiffWorkflow's delta drops 0 -> False and 1 -> 1.0."""
    p = play(start() + user("a") + user("b") + end() + chain("s", "a", "b", "e"), {"x": 0, "y": 1})
    p.complete("a", {"x": False, "y": 1.0})
    assert p.step.variables["x"] is False
    assert isinstance(p.step.variables["y"], float)


def test_a_user_task_named_end_is_a_user_task() -> None:
    """engine-spike.md trap 1."""
    p = play(start("Start") + user("End") + end() + chain("Start", "End", "e"))
    assert p.open == ["End"]


def test_the_texts_of_a_user_task_are_worked_out_at_entry() -> None:
    zeebe = (
        '<zeebe:assignmentDefinition assignee="=naam" candidateGroups="=[&quot;swv_&quot; + soort]" candidateUsers="jan, piet"/>'
        '<zeebe:taskSchedule dueDate="=date(&quot;2027-03-15&quot;)" followUpDate="2027-03-10T12:00:00+01:00"/>'
        '<zeebe:priorityDefinition priority="70"/>'
    )
    p = play(
        start() + user("a", zeebe, name="Advies") + end() + chain("s", "a", "e"),
        {"naam": "sanne", "soort": "po"},
    )
    (task,) = p.step.open_tasks
    assert (task.name, task.form_id, task.assignee, task.priority) == ("Advies", "f", "sanne", 70)
    assert (task.candidate_groups, task.candidate_users) == (("swv_po",), ("jan", "piet"))
    assert str(task.due_at) == "2027-03-14 23:00:00+00:00"  # midnight in Amsterdam
    assert str(task.follow_up_at) == "2027-03-10 11:00:00+00:00"


def test_an_assignee_that_is_misspelt_is_an_incident_and_can_be_retried() -> None:
    zeebe = '<zeebe:assignmentDefinition assignee="=naan"/>'
    p = play(start() + user("a", zeebe) + end() + chain("s", "a", "e"), {"naam": "sanne"})
    assert [(i.element, i.error_type) for i in p.step.incidents] == [("a", "EXTRACT_VALUE_ERROR")]
    p.write({"naan": "sanne"})
    p.retry()
    assert p.open == ["a"]
    assert p.count("element:activated")["a"] == 1


def test_mappings_keep_the_submission_local() -> None:
    zeebe = mapping(
        ("input", "=x + 1", "y"), ("output", "=antwoord", "uitkomst.a"), ("output", "=y", "uitkomst.b")
    )
    p = play(start() + user("a", zeebe) + end() + chain("s", "a", "e"), {"x": 1, "uitkomst": {"c": 3}})
    assert engine.visible(p.definition, p.step.state, p.token("a"))["y"] == 2
    p.complete("a", {"antwoord": "ja"})
    assert p.step.variables == {"x": 1, "uitkomst": {"c": 3, "a": "ja", "b": 2}}


def test_a_script_task_writes_its_result() -> None:
    p = play(start() + script("a", "=x * 2", "y") + end() + chain("s", "a", "e"), {"x": 4})
    assert p.step.variables["y"] == 8


@pytest.mark.parametrize("tag", ["task", "manualTask"])
def test_plain_tasks_pass(tag: str) -> None:
    assert play(start() + node(tag, "a") + end() + chain("s", "a", "e")).trace() == ["s", "a", "e"]


@pytest.mark.parametrize("tag", ["serviceTask", "sendTask", "scriptTask", "businessRuleTask"])
def test_a_task_definition_makes_a_job(tag: str) -> None:
    zeebe = (
        '<zeebe:taskDefinition type="brief" retries="2"/>'
        '<zeebe:taskHeaders><zeebe:header key="sjabloon" value="uitnodiging"/></zeebe:taskHeaders>'
    )
    p = play(start() + node(tag, "a", zeebe=zeebe) + end() + chain("s", "a", "e"))
    (job,) = p.step.jobs
    assert (job.type, job.retries, dict(job.headers)) == ("brief", 2, {"sjabloon": "uitnodiging"})
    p.job("a", {"verzonden": True})
    assert p.step.variables == {"verzonden": True}


def test_a_job_without_retries_is_an_incident_until_it_is_retried() -> None:
    p = play(
        start()
        + node("serviceTask", "a", zeebe='<zeebe:taskDefinition type="x"/>')
        + end()
        + chain("s", "a", "e")
    )
    for left in (1, 0):
        p.take(
            engine.fail_job(
                p.definition, p.step.state, p.token("a"), retries=left, message="stuk", host=p.host
            )
        )
    assert [(i.error_type, i.message) for i in p.step.incidents] == [("JOB_NO_RETRIES", "stuk")]
    p.retry()
    assert p.step.jobs[0].retries == 1


def test_a_business_rule_task_decides_and_tells_which_rule_matched() -> None:
    zeebe = '<zeebe:calledDecision decisionId="toets" resultVariable="soort"/>'
    body = start() + node("businessRuleTask", "a", zeebe=zeebe) + end() + chain("s", "a", "e")
    p = Player(engine.read(bpmn(body), decisions={"toets.dmn": DMN}), {"leeftijd": 13})
    assert p.step.variables["soort"] == "vo"
    (fact,) = [fact for fact in p.facts if fact.kind == "decision:evaluated"]
    assert fact.data["decision"] == "toets"
    assert [rule["rule"] for rule in fact.data["rules"]] == ["r2"]


def test_an_exclusive_gateway_takes_the_first_flow_that_holds() -> None:
    assert play(xor(), {"k": 2}).open == ["a"]
    assert play(xor(), {"k": 1}).open == ["b"]
    assert play(xor(default="x_b"), {"k": 0}).open == ["b"]


def test_a_gateway_without_a_fitting_flow_is_an_incident() -> None:
    p = play(xor(), {"k": 0})
    assert [(i.element, i.error_type) for i in p.step.incidents] == [("x", "CONDITION_ERROR")]
    p.write({"k": 2})
    p.retry()
    assert p.open == ["a"]


def test_a_condition_on_a_misspelt_name_is_an_incident() -> None:
    p = play(xor(default="x_b"), {"kk": 2})
    assert [i.element for i in p.step.incidents] == ["x"]


@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
def test_parallel_branches_never_undo_each_other(order: str) -> None:
    """research/engine.md 5.1: with SpiffWorkflow's merge the last branch brings the old value back."""
    body = (
        start()
        + node("parallelGateway", "p")
        + node("parallelGateway", "q")
        + user("a")
        + user("b")
        + user("c")
        + end()
    )
    body += chain("s", "p", "a", "q", "e") + chain("p", "b", "q") + chain("p", "c", "q")
    p = play(body, {"x": "oud", "lijst": [1, 2]})
    submitted: dict[str, dict[str, Any]] = {"a": {"x": "nieuw"}, "b": {"lijst": [3, 1]}, "c": {}}
    for name in order:
        p.complete(name, submitted[name])
    assert p.step.variables == {"x": "nieuw", "lijst": [3, 1]}
    assert p.trace()[-2:] == ["q", "e"]


def test_an_inclusive_join_waits_for_the_flows_that_were_taken_and_no_others() -> None:
    body = (
        start()
        + node("inclusiveGateway", "p", default="p_c")
        + node("inclusiveGateway", "q")
        + user("a")
        + user("b")
        + user("c")
        + end()
    )
    body += flow("s", "p") + flow("p", "a", "=k > 0") + flow("p", "b", "=k > 1") + flow("p", "c")
    body += chain("a", "q") + chain("b", "q") + chain("c", "q", "e")
    p = play(body, {"k": 2})
    assert p.open == ["a", "b"]
    p.complete("a")
    assert (p.open, p.step.ended) == (["b"], None)
    p.complete("b")
    assert p.step.ended == "COMPLETED"
    assert play(body, {"k": 1}).open == ["a"]
    assert play(body, {"k": 0}).open == ["c"]


def test_an_inclusive_join_is_released_when_the_awaited_token_turns_away() -> None:
    body = (
        start()
        + node("parallelGateway", "p")
        + node("inclusiveGateway", "q")
        + user("a")
        + user("b")
        + user("c")
        + end()
        + end("f")
    )
    body += node("exclusiveGateway", "x", default="x_q")
    body += chain("s", "p", "a", "q", "c", "e") + chain("p", "b", "x", "q") + flow("x", "f", "=weg")
    p = play(body)
    p.complete("a")
    assert p.open == ["b"]
    p.complete("b", {"weg": True})
    assert p.open == ["c"]


def test_an_activity_leaves_by_conditional_and_default_flows() -> None:
    body = start() + user("a", default="a_d") + user("b") + user("c") + user("d") + end()
    body += chain("s", "a") + flow("a", "b", "=k > 0") + flow("a", "c", "=k > 1") + flow("a", "d")
    body += chain("b", "e") + chain("c", "e") + chain("d", "e")
    for k, taken in ((2, ["b", "c"]), (1, ["b"]), (0, ["d"])):
        p = play(body)
        p.complete("a", {"k": k})
        assert p.open == taken


def test_two_flows_into_an_activity_start_it_twice() -> None:
    body = start() + node("parallelGateway", "p") + user("a") + user("b") + user("c") + end()
    body += chain("s", "p", "a", "c", "e") + chain("p", "b", "c")
    p = play(body)
    p.complete("a")
    p.complete("b")
    assert p.open == ["c", "c"]


def test_a_second_token_on_one_flow_waits_its_turn_at_a_join() -> None:
    body = (
        start() + node("parallelGateway", "p") + node("exclusiveGateway", "m") + node("parallelGateway", "q")
    )
    body += user("a") + user("b") + user("c") + end()
    body += chain("s", "p", "a", "m", "q", "e") + chain("p", "b", "m") + chain("p", "c", "q")
    p = play(body)
    for name in "abc":
        p.complete(name)
    assert (p.trace().count("q"), p.step.ended) == (1, None)


def test_a_terminate_end_ends_all_in_its_own_process_only() -> None:
    inner = (
        start("is")
        + node("parallelGateway", "ip")
        + user("ia")
        + user("ib")
        + end("it", "<terminateEventDefinition/>")
        + chain("is", "ip", "ia", "it")
        + chain("ip", "ib", "it")
    )
    body = (
        start()
        + node("parallelGateway", "p")
        + node("subProcess", "sub", inner)
        + user("b")
        + user("c")
        + end()
    )
    body += chain("s", "p", "sub", "c", "e") + chain("p", "b", "e")
    p = play(body)
    p.complete("ia")
    assert p.open == ["b", "c"]
    assert p.count("task:cancelled") == {"ib": 1}
