"""Whether a value is of a type, and the few conversions that DMN makes (DMN 1.5, section 10.3.2.9.4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service import feel
from service.dmn.model import ItemDefinition

_MAX_DEPTH = 50

_BASIC: dict[str, Callable[[Any], bool]] = {
    "number": lambda v: isinstance(v, Decimal | int | float) and not isinstance(v, bool),
    "string": lambda v: isinstance(v, str),
    "boolean": lambda v: isinstance(v, bool),
    "date": lambda v: isinstance(v, dt.date) and not isinstance(v, dt.datetime),
    "time": lambda v: isinstance(v, dt.time),
    "date and time": lambda v: isinstance(v, dt.datetime),
    "days and time duration": lambda v: isinstance(v, dt.timedelta),
    "years and months duration": lambda v: isinstance(v, feel.YearMonthDuration),
    "context": lambda v: isinstance(v, Mapping),
    "list": lambda v: isinstance(v, list | tuple),
    "range": lambda v: isinstance(v, feel.Range),
    "function": lambda v: isinstance(v, feel.FeelFunction),
}
_OTHER_NAMES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "daysAndTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "yearsAndMonthsDuration": "years and months duration",
    "integer": "number",
    "long": "number",
    "double": "number",
}


def basic(name: str) -> str:
    """The name that FEEL gives a built-in type; "" when it is none."""
    name = _OTHER_NAMES.get(name, name)
    return name if name in _BASIC else ""


class Mismatch(Exception):
    """The value is not of the type, and cannot become one."""


@dataclass(frozen=True, eq=False)
class Types:
    """The types that one model knows: its own, and those of imported models as `<import>.<name>`."""

    items: Mapping[str, ItemDefinition]

    def known(self, name: str) -> bool:
        """Whether a type reference means something."""
        return not name or name == "Any" or bool(basic(name)) or name in self.items or "<" in name

    def instance_of(self, name: str, value: Any) -> bool | None:
        """FEEL's `value instance of name` for an item definition; None when there is none by that name."""
        if name not in self.items:
            return None
        return value is not None and self.fits(name, value)

    def base(self, name: str) -> str:
        """The built-in type under a name; "" for Any, lists, components and unknown names."""
        for _ in range(_MAX_DEPTH):
            item = self.items.get(name)
            if item is None or item.collection or item.components:
                break
            name = item.base
        return "" if name in self.items else basic(name)

    def allowed(self, name: str) -> str:
        """The unary tests that values of a named type must pass; "" when there are none."""
        for _ in range(_MAX_DEPTH):
            item = self.items.get(name)
            if item is None or item.allowed:
                return item.allowed if item else ""
            name = item.base
        return ""

    def coerce(self, name: str, value: Any) -> Any:
        """The value as one of the type; raises Mismatch."""
        if value is None or self.fits(name, value):
            return value
        if isinstance(value, list | tuple):
            if len(value) == 1 and self.fits(name, value[0]):
                return value[0]
        elif self.fits(name, [value]):
            return [value]
        elif _BASIC["date"](value):
            midnight = dt.datetime.combine(value, dt.time(), dt.UTC)
            if self.fits(name, midnight):
                return midnight
        raise Mismatch(f"a {feel.kind(value)} is not of type {name}")

    def fits(self, name: str, value: Any, depth: int = 0) -> bool:
        """Whether a value is of a type as it is; null is of every type."""
        if value is None or name in {"", "Any"}:
            return True
        if depth > _MAX_DEPTH:
            return False
        item = self.items.get(name)
        if item is not None:
            return self._fits_item(item, value, depth + 1)
        if "<" in name:
            return self._fits_generic(name, value, depth + 1)
        check = _BASIC.get(_OTHER_NAMES.get(name, name))
        return check is None or check(value)

    def _fits_item(self, item: ItemDefinition, value: Any, depth: int) -> bool:
        if item.result is not None:
            return isinstance(value, feel.FeelFunction)
        if not item.collection:
            return self._fits_one(item, value, depth)
        if not isinstance(value, list | tuple):
            return False
        return all(self._fits_one(item, one, depth) for one in value) and passes(item.constraint, value)

    def _fits_one(self, item: ItemDefinition, value: Any, depth: int) -> bool:
        if value is None:
            return True
        if item.components:
            if not isinstance(value, Mapping):
                return False
            for part in item.components:
                if part.name not in value or not self._fits_item_or_null(part, value[part.name], depth):
                    return False
        elif not self.fits(item.base, value, depth):
            return False
        constraint = "" if item.collection else item.constraint
        return passes(item.allowed, value) and passes(constraint, value)

    def _fits_item_or_null(self, item: ItemDefinition, value: Any, depth: int) -> bool:
        return value is None or self._fits_item(item, value, depth + 1)

    def _fits_generic(self, name: str, value: Any, depth: int) -> bool:
        outer, _, inner = name.rstrip("> ").partition("<")
        outer = outer.strip()
        if outer == "list":
            inner = name.partition("<")[2].rpartition(">")[0].strip()
            is_list = isinstance(value, list | tuple)
            return is_list and all(self.fits(inner, one, depth) for one in value)
        if outer == "range" and isinstance(value, feel.Range):
            return self.fits(inner, value.start, depth) and self.fits(inner, value.end, depth)
        check = _BASIC.get(outer)
        return check is None or check(value)


def passes(tests: str, value: Any) -> bool:
    """Whether a value passes the unary tests of a type; tests that cannot be read refuse nothing."""
    if not tests:
        return True
    try:
        return feel.unary_tests(tests, value, {}) is True
    except feel.FeelSyntaxError:
        return True
