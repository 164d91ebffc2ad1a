"""Soundness: what gets stuck, is dead, runs double or never ends is named with the way that leads there."""

from __future__ import annotations

import time

import pytest

from service import engine
from service.domain import Finding, Severity
from service.publication import soundness
from tests.engine.diagrams import boundary, bpmn, chain, end, flow, node, start, timer, user

ROOTS = (
    '<error id="fout" name="fout" errorCode="F"/><escalation id="esc" name="esc" escalationCode="E"/>'
    '<signal id="sein" name="sein"/><message id="post" name="bericht">'
    '<extensionElements><zeebe:subscription correlationKey="=1"/></extensionElements></message>'
)
DAY = timer("duration", "P1D")
ERROR = '<errorEventDefinition errorRef="fout"/>'


def findings(body: str, **kwargs: int) -> list[Finding]:
    definition = engine.read(bpmn(body, roots=ROOTS))
    assert definition.runnable, definition.findings
    return list(soundness.findings(definition, "proces.bpmn", **kwargs))


def told(body: str) -> set[tuple[str, str]]:
    return {(one.rule, one.element) for one in findings(body)}


def split(kind: str, id_: str, *branches: str, condition: str = "=a") -> str:
    """Arrows from a splitting node; the last is the default of an exclusive one."""
    last = branches[-1] if kind == XOR else ""
    default = {"default": f"{id_}_{last}"} if last else {}
    flows = [flow(id_, one, condition if kind != AND and one != last else "") for one in branches]
    return node(kind, id_, **default) + "".join(flows)


def block(opening: str, closing: str) -> str:
    """s -> x -> (a | b) -> j -> t -> e"""
    return (
        start() + split(opening, "x", "a", "b") + user("a") + user("b") + node(closing, "j")
        + user("t") + end() + chain("s", "x") + chain("a", "j", "t", "e") + chain("b", "j")
    )  # fmt: skip


XOR, AND, OR = "exclusiveGateway", "parallelGateway", "inclusiveGateway"


@pytest.mark.parametrize(
    ("opening", "closing", "expected"),
    [
        (XOR, XOR, set()),
        (AND, AND, set()),
        (OR, OR, set()),
        (AND, OR, set()),
        (XOR, OR, set()),
        (XOR, AND, {("vastlopen-zeker", "j")}),
        (OR, AND, {("vastlopen-mogelijk", "j")}),
        (AND, XOR, {("samenloop-dubbel", "j")}),
        (OR, XOR, {("samenloop-dubbel", "j")}),
    ],
)
def test_a_block_has_to_close_as_it_opened(
    opening: str, closing: str, expected: set[tuple[str, str]]
) -> None:
    assert told(block(opening, closing)) == expected


def test_a_token_behind_an_inclusive_join_still_meets_the_other() -> None:
    body = start() + split(AND, "p", "t", "x") + user("t") + split(OR, "x", "a", "b") + user("a") + user("b")
    body += node(OR, "j") + node(XOR, "m") + end() + chain("s", "p") + chain("a", "j", "m", "e")
    assert told(body + chain("b", "j") + chain("t", "m")) == {("samenloop-dubbel", "m")}


def test_a_deadlock_is_told_with_the_way_to_it_and_what_it_waits_for() -> None:
    [one] = findings(block(XOR, AND))
    assert one.severity is Severity.FOUT
    assert "‘s’ → ‘x’ → ‘a’" in one.reason
    assert "wacht ‘j’ op ‘b’" in one.reason
    assert one.remedy


def test_a_deadlock_that_depends_on_data_is_a_warning() -> None:
    [one] = findings(block(OR, AND))
    assert one.severity is Severity.WAARSCHUWING


def test_a_join_inside_a_loop_waits_for_its_own_loop() -> None:
    body = start() + node(AND, "j") + user("a") + split(XOR, "x", "j", "e") + end()
    assert told(body + chain("s", "j", "a", "x")) == {("vastlopen-zeker", "j")}


def test_two_starts_that_are_joined_never_both_begin() -> None:
    wake = node("startEvent", "s2", timer("date", "2027-01-01T00:00:00"))
    body = start() + wake + node(AND, "j") + end() + chain("s", "j", "e") + chain("s2", "j")
    assert told(body) == {("vastlopen-zeker", "j")}


def test_a_loop_with_a_way_out_is_sound_and_one_without_never_ends() -> None:
    loop = start() + node(XOR, "m") + user("a") + chain("s", "m", "a")
    assert told(loop + split(XOR, "x", "m", "e") + end() + chain("a", "x")) == set()
    assert told(loop + chain("a", "m")) == {("einde-onbereikbaar", "s")}


def test_what_runs_beside_an_endless_loop_is_not_dead() -> None:
    loop = user("a") + chain("x", "a") + flow("a", "m") + node(XOR, "m") + user("b") + chain("m", "b", "m2")
    body = start() + split(AND, "p", "x", "c") + node(XOR, "x") + loop + node(XOR, "m2") + flow("m2", "x")
    assert told(body + user("c") + end() + chain("s", "p") + chain("c", "e")) == {("einde-onbereikbaar", "x")}


def test_a_boundary_event_takes_the_place_of_its_activity() -> None:
    body = start() + user("a") + boundary("b", "a", DAY) + user("c") + chain("b", "c")
    assert told(body + end() + end("f") + chain("s", "a", "e") + chain("c", "f")) == set()
    joined = body + node(AND, "j") + end() + chain("s", "a", "j", "e") + chain("c", "j")
    assert told(joined) == {("vastlopen-zeker", "j")}


def test_what_a_non_interrupting_event_starts_may_come_back_to_the_main_line() -> None:
    body = start() + user("a") + boundary("b", "a", DAY, interrupting=False) + user("c") + chain("b", "c")
    assert told(body + node(XOR, "m") + end() + chain("s", "a", "m", "e") + chain("c", "m")) == set()


def test_a_subprocess_that_only_ends_in_errors_is_never_followed() -> None:
    inside = start("si") + user("ai") + end("ei", ERROR) + chain("si", "ai", "ei")
    body = (
        start() + node("subProcess", "u", inside) + boundary("b", "u", ERROR) + user("t") + end() + end("f")
    )
    assert told(body + chain("s", "u", "t", "e") + chain("b", "f")) == {("activiteit-dood", "t")}


def test_a_deadlock_inside_a_subprocess_is_found() -> None:
    inside = block(XOR, AND).replace('"s"', '"s1"').replace('"s_x"', '"s1_x"').replace('"e"', '"e1"')
    body = start("s0") + node("subProcess", "u", inside.replace('"t_e"', '"t_e1"')) + end("e0")
    assert ("vastlopen-zeker", "j") in told(body + chain("s0", "u", "e0"))


def test_a_terminate_end_frees_what_waits() -> None:
    body = start() + split(AND, "p", "x", "t") + split(XOR, "x", "a", "b") + user("a") + user("b") + user("t")
    body += end("stop", "<terminateEventDefinition/>") + chain("s", "p") + chain("t", "stop")
    assert told(body + node(XOR, "j") + end() + chain("a", "j", "e") + chain("b", "j")) == set()


def test_a_waiting_event_subprocess_may_end_what_stands_still() -> None:
    handler = node(
        "subProcess",
        "h",
        node("startEvent", "hs", DAY) + end("he") + chain("hs", "he"),
        triggeredByEvent="true",
    )
    assert told(block(OR, AND) + handler) == set()
    assert told(block(XOR, AND) + handler) == {("vastlopen-zeker", "j")}


def test_a_link_is_a_flow() -> None:
    link = '<linkEventDefinition name="verder"/>'
    body = (
        start() + node("intermediateThrowEvent", "van", link) + node("intermediateCatchEvent", "naar", link)
    )
    assert told(body + end() + chain("s", "van") + chain("naar", "e")) == set()


def test_an_end_that_tells_something_twice_is_named() -> None:
    body = start() + split(AND, "p", "a", "b") + user("a") + user("b") + chain("s", "p")
    signal = end("e", '<signalEventDefinition signalRef="sein"/>')
    assert told(body + signal + chain("a", "e") + chain("b", "e")) == {("einde-meermaals", "e")}
    assert told(body + end() + chain("a", "e") + chain("b", "e")) == set()


def test_many_parallel_branches_with_choices_are_checked_in_a_second() -> None:
    """2 ** 40 markings without order; with the first token first they are few."""
    body, names = "", []
    for i in range(40):
        names.append(f"x{i}")
        body += split(XOR, f"x{i}", f"a{i}", f"b{i}") + user(f"a{i}") + user(f"b{i}") + node(XOR, f"m{i}")
        body += chain(f"a{i}", f"m{i}", "j") + flow(f"b{i}", f"m{i}")
    began = time.perf_counter()
    assert (
        told(
            start()
            + split(AND, "p", *names)
            + body
            + node(AND, "j")
            + end()
            + chain("s", "p")
            + chain("j", "e")
        )
        == set()
    )
    assert time.perf_counter() - began < 5


def test_what_is_too_large_is_said_and_not_refused() -> None:
    [one] = findings(block(AND, AND), limit=2)
    assert (one.rule, one.element, one.severity) == ("samenhang-te-groot", "proces", Severity.OPMERKING)


@pytest.mark.parametrize(
    ("second", "severity"),
    [("=a", Severity.OPMERKING), ("=not(a) and c", Severity.OPMERKING), ("=b", Severity.WAARSCHUWING)],
)
def test_a_way_that_choices_about_one_thing_may_exclude_is_told_and_refuses_nothing(
    second: str, severity: Severity
) -> None:
    body = start() + split(AND, "p", "x", "y") + split(XOR, "x", "j", "e1") + end("e1") + end("e2")
    body += split(XOR, "y", "j", "e2", condition=second) + node(AND, "j") + user("t") + end()
    [one] = findings(body + chain("s", "p") + chain("j", "t", "e"))
    assert (one.rule, one.element, one.severity) == ("vastlopen-mogelijk", "j", severity)
    assert ("‘a’" in one.reason) == (severity is Severity.OPMERKING)
