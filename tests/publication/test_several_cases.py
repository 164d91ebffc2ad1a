"""A scenario plays what its process calls and what its messages begin, for real."""

from __future__ import annotations

from collections.abc import Mapping

from service.publication import Package, ScenarioResult, run_scenario
from service.publication.scenario import read_scenario
from tests.engine.diagrams import bpmn, chain, end, node, start, user

CALL = '<extensionElements><zeebe:calledElement processId="b" propagateAllChildVariables="true"/></extensionElements>'
SEND = '<messageEventDefinition id="md" messageRef="m"/>'
KEYED = (
    '<message id="m" name="verder"><extensionElements><zeebe:subscription correlationKey="=casus_id"/>'
    "</extensionElements></message>"
)
MESSAGE = '<message id="m" name="verder"/>'
CALLER = bpmn(
    start() + node("callActivity", "call", CALL) + user("after") + end() + chain("s", "call", "after", "e"),
    process_id="a",
)
CALLED = bpmn(start("bs") + user("inside") + end("be") + chain("bs", "inside", "be"), process_id="b")
SENDER = bpmn(start() + end("e", SEND) + chain("s", "e"), process_id="a", roots=KEYED)
BEGUN = bpmn(
    node("startEvent", "ms", '<messageEventDefinition id="d" messageRef="m"/>') + user("begun") + end("me")
    + chain("ms", "begun", "me"),
    process_id="c",
    roots=MESSAGE,
)  # fmt: skip


def play(diagram: bytes, beside: Mapping[str, bytes], text: str) -> ScenarioResult:
    neighbours = {name: Package({"proces.bpmn": content}) for name, content in beside.items()}
    package = Package({"proces.bpmn": diagram}, neighbours=neighbours)
    scenario = read_scenario(f"begint_op = 2027-01-18\n{text}".encode())
    return run_scenario(package, scenario, package.main, functions={})


def test_the_tasks_of_a_called_process_are_done_in_the_scenario() -> None:
    result = play(
        CALLER,
        {"b": CALLED},
        '[[stap]]\ntaak = "inside"\nantwoorden = { x = 1 }\n[[stap]]\ntaak = "after"\n'
        '[verwacht]\neinde = "e"\npad = ["call", "inside", "be", "after"]\nvariabelen = { x = 1 }\n',
    )
    assert result.problems == ()


def test_a_called_process_may_be_told_instead_of_played() -> None:
    result = play(
        CALLER,
        {"b": CALLED},
        '[[stap]]\naanroep = "b"\nvariabelen = { x = 2 }\n[[stap]]\ntaak = "after"\n'
        '[verwacht]\neinde = "e"\nvariabelen = { x = 2 }\nniet = ["inside"]\n',
    )
    assert result.problems == ()


def test_a_called_process_that_is_not_there_stops_the_scenario() -> None:
    result = play(CALLER, {}, '[verwacht]\neinde = "e"\n')
    assert any("call" in problem for problem in result.problems)


def test_a_message_begins_another_process_of_which_the_tasks_are_done_too() -> None:
    text = '[variabelen]\ncasus_id = "z"\n[[stap]]\ntaak = "begun"\n[verwacht]\neinde = "e"\nook = { c = "%s" }\n'
    assert play(SENDER, {"c": BEGUN}, text % "me").problems == ()
    (problem,) = play(SENDER, {"c": BEGUN}, text % "elders").problems
    assert problem == "Verwacht dat c eindigt bij elders, maar het kwam bij me."


def test_a_message_reaches_the_case_that_sent_it_and_interrupts_it() -> None:
    handler = node("startEvent", "hs", SEND.replace("md", "md2")) + end("he") + chain("hs", "he")
    body = (
        start()
        + node("intermediateThrowEvent", "t", SEND)
        + user("rest")
        + end()
        + chain("s", "t", "rest", "e")
    )
    sender = bpmn(
        body + node("subProcess", "es", handler, triggeredByEvent="true"), process_id="a", roots=KEYED
    )
    result = play(sender, {}, '[variabelen]\ncasus_id = "z"\n[verwacht]\neinde = "he"\n')
    assert result.problems == ()


def test_a_process_that_no_message_began_is_missed() -> None:
    text = '[variabelen]\ncasus_id = "z"\n[verwacht]\neinde = "e"\nook = { c = "me" }\n'
    (problem,) = play(SENDER, {}, text).problems
    assert problem == "Verwacht dat c eindigt bij me, maar het is niet begonnen."
