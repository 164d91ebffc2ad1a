"""FEEL types: whether a value conforms to one, for `instance of` and the parameters of a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.errors import Unanswered
from service.feel import nodes as n
from service.feel.comparing import kind
from service.feel.running import FeelFunction
from service.feel.values import Range, Spend, number

#: Simple types by the name that FEEL gives them (DMN 1.5, section 10.3.2.3).
SIMPLE = frozenset(
    {
        "boolean",
        "context",
        "date",
        "date and time",
        "days and time duration",
        "function",
        "list",
        "number",
        "range",
        "string",
        "time",
        "years and months duration",
    }
)
ANY = "Any"
NULL = "Null"


def known(type_: n.Type) -> bool:
    """Whether every name in a type is one of FEEL's own."""
    return (type_.name in SIMPLE or type_.name in {ANY, NULL}) and all(
        known(one) for one in n.children(type_) if isinstance(one, n.Type)
    )


def instance_of(value: Any, type_: n.Type, spend: Spend) -> bool:
    """`value instance of type`: null is an instance of Null only (DMN 1.5, table 59)."""
    return type_.name == NULL if value is None else conforms(value, type_, spend)


def conforms(value: Any, type_: n.Type, spend: Spend) -> bool:
    """Whether a value conforms to a type; null conforms to every type (DMN 1.5, section 10.3.2.9.2)."""
    if value is None or type_.name == ANY:
        return True
    spend(1)
    if kind(value) != type_.name:
        return False
    inside = _INSIDE.get(type_.name)
    return inside is None or inside(value, type_, spend)


def taken_as(value: Any, type_: n.Type | None, spend: Spend) -> Any:
    """A value as a parameter of this type takes it: a list of one stands for its item, and an item for a list.

    DMN 1.5, section 10.3.2.9.4. Raises TypeError for a value that does not conform.
    """
    if type_ is None or not known(type_) or conforms(value, type_, spend):
        return value
    if isinstance(value, list | tuple) and len(value) == 1 and conforms(number(value[0]), type_, spend):
        return number(value[0])
    if conforms([value], type_, spend):
        return [value]
    raise Unanswered(f"{type_.name} was expected, not {kind(value)}")


def _list(value: Any, type_: n.Type, spend: Spend) -> bool:
    return all(conforms(number(item), one, spend) for one in type_.arguments for item in value)


def _context(value: Mapping[str, Any], type_: n.Type, spend: Spend) -> bool:
    return all(key in value and conforms(number(value[key]), one, spend) for key, one in type_.entries)


def _range(value: Range, type_: n.Type, spend: Spend) -> bool:
    return all(
        conforms(number(end), one, spend) for one in type_.arguments for end in (value.start, value.end)
    )


def _function(value: FeelFunction, type_: n.Type, _spend: Spend) -> bool:
    if type_.result is None:
        return True
    if len(value.types) != len(type_.arguments):
        return False
    takes = all(
        given is None or _narrower(one, given)
        for one, given in zip(type_.arguments, value.types, strict=True)
    )
    return takes and (
        type_.result.name == ANY or (value.result is not None and _narrower(value.result, type_.result))
    )


_INSIDE: dict[str, Callable[[Any, n.Type, Spend], bool]] = {
    "list": _list,
    "context": _context,
    "range": _range,
    "function": _function,
}


def _narrower(left: n.Type, right: n.Type) -> bool:
    """Whether every value of the left type conforms to the right one."""
    if right.name == ANY or left.name == NULL:
        return True
    if left.name != right.name or len(left.arguments) < len(right.arguments):
        return False
    entries = dict(left.entries)
    return all(key in entries and _narrower(entries[key], one) for key, one in right.entries) and all(
        _narrower(a, b) for a, b in zip(left.arguments, right.arguments, strict=False)
    )
