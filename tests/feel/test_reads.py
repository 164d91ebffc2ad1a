"""Which names an expression takes from its surroundings: the gate checks that somebody writes them."""

from __future__ import annotations

import pytest
from hypothesis import given

from service import feel
from service.feel import nodes as n
from tests.feel.trees import NAMES, expressions


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("1 + 2", set()),
        ("a + b", {"a", "b"}),
        ("a.b.c", {"a"}),
        ("count(lijst)", {"lijst"}),
        ("aantal dagen + 1", {"aantal dagen"}),
        ("for x in lijst return x + y", {"lijst", "y"}),
        ("for x in x return x", {"x"}),  # what is gone through stands outside the loop
        ("for x in a, y in x return y + partial[1]", {"a"}),
        ("for i in 1..n return i", {"n"}),
        ("some x in lijst satisfies x > grens", {"lijst", "grens"}),
        ("function(x) x + y", {"y"}),
        ("{a: b, c: a}.c", {"b"}),
        ("{a: a}.a", {"a"}),
        ("lijst[item > n]", {"lijst", "n"}),
        ("f(naam: a)", {"f", "a"}),
        ("if a then b else c", {"a", "b", "c"}),
        ("x between y and z", {"x", "y", "z"}),
        ("x in (< y, [a..b])", {"x", "y", "a", "b"}),
        ("[a..b]", {"a", "b"}),
        ("x instance of number", {"x"}),
        ("(function(x) external {java: {}})(a)", {"a"}),
    ],
)
def test_free_names(expression: str, names: set[str]) -> None:
    assert feel.reads(expression, NAMES) == names


def test_a_field_of_the_items_counts_as_read_because_it_may_be_a_variable() -> None:
    assert feel.reads("lijst[leeftijd > 5]") == {"lijst", "leeftijd"}


@given(expressions)
def test_without_other_names_than_those_it_reads_nothing_is_unknown(tree: n.Node) -> None:
    text = feel.write(tree)
    given_ = dict.fromkeys(feel.reads(text, NAMES), 1)
    warnings: list[feel.Warning_] = []
    feel.compile(text, NAMES).evaluate(given_, warnings=warnings)
    assert [one for one in warnings if "is not known here" in one.reason] == []
