"""Multi-instance, loops and called processes, with their traces."""

from __future__ import annotations

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
    start,
    timer,
    user,
)

MESSAGE = message("m", "advies", "=nummer")

WAIT = '<messageEventDefinition messageRef="m"/>'


def sub(inner: str, outer: str = "", **attributes: str) -> str:
    return start() + node("subProcess", "sub", inner, **attributes) + end() + chain("s", "sub", "e") + outer


ERROR = '<error id="er" name="Fout" errorCode="F1"/><error id="er2" errorCode="F2"/>'

THROW = '<errorEventDefinition errorRef="er"/>'

ESCALATION = '<escalation id="es1" name="Esc" escalationCode="E1"/>'

ESCALATE = '<escalationEventDefinition escalationRef="es1"/>'

CHILD = bpmn(start("cs") + user("ca") + end("ce") + chain("cs", "ca", "ce"), process_id="kind")


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
