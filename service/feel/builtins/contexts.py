"""Functions of contexts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.errors import Unanswered
from service.feel.builtins.table import Table
from service.feel.running import Scope
from service.feel.values import number

FUNCTIONS = Table()


@FUNCTIONS.add("get value", "context: context, key: string", "context: context, keys: list")
def get_value(_scope: Scope, source: Any, key: Any) -> Any:
    if key == []:
        return None
    for one in key if isinstance(key, list) else [key]:
        if not isinstance(source, Mapping):
            return None
        source = source.get(one)
    return source


@FUNCTIONS.add("get entries", "m: context", "context: context")
def get_entries(_scope: Scope, source: Mapping[str, Any]) -> Any:
    return [{"key": key, "value": value} for key, value in source.items()]


@FUNCTIONS.add("context", "entries: list")
def context(_scope: Scope, entries: Sequence[Any]) -> Any:
    made: dict[str, Any] = {}
    for entry in entries:
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            raise Unanswered("every entry has a text as its key, each another one")
        made[key] = entry["value"]
    return made


@FUNCTIONS.add(
    "context put", "context: context, key: string, value: any", "context: context, keys: list, value: any"
)
def context_put(_scope: Scope, source: Mapping[str, Any], key: Any, value: Any) -> Any:
    if isinstance(key, str):
        return {**source, key: value}
    if not key or not all(isinstance(one, str) for one in key):
        raise Unanswered("the keys are texts")
    return _put(source, list(key), value)


def _put(source: Any, keys: list[str], value: Any) -> dict[str, Any]:
    if source is not None and not isinstance(source, Mapping):
        raise Unanswered("only a context has keys")
    head, *rest = keys
    inner = _put((source or {}).get(head), rest, value) if rest else value
    return {**(source or {}), head: inner}


@FUNCTIONS.add("context merge", "contexts: list", "contexts: context...")
def context_merge(_scope: Scope, *contexts: Any) -> Any:
    merged: dict[str, Any] = {}
    for one in contexts[0] if isinstance(contexts[0], list | tuple) else contexts:
        if not isinstance(number(one), Mapping):
            raise Unanswered("only contexts can be merged")
        merged.update(one)
    return merged
