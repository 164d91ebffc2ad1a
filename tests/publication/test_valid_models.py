"""A valid model is never refused: random sound models pass the gate. What ships is in test_shipped."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from hypothesis import given, note, settings
from hypothesis import strategies as st

from service.clock import PinnedClock
from service.domain import Severity
from service.publication import Package, check, refuses, soundness
from tests.engine.models.drawing import ALL, BESIDE, PLAIN, Model, model
from tests.engine.models.restorer import read
from tests.publication.conftest import field, form

MODELS = int(os.environ.get("SLUITEND_RANDOM_MODELS", "300"))
CLOCK = PinnedClock(datetime(2027, 1, 14, 11, tzinfo=UTC))
SEEDS = st.integers(0, 2**32)
EVENTS = st.sampled_from([PLAIN, BESIDE, ALL])
OPPOSITE = {b"parallelGateway": b"exclusiveGateway", b"exclusiveGateway": b"parallelGateway"}


def drawn(seed: int, events: str) -> Model:
    found = model(seed, events)
    note(found.bpmn.decode())
    return found


@settings(max_examples=MODELS // 3, deadline=None)
@given(seed=SEEDS, events=EVENTS)
def test_a_random_sound_model_passes_the_gate(seed: int, events: str) -> None:
    one = drawn(seed, events)
    files = {f"{name}.bpmn": file for name, file in one.called.items()}
    files |= {"proces.bpmn": one.bpmn, "forms/f.form": form("f", field("textfield", "antwoord"))}
    found = check(Package(files), functions={}, clock=CLOCK, technical=True)
    assert [finding for finding in found if finding.severity is not Severity.OPMERKING] == []
    assert not refuses(found)


@settings(max_examples=MODELS // 3, deadline=None)
@given(seed=SEEDS, which=st.integers(0, 1000))
def test_a_join_of_the_wrong_kind_is_always_found(seed: int, which: int) -> None:
    """Turning the join of one block into its opposite makes a sound model unsound."""
    one = model(seed, PLAIN)
    definition = read(one.bpmn, one.called)
    joins = [
        element
        for element in definition.elements.values()
        if element.kind.encode() in OPPOSITE
        and sum(flow.target == element.id for flow in definition.flows.values()) > 1
        and sum(flow.source == element.id for flow in definition.flows.values()) == 1
    ]
    if not joins:
        return
    chosen = joins[which % len(joins)]
    old = f'<{chosen.kind} id="{chosen.id}"></{chosen.kind}>'.encode()
    assert old in one.bpmn
    wrong = one.bpmn.replace(old, old.replace(chosen.kind.encode(), OPPOSITE[chosen.kind.encode()]))
    note(wrong.decode())
    assert list(soundness.findings(read(wrong, one.called), "proces.bpmn"))
