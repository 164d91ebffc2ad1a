"""Random models with random breaks get findings or pass: never an exception, and what passes can be started."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from random import Random

from hypothesis import given, note, settings
from hypothesis import strategies as st
from lxml import etree

from service import engine
from service.clock import PinnedClock
from service.publication import Package, check
from tests.engine.models.drawing import ALL, model

MODELS = int(os.environ.get("SLUITEND_RANDOM_MODELS", "300"))
CLOCK = PinnedClock(datetime(2027, 1, 14, 11, tzinfo=UTC))
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
TAGS = (
    "userTask", "subProcess", "transaction", "callActivity", "startEvent", "endEvent", "boundaryEvent", "receiveTask",
    "intermediateCatchEvent", "intermediateThrowEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway",
    "eventBasedGateway", "adHocSubProcess", "lane", "documentation", "verzonnen",
)  # fmt: skip
ATTRIBUTES = (
    "sourceRef",
    "targetRef",
    "attachedToRef",
    "default",
    "id",
    "errorRef",
    "messageRef",
    "triggeredByEvent",
)


def broken(bpmn: bytes, chance: Random) -> bytes:
    """One to five elements renamed, rewired, moved, doubled or taken away."""
    root = etree.fromstring(bpmn)
    for _ in range(chance.randint(1, 5)):
        nodes = [node for node in root.iter(f"{BPMN}*") if node.getparent() not in (None, root)]
        node, other = chance.choice(nodes), chance.choice(nodes)
        kind = chance.randrange(5)
        if kind == 0:
            node.tag = BPMN + chance.choice(TAGS)
        elif kind == 1:
            values = ["", "weg", "true", "false", other.get("id", "")]
            node.set(chance.choice(ATTRIBUTES), chance.choice(values))
        elif kind == 2:
            if node not in (other, *other.iterdescendants(), *other.iterancestors()):
                node.append(other)
        elif kind == 3:
            node.addnext(etree.fromstring(etree.tostring(node)))
        else:
            above = node.getparent()
            assert above is not None
            above.remove(node)
    return etree.tostring(root)


@settings(max_examples=MODELS, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_broken_model_is_told_or_runs(seed: int) -> None:
    bpmn = broken(model(seed, ALL, depth=3).bpmn, Random(seed))
    note(bpmn.decode())
    assert all(
        one.reason and one.remedy
        for one in check(Package({"p.bpmn": bpmn}), functions={}, clock=CLOCK, technical=True)
    )
    for process in engine.process_ids(bpmn):
        definition = engine.read(bpmn, process_id=process)
        if definition.runnable and any(one.kind == "none" for one in definition.start_events):
            engine.start(definition, variables={}, host=engine.Host(clock=CLOCK))
