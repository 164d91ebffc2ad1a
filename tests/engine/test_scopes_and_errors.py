"""Subprocesses, errors, escalations, signals and links, with their traces."""

from __future__ import annotations

import pytest

from service import engine
from tests.engine.diagrams import (
    boundary,
    chain,
    end,
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


def event_sub(event: str, *, interrupting: bool = True) -> str:
    inner = (
        node("startEvent", "hs", event, isInterrupting=str(interrupting).lower())
        + user("h")
        + end("he")
        + chain("hs", "h", "he")
    )
    return node("subProcess", "es", inner, triggeredByEvent="true")


ESCALATION = '<escalation id="es1" name="Esc" escalationCode="E1"/>'

ESCALATE = '<escalationEventDefinition escalationRef="es1"/>'

SIGNAL = '<signal id="sg" name="alarm"/>'

SIGNALS = '<signalEventDefinition signalRef="sg"/>'


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


def test_what_is_written_at_a_task_alone_is_seen_there_and_goes_with_it() -> None:
    p = play(start() + user("a") + user("b") + end() + chain("s", "a", "b", "e"), {"x": 1})
    token = p.token("a")
    p.take(
        engine.set_variables(
            p.definition, p.step.state, {"x": 5, "hier": 2}, token=token, only_here=True, host=p.host
        )
    )
    assert p.step.variables == {"x": 1}
    assert engine.visible(p.definition, p.step.state, token) == {"x": 5, "hier": 2}
    p.complete("a", {"klaar": True})
    assert p.step.variables == {"x": 1, "klaar": True}
    assert engine.visible(p.definition, p.step.state, p.token("b")) == {"x": 1, "klaar": True}


def test_a_timer_on_a_subprocess_cancels_everything_in_it() -> None:
    inner = start("is") + user("ia", inside=many("=[1,2]", "n")) + end("ie") + chain("is", "ia", "ie")
    p = play(sub(inner, boundary("t", "sub", timer("duration", "P1D")) + user("b") + chain("t", "b", "e")))
    p.later(days=1)
    assert p.open == ["b"]
    p.complete("b")
    assert p.step.ended == "COMPLETED"


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


def test_an_error_event_subprocess_waits_for_its_error() -> None:
    """research/engine.md 3: SpiffWorkflow runs the handler at process start."""
    p = play(start() + user("a") + end("e", THROW) + chain("s", "a", "e") + event_sub(THROW), roots=ERROR)
    assert p.open == ["a"]
    p.complete("a")
    assert p.open == ["h"]
    p.complete("h")
    assert (p.step.ended, p.step.outcome) == ("COMPLETED", "he")


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
    p.complete("h")
    assert (p.step.ended, p.step.outcome) == ("COMPLETED", "he")
    p = play(body + event_sub(WAIT, interrupting=False), {"nummer": "z1"}, roots=MESSAGE)
    p.deliver("advies", "z1")
    p.deliver("advies", "z1")
    assert p.open == ["a", "b", "h", "h"]
    for name in "abhh":
        p.complete(name)
    assert (p.step.ended, p.step.outcome) == ("COMPLETED", "e")


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


STUCK = user("a", inside=many("=geen_lijst", "x"))


def test_what_is_stuck_goes_with_the_instance_that_is_cancelled() -> None:
    p = play(start() + STUCK + end() + chain("s", "a", "e"), {"geen_lijst": 1})
    assert [i.element for i in p.step.incidents] == ["a"]
    p.take(engine.cancel(p.definition, p.step.state, host=p.host))
    assert (p.step.ended, p.step.incidents) == ("TERMINATED", ())
    assert p.count("element:cancelled") == p.count("element:activated") - p.count("element:completed")


def test_what_is_stuck_in_a_subprocess_goes_when_that_is_interrupted() -> None:
    inner = start("is") + STUCK + end("ie") + chain("is", "a", "ie")
    late = boundary("b", "sub", timer("duration", "PT1H")) + user("na") + end("be")
    p = play(sub(inner, late + chain("b", "na", "be")), {"geen_lijst": 1})
    assert [i.element for i in p.step.incidents] == ["a"]
    p.later(hours=1)
    assert (p.open, p.step.incidents) == (["na"], ())
    assert p.complete("na").ended == "COMPLETED"
