"""Waiting items of a multi-instance are kept as text; nobody can tell."""

from __future__ import annotations

import json
import random
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import engine
from service.engine.state import dump, load, unpack
from service.errors import StateDamaged, TaskNotOpen
from tests.engine.diagrams import Player, boundary, chain, end, flow, many, node, play, start, timer, user

ITEMS = (
    start()
    + user("a", inside=many("=lijst", "n", out="uit", result="=n + extra"))
    + end()
    + chain("s", "a", "e")
)
STOPS = (
    start()
    + user("a", inside=many("=lijst", "n", until="=numberOfCompletedInstances >= 2"))
    + boundary("t", "a", timer("duration", "P1D"))
    + user("b") + end() + chain("s", "a", "b", "e") + chain("t", "e")
)  # fmt: skip
INNER = (
    start("is") + user("ia", inside=many("=lijst", "n")) + user("ib") + end("ie") + chain("is", "ia", "ie")
)
NESTED = (
    start() + node("subProcess", "sub", INNER + flow("is", "ib") + chain("ib", "ie"))
    + boundary("t", "sub", timer("duration", "P1D")) + end() + chain("s", "sub", "e") + chain("t", "e")
)  # fmt: skip


def old(state: bytes) -> bytes:
    """The same state as version 1 wrote it: every item a token, every scope in the head."""
    head, lines = unpack(state)
    stored: dict[str, Any] = {**head}
    stored.pop("parked", None)
    for line in lines.split("\n")[:-1]:
        id, home, _, name, internal, parent, values = json.loads(line)
        rows = next(row[4] for row in stored["wfs"] if (row[0] or 0) == home)
        rows.append([id, name, 16, internal])
        stored["scopes"].append([internal["s"], parent, values])
    text = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    return b"\x01" + zlib.compress(text.encode(), 1)


@given(st.lists(st.integers() | st.text(max_size=4), max_size=12), st.randoms(use_true_random=False))
def test_items_come_back_whole_in_whatever_order_they_are_completed(
    values: list[Any], chance: random.Random
) -> None:
    p = play(ITEMS, {"lijst": values, "extra": "" if any(isinstance(v, str) for v in values) else 0})
    while p.step.ended is None:
        assert dump(load(p.definition, p.step.state, p.host)) == p.step.state
        task = chance.choice(p.step.open_tasks)
        if chance.random() < 0.2:
            set_ = engine.set_variables(p.definition, p.step.state, {}, token=task.token, host=p.host)
            assert set_.state == p.step.state
        p.take(engine.complete(p.definition, p.step.state, task.token, {}, host=p.host))
    plain = not any(isinstance(v, str) for v in values)
    expected = values if plain else [v if isinstance(v, str) else None for v in values]
    assert p.step.variables["uit"] == expected


def test_values_with_line_ends_of_any_kind_stay_whole() -> None:
    values = ["a\nb", "a\u2028b", "a\x85b", "a\rb\x0bc\x1cd", '"]\n[1,', "🐎"]
    p = play(ITEMS, {"lijst": values, "extra": ""})
    assert [engine.visible(p.definition, p.step.state, t.token)["n"] for t in p.step.open_tasks] == values
    while p.step.ended is None:
        p.complete("a", index=-1)
    assert p.step.variables["uit"] == values


def test_an_item_sees_and_writes_its_own_scope_only() -> None:
    p = play(ITEMS, {"lijst": [1, 2, 3], "extra": 0})
    second = p.token("a", 1)
    p.take(
        engine.set_variables(p.definition, p.step.state, {"n": 20}, token=second, only_here=True, host=p.host)
    )
    assert engine.visible(p.definition, p.step.state, second)["n"] == 20
    assert [t.token for t in p.step.open_tasks] == sorted(t.token for t in p.step.open_tasks)
    for _ in range(3):
        p.complete("a")
    assert p.step.variables["uit"] == [1, 20, 3]


def test_a_completed_item_is_open_no_more() -> None:
    p = play(ITEMS, {"lijst": [1, 2], "extra": 0})
    token = p.token("a")
    p.complete("a")
    with pytest.raises(TaskNotOpen):
        engine.complete(p.definition, p.step.state, token, {}, host=p.host)
    with pytest.raises(TaskNotOpen):
        engine.visible(p.definition, p.step.state, 10**9)


def test_the_other_items_are_cancelled_when_enough_are_done() -> None:
    p = play(STOPS, {"lijst": list(range(5))})
    tokens = [t.token for t in p.step.open_tasks]
    p.complete("a", index=3)
    p.complete("a", index=0)
    cancelled = [f.data["token"] for f in p.step.facts if f.kind == "task:cancelled"]
    assert cancelled == [tokens[1], tokens[2], tokens[4]]
    assert p.open == ["b"]


def test_a_timer_on_the_activity_ends_all_its_items() -> None:
    p = play(STOPS, {"lijst": list(range(5))})
    p.complete("a")
    p.later(days=2)
    assert p.step.ended == "COMPLETED"
    assert p.count("task:cancelled")["a"] == 4


def test_items_inside_a_subprocess_keep_it_alive_and_go_with_it() -> None:
    p = play(NESTED, {"lijst": [1, 2]})
    p.complete("ib")
    p.complete("ia")
    assert p.open == ["ia"]
    kept = p.step.state
    p.complete("ia")
    assert p.step.ended == "COMPLETED"
    again = Player.__new__(Player)
    again.__dict__.update(p.__dict__)
    again.step = engine.wake(p.definition, kept, host=p.host)
    again.later(days=2)
    assert (again.step.ended, [f.element for f in again.step.facts if f.kind == "task:cancelled"]) == (
        "COMPLETED",
        ["ia"],
    )


@pytest.mark.parametrize(("body", "last"), [(ITEMS, "a"), (STOPS, "b"), (NESTED, "ib")])
def test_a_state_of_the_first_version_goes_on_as_if_it_were_written_today(body: str, last: str) -> None:
    new, before = play(body, {"lijst": [1, 2, 3], "extra": 0}), play(body, {"lijst": [1, 2, 3], "extra": 0})
    before.step = engine.wake(before.definition, old(before.step.state), host=before.host)
    assert before.step.state == new.step.state
    for p in (new, before):
        while p.step.ended is None:
            p.complete(p.open[0] if p.open[0] != last else last)
    assert before.step.state == new.step.state
    assert before.step.variables == new.step.variables


def test_a_line_that_does_not_fit_is_damage_and_says_so() -> None:
    p = play(ITEMS, {"lijst": [1, 2], "extra": 0})
    head, lines = unpack(p.step.state)
    text = json.dumps(head, separators=(",", ":")) + "\n" + lines.replace('"a', '"weg')
    damaged = p.step.state[:1] + zlib.compress(text.encode(), 1)
    with pytest.raises(StateDamaged):
        engine.complete(p.definition, damaged, p.token("a"), {}, host=p.host)
