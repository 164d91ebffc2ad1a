"""State: the same bytes whether or not an instance was restored in between; damage is told, never mended."""

from __future__ import annotations

import hashlib
import inspect
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.util.event import EventManager
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.workflow import Workflow

from service import engine
from service.clock import PinnedClock
from service.engine import Host
from service.engine.state import dump, load, unpack
from service.errors import StateDamaged
from tests.engine.diagrams import (
    BEGIN,
    Player,
    boundary,
    bpmn,
    chain,
    end,
    flow,
    many,
    mapping,
    node,
    play,
    start,
    timer,
    user,
)

INNER = (
    start("is")
    + user("ia", inside=many("=[1,2]", "n", out="uit", result="=n"))
    + end("ie")
    + chain("is", "ia", "ie")
)
RICH = (
    start() + node("exclusiveGateway", "m") + node("parallelGateway", "p") + node("subProcess", "sub", INNER)
    + boundary("t", "sub", timer("duration", "P2D"), interrupting=False) + user("h") + end("he") + chain("t", "h", "he")
    + user("b", mapping(("input", "=ronde", "hier"), ("output", "=hier + 1", "ronde"))) + node("parallelGateway", "q")
    + node("exclusiveGateway", "x", default="x_e") + end()
    + chain("s", "m", "p", "sub", "q", "x", "e") + chain("p", "b", "q") + flow("x", "m", "=ronde < 4")
)  # fmt: skip


def test_restoring_changes_nothing() -> None:
    """dump(load(state)) is state, at every step of a diagram with all kinds of tokens."""
    p = play(RICH, {"ronde": 1})
    while p.step.ended is None:
        instance = load(p.definition, p.step.state, p.host)
        assert dump(instance) == p.step.state
        p.later(hours=20)
        if p.step.ended is None:
            p.complete(p.open[-1])
    assert p.step.variables["ronde"] == 4


FRESH = """
import sys
from service import engine
from service.clock import PinnedClock
from service.engine import Host
from tests.engine.diagrams import BEGIN, bpmn
from tests.engine.test_restoring import RICH
definition = engine.read(bpmn(RICH))
host = Host(clock=PinnedClock(BEGIN))
state = bytes.fromhex(sys.argv[1]) if len(sys.argv) > 1 else b""
if state:
    step = engine.complete(definition, state, int(sys.argv[2]), {}, host=host)
else:
    step = engine.start(definition, variables={"ronde": 3}, host=host)
print(step.state.hex(), min((task.token for task in step.open_tasks), default=""))
"""


def test_a_fresh_process_per_step_gives_the_same_bytes() -> None:
    """research/engine.md: in a fresh process SpiffWorkflow's multi-instance silently never completes."""
    p = play(RICH, {"ronde": 3})
    arguments: list[str] = []
    for _ in range(3):
        told = subprocess.run(
            [sys.executable, "-c", FRESH, *arguments], capture_output=True, text=True, check=True
        )
        arguments = told.stdout.split()
        assert bytes.fromhex(arguments[0]) == p.step.state
        p.take(engine.complete(p.definition, p.step.state, int(arguments[1]), {}, host=p.host))


@pytest.mark.parametrize("damage", [b"", b"\x00", b"\x07abc", b"\x01", b"\x01rommel", None])
def test_a_damaged_state_is_an_error(damage: bytes | None) -> None:
    p = play(RICH, {"ronde": 1})
    with pytest.raises(StateDamaged):
        engine.wake(p.definition, p.step.state[:-5] if damage is None else damage, host=p.host)


def test_a_state_of_another_diagram_is_an_error() -> None:
    p = play(RICH, {"ronde": 1})
    other = engine.read(bpmn(start() + end() + chain("s", "e")))
    with pytest.raises(StateDamaged):
        engine.wake(other, p.step.state, host=p.host)


def test_every_bit_that_flips_is_refused_or_harmless() -> None:
    """zlib's checksum stands behind this: nothing is read that was not written."""
    p = play(RICH, {"ronde": 1})
    for place in range(len(p.step.state)):
        bad = bytearray(p.step.state)
        bad[place] ^= 1
        try:
            after = engine.wake(p.definition, bytes(bad), host=p.host)
        except StateDamaged:
            continue
        assert after.state == engine.wake(p.definition, p.step.state, host=p.host).state


def test_a_definition_refuses_every_write() -> None:
    definition = engine.read(bpmn(RICH))
    spec = definition.specs["proces"]
    with pytest.raises(TypeError):
        spec.task_specs["b"].name = "c"
    with pytest.raises(TypeError):
        spec.task_specs["b"].completed_event.connect(print)
    with pytest.raises(TypeError):
        spec.task_specs["nieuw"] = spec.task_specs["b"]
    with pytest.raises(TypeError):
        spec.start = None


def _whole(definition: engine.Definition) -> tuple[bytes, ...]:
    p = Player(definition, {"ronde": 1})
    states = [p.step.state]
    while p.step.ended is None:
        p.complete(p.open[0])
        states.append(p.step.state)
    return tuple(states)


def test_eight_threads_share_one_definition_and_leave_it_as_it_was() -> None:
    definition = engine.read(bpmn(RICH))
    before = engine.describe(definition)
    alone = _whole(definition)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: _whole(definition), range(24))) == {alone}
    assert engine.describe(definition) == before


LOOP = (
    start()
    + node("exclusiveGateway", "m")
    + user("a")
    + boundary("t", "a", timer("duration", "P1D"))
    + node("exclusiveGateway", "x", default="x_m")
    + end()
)
LOOP += chain("s", "m", "a", "x", "m") + flow("x", "e", "=klaar = true") + chain("t", "e")


def test_state_does_not_grow_with_history() -> None:
    """research/engine.md 5.6: SpiffWorkflow stops without an error at round 164 or 200."""
    p = play(LOOP, {"klaar": False})
    first = len(p.step.state)
    for _ in range(600):
        p.facts.clear()
        p.complete("a")
    assert len(p.step.state) <= first * 1.2
    assert len(unpack(p.step.state)[0]["wfs"][0][4]) == 2
    assert load(p.definition, p.step.state, p.host).task_tree.depth == 0


def test_finished_instances_still_answer() -> None:
    p = play(LOOP)
    p.complete("a", {"klaar": True})
    host = Host(clock=PinnedClock(BEGIN))
    assert engine.wake(p.definition, p.step.state, host=host).ended == "COMPLETED"
    assert engine.cancel(p.definition, p.step.state, host=host).ended == "COMPLETED"


# What we override or rely on in SpiffWorkflow. A new version that changes one of these needs a look first.
SOURCES = {
    TaskSpec._on_complete: "95d4b21bfa422d45",
    TaskSpec._update: "6b138d31ca684e6b",
    TaskSpec._run: "dac36fd701341359",
    TaskSpec._on_ready: "c0c43ec078d31a59",
    TaskSpec._on_cancel: "c05a2f4bc3de2f28",
    Task.__init__: "5d98d6df6c602dfb",
    Task._set_state: "86c4c1d22dc9b70f",
    Task.run: "976c46e260fe7f72",
    Task.cancel: "16a6cc6f7ea48468",
    Task.complete: "3ad34f7ae962ad90",
    Task._ready: "4c051bb2c2a3d259",
    Workflow.__init__: "a179a75739481275",
    Workflow._task_completed_notify: "a87c9bea38b2f71e",
    BpmnWorkflow.__init__: "3a81d03cfd844e1a",
    BpmnWorkflow.do_engine_steps: "0dddd74053a531e3",
    BpmnWorkflow._do_engine_steps: "1c52d09d52f72038",
    EventManager.catch: "317969fa2c94244b",
    CatchingEvent._update_hook: "4ecffc9f45f998dd",
    CatchingEvent._run_hook: "c0d09ad9b075478d",
    CatchingEvent.catch: "728c1ca9d0ed5cb8",
    SubWorkflowTask._on_subworkflow_completed: "fbe5004adfed25f6",
}


@pytest.mark.parametrize("method", SOURCES, ids=lambda method: str(method.__qualname__))
def test_spiffworkflow_is_the_one_we_read(method: object) -> None:
    source = inspect.getsource(method)  # type: ignore[arg-type]  # a function
    assert hashlib.sha256(source.encode()).hexdigest()[:16] == SOURCES[method]
