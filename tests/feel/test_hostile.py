"""Expressions written to exhaust the server end soon, as null with a warning or as a FeelSyntaxError."""

import time

import pytest

from service import feel

HOSTILE = {
    "nested loops": "count(for a in 1..3000, b in 1..3000 return a * b)",
    "nested some": "some a in 1..3000, b in 1..3000 satisfies a * b < 0",
    "backtracking": 'matches("' + "a" * 40 + '!", "(a+)+$")',
    "big exponent": "2 ** 999999999",
    "brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "lists": "[" * 10_000 + "]" * 10_000,
    "long range": "count(for a in 1..100000000 return a)",
    "huge range": "for i in 1e6000..2 return i",
    "huge literal": "1e9999999999",
    "huge duration": 'for i in 1..100 return duration("P9999Y") * 1e6000 * 1e6000',
    "recursion": "{f: function(x) f(x + 1), y: f(1)}.y",
    "doubling": '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), y: f("a", 60)}.y',
    "minus signs": "- (" * 10_000 + "1",
    "powers": "1" + " ** 2" * 10_000,
    "ifs": "if true then 1 else " * 10_000 + "1",
    "ten megabytes": '"' + "x" * 10_000_000 + '"',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_expression_ends_within_its_budget(what: str) -> None:
    warnings: list[feel.Warning_] = []
    began = time.monotonic()
    outcome = ""
    try:
        feel.evaluate(HOSTILE[what], {}, warnings=warnings)
    except feel.FeelSyntaxError as error:
        outcome = str(error)
    assert outcome or warnings or what == "backtracking"  # linear time: simply false
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "expression",
    ["count(v)", "upper case(s)", 'matches(s, "(x+)+$")', 'replace(s, "x", "yy")', "s + s", 'split(s, "x")'],
)
def test_ten_megabytes_of_text_or_a_long_list_do_not_outrun_the_budget(expression: str) -> None:
    began = time.monotonic()
    feel.evaluate(expression, {"s": "x" * 10_000_000, "v": list(range(100_000))}, warnings=[])
    assert time.monotonic() - began < 10
