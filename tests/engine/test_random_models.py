"""Random block-structured models run to their end, repeated from their bytes in another process after every move.

A failing example prints its seed; `model(seed, …)` draws it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from service.engine import Definition
from tests.engine.models.drawing import ALL, BESIDE, PLAIN, Model, model
from tests.engine.models.history import History
from tests.engine.models.playing import Run
from tests.engine.models.restorer import Restorer, read

MODELS = int(os.environ.get("SLUITEND_RANDOM_MODELS", "300"))
LONG = int(os.environ.get("SLUITEND_RANDOM_MODELS_LONG", "10000"))
ORDERS = 120  # of the orders of one small model
SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def restorer() -> Iterator[Restorer]:
    one = Restorer()
    yield one
    one.close()


def definition_of(drawn: Model) -> Definition:
    note(drawn.bpmn.decode())
    definition = read(drawn.bpmn, drawn.called)
    assert definition.runnable, definition.findings
    return definition


def history(drawn: Model, definition: Definition) -> History:
    called = [read(file, drawn.called) for file in drawn.called.values()]
    return History([definition, *called])


def played(seed: int, order: int, events: str, restorer: Restorer) -> Run:
    """One model, played with a process beside it, whose history has to be possible."""
    drawn = model(seed, events)
    definition = definition_of(drawn)
    restorer.read(drawn.bpmn, drawn.called)
    run = Run(definition, restorer).to_the_end(Random(order), events)
    assert list(history(drawn, definition).faults(run.facts)) == []
    if events != ALL:
        done = run.count("task:completed")
        assert {name: times for name, times in done.items() if name.startswith("t")} == drawn.tasks
    return run


def check_plain(seed: int, order: int, restorer: Restorer) -> None:
    run = played(seed, order, PLAIN, restorer)
    again = Run(run.definition).to_the_end(Random(order + 1), PLAIN)
    assert (again.step.variables, again.ends()) == (run.step.variables, run.ends())


@settings(max_examples=MODELS // 3, deadline=None)
@given(seed=SEEDS, order=SEEDS)
def test_without_events_any_order_does_what_the_blocks_say(restorer: Restorer, seed: int, order: int) -> None:
    check_plain(seed, order, restorer)


@settings(max_examples=MODELS // 3, deadline=None)
@given(seed=SEEDS, order=SEEDS)
def test_events_beside_the_main_line_leave_it_alone(restorer: Restorer, seed: int, order: int) -> None:
    played(seed, order, BESIDE, restorer)


@settings(max_examples=MODELS // 3, deadline=None)
@given(seed=SEEDS, order=SEEDS)
def test_events_that_cut_short_leave_a_possible_history(restorer: Restorer, seed: int, order: int) -> None:
    played(seed, order, ALL, restorer)


@pytest.mark.long
@settings(max_examples=LONG, deadline=None)
@given(seed=SEEDS, order=SEEDS, events=st.sampled_from([PLAIN, BESIDE, ALL]))
def test_ten_thousand_models(restorer: Restorer, seed: int, order: int, events: str) -> None:
    if events == PLAIN:
        check_plain(seed, order, restorer)
    else:
        played(seed, order, events, restorer)


def outcomes(
    definition: Definition, choices: tuple[int, ...], left: list[int]
) -> Iterator[tuple[object, ...]]:
    """How a model ends, for every order of its tasks; a branch starts anew and repeats the choices before it."""
    run = Run(definition)
    for choice in choices:
        run.complete(choice)
    if run.step.ended is not None:
        left[0] -= 1
        yield run.step.ended, run.step.variables, run.ends()
        return
    for choice in range(len(run.step.open_tasks)):
        if left[0] > 0:
            yield from outcomes(definition, (*choices, choice), left)


@settings(max_examples=max(MODELS // 10, 1), deadline=None)
@given(seed=SEEDS)
def test_every_order_of_a_small_model_ends_in_the_same(seed: int) -> None:
    definition = definition_of(model(seed, PLAIN, depth=2))
    first, *others = outcomes(definition, (), [ORDERS])
    assert all(other == first for other in others)
