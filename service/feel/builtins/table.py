"""How a built-in is declared: its FEEL name, the parameters of each form it has, and their kinds."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import Unanswered
from service.feel.comparing import kind
from service.feel.running import FeelFunction
from service.feel.values import number

_GROUPS = {
    "day": ("date", "date and time"),
    "duration": ("days and time duration", "years and months duration"),
    "point": (
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    ),
}


class Misfit(Unanswered):
    """So many arguments, or arguments by these names, are not taken."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its FEEL name, the kinds it takes (none: every kind, null too), and its default."""

    name: str
    kinds: frozenset[str]
    required: bool
    default: Any
    many: bool  # takes all values that are left

    def take(self, value: Any) -> Any:
        """The value as this parameter takes it; a list of one and its item stand for each other.

        DMN 1.5, section 10.3.2.9.4. Raises TypeError for a value of another kind.
        """
        value = number(value)
        found = kind(value)
        if not self.kinds or found in self.kinds:
            return value
        if found == "list" and len(value) == 1 and kind(number(value[0])) in self.kinds:
            return number(value[0])
        if "list" in self.kinds and value is not None:
            return [value]
        raise Unanswered(f"'{self.name}' takes {' or '.join(sorted(self.kinds))}, not {found}")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a built-in."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]

    def fill(self, values: Sequence[Any], names: tuple[str, ...]) -> list[Any]:
        """The values in the order of the parameters; raises TypeError when they do not fit."""
        if names:
            values = self._by_name(dict(zip(names, values, strict=True)))
        last = self.parameters[-1] if self.parameters else None
        if last is not None and last.many:
            ahead = len(self.parameters) - 1
            if len(values) <= ahead:
                raise Misfit("an argument is missing")
            spread = [*self.parameters[:ahead], *([last] * (len(values) - ahead))]
            return [one.take(value) for one, value in zip(spread, values, strict=True)]
        needed = sum(one.required for one in self.parameters)
        if not needed <= len(values) <= len(self.parameters):
            raise Misfit(f"its arguments are: {self.signature()}")
        given = zip(self.parameters, values, strict=False)
        return [one.default if value is _LEFT_OUT else one.take(value) for one, value in given]

    def _by_name(self, given: dict[str, Any]) -> list[Any]:
        known = {one.name for one in self.parameters}
        if not given.keys() <= known:
            raise Misfit(f"there is no parameter {', '.join(sorted(given.keys() - known))}")
        filled = [given.get(one.name, None if one.required else _LEFT_OUT) for one in self.parameters]
        while filled and filled[-1] is _LEFT_OUT:
            filled.pop()
        return filled

    def signature(self) -> str:
        """The form as people read it, e.g. `substring's string, start position, length?`."""
        return ", ".join(one.name + ("" if one.required else "?") for one in self.parameters)


_LEFT_OUT = object()


class Builtin(FeelFunction):
    """A function of FEEL itself; it may have several forms."""

    __slots__ = ("forms", "name")

    def __init__(self, name: str) -> None:
        super().__init__((), self._call)
        self.name = name
        self.forms: list[Form] = []

    def _call(self, scope: Any, *values: Any) -> Any:
        call, filled = self.bind(values, ())
        return call(scope, *filled)

    def bind(self, values: Sequence[Any], names: tuple[str, ...]) -> tuple[Callable[..., Any], list[Any]]:
        """The first form that takes these values; raises TypeError with what the form closest to them says."""
        refusal: Unanswered | None = None
        for form in self.forms:
            try:
                return form.call, form.fill(values, names)
            except Misfit as error:
                refusal = refusal or error
            except Unanswered as error:
                refusal = error
        raise refusal or Misfit(f"{self.name} has no form")


class Table:
    """Collects the built-ins of one module."""

    def __init__(self) -> None:
        self.functions: dict[str, Builtin] = {}

    def add(self, name: str, *signatures: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declare the decorated function; it gets the scope first, then the arguments.

        A signature lists the parameters: `string: string, start position: number, length?: number`. Kinds are FEEL
        types, `day` (date or date and time), `duration`, `point` (all that has an order) or `any`, several with `|`;
        `?` makes a parameter optional, and `...` behind the last one takes all values that are left.
        """

        def declare(call: Callable[..., Any]) -> Callable[..., Any]:
            builtin = self.functions.setdefault(name, Builtin(name))
            defaults = [one.default for one in list(inspect.signature(call).parameters.values())[1:]]
            for signature in signatures or ("",):
                builtin.forms.append(Form(_parameters(signature, defaults), call))
            return call

        return declare


def _parameters(signature: str, defaults: list[Any]) -> tuple[Parameter, ...]:
    parts = [part.strip() for part in signature.split(",") if part.strip()]
    return tuple(_parameter(part, defaults[index]) for index, part in enumerate(parts))


def _parameter(text: str, default: Any) -> Parameter:
    name, _, kinds = text.partition(":")
    kinds, many = kinds.strip().removesuffix("..."), kinds.endswith("...")
    found = frozenset(one for group in kinds.split("|") for one in _GROUPS.get(group, (group,)))
    return Parameter(
        name=name.strip().removesuffix("?"),
        kinds=frozenset() if "any" in found else found,
        required=not name.strip().endswith("?"),
        default=default,
        many=many,
    )
