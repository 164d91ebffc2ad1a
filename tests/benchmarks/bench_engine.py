"""How the engine's cost stays flat: 600 rounds, 1 000 items, 27 elements. Run as a module; prints one table."""

from __future__ import annotations

import statistics
import sys
from time import perf_counter

from service import engine
from service.clock import PinnedClock
from service.engine import Host
from tests.engine.diagrams import BEGIN, bpmn, chain, end, flow, many, node, start, timer, user
from tests.engine.diagrams import boundary as at_boundary

HOST = Host(clock=PinnedClock(BEGIN))


def loop(outside: str = "") -> bytes:
    """Three tasks in a loop, the first with a timer; `outside` is one more branch of a parallel block."""
    inside = node("exclusiveGateway", "m") + user("a") + at_boundary("t", "a", timer("duration", "P1D"))
    inside += user("b") + user("c") + node("exclusiveGateway", "x", default="x_m") + end()
    inside += chain("m", "a", "b", "c", "x", "m") + flow("x", "e", "=klaar = true") + chain("t", "e")
    if outside:
        return bpmn(
            start()
            + node("parallelGateway", "p")
            + inside
            + user(outside)
            + chain("s", "p", "m")
            + chain("p", outside, "e")
        )
    return bpmn(start() + inside + chain("s", "m"))


def rounds(bpmn_: bytes, skip: str = "") -> tuple[float, float, float]:
    """Milliseconds per completion in the first and last 60 of 600 rounds, and how the state grew."""
    definition = engine.read(bpmn_)
    step = engine.start(definition, variables={"klaar": False}, host=HOST)
    first, times = len(step.state), []
    for _ in range(1800):
        (task,) = [task for task in step.open_tasks if task.element != skip]
        begin = perf_counter()
        step = engine.complete(definition, step.state, task.token, {"x": 1}, host=HOST)
        times.append((perf_counter() - begin) * 1000)
    return statistics.median(times[20:200]), statistics.median(times[-180:]), len(step.state) / first


def items(count: int) -> float:
    """Milliseconds per item of a parallel multi-instance, restored at every item."""
    definition = engine.read(
        bpmn(
            start()
            + user("a", inside=many("=lijst", "n", out="uit", result="=n"))
            + end()
            + chain("s", "a", "e")
        )
    )
    step = engine.start(definition, variables={"lijst": list(range(count))}, host=HOST)
    begin = perf_counter()
    for task in step.open_tasks:
        step = engine.complete(definition, step.state, task.token, {}, host=HOST)
    return (perf_counter() - begin) * 1000 / count


def small() -> float:
    """Start and first completion of 27 elements, the definition cached: milliseconds."""
    names = [f"t{n}" for n in range(12)]
    parts = [part for name in names for part in (name, f"g{name}")]
    body = (
        start()
        + "".join(user(n) + node("exclusiveGateway", f"g{n}") for n in names)
        + user("laatste")
        + end()
    )
    definition = engine.read(bpmn(body + chain("s", *parts, "laatste", "e")))
    fields, times = {f"veld{n}": f"waarde {n}" for n in range(15)}, []
    for _ in range(300):
        begin = perf_counter()
        step = engine.start(definition, variables={}, host=HOST)
        engine.complete(definition, step.state, step.open_tasks[0].token, fields, host=HOST)
        times.append((perf_counter() - begin) * 1000)
    return statistics.median(times)


def main() -> None:
    out = sys.stdout.write
    for name, bpmn_, skip in (("loop", loop(), ""), ("loop in a branch", loop("d"), "d")):
        first, last, grown = rounds(bpmn_, skip)
        out(
            f"{name}: {first:.3f} ms at round 1, {last:.3f} ms at round 600 ({last / first:.2f}x), state {grown:.2f}x\n"
        )
    for count in (10, 100, 1000):
        out(f"{count} items: {items(count):.3f} ms per item\n")
    out(f"27 elements, start and first completion: {small():.3f} ms\n")


if __name__ == "__main__":
    main()
