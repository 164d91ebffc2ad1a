"""Holding an instance, and moving its tokens by hand."""

from __future__ import annotations

import pytest

from service import engine
from service.engine.state import dump, load
from service.errors import BadRequest, TaskNotOpen
from tests.engine.diagrams import (
    Player,
    boundary,
    bpmn,
    chain,
    end,
    many,
    message,
    node,
    play,
    start,
    timer,
    user,
)

LINE = start() + user("a") + user("b") + user("c") + end() + chain("s", "a", "b", "c", "e")
WAITS = (
    start() + user("a") + boundary("t", "a", timer("duration", "P1D"), interrupting=False) + user("h") + end("he")
    + end() + chain("s", "a", "e") + chain("t", "h", "he")
)  # fmt: skip
INNER = (
    start("is") + user("ia") + user("ib") + end("ie") + chain("is", "ia", "ib", "ie")
    + node("subProcess", "handler", start("hs", '<messageEventDefinition messageRef="m"/>') + user("ha") + end("hx")
           + chain("hs", "ha", "hx"), triggeredByEvent="true")
)  # fmt: skip
NESTED = (
    start() + user("a") + node("subProcess", "sub", INNER) + boundary("t", "sub", timer("duration", "P1D"))
    + user("b") + end() + chain("s", "a", "sub", "b", "e") + chain("t", "b")
)  # fmt: skip
ROOTS = message("m", "bericht", "=sleutel")


def moved(p: Player, **change: object) -> Player:
    p.take(engine.modify(p.definition, p.step.state, host=p.host, **change))  # type: ignore[arg-type]  # as each test gives them
    assert dump(load(p.definition, p.step.state, p.host)) == p.step.state
    return p


def test_a_held_instance_does_not_move_and_goes_on_as_it_was() -> None:
    p = play(WAITS)
    before = p.step
    p.take(engine.suspend(p.definition, p.step.state, host=p.host))
    assert (p.step.held, p.step.wakes_at, p.open) == (True, None, ["a"])
    with pytest.raises(TaskNotOpen) as refused:
        p.complete("a")
    assert refused.value.state == "SUSPENDED"
    p.later(days=2)
    assert p.open == ["a"]
    p.take(engine.resume(p.definition, p.step.state, host=p.host))
    assert (p.step.state, p.step.wakes_at) == (before.state, before.wakes_at)
    p.later(seconds=1)
    assert p.open == ["a", "h"]
    assert [f.kind for f in p.facts if "suspended" in f.kind or "resumed" in f.kind] == [
        "instance:suspended",
        "instance:resumed",
    ]


def test_holding_twice_is_told_once_and_an_ended_instance_is_not_held() -> None:
    p = play(start() + user("a") + end() + chain("s", "a", "e"))
    p.take(engine.suspend(p.definition, p.step.state, host=p.host))
    assert engine.suspend(p.definition, p.step.state, host=p.host).facts == ()
    p.take(engine.resume(p.definition, p.step.state, host=p.host))
    p.complete("a")
    assert engine.suspend(p.definition, p.step.state, host=p.host).facts == ()


def test_a_held_instance_can_be_cancelled() -> None:
    p = play(LINE)
    p.take(engine.suspend(p.definition, p.step.state, host=p.host))
    assert engine.cancel(p.definition, p.step.state, host=p.host).ended == "TERMINATED"


def test_a_token_is_moved_back() -> None:
    p = play(LINE)
    p.complete("a", {"x": 1})
    moved(p, activate=["a"], terminate=[p.token("b")], variables={"x": 2})
    assert (p.open, p.step.variables) == (["a"], {"x": 2})
    assert [(f.kind, f.element) for f in p.step.facts] == [
        ("instance:modified", "proces"),
        ("element:activated", "a"),
        ("task:created", "a"),
        ("task:cancelled", "b"),
        ("element:cancelled", "b"),
    ]
    for element in ("a", "b", "c"):
        p.complete(element)
    assert p.step.ended == "COMPLETED"


def test_a_token_that_is_added_runs_beside_the_others() -> None:
    p = moved(play(LINE), activate=["c"])
    assert p.open == ["a", "c"]
    p.complete("c")
    assert p.step.ended is None


def test_without_any_token_left_the_instance_is_terminated() -> None:
    p = play(WAITS)
    moved(p, terminate=[p.token("a")])
    assert (p.step.ended, p.step.wakes_at) == ("TERMINATED", None)


def test_inside_a_subprocess_that_does_not_run_yet_it_is_entered_with_its_events() -> None:
    p = play(NESTED, {"sleutel": "1"}, roots=ROOTS)
    moved(p, activate=["ib"], terminate=[p.token("a")])
    assert p.open == ["ib"]
    assert p.step.wakes_at is not None
    assert [s.name for s in p.step.subscriptions] == ["bericht"]
    p.complete("ib")
    p.complete("b")
    assert p.step.ended == "COMPLETED"


def test_inside_a_subprocess_that_runs_the_token_joins_it() -> None:
    p = play(NESTED, {"sleutel": "1"}, roots=ROOTS)
    p.complete("a")
    moved(p, activate=["ib"])
    assert p.open == ["ia", "ib"]
    p.complete("ib")
    assert p.open == ["ia"]


def test_a_handler_can_be_entered_without_its_event() -> None:
    p = play(NESTED, {"sleutel": "1"}, roots=ROOTS)
    p.complete("a")
    moved(p, activate=["ha"])
    assert p.open == ["ha", "ia"]
    p.complete("ha")
    assert p.open == ["ia"]


def test_a_subprocess_that_is_left_empty_is_cancelled() -> None:
    p = play(NESTED, {"sleutel": "1"}, roots=ROOTS)
    p.complete("a")
    moved(p, activate=["b"], terminate=[p.token("ia")])
    assert (p.open, p.step.wakes_at, p.step.subscriptions) == (["b"], None, ())
    assert p.count("element:cancelled") == {"ia": 1, "sub": 1}


def test_the_items_of_a_list_can_be_taken_away_one_by_one() -> None:
    p = play(
        start() + user("a", inside=many("=[1,2,3]", "n")) + user("b") + end() + chain("s", "a", "b", "e")
    )
    moved(p, terminate=[p.token("a", 1)])
    assert p.open == ["a", "a"]
    moved(p, activate=["b"], terminate=[t.token for t in p.step.open_tasks])
    assert (p.open, p.step.ended) == (["b"], None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"activate": ["weg"]}, "is none"),
        ({"activate": ["t"]}, "is none"),
        ({"terminate": [999]}, "999"),
    ],
)
def test_what_cannot_be_done_changes_nothing(change: dict[str, object], says: str) -> None:
    p = play(NESTED, {"sleutel": "1"}, roots=ROOTS)
    with pytest.raises(BadRequest, match=says):
        moved(p, **change)
    p.complete("a")
    assert p.open == ["ia"]


def test_a_join_is_not_a_place_to_put_a_token() -> None:
    body = (
        start() + node("parallelGateway", "p") + user("a") + user("b") + node("parallelGateway", "q") + end()
    )
    p = Player(engine.read(bpmn(body + chain("s", "p", "a", "q", "e") + chain("p", "b", "q"))))
    with pytest.raises(BadRequest, match="joins"):
        moved(p, activate=["q"])
    moved(p, activate=["p"])
    assert p.open == ["a", "a", "b", "b"]
