"""No text of any kind raises anything but FeelSyntaxError, and none outruns the budget."""

from __future__ import annotations

import time
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from service import feel
from tests.feel.hostile import HOSTILE
from tests.feel.trees import NAMES, expressions

WORDS = (
    *(
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
    ),
    *(
        "function",
        "external",
        "true",
        "false",
        "null",
        "not",
        "item",
        "partial",
        "?",
        "a",
        "date",
        "duration",
        "list",
    ),
    *(
        "+",
        "-",
        "*",
        "/",
        "**",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ".",
        "..",
        "->",
        "@",
    ),
    *(
        '"x"',
        '"P1D"',
        '"2027-03-14"',
        "1",
        "0.5",
        "1e6000",
        "/*",
        "*/",
        "//",
        "\n",
        "'",
        '"',
        "\\",
        "🐎",
        "\u200b",
        "\x00",
    ),
    *feel.BUILTINS,
)
VALUES: dict[str, Any] = {"a": {"b": [1, None, "x"]}, "aantal dagen": 3, "?": 5}


def harmless(text: str, *, unary: bool) -> None:
    began = time.monotonic()
    refused = None
    try:
        if unary:
            feel.unary_tests(text, 4, VALUES, warnings=[])
        else:
            feel.to_json(feel.evaluate(text, VALUES, warnings=[]))
    except feel.FeelSyntaxError as error:
        refused = error
    assert refused is None or (refused.line >= 1 and refused.column >= 1 and refused.message)
    assert time.monotonic() - began < 20


@given(st.text(max_size=60), st.booleans())
@example("\\", False)
@example('"\\u12"', False)
@example('"\ud800"', False)
@example("1..2..3", True)
def test_any_text(text: str, unary: bool) -> None:
    harmless(text, unary=unary)


@given(st.lists(st.sampled_from(WORDS), max_size=14), st.booleans())
def test_words_in_any_order(words: list[str], unary: bool) -> None:
    harmless(" ".join(words), unary=unary)


@given(expressions)
def test_any_expression_has_a_value_or_a_reason(tree: Any) -> None:
    warnings: list[feel.Warning_] = []
    compiled = feel.compile(feel.write(tree), NAMES)
    compiled.evaluate(VALUES, warnings=warnings)
    assert all(one.reason and one.position >= 0 for one in warnings)


@given(expressions, st.data())
def test_a_slip_of_the_pen_in_any_expression(tree: Any, data: st.DataObject) -> None:
    text = feel.write(tree)
    at = data.draw(st.integers(0, len(text)))
    harmless(
        text[:at] + data.draw(st.sampled_from(["", *WORDS])) + text[at + 1 :], unary=data.draw(st.booleans())
    )


def test_hostile_cells_of_a_table_end_too() -> None:
    for name, text in HOSTILE.items():
        if (
            "1000000" not in text and "3000" not in text
        ):  # those spend the whole budget, and have their own test
            harmless(text, unary=name != "")
