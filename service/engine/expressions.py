"""FEEL as diagrams use it: static text or `=expression`, and the type that each place needs."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service import feel
from service.engine.failure import Failure
from service.engine.values import Host

Notes = list[tuple[str, tuple[str, ...]]]  # variable, and why it became null


def is_feel(text: str) -> bool:
    return text.lstrip().startswith("=")


def source(text: str) -> str:
    """The FEEL behind the equals sign."""
    return text.lstrip()[1:].strip()


def evaluate(text: str, context: Mapping[str, Any], host: Host, warnings: list[Any] | None = None) -> Any:
    """A FEEL value; static text is itself. Raises Failure where the text does not parse."""
    if not is_feel(text):
        return text
    try:
        return feel.evaluate(
            source(text), context, clock=host.clock, functions=host.functions, warnings=warnings
        )
    except feel.FeelSyntaxError as error:
        raise Failure(
            "EXTRACT_VALUE_ERROR", f"De expressie '{source(text)}' is geen geldige FEEL: {error}"
        ) from error


def json(text: str, context: Mapping[str, Any], host: Host, warnings: list[Any] | None = None) -> Any:
    """The value as it goes into a variable."""
    return feel.to_json(evaluate(text, context, host, warnings))


def noted(text: str, context: Mapping[str, Any], host: Host, notes: Notes, target: str) -> Any:
    """The value as it goes into a variable; the reasons of a null that FEEL complained about go into `notes`."""
    warnings: list[Any] = []
    value = json(text, context, host, warnings)
    if value is None and warnings:
        notes.append((target, tuple(str(one) for one in warnings[:3])))
    return value


def condition(text: str, context: Mapping[str, Any], host: Host) -> bool:
    """A yes or no. Anything else fails: a null must not decide about a case."""
    warnings: list[Any] = []
    value = evaluate(text if is_feel(text) else f"={text}", context, host, warnings)
    if isinstance(value, bool):
        return value
    raise Failure(
        "CONDITION_ERROR",
        f"De voorwaarde '{text.strip()}' geeft geen ja of nee maar {_shown(value)}{_why(warnings)}",
    )


def string(text: str, context: Mapping[str, Any], host: Host, what: str) -> str:
    """A text; null with a warning fails, because a typo must not leave a task without its person."""
    warnings: list[Any] = []
    value = evaluate(text, context, host, warnings)
    if value is None and not warnings:
        return ""
    if isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
        value = str(feel.to_json(value))
    if not isinstance(value, str):
        raise Failure("EXTRACT_VALUE_ERROR", f"{what} '{text}' geeft {_shown(value)}{_why(warnings)}")
    return value


def strings(text: str, context: Mapping[str, Any], host: Host, what: str) -> list[str]:
    """A list of texts; static text is split at commas, as the Modeler writes it."""
    if not text:
        return []
    if not is_feel(text):
        return [part.strip() for part in text.split(",") if part.strip()]
    warnings: list[Any] = []
    value = evaluate(text, context, host, warnings)
    if value is None and not warnings:
        return []
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) for one in found):
        raise Failure("EXTRACT_VALUE_ERROR", f"{what} '{text}' geeft {_shown(value)}{_why(warnings)}")
    return [str(one) for one in found]


def moment(text: str, context: Mapping[str, Any], host: Host, what: str) -> Any:
    """A date, date and time or text of one; None where FEEL says null without a complaint."""
    warnings: list[Any] = []
    value = evaluate(text, context, host, warnings)
    if value is None and not warnings:
        return None
    if not isinstance(value, (str, date, datetime)):
        raise Failure("EXTRACT_VALUE_ERROR", f"{what} '{text}' geeft {_shown(value)}{_why(warnings)}")
    return value


def mapped(
    mappings: tuple[Any, ...],
    context: Mapping[str, Any],
    host: Host,
    existing: Mapping[str, Any],
    notes: Notes,
) -> dict[str, Any]:
    """The variables that a list of ioMappings yields; a later line sees the earlier ones.

    existing  objects that a dotted target is merged into
    notes     takes why a variable became null
    """
    results: dict[str, Any] = {}
    for mapping in mappings:
        try:
            value = noted(mapping.source, ChainMap(results, dict_of(context)), host, notes, mapping.target)
        except Failure as failure:
            raise Failure("IO_MAPPING_ERROR", failure.message) from failure
        _place(results, mapping.target, value, existing)
    return results


def dict_of(context: Mapping[str, Any]) -> Any:
    """ChainMap wants a mutable mapping by type only; nothing writes to it."""
    return context


def _place(results: dict[str, Any], target: str, value: Any, existing: Mapping[str, Any]) -> None:
    head, *path = target.split(".")
    if not path:
        results[head] = value
        return
    base = results.get(head, existing.get(head))
    top = dict(base) if isinstance(base, dict) else {}
    results[head] = here = top
    for name in path[:-1]:
        below = here.get(name)
        here[name] = dict(below) if isinstance(below, dict) else {}
        here = here[name]
    here[path[-1]] = value


def _shown(value: Any) -> str:
    # its kind, not the value: an incident is read by people who may not see what somebody filled in
    return "null" if value is None else f"een waarde van de soort {feel.kind(value)}"


def _why(warnings: list[Any]) -> str:
    return f" ({'; '.join(str(one) for one in warnings[:3])})" if warnings else ""


def as_text(value: Any) -> str:
    """A FEEL duration or moment as text."""
    return str(feel.to_json(value))
