"""What the printer writes, the parser reads as the same tree; and it writes no bracket too many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given

from service import feel
from service.feel import nodes as n
from service.feel.lexer import tokens
from tests.feel.trees import NAMES, expressions, unary_tests


def same(left: object, right: object) -> bool:
    """Whether two trees are equal but for where they stood in the text."""
    if type(left) is not type(right):
        return False
    if isinstance(left, n.Node):
        names = [one for one in left.__dataclass_fields__ if one != "at"]
        return all(same(getattr(left, one), getattr(right, one)) for one in names)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    return bool(left == right)


def test_trees_are_equal_by_what_they_mean_not_by_where_they_stand() -> None:
    assert feel.parse("a+b") == feel.parse("  a  + /* and */ b")
    assert hash(feel.parse("a+b")) == hash(feel.parse("a + b"))
    assert feel.parse("a + b") != feel.parse("b + a")


@given(expressions)
def test_a_printed_expression_is_parsed_as_the_same_tree(tree: n.Node) -> None:
    text = feel.write(tree)
    assert same(feel.parse(text, NAMES), tree), text


def brackets(text: str) -> Iterator[tuple[int, int]]:
    """Where round brackets open and close, those in texts left out."""
    opened: list[int] = []
    for token in tokens(text)[:-1]:
        if token.sign == "(":
            opened.append(token.at)
        elif token.sign == ")" and opened:
            yield opened.pop(), token.at


@given(expressions)
def test_no_pair_of_brackets_can_be_left_out(tree: n.Node) -> None:
    text = feel.write(tree)
    for start, end in brackets(text):
        if text[:start].endswith(" in "):  # those around a list of tests are always written
            continue
        without = f"{text[:start]} {text[start + 1 : end]} {text[end + 1 :]}"
        try:
            found: n.Node | None = feel.parse(without, NAMES)
        except feel.FeelSyntaxError:
            found = None
        assert not same(found, tree), text


@given(unary_tests)
def test_printed_unary_tests_are_parsed_as_the_same_tree(tree: n.Node) -> None:
    text = feel.write(tree)
    assert same(feel.parse_unary_tests(text, NAMES), tree), text


@pytest.mark.parametrize(
    "text",
    [
        'a > 2 and b.c < 10 or not(d = "x")',
        "(a + b) * c - d / (e - f)",
        "-a ** 2",
        "if a then b else if c then d else e",
        "for x in [1, 2], y in 1..x return x * y",
        "a[item > 3].b[-1]",
        "x in (< 5, [6..10), 12)",
        "f(a: 1, naam: 2)",
        "(function(x: list<number>) x)(1)",
        'a instance of context<"b">'.replace('"b"', "b: date and time"),
        'some x in a satisfies x = "é\\"\\\\"',
        '@"P1D" * 2',
    ],
)
def test_what_is_written_plainly_comes_back_as_it_was(text: str) -> None:
    assert feel.write(feel.parse(text)) == text


@pytest.mark.parametrize("text", ["-", "not(1, 2)", '< 5, "a", [1..2]', "? > 3", "(not(x))"])
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert feel.write(feel.parse_unary_tests(text)) == text
