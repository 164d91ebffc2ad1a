"""Each element of the dialect, with its trace. Every move starts from the stored bytes."""

from __future__ import annotations

from typing import Any

import pytest

from service import engine
from tests.engine.diagrams import (
    Player,
    boundary,
    bpmn,
    chain,
    end,
    flow,
    many,
    mapping,
    message,
    node,
    play,
    script,
    start,
    timer,
    user,
)


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


DMN = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="toets" name="Toets"><decisionTable id="t" hitPolicy="FIRST">
<input id="i"><inputExpression id="ie"><text>leeftijd</text></inputExpression></input><output id="o" name="uit"/>
<rule id="r1"><inputEntry id="a1"><text>&lt; 12</text></inputEntry><outputEntry id="b1"><text>"po"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>-</text></inputEntry><outputEntry id="b2"><text>"vo"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def test_a_business_rule_task_decides_and_tells_which_rule_matched() -> None:
    zeebe = '<zeebe:calledDecision decisionId="toets" resultVariable="soort"/>'
    body = start() + node("businessRuleTask", "a", zeebe=zeebe) + end() + chain("s", "a", "e")
    p = Player(engine.read(bpmn(body), decisions={"toets.dmn": DMN}), {"leeftijd": 13})
    assert p.step.variables["soort"] == "vo"
    (fact,) = [fact for fact in p.facts if fact.kind == "decision:evaluated"]
    assert fact.data["decision"] == "toets"
    assert [rule["rule"] for rule in fact.data["rules"]] == ["r2"]


def xor(**attributes: str) -> str:
    return (
        start() + node("exclusiveGateway", "x", **attributes) + user("a") + user("b") + end()
        + flow("s", "x") + flow("x", "a", "=k > 1") + flow("x", "b", "=k > 0" if not attributes else "") + chain("a", "e") + chain("b", "e")
    )  # fmt: skip


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


def test_an_interrupting_timer_cancels_its_task_at_the_moment_fixed_at_entry() -> None:
    body = (
        start()
        + user("a")
        + boundary("t", "a", timer("duration", "=termijn"))
        + user("b")
        + end()
        + chain("s", "a", "e")
        + chain("t", "b", "e")
    )
    p = play(body, {"termijn": "P14D"})
    assert str(p.step.wakes_at) == "2027-03-15 09:00:00+00:00"
    p.write({"termijn": "P1D"})
    p.later(days=13)
    assert p.open == ["a"]
    p.later(days=1)
    assert (p.open, p.step.wakes_at) == (["b"], None)
    assert p.count("task:cancelled") == {"a": 1}


def test_a_duration_in_days_stays_whole_days_when_the_clock_changes() -> None:
    body = (
        start()
        + user("a")
        + boundary("t", "a", timer("duration", "P28D"))
        + end()
        + chain("s", "a", "e")
        + chain("t", "e")
    )
    assert (
        str(play(body).step.wakes_at) == "2027-03-29 08:00:00+00:00"
    )  # ten o'clock in Amsterdam, both times


def test_a_non_interrupting_timer_fires_beside_its_task() -> None:
    body = (
        start()
        + user("a")
        + boundary("t", "a", timer("duration", "PT1H"), interrupting=False)
        + user("b")
        + end()
        + chain("s", "a", "e")
        + chain("t", "b", "e")
    )
    p = play(body)
    p.later(hours=2)
    assert p.open == ["a", "b"]
    p.later(hours=2)
    assert p.open == ["a", "b"]


def test_a_cycle_fires_as_often_as_it_says_and_catches_up() -> None:
    body = (
        start()
        + user("a")
        + boundary("t", "a", timer("cycle", "R3/PT1H"), interrupting=False)
        + script("h", "=n + 1", "n")
        + end()
        + chain("s", "a", "e")
        + chain("t", "h", "e")
    )
    p = play(body, {"n": 0})
    p.later(hours=1)
    assert p.step.variables["n"] == 1
    p.later(hours=10)
    assert (p.step.variables["n"], p.step.wakes_at) == (3, None)


def test_a_timer_text_that_is_wrong_is_an_incident_and_its_task_goes_on() -> None:
    body = (
        start()
        + user("a")
        + boundary("t", "a", timer("duration", "=termijn"))
        + end()
        + chain("s", "a", "e")
        + chain("t", "e")
    )
    p = play(body, {"termijn": "drie weken"})
    assert ([i.element for i in p.step.incidents], p.open) == (["t"], ["a"])
    p.write({"termijn": "P21D"})
    p.retry()
    assert str(p.step.wakes_at) == "2027-03-22 09:00:00+00:00"


def test_an_intermediate_timer_waits() -> None:
    p = play(
        start() + node("intermediateCatchEvent", "t", timer("date", "=vanaf")) + end() + chain("s", "t", "e"),
        {"vanaf": "2027-03-02"},
    )
    assert str(p.step.wakes_at) == "2027-03-01 23:00:00+00:00"
    p.later(days=1)
    assert p.trace() == ["s", "t", "e"]


MESSAGE = message("m", "advies", "=nummer")
MESSAGE_2 = MESSAGE + message("m2", "bezwaar", "=nummer")
WAIT = '<messageEventDefinition messageRef="m"/>'


def test_a_message_is_delivered_by_name_and_key() -> None:
    p = play(
        start() + node("intermediateCatchEvent", "t", WAIT) + end() + chain("s", "t", "e"),
        {"nummer": "z1"},
        roots=MESSAGE,
    )
    assert [(s.kind, s.name, s.correlation_key) for s in p.step.subscriptions] == [
        ("message", "advies", "z1")
    ]
    assert p.deliver("advies", "z2", {"x": 1}).ended is None
    p.deliver("advies", "z1", {"x": 1})
    assert (p.step.ended, p.step.variables["x"]) == ("COMPLETED", 1)


def test_a_receive_task_waits_for_its_message() -> None:
    body = (
        start()
        + node("receiveTask", "t", messageRef="m")
        + boundary("b", "t", timer("duration", "P1D"))
        + end()
        + chain("s", "t", "e")
        + chain("b", "e")
    )
    assert play(body, {"nummer": "z1"}, roots=MESSAGE).deliver("advies", "z1").ended == "COMPLETED"
    assert play(body, {"nummer": "z1"}, roots=MESSAGE).later(days=1).ended == "COMPLETED"


def test_a_non_interrupting_message_can_come_again() -> None:
    body = (
        start()
        + user("a")
        + boundary("b", "a", WAIT, interrupting=False)
        + user("h")
        + end()
        + chain("s", "a", "e")
        + chain("b", "h", "e")
    )
    p = play(body, {"nummer": "z1"}, roots=MESSAGE)
    p.deliver("advies", "z1")
    p.deliver("advies", "z1")
    assert p.open == ["a", "h", "h"]


def test_handlers_do_not_pile_up_without_end() -> None:
    body = (
        start()
        + user("a")
        + boundary("b", "a", WAIT, interrupting=False)
        + user("h")
        + end()
        + chain("s", "a", "e")
        + chain("b", "h", "e")
    )
    p = play(body, {"nummer": "z1"}, roots=MESSAGE)
    for _ in range(101):
        p.deliver("advies", "z1")
    assert (p.open.count("h"), [i.error_type for i in p.step.incidents]) == (100, ["HANDLER_LIMIT"])


def test_the_first_event_behind_an_event_based_gateway_wins() -> None:
    body = (
        start()
        + node("eventBasedGateway", "g")
        + node("intermediateCatchEvent", "t", timer("duration", "P1D"))
    )
    body += (
        node("intermediateCatchEvent", "b", WAIT)
        + end()
        + end("f")
        + chain("s", "g", "t", "e")
        + chain("g", "b", "f")
    )
    p = play(body, {"nummer": "z1"}, roots=MESSAGE)
    p.deliver("advies", "z1")
    assert (p.step.outcome, p.step.wakes_at, p.step.ended) == ("f", None, "COMPLETED")
    assert p.count("flow:taken")["g_t"] == 0
    assert p.count("element:activated")["t"] == 0
    assert play(body, {"nummer": "z1"}, roots=MESSAGE).later(days=1).outcome == "e"


def sub(inner: str, outer: str = "", **attributes: str) -> str:
    return start() + node("subProcess", "sub", inner, **attributes) + end() + chain("s", "sub", "e") + outer


def test_a_subprocess_has_its_own_scope() -> None:
    inner = start("is") + user("ia") + end("ie") + chain("is", "ia", "ie")
    zeebe = mapping(("input", "=0", "teller"), ("output", "=teller", "uit"))
    p = play(
        start() + node("subProcess", "sub", inner, zeebe=zeebe) + end() + chain("s", "sub", "e"),
        {"teller": 9},
    )
    p.complete("ia", {"teller": 1, "ander": 2})
    assert p.step.variables == {"teller": 9, "ander": 2, "uit": 1}
    assert p.trace() == ["s", "is", "ia", "ie", "sub", "e"]


def test_a_timer_on_a_subprocess_cancels_everything_in_it() -> None:
    inner = start("is") + user("ia", inside=many("=[1,2]", "n")) + end("ie") + chain("is", "ia", "ie")
    p = play(sub(inner, boundary("t", "sub", timer("duration", "P1D")) + user("b") + chain("t", "b", "e")))
    p.later(days=1)
    assert p.open == ["b"]
    p.complete("b")
    assert p.step.ended == "COMPLETED"


ERROR = '<error id="er" name="Fout" errorCode="F1"/><error id="er2" errorCode="F2"/>'
THROW = '<errorEventDefinition errorRef="er"/>'


def test_an_error_end_is_caught_by_the_matching_boundary_event() -> None:
    inner = start("is") + user("ia") + end("ie", THROW) + chain("is", "ia", "ie")
    outer = (
        boundary("any", "sub", "<errorEventDefinition/>")
        + boundary("f1", "sub", THROW)
        + user("b")
        + chain("f1", "b", "e")
        + end("x")
        + chain("any", "x")
    )
    p = play(sub(inner, outer), roots=ERROR)
    p.complete("ia")
    assert p.open == ["b"]
    assert p.count("element:completed")["sub"] == 0


def test_an_error_that_nothing_catches_is_an_incident() -> None:
    p = play(start() + end("e", THROW) + chain("s", "e"), roots=ERROR)
    assert ([i.error_type for i in p.step.incidents], p.step.ended) == (["UNHANDLED_ERROR_EVENT"], None)


def test_a_job_may_throw_an_error() -> None:
    body = (
        start()
        + node("serviceTask", "a", zeebe='<zeebe:taskDefinition type="x"/>')
        + boundary("f", "a", THROW)
        + user("b")
        + end()
        + chain("s", "a", "e")
        + chain("f", "b", "e")
    )
    p = play(body, roots=ERROR)
    p.take(
        engine.throw_error(p.definition, p.step.state, p.token("a"), "F1", variables={"x": 1}, host=p.host)
    )
    assert (p.open, p.step.variables) == (["b"], {"x": 1})
    p = play(body, roots=ERROR)
    p.take(engine.throw_error(p.definition, p.step.state, p.token("a"), "F2", host=p.host))
    assert [i.error_type for i in p.step.incidents] == ["UNHANDLED_ERROR_EVENT"]


def event_sub(event: str, *, interrupting: bool = True) -> str:
    inner = (
        node("startEvent", "hs", event, isInterrupting=str(interrupting).lower())
        + user("h")
        + end("he")
        + chain("hs", "h", "he")
    )
    return node("subProcess", "es", inner, triggeredByEvent="true")


def test_an_error_event_subprocess_waits_for_its_error() -> None:
    """research/engine.md 3: SpiffWorkflow runs the handler at process start."""
    p = play(start() + user("a") + end("e", THROW) + chain("s", "a", "e") + event_sub(THROW), roots=ERROR)
    assert p.open == ["a"]
    p.complete("a")
    assert p.open == ["h"]
    p.complete("h")
    assert (p.step.ended, p.step.outcome) == ("COMPLETED", "e")


def test_a_message_event_subprocess_interrupts_or_not() -> None:
    body = (
        start()
        + node("parallelGateway", "p")
        + user("a")
        + user("b")
        + end()
        + chain("s", "p", "a", "e")
        + chain("p", "b", "e")
    )
    p = play(body + event_sub(WAIT), {"nummer": "z1"}, roots=MESSAGE)
    p.deliver("advies", "z1", {"x": 1})
    assert (p.open, p.step.subscriptions, p.step.variables["x"]) == (["h"], (), 1)
    p = play(body + event_sub(WAIT, interrupting=False), {"nummer": "z1"}, roots=MESSAGE)
    p.deliver("advies", "z1")
    p.deliver("advies", "z1")
    assert p.open == ["a", "b", "h", "h"]
    for name in "abhh":
        p.complete(name)
    assert p.step.ended == "COMPLETED"


ESCALATION = '<escalation id="es1" name="Esc" escalationCode="E1"/>'
ESCALATE = '<escalationEventDefinition escalationRef="es1"/>'


def test_an_escalation_reaches_its_boundary_event_and_the_thrower_goes_on() -> None:
    inner = (
        start("is")
        + node("intermediateThrowEvent", "th", ESCALATE)
        + user("ia")
        + end("ie")
        + chain("is", "th", "ia", "ie")
    )
    p = play(
        sub(inner, boundary("b", "sub", ESCALATE, interrupting=False) + user("h") + chain("b", "h", "e")),
        roots=ESCALATION,
    )
    assert p.open == ["h", "ia"]
    p = play(sub(inner, boundary("b", "sub", ESCALATE) + user("h") + chain("b", "h", "e")), roots=ESCALATION)
    assert p.open == ["h"]


def test_an_escalation_end_of_a_last_token_still_reaches_its_boundary_event() -> None:
    inner = start("is") + end("ie", ESCALATE) + chain("is", "ie")
    p = play(
        sub(inner, boundary("b", "sub", ESCALATE, interrupting=False) + user("h") + chain("b", "h", "e")),
        roots=ESCALATION,
    )
    assert p.open == ["h"]
    assert "sub" in p.trace()


SIGNAL = '<signal id="sg" name="alarm"/>'
SIGNALS = '<signalEventDefinition signalRef="sg"/>'


def test_a_signal_end_reaches_its_own_instance_and_leaves_it() -> None:
    """research/engine.md 3: SpiffWorkflow's signal end does nothing."""
    body = (
        start()
        + node("parallelGateway", "p")
        + node("intermediateCatchEvent", "c", SIGNALS)
        + user("a")
        + end()
        + end("f", SIGNALS)
    )
    p = play(body + chain("s", "p", "c", "e") + chain("p", "a", "f"), roots=SIGNAL)
    p.complete("a")
    assert (p.step.ended, [(t.kind, t.name) for t in p.step.thrown]) == ("COMPLETED", [("signal", "alarm")])


def test_a_signal_from_outside_reaches_all_that_wait() -> None:
    body = (
        start()
        + node("parallelGateway", "p")
        + node("intermediateCatchEvent", "c", SIGNALS)
        + node("intermediateCatchEvent", "d", SIGNALS)
        + end()
    )
    p = play(body + chain("s", "p", "c", "e") + chain("p", "d", "e"), roots=SIGNAL)
    p.take(engine.broadcast(p.definition, p.step.state, "alarm", {}, host=p.host))
    assert p.step.ended == "COMPLETED"


def test_a_message_end_leaves_the_instance_with_its_key() -> None:
    body = start() + node("endEvent", "e", WAIT, zeebe=mapping(("input", "=1", "x"))) + chain("s", "e")
    (thrown,) = play(body, {"nummer": "z1"}, roots=MESSAGE).step.thrown
    assert (thrown.kind, thrown.name, thrown.correlation_key, dict(thrown.variables)) == (
        "message",
        "advies",
        "z1",
        {"x": 1},
    )


def test_a_link_goes_on_at_its_counterpart() -> None:
    """research/engine.md 3: in SpiffWorkflow the token vanishes."""
    link = '<linkEventDefinition name="verder"/>'
    body = (
        start()
        + node("intermediateThrowEvent", "l1", link)
        + node("intermediateCatchEvent", "l2", link)
        + user("a")
        + end()
    )
    p = play(body + chain("s", "l1") + chain("l2", "a", "e"))
    assert p.open == ["a"]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_parallel_multi_instance_results_stand_in_input_order(order: list[int]) -> None:
    p = play(
        start()
        + user("a", inside=many("=namen", "naam", out="adviezen", result="=advies"))
        + end()
        + chain("s", "a", "e"),
        {"namen": ["x", "y", "x"]},
    )
    tokens = [task.token for task in p.step.open_tasks]
    for index in order:
        p.take(engine.complete(p.definition, p.step.state, tokens[index], {"advies": index}, host=p.host))
    assert p.step.variables == {"namen": ["x", "y", "x"], "adviezen": [0, 1, 2]}


def test_sequential_multi_instance_goes_one_by_one_and_may_stop_early() -> None:
    loop = many("=[10,20,30]", "n", sequential=True, out="uit", result="=n + k", until="=k = 5")
    p = play(start() + user("a", inside=loop) + end() + chain("s", "a", "e"))
    assert engine.visible(p.definition, p.step.state, p.token("a"))["loopCounter"] == 1
    p.complete("a", {"k": 1})
    p.complete("a", {"k": 5})
    assert p.step.variables["uit"] == [11, 25, None]


def test_multi_instance_over_nothing_or_no_list() -> None:
    body = (
        start()
        + user("a", inside=many("=namen", "naam", out="uit", result="=naam"))
        + end()
        + chain("s", "a", "e")
    )
    assert play(body, {"namen": []}).step.variables["uit"] == []
    p = play(body, {"naam": [1]})
    assert [i.error_type for i in p.step.incidents] == ["EXTRACT_VALUE_ERROR"]
    p.write({"namen": [1]})
    p.retry()
    assert p.open == ["a"]


def test_a_timer_cancels_a_multi_instance_of_subprocesses_whole() -> None:
    """engine-spike.md trap 2: SpiffWorkflow leaves the subworkflows behind and fails on the next step."""
    inner = many("=[1,2,3]", "n") + start("is") + user("ia") + end("ie") + chain("is", "ia", "ie")
    p = play(sub(inner, boundary("t", "sub", timer("duration", "P1D")) + user("b") + chain("t", "b", "e")))
    assert p.open == ["ia"] * 3
    p.complete("ia")
    p.later(days=1)
    assert p.open == ["b"]
    p.complete("b")
    assert p.step.ended == "COMPLETED"


def test_multi_instance_in_a_loop_starts_anew_each_round() -> None:
    body = (
        start()
        + node("exclusiveGateway", "m")
        + user("a", inside=many("=[1,2]", "n", out="uit", result="=k + 0"))
        + node("exclusiveGateway", "x", default="x_e")
        + end()
    )
    p = play(body + chain("s", "m", "a", "x", "e") + flow("x", "m", "=k < 3"))
    for k in (1, 1, 3, 3):
        p.complete("a", {"k": k})
    assert (p.step.variables["uit"], p.step.ended) == ([3, 3], "COMPLETED")


def test_a_standard_loop_repeats_while_its_condition_holds() -> None:
    loop = (
        "<standardLoopCharacteristics><loopCondition>=k &lt; 3</loopCondition></standardLoopCharacteristics>"
    )
    p = play(start() + user("a", inside=loop) + end() + chain("s", "a", "e"))
    for k in (1, 2, 3):
        assert p.open == ["a"]
        p.complete("a", {"k": k})
    assert p.step.ended == "COMPLETED"


CHILD = bpmn(start("cs") + user("ca") + end("ce") + chain("cs", "ca", "ce"), process_id="kind")


def test_a_called_process_has_its_own_variables() -> None:
    zeebe = '<zeebe:calledElement processId="kind" propagateAllChildVariables="false" propagateAllParentVariables="false"/>'
    zeebe += mapping(("input", "=x + 1", "y"), ("output", "=z", "uit"))
    body = start() + node("callActivity", "c", zeebe=zeebe) + end() + chain("s", "c", "e")
    p = Player(engine.read(bpmn(body), called={"kind": engine.read(CHILD)}), {"x": 1})
    assert p.step.open_tasks[0].process_id == "kind"
    assert engine.visible(p.definition, p.step.state, p.token("ca")) == {"y": 2}
    p.complete("ca", {"x": 100, "z": 7})
    assert p.step.variables == {"x": 1, "uit": 7}


def test_a_called_process_may_be_chosen_by_feel_and_is_an_incident_when_unknown() -> None:
    zeebe = '<zeebe:calledElement processId="=welk"/>'
    body = start() + node("callActivity", "c", zeebe=zeebe) + end() + chain("s", "c", "e")
    definition = engine.read(bpmn(body), called={"kind": engine.read(CHILD)})
    p = Player(definition, {"welk": "kind"})
    p.complete("ca", {"z": 7})
    assert p.step.variables == {"welk": "kind", "z": 7}
    p = Player(definition, {"welk": "anders"})
    assert [i.error_type for i in p.step.incidents] == ["CALLED_ELEMENT_ERROR"]


def test_a_process_starts_at_the_start_event_that_was_triggered() -> None:
    body = (
        start()
        + node("startEvent", "sm", WAIT)
        + node("startEvent", "st", timer("cycle", "R/P1D"))
        + user("a")
        + user("b")
        + user("c")
        + end()
    )
    body += chain("s", "a", "e") + chain("sm", "b", "e") + chain("st", "c", "e")
    assert play(body, roots=MESSAGE).open == ["a"]
    assert play(body, roots=MESSAGE, start_element="sm").open == ["b"]
    p = play(body, roots=MESSAGE, start_element="st")
    assert p.open == ["c"]
    assert [(e.element, e.kind, e.message, e.text) for e in p.definition.start_events] == [
        ("s", "none", "", ""),
        ("sm", "message", "advies", ""),
        ("st", "timer", "", "R/P1D"),
    ]


def test_an_endless_automatic_loop_is_an_incident() -> None:
    body = (
        start()
        + node("exclusiveGateway", "m")
        + node("task", "a")
        + node("exclusiveGateway", "x", default="x_m")
        + end()
        + chain("s", "m", "a", "x", "m")
        + flow("x", "e", "=false")
    )
    p = play(body)
    assert [i.error_type for i in p.step.incidents] == ["EXECUTION_LIMIT"]


def test_cancelling_ends_everything() -> None:
    inner = start("is") + user("ia") + end("ie") + chain("is", "ia", "ie")
    p = play(sub(inner, boundary("t", "sub", timer("duration", "P1D")) + chain("t", "e")))
    p.take(engine.cancel(p.definition, p.step.state, host=p.host))
    assert (p.step.ended, p.open, p.step.wakes_at) == ("TERMINATED", [], None)
    assert p.count("task:cancelled") == {"ia": 1}


def test_an_output_mapping_that_fails_keeps_the_submission_for_the_retry() -> None:
    p = play(
        start()
        + user("a", mapping(("output", "=if basis = null then 1 else x + basis", "uit")))
        + node("exclusiveGateway", "g")
        + end()
        + chain("s", "a", "g")
        + flow("g", "e", "=uit > 5"),
        {"basis": 1},
    )
    p.complete("a", {"x": 1})
    assert [i.element for i in p.step.incidents] == ["g"]
    p.write({"uit": 6})
    p.retry()
    assert p.step.ended == "COMPLETED"


def test_a_cycle_that_stands_still_is_an_incident() -> None:
    body = (
        start()
        + user("a")
        + boundary("t", "a", timer("cycle", "=herhaling"), interrupting=False)
        + end()
        + chain("s", "a", "e")
        + chain("t", "e")
    )
    p = play(body, {"herhaling": "R/PT0S"})
    assert [i.element for i in p.step.incidents] == ["t"]


def test_processes_that_call_themselves_without_end_are_an_incident() -> None:
    zeebe = '<zeebe:calledElement processId="proces"/>'
    p = play(start() + node("callActivity", "c", zeebe=zeebe) + end() + chain("s", "c", "e"))
    assert [(i.element, i.error_type) for i in p.step.incidents] == [("c", "CALLED_ELEMENT_ERROR")]
    p.take(engine.cancel(p.definition, p.step.state, host=p.host))
    assert p.step.ended == "TERMINATED"


def test_an_escalation_from_inside_its_own_handler_does_not_start_it_again() -> None:
    handler = (
        node("startEvent", "hs", ESCALATE, isInterrupting="false")
        + node("intermediateThrowEvent", "again", ESCALATE)
        + user("h")
        + end("he")
        + chain("hs", "again", "h", "he")
    )
    body = (
        start()
        + node("intermediateThrowEvent", "th", ESCALATE)
        + user("a")
        + end()
        + chain("s", "th", "a", "e")
    )
    p = play(body + node("subProcess", "es", handler, triggeredByEvent="true"), roots=ESCALATION)
    assert p.open == ["a", "h"]


def test_an_error_passes_out_of_a_called_process_and_of_items() -> None:
    child = engine.read(
        bpmn(
            start("cs") + user("ca") + end("ce", THROW) + chain("cs", "ca", "ce"),
            roots=ERROR,
            process_id="kind",
        )
    )
    body = (
        start()
        + node("callActivity", "c", many("=[1,2]", "n"), zeebe='<zeebe:calledElement processId="kind"/>')
        + boundary("f", "c", THROW)
        + user("b")
        + end()
        + chain("s", "c", "e")
        + chain("f", "b", "e")
    )
    p = Player(engine.read(bpmn(body, roots=ERROR), called={"kind": child}))
    assert p.open == ["ca", "ca"]
    p.complete("ca")
    assert p.open == ["b"]
    p.complete("b")
    assert p.step.ended == "COMPLETED"


def test_a_failing_output_keeps_what_was_submitted() -> None:
    zeebe = mapping(("output", "=antwoord", "uit"))
    body = (
        start()
        + user("a", zeebe)
        + user("b")
        + end()
        + chain("s", "a")
        + flow("a", "b", "=uit = grens")
        + flow("a", "e", "=uit > grens")
        + chain("b", "e")
    )
    p = play(body)
    p.complete("a", {"antwoord": 3})
    assert ([i.element for i in p.step.incidents], p.open, "uit" in p.step.variables) == (["a"], [], False)
    p.write({"grens": 3})
    p.retry()
    assert (p.open, p.step.variables["uit"]) == (["b"], 3)
