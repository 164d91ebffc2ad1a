"""A reason goes to incidents and logs: it tells kinds and names, never what somebody filled in."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from service import feel

SECRET = "Noor B. 2019-02-30"
VALUES: list[Any] = [SECRET, [SECRET], {SECRET: SECRET}, 4, None, True]
PACKAGES = Path(__file__).resolve().parents[2] / "service"


@pytest.mark.parametrize("name", sorted(set(feel.BUILTINS) - {"assert"}))  # its cause is there to be told
def test_no_function_repeats_an_argument(name: str) -> None:
    warnings: list[feel.Warning_] = []
    for count in range(4):
        for values in itertools.product(VALUES, repeat=count):
            given = {f"v{at}": value for at, value in enumerate(values)}
            feel.evaluate(f"{name}({', '.join(given)})", given, warnings=warnings)
            assert SECRET not in " ".join(map(str, warnings))
            warnings.clear()


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "**", "<", "=", "and", "in", "..", "between 1 and"])
def test_no_operator_repeats_an_operand(operator: str) -> None:
    for left, right in itertools.product(VALUES, repeat=2):
        warnings: list[feel.Warning_] = []
        text = "[a..b]" if operator == ".." else f"a {operator} b"
        feel.evaluate(text, {"a": left, "b": right}, warnings=warnings)
        assert SECRET not in " ".join(map(str, warnings))


def test_functions_refuse_with_unanswered_alone() -> None:
    """Python's own errors repeat values; only Unanswered is told, so only that is raised."""
    modules = [*(PACKAGES / "feel" / "builtins").glob("*.py"), *(PACKAGES / "periods").glob("*.py")]
    other = [
        f"{path.name}: {line.strip()}"
        for path in modules
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\braise (?!Unanswered|Misfit|OutOfBudget|ConfigurationError|refusal)\w", line)
    ]
    assert other == []
