"""Canonical JSON (RFC 8785): one text per value, on every machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

from service.domain import Json

_MAX_EXACT = 2**53


def canonical(value: Json) -> str:
    """The canonical text of a JSON value.

    Keys are ordered by UTF-16 code units, numbers are written as ECMAScript writes them.
    Raises ValueError for what JSON cannot say: NaN, infinities, whole numbers past 2^53, lone surrogates.
    """
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        ordered = sorted(
            ((str(key), one) for key, one in value.items()), key=lambda pair: pair[0].encode("utf-16-be")
        )
        return "{" + ",".join(f"{_string(key)}:{canonical(one)}" for key, one in ordered) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    raise ValueError(f"Expected a JSON value, but got {type(value).__name__}")


def _string(text: str) -> str:
    text.encode("utf-8")  # refuses lone surrogates
    return json.dumps(text, ensure_ascii=False)


def _number(value: int | float | Decimal) -> str:
    if isinstance(value, int):
        if abs(value) > _MAX_EXACT:
            raise ValueError("Expected a whole number within 2^53; larger ones are written as text")
        return str(value)
    number = float(value)
    if number != number or number in {float("inf"), float("-inf")}:
        raise ValueError("Expected a finite number")
    return _ecmascript(number)


def _ecmascript(number: float) -> str:
    """ECMAScript's Number::toString: the shortest digits, an exponent only below 1e-6 and from 1e21."""
    if number == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(number)).normalize().as_tuple()
    text = "".join(str(digit) for digit in digits)
    point = len(text) + int(exponent)  # where the decimal point stands in the digits
    prefix = "-" if sign else ""
    if 0 < point <= 21:
        whole = text[:point].ljust(point, "0")
        return prefix + whole + (f".{text[point:]}" if len(text) > point else "")
    if -6 < point <= 0:
        return f"{prefix}0.{'0' * -point}{text}"
    mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
    power = point - 1
    return f"{prefix}{mantissa}e{'+' if power >= 0 else '-'}{abs(power)}"
