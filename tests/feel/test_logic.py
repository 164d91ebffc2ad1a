"""Three values: true, false, and null for what is not known (DMN 1.5, tables 42 and 50)."""

from __future__ import annotations

import itertools
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import feel

TRUTHS = (True, False, None)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(["", "a", "true"]),
    st.lists(st.integers(0, 1), max_size=2),
)


def ask(expression: str, **values: Any) -> Any:
    return feel.evaluate(expression, values, warnings=[])


def both(a: bool | None, b: bool | None) -> bool | None:
    return False if False in {a, b} else None if None in {a, b} else True


@pytest.mark.parametrize(("a", "b"), list(itertools.product(TRUTHS, TRUTHS)))
def test_and_or_and_not_know_what_they_do_not_know(a: bool | None, b: bool | None) -> None:
    assert ask("a and b", a=a, b=b) is both(a, b)
    opposite = {True: False, False: True, None: None}
    assert ask("a or b", a=a, b=b) is opposite[both(opposite[a], opposite[b])]
    assert ask("not(a)", a=a) is opposite[a]


@given(ANYTHING, ANYTHING)
def test_what_is_no_truth_counts_as_unknown(a: Any, b: Any) -> None:
    known = [one if isinstance(one, bool) else None for one in (a, b)]
    assert ask("a and b", a=a, b=b) is both(*known)


@given(st.lists(st.sampled_from(TRUTHS), max_size=5))
def test_some_and_every_are_long_forms_of_or_and_and(items: list[bool | None]) -> None:
    every, some = (
        ask("every x in items satisfies x", items=items),
        ask("some x in items satisfies x", items=items),
    )
    assert every is (False if False in items else None if None in items else True)
    assert some is (True if True in items else None if None in items else False)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.text()))
def test_only_true_takes_the_first_branch(condition: Any) -> None:
    assert ask('if c then "ja" else "nee"', c=condition) == ("ja" if condition is True else "nee")


@given(ANYTHING, ANYTHING)
def test_equality_has_one_answer_both_ways_and_null_between_kinds(a: Any, b: Any) -> None:
    found = ask("a = b", a=a, b=b)
    assert found is ask("b = a", a=a, b=b)
    assert ask("a != b", a=a, b=b) is (None if found is None else not found)
    if a is None or b is None:
        assert found is (a is b)
    elif type(a) is not type(b):
        assert found is None


@pytest.mark.parametrize("operator", ["<", "<=", ">", ">="])
@given(a=ANYTHING, b=ANYTHING)
def test_order_is_null_for_all_but_two_of_one_ordered_kind(operator: str, a: Any, b: Any) -> None:
    found = ask(f"a {operator} b", a=a, b=b)
    numbers = all(isinstance(one, int) and not isinstance(one, bool) for one in (a, b))
    texts = isinstance(a, str) and isinstance(b, str)
    assert (found is not None) == (numbers or texts)


DECIMALS = st.decimals(-(10**12), 10**12, places=6)


@given(DECIMALS, DECIMALS, DECIMALS)
def test_numbers_are_decimal_so_cents_add_up(a: Decimal, b: Decimal, c: Decimal) -> None:
    assert ask("a + b - b = a", a=a, b=b) is True
    assert ask("a * (b + c) = a * b + a * c", a=a, b=b, c=c) is True
    assert ask("a < b or a = b or a > b", a=a, b=b) is True


@given(DECIMALS, DECIMALS.filter(bool))
def test_what_is_left_after_a_division_has_the_sign_of_the_divisor(a: Decimal, b: Decimal) -> None:
    rest = ask("modulo(a, b)", a=a, b=b)
    assert rest == 0 or (rest < 0) == (b < 0)
    assert abs(rest) < abs(b)
    assert (
        ask("abs((a - modulo(a, b)) / b - decimal((a - modulo(a, b)) / b, 0)) < 0.000001", a=a, b=b) is True
    )


DECIMAL128 = Context(prec=34, Emax=6_144, Emin=-6_143)  # made here: what FEEL should do, not what it does
LONG = st.builds(
    lambda sign, digits, exponent: Decimal((sign, tuple(digits), exponent)),
    st.integers(0, 1),
    st.lists(st.integers(0, 9), min_size=1, max_size=34),
    st.integers(-60, 60),
)


@given(LONG, LONG)
def test_sums_are_rounded_to_34_digits_half_to_even(a: Decimal, b: Decimal) -> None:
    assert ask("a + b", a=a, b=b) == ask("sum([a, b])", a=a, b=b) == DECIMAL128.add(a, b)
    assert ask("a - b", a=a, b=b) == DECIMAL128.subtract(a, b)
    assert ask("a * b", a=a, b=b) == ask("product([a, b])", a=a, b=b) == DECIMAL128.multiply(a, b)
    assert ask("a / b", a=a, b=b) == (DECIMAL128.divide(a, b) if b else None)
    assert ask("-a", a=a) == DECIMAL128.minus(a)


@given(LONG)
def test_a_number_keeps_all_its_digits(a: Decimal) -> None:
    assert ask("a", a=a) == ask("number(string(a))", a=a) == a
    assert ask("abs(a)", a=a) == a.copy_abs()
    assert ask("floor(a)", a=a) == a.to_integral_value(ROUND_FLOOR)
    assert ask("ceiling(a)", a=a) == a.to_integral_value(ROUND_CEILING)


@given(LONG, st.integers(0, 40))
def test_a_power_is_that_of_34_digits(a: Decimal, exponent: int) -> None:
    assert ask("a ** n", a=a, n=exponent) == (DECIMAL128.power(a, exponent) if a or exponent else 1)
