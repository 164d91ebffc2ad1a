"""Functions of ranges, against sets of points: every pair of ranges with ends from 1 to 4, and points in them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest

from service import feel
from tests.feel.table import rows, shown

Points = frozenset[Fraction]
STEP = Fraction(1, 3)  # an open start and an open end never come to lie on one point

TABLE = r"""
range("(1..5]")                                       | (1..5]
range("]1..5[")                                       | (1..5)
range("[\"a\"..\"c\"]")                               | ["a".."c"]
range("[@\"2027-01-01\"..@\"2027-02-01\"]")           | [@"2027-01-01"..@"2027-02-01"]
range("[date(\"2027-01-01\")..date(\"2027-02-01\")]") | [@"2027-01-01"..@"2027-02-01"]
range("1..5")                                         | null
range("")                                             | null
range("[1..1+1]")                                     | null
before(@"2027-01-01", @"2027-01-02")                  | true
before([@"2027-01-01"..@"2027-01-31"], @"2027-02-01") | true
before(null, 1)                                       | null
coincides(5, 5)                                       | true
includes(5, [1..10])                                  | null
during(5, [1..10])                                    | true
starts(range: [1..10], point: 1)                      | true
"""

#: What a function means for sets of points (DMN 1.5, the table of range functions).
MEANING: dict[str, Callable[[Points, Points], bool]] = {
    "before": lambda a, b: max(a) < min(b),
    "after": lambda a, b: min(a) > max(b),
    "meets": lambda a, b: max(a) == min(b),
    "met by": lambda a, b: min(a) == max(b),
    "overlaps": lambda a, b: bool(a & b),
    "overlaps before": lambda a, b: bool(a & b) and min(a) < min(b) and max(a) <= max(b),
    "overlaps after": lambda a, b: bool(a & b) and min(a) > min(b) and max(a) >= max(b),
    "finishes": lambda a, b: a <= b and max(a) == max(b),
    "finished by": lambda a, b: a >= b and max(a) == max(b),
    "includes": lambda a, b: a >= b,
    "during": lambda a, b: a <= b,
    "starts": lambda a, b: a <= b and min(a) == min(b),
    "started by": lambda a, b: a >= b and min(a) == min(b),
    "coincides": lambda a, b: a == b,
}
POINT_FIRST = ("before", "after", "finishes", "during", "starts")
RANGE_FIRST = ("before", "after", "finished by", "includes", "started by")
NUMBERS = [Decimal(one) for one in range(5)]
RANGES = [
    feel.Range(start, end, opened, closed)
    for start, end in itertools.combinations_with_replacement(NUMBERS[1:], 2)
    for opened, closed in itertools.product([True, False], repeat=2)
    if start < end or (opened and closed)
]


def points(one: feel.Range) -> Points:
    """Points in a range, a third apart."""
    low = Fraction(one.start) + (0 if one.start_included else STEP)
    high = Fraction(one.end) - (0 if one.end_included else STEP)
    return frozenset(low + STEP * at for at in range(int((high - low) / STEP) + 1))


INSIDE = {one: points(one) for one in RANGES}


@pytest.mark.parametrize("name", MEANING)
def test_two_ranges_lie_to_each_other_as_their_points_do(name: str) -> None:
    ask = feel.compile_expression(f"{name}(a, b)")
    for a, b in itertools.product(RANGES, RANGES):
        wanted = MEANING[name](INSIDE[a], INSIDE[b])
        assert ask.evaluate({"a": a, "b": b}) is wanted, f"{name}({feel.text(a)}, {feel.text(b)})"


@pytest.mark.parametrize("name", POINT_FIRST)
def test_a_point_lies_to_a_range_as_a_set_of_one(name: str) -> None:
    ask = feel.compile_expression(f"{name}(a, b)")
    for a, b in itertools.product(NUMBERS, RANGES):
        wanted = MEANING[name](frozenset({Fraction(a)}), INSIDE[b])
        assert ask.evaluate({"a": a, "b": b}) is wanted, f"{name}({a}, {feel.text(b)})"


@pytest.mark.parametrize("name", RANGE_FIRST)
def test_a_range_lies_to_a_point_as_to_a_set_of_one(name: str) -> None:
    ask = feel.compile_expression(f"{name}(a, b)")
    for a, b in itertools.product(RANGES, NUMBERS):
        wanted = MEANING[name](INSIDE[a], frozenset({Fraction(b)}))
        assert ask.evaluate({"a": a, "b": b}) is wanted, f"{name}({feel.text(a)}, {b})"


@pytest.mark.parametrize("name", ["before", "after", "coincides"])
def test_a_point_lies_to_a_point_as_numbers_do(name: str) -> None:
    ask = feel.compile_expression(f"{name}(a, b)")
    for a, b in itertools.product(NUMBERS, NUMBERS):
        wanted = MEANING[name](frozenset({Fraction(a)}), frozenset({Fraction(b)}))
        assert ask.evaluate({"a": a, "b": b}) is wanted


def test_a_point_is_in_a_range_when_it_is_one_of_its_points() -> None:
    ask = feel.compile_expression("a in b")
    for a, b in itertools.product(NUMBERS, RANGES):
        assert ask.evaluate({"a": a, "b": b}) is (Fraction(a) in INSIDE[b])


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_a_function_of_ranges_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)
