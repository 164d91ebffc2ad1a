"""Timers, messages and event-based gateways, with their traces."""

from __future__ import annotations

from tests.engine.diagrams import (
    boundary,
    chain,
    end,
    message,
    node,
    play,
    script,
    start,
    timer,
    user,
)

MESSAGE = message("m", "advies", "=nummer")

WAIT = '<messageEventDefinition messageRef="m"/>'


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
