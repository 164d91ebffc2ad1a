"""Sums with numbers, texts and temporal values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from service.feel import temporal
from service.feel.running import MAX_SIZE
from service.feel.values import NUMBERS, OutOfBudget, YearMonthDuration

MAX_POWER = 6_200


def plus(left: Any, right: Any) -> Any:
    """left + right."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.add(left, right)
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_SIZE:
            raise OutOfBudget("the text becomes too long")
        return left + right
    return temporal.add(left, right)


def minus(left: Any, right: Any) -> Any:
    """left - right."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.subtract(left, right)
    return temporal.subtract(left, right)


def times(left: Any, right: Any) -> Any:
    """left * right."""
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return NUMBERS.multiply(left, right)
    if isinstance(left, Decimal):
        left, right = right, left
    if isinstance(left, dt.timedelta | YearMonthDuration) and isinstance(right, Decimal):
        return temporal.multiply(left, right)
    return None


def divided(left: Any, right: Any) -> Any:
    """left / right; null for a division by zero."""
    if isinstance(right, Decimal):
        if right == 0:
            return None
        if isinstance(left, Decimal):
            return NUMBERS.divide(left, right)
        return temporal.divide(left, right) if isinstance(left, dt.timedelta | YearMonthDuration) else None
    if isinstance(left, dt.timedelta) and isinstance(right, dt.timedelta) and right:
        micro = dt.timedelta(microseconds=1)
        return NUMBERS.divide(Decimal(left // micro), Decimal(right // micro))
    if isinstance(left, YearMonthDuration) and isinstance(right, YearMonthDuration) and right.months:
        return NUMBERS.divide(Decimal(left.months), Decimal(right.months))
    return None


def power(left: Any, right: Any) -> Any:
    """left ** right, with a bound on the exponent."""
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or abs(right) > MAX_POWER:
        return None
    result = NUMBERS.power(left, right) if right else Decimal(1)  # 0 ** 0 is 1, as in IEEE 754
    return result if result.is_finite() else None
