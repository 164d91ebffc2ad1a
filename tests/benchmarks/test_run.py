"""The benchmarks that need no database still run, and print their goals; how fast is for a quiet machine to say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("bench_feel", "goal <= 6"),
        ("bench_engine", "27 elements"),
        ("bench_gate", "tangle"),
        ("bench_policy", "disclosures"),
    ],
)
def test_a_benchmark_prints_its_figures(module: str, line: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{module}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert line in done.stdout
