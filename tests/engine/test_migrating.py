"""A running instance on another version: what it holds stays, what is new begins, what has no place is refused."""

from __future__ import annotations

import pytest

from service import engine
from service.engine.state import dump, load
from service.errors import BadRequest
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

OLD = (
    start()
    + user("a")
    + boundary("t", "a", timer("duration", "P10D"), interrupting=False)
    + user("h")
    + end("he")
    + user("b")
)
OLD += end() + chain("s", "a", "b", "e") + chain("t", "h", "he")
NEW = OLD.replace("P10D", "P5D").replace(chain("a", "b"), "") + user("tussen") + chain("a", "tussen", "b")
LIST = start() + user("a", inside=many("=lijst", "n", out="uit", result="=n")) + end() + chain("s", "a", "e")
INNER = start("is") + user("ia") + end("ie") + chain("is", "ia", "ie")
SUB = start() + node("subProcess", "sub", INNER) + user("b") + end() + chain("s", "sub", "b", "e")
JOIN = start() + node("parallelGateway", "p") + user("a") + user("b") + node("parallelGateway", "q") + end()
JOIN += chain("s", "p", "a", "q", "e") + chain("p", "b", "q")


def migrated(
    p: Player,
    body: str,
    mapping: dict[str, str] | None = None,
    *,
    roots: str = "",
    process_id: str = "proces",
) -> Player:
    target = engine.read(bpmn(body, roots=roots, process_id=process_id))
    assert target.runnable, target.findings
    step = engine.migrate(p.definition, target, p.step.state, mapping=mapping or {}, host=p.host)
    p.definition = target
    p.take(step)
    assert dump(load(target, step.state, p.host)) == step.state
    return p


def test_a_task_keeps_its_token_and_goes_the_new_way() -> None:
    p = play(OLD, {"x": 1})
    token, due = p.token("a"), p.step.wakes_at
    migrated(p, NEW)
    assert (p.token("a"), p.step.wakes_at, p.step.variables) == (
        token,
        due,
        {"x": 1},
    )  # ten days, as it began
    assert [(f.kind, f.element) for f in p.step.facts] == [("instance:migrated", "proces")]
    p.complete("a")
    assert p.open == ["tussen"]


def test_a_boundary_timer_that_fired_before_fires_no_second_time() -> None:
    p = play(OLD)
    p.later(days=11)
    assert p.open == ["a", "h"]
    migrated(p, OLD.replace("P10D", "P20D"))
    p.complete("h")
    assert (p.open, p.step.wakes_at) == (["a"], None)


def test_new_events_begin_to_wait_and_those_that_are_gone_end() -> None:
    plain = start() + user("a") + user("b") + end() + chain("s", "a", "b", "e")
    p = migrated(play(plain), OLD)
    assert p.step.wakes_at is not None
    p.later(days=11)
    assert p.open == ["a", "h"]
    back = migrated(play(OLD), plain)
    assert back.step.wakes_at is None
    back.complete("a")
    back.complete("b")
    assert back.step.ended == "COMPLETED"


def test_a_new_event_subprocess_listens_at_once() -> None:
    handler = node(
        "subProcess",
        "wacht",
        start("ws", '<messageEventDefinition messageRef="m"/>')
        + user("w")
        + end("we")
        + chain("ws", "w", "we"),
        triggeredByEvent="true",
    )
    p = migrated(play(OLD, {"nummer": "1"}), OLD + handler, roots=message("m", "stop", "=nummer"))
    p.deliver("stop", "1")
    assert p.open == ["w"]


def test_an_element_that_has_another_id_is_mapped() -> None:
    p = play(OLD)
    migrated(
        p,
        OLD.replace('"a"', '"advies"').replace('"a_b"', '"advies_b"').replace('"s_a"', '"s_advies"'),
        {"a": "advies"},
    )
    assert p.open == ["advies"]
    p.complete("advies")
    assert p.open == ["b"]


def test_items_and_their_results_stay() -> None:
    p = play(LIST, {"lijst": [1, 2, 3]})
    p.complete("a", index=1)
    migrated(p, LIST.replace('"a"', '"z"').replace("a_e", "z_e").replace("s_a", "s_z"), {"a": "z"})
    p.complete("z")
    p.complete("z")
    assert p.step.variables["uit"] == [1, 2, 3]


def test_inside_a_subprocess_and_into_a_process_with_another_id() -> None:
    p = play(SUB)
    migrated(
        p,
        SUB.replace('"sub"', '"deel"').replace("s_sub", "s_deel").replace("sub_b", "deel_b"),
        {"sub": "deel"},
        process_id="nieuw",
    )
    p.complete("ia")
    p.complete("b")
    assert p.step.ended == "COMPLETED"


def test_arrivals_at_a_join_are_kept() -> None:
    p = play(JOIN)
    p.complete("a")
    migrated(p, JOIN.replace('"e"', '"einde"').replace("q_e", "q_einde"))
    p.complete("b")
    assert (p.step.ended, p.step.outcome) == ("COMPLETED", "einde")


@pytest.mark.parametrize(
    ("before", "after", "complete", "named"),
    [
        (OLD, start() + user("b") + end() + chain("s", "b", "e"), [], "a"),
        (
            OLD,
            OLD.replace('<userTask id="a"', '<serviceTask id="a"').replace('formId="f"/>', 'formId="f"/>'),
            [],
            "a",
        ),
        (LIST, start() + user("a") + end() + chain("s", "a", "e"), [], "a"),
        (SUB, start() + user("ia") + user("b") + end() + chain("s", "ia", "b", "e"), [], "ia"),
        (JOIN, JOIN.replace(flow("a", "q"), flow("a", "q", id="anders")), ["a"], "q"),
    ],
)
def test_what_has_no_place_is_named_and_nothing_changes(
    before: str, after: str, complete: list[str], named: str
) -> None:
    p = play(before, {"lijst": [1, 2]})
    for element in complete:
        p.complete(element)
    if "serviceTask" in after:
        after = after.replace(
            '<serviceTask id="a"><extensionElements><zeebe:formDefinition formId="f"/>',
            '<serviceTask id="a"><extensionElements><zeebe:taskDefinition type="werk"/>',
        ).replace("</userTask>", "</serviceTask>", 1)
    with pytest.raises(BadRequest, match=rf"\b{named}\b"):
        migrated(p, after)
    assert p.open


def test_an_instance_that_ended_stays_what_it_was() -> None:
    p = play(start() + user("a", mapping(("output", "=1", "x"))) + end() + chain("s", "a", "e"))
    p.complete("a")
    with pytest.raises(BadRequest):
        migrated(p, OLD)
