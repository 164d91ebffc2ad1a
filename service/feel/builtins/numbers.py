"""Functions of numbers."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from service.feel.builtins.table import Table, need
from service.feel.running import Scope
from service.feel.values import NUMBERS, YearMonthDuration

FUNCTIONS = Table()
_MAX_SCALE = 6_176


def _rounded(value: Any, scale: Any, rounding: str) -> Decimal:
    need(value, Decimal)
    digits = int(scale or 0)
    if abs(digits) > _MAX_SCALE:
        raise ValueError("the scale is too large")
    shifted: Decimal = value.scaleb(digits, NUMBERS)
    return shifted.to_integral_value(rounding).scaleb(-digits, NUMBERS)


def _declare(name: str, rounding: str, *, scaled: bool) -> None:
    def rounded(_scope: Scope, value: Any, scale: Any = None) -> Any:
        if scaled and scale is None:
            raise TypeError("a scale is needed")
        return _rounded(value, scale, rounding)

    FUNCTIONS.add(name, "n", "scale")(rounded)


_declare("decimal", ROUND_HALF_EVEN, scaled=True)
_declare("floor", ROUND_FLOOR, scaled=False)
_declare("ceiling", ROUND_CEILING, scaled=False)
_declare("round up", ROUND_UP, scaled=True)
_declare("round down", ROUND_DOWN, scaled=True)
_declare("round half up", ROUND_HALF_UP, scaled=True)
_declare("round half down", ROUND_HALF_DOWN, scaled=True)


@FUNCTIONS.add("abs", "n")
def absolute(_scope: Scope, value: Any) -> Any:
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(abs(value.months))
    need(value, Decimal, type(value - value))
    return abs(value)


@FUNCTIONS.add("modulo", "dividend", "divisor")
def modulo(_scope: Scope, dividend: Any, divisor: Any) -> Any:
    need(dividend, Decimal)
    need(divisor, Decimal)
    return dividend - divisor * (dividend / divisor).to_integral_value(ROUND_FLOOR)


@FUNCTIONS.add("sqrt", "number")
def square_root(_scope: Scope, value: Any) -> Any:
    need(value, Decimal)
    return value.sqrt(NUMBERS)


@FUNCTIONS.add("log", "number")
def logarithm(_scope: Scope, value: Any) -> Any:
    need(value, Decimal)
    if value <= 0:
        raise ValueError("only numbers above 0 have a logarithm")
    return value.ln(NUMBERS)


@FUNCTIONS.add("exp", "number")
def exponential(_scope: Scope, value: Any) -> Any:
    need(value, Decimal)
    if value > 14_000:
        raise ValueError("the number is too large")
    return value.exp(NUMBERS)


@FUNCTIONS.add("odd", "number")
def odd(_scope: Scope, value: Any) -> Any:
    need(value, Decimal)
    return value % 2 in {1, -1}


@FUNCTIONS.add("even", "number")
def even(_scope: Scope, value: Any) -> Any:
    need(value, Decimal)
    return value % 2 == 0
