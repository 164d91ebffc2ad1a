"""Expressions written to exhaust the server end soon, as null with a warning or as a FeelSyntaxError."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from service import feel
from tests.feel.hostile import CHEAP, HOSTILE, outcome

MOST_SECONDS = 20  # of a machine that does other things too; three at rest
MOST_KIB = 64 * 1024
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_expression_ends_within_its_budget_and_says_why(name: str) -> None:
    began = time.monotonic()
    assert outcome(name) or name in CHEAP
    assert time.monotonic() - began < MOST_SECONDS


def test_the_worst_expression_takes_less_than_64_megabytes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.feel.hostile"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < MOST_KIB


@pytest.mark.parametrize(
    "expression",
    ["count(v)", "upper case(s)", 'matches(s, "(x+)+$")', 'replace(s, "x", "yy")', "s + s", 'split(s, "x")'],
)
def test_ten_megabytes_of_text_or_a_long_list_do_not_outrun_the_budget(expression: str) -> None:
    began = time.monotonic()
    feel.evaluate(expression, {"s": "x" * 10_000_000, "v": list(range(100_000))}, warnings=[])
    assert time.monotonic() - began < MOST_SECONDS


def test_a_value_that_is_larger_than_it_looks_does_not_leave_the_evaluation() -> None:
    warnings: list[feel.Warning_] = []
    assert feel.evaluate(HOSTILE["lists in lists given back"], {}, warnings=warnings) is None
    assert "too large" in str(warnings[-1])


def test_the_budget_is_one_for_the_whole_evaluation() -> None:
    half = "count(for a in 1..150000 return a)"
    assert feel.evaluate(half, {}) == 150_000
    assert feel.evaluate(f"[{half}, {half}, {half}]", {}, warnings=[]) is None
