"""docs/feel.md tells the truth: every example is run, every function is there, nothing is made up."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service import feel, periods
from service.access import deciders
from service.clock import PinnedClock
from service.feel import nodes

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "feel.md").read_text(encoding="utf-8")
REGION = ROOT / "config" / "regio" / "zilverbeek"
CLOCK = PinnedClock(datetime(2027, 1, 14, 11, tzinfo=UTC))


def _examples(language: str = "feel") -> list[tuple[str, str]]:
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [(left.strip(), right.strip()) for left, _, right in (line.partition(" // ") for line in lines)]


def _host() -> dict[str, object]:
    calendar = periods.Calendar.read(tomllib.loads((REGION / "kalender.toml").read_text(encoding="utf-8")))
    terms = periods.Terms.read(tomllib.loads((REGION / "termijnen.toml").read_text(encoding="utf-8")))
    mandates = tomllib.loads((REGION / "doorzettingsmacht.toml").read_text(encoding="utf-8"))
    return {**periods.functions(calendar, terms), **deciders.functions(deciders.Deciders.read(mandates))}


HOST = _host()


@pytest.mark.parametrize(("expression", "expected"), _examples())
def test_an_example_gives_what_the_page_says(expression: str, expected: str) -> None:
    warnings: list[feel.Warning_] = []
    found = feel.evaluate(expression, {}, clock=CLOCK, functions=HOST, warnings=warnings)  # type: ignore[arg-type]  # the host's functions take anything
    wanted = feel.evaluate(expected, {})
    assert expected
    assert (feel.text(found), type(found)) == (feel.text(wanted), type(wanted)), warnings


@pytest.mark.parametrize(("example", "expected"), _examples("feel-vak"))
def test_a_cell_of_a_table_takes_what_the_page_says(example: str, expected: str) -> None:
    cell, _, value = example.partition(" <- ")
    found = feel.unary_tests(cell, feel.evaluate(value, {}), {}, clock=CLOCK, warnings=[])
    assert feel.text(found) == expected


def _called(node: nodes.Node) -> set[str]:
    """Functions that are called by name anywhere in an expression."""
    own = (
        {node.function.name}
        if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name)
        else set()
    )
    return own.union(*map(_called, nodes.children(node)))


def test_every_form_of_a_function_is_named_with_its_parameters_and_every_function_has_an_example() -> None:
    named = set(re.findall(r"`([a-z ]+\([^`]*\))`", PAGE))
    called = set().union(*(_called(feel.parse(left, HOST)) for left, _ in _examples()))
    for name, function in feel.BUILTINS.items():
        assert {f"{name}({form.signature()})" for form in function.forms} <= named  # type: ignore[attr-defined]  # every built-in has forms
        assert name in called, name
    for name in HOST:
        assert name in called, name


def test_no_function_is_named_that_does_not_exist() -> None:
    rows = re.findall(r"^\| ((?:`[a-z ]+\([^`]*\)`(?:, )?)+) \|", PAGE, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([a-z ]+)\(", row)}
    assert named == feel.BUILTINS.keys() | HOST.keys()
