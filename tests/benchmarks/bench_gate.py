"""Measures the publication gate on large and tangled files: `python -m tests.benchmarks.bench_gate`."""

import sys
import time
from collections.abc import Callable

from service import publication
from service.clock import SystemClock
from service.publication import Package
from tests.publication.test_hostile import (
    EXCLUSIVE,
    INCLUSIVE,
    PARALLEL,
    blocks,
    nested,
    tangle,
    wide,
)

SHAPES: dict[str, tuple[Callable[[], bytes], float]] = {  # what it is, and the seconds it may take
    "2 000 tasks beside each other, parallel": (lambda: wide(PARALLEL, 2000), 10),
    "2 000 tasks beside each other, inclusive": (lambda: wide(INCLUSIVE, 2000), 10),
    "500 blocks in a row, parallel": (lambda: blocks(PARALLEL, 500), 10),
    "500 blocks in a row, inclusive": (lambda: blocks(INCLUSIVE, 500), 10),
    "500 blocks in a row, exclusive": (lambda: blocks(EXCLUSIVE, 500), 10),
    "a tangle of 300": (lambda: tangle(300), 10),
    "19 subprocesses in one another": (lambda: nested(19), 5),
}


def main() -> None:
    """Print the seconds of each shape beside its goal."""
    for name, (make, goal) in SHAPES.items():
        package = Package(files={"groot.bpmn": make()})
        began = time.process_time()
        publication.check(package, functions={}, clock=SystemClock(), technical=True)
        sys.stdout.write(f"{name:45} {time.process_time() - began:6.2f} s   goal <= {goal:g}\n")


if __name__ == "__main__":
    main()
