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
    Context,
    Decimal,
)
from typing import Any

from service.errors import Unanswered
from service.feel.builtins.table import Table
from service.feel.running import Scope
from service.feel.values import NUMBERS, YearMonthDuration

FUNCTIONS = Table()
_MIN_SCALE, _MAX_SCALE = -6_111, 6_176  # DMN 1.5, section 10.3.4.5
_COST = 10  # steps of a logarithm or an exponential
_ROUNDING = Context(prec=NUMBERS.prec + 2, Emax=9_999, Emin=-9_999)


def _rounded(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    digits = int(scale)
    if not _MIN_SCALE <= digits <= _MAX_SCALE:
        raise Unanswered(f"the scale is from {_MIN_SCALE} to {_MAX_SCALE}")
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -digits <= exponent:
        return value  # it has no more digits than that
    return value.quantize(Decimal((0, (1,), -digits)), rounding, _ROUNDING)


def _declare(name: str, signature: str, rounding: str) -> None:
    def rounded(_scope: Scope, value: Decimal, scale: Decimal = Decimal(0)) -> Any:
        return _rounded(value, scale, rounding)

    FUNCTIONS.add(name, signature)(rounded)


_declare("decimal", "n: number, scale: number", ROUND_HALF_EVEN)
_declare("floor", "n: number, scale?: number", ROUND_FLOOR)
_declare("ceiling", "n: number, scale?: number", ROUND_CEILING)
_declare("round up", "n: number, scale: number", ROUND_UP)
_declare("round down", "n: number, scale: number", ROUND_DOWN)
_declare("round half up", "n: number, scale: number", ROUND_HALF_UP)
_declare("round half down", "n: number, scale: number", ROUND_HALF_DOWN)


@FUNCTIONS.add("abs", "n: number|duration")
def absolute(_scope: Scope, value: Any) -> Any:
    if isinstance(value, YearMonthDuration):
        return YearMonthDuration(abs(value.months))
    return NUMBERS.abs(value) if isinstance(value, Decimal) else abs(value)


@FUNCTIONS.add("modulo", "dividend: number, divisor: number")
def modulo(_scope: Scope, dividend: Decimal, divisor: Decimal) -> Any:
    if divisor == 0:
        raise Unanswered("nothing can be divided by 0")
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@FUNCTIONS.add("sqrt", "number: number")
def square_root(_scope: Scope, value: Decimal) -> Any:
    if value < 0:
        raise Unanswered("only numbers from 0 up have a root")
    return value.sqrt(NUMBERS)


@FUNCTIONS.add("log", "number: number")
def logarithm(scope: Scope, value: Decimal) -> Any:
    scope.run.spend(_COST)
    if value <= 0:
        raise Unanswered("only numbers above 0 have a logarithm")
    return value.ln(NUMBERS)


@FUNCTIONS.add("exp", "number: number")
def exponential(scope: Scope, value: Decimal) -> Any:
    scope.run.spend(_COST)
    if value > 14_000:
        raise Unanswered("the number is too large")
    return value.exp(NUMBERS)


@FUNCTIONS.add("odd", "number: number")
def odd(_scope: Scope, value: Decimal) -> Any:
    return value == value.to_integral_value() and int(value) % 2 == 1


@FUNCTIONS.add("even", "number: number")
def even(_scope: Scope, value: Decimal) -> Any:
    return value == value.to_integral_value() and int(value) % 2 == 0
