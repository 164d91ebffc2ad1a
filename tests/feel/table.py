"""Tables of expressions and what they give: `expression | FEEL value`, one a line."""

from __future__ import annotations

from service import feel


def rows(text: str) -> list[tuple[str, str]]:
    """Expression and value of every line."""
    parts = (line.partition(" | ") for line in text.strip().splitlines())
    return [(left.strip(), right.strip()) for left, _, right in parts]


def shown(expression: str) -> tuple[str, str]:
    """What an expression gives: its text, and its kind, since the text "1" and the number 1 look alike."""
    found = feel.evaluate(expression, {}, warnings=[])
    return feel.text(found), feel.kind(found)
