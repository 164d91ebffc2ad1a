"""Functions of contexts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.feel.builtins.table import Table, need
from service.feel.running import Scope

FUNCTIONS = Table()


@FUNCTIONS.add("get value", "context", "key")
def get_value(_scope: Scope, source: Any, key: Any) -> Any:
    need(source, Mapping)
    if isinstance(key, list):
        for one in key:
            need(source, Mapping)
            source = source.get(one)
        return source
    need(key, str)
    return source.get(key)


@FUNCTIONS.add("get entries", "context")
def get_entries(_scope: Scope, source: Any) -> Any:
    need(source, Mapping)
    return [{"key": key, "value": value} for key, value in source.items()]


@FUNCTIONS.add("context", "entries")
def context(_scope: Scope, entries: Any) -> Any:
    made: dict[str, Any] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        need(entry["key"], str)
        if entry["key"] in made:
            raise ValueError("a key is there twice")
        made[entry["key"]] = entry["value"]
    return made


@FUNCTIONS.add("context put", "context", "key", "value")
def context_put(_scope: Scope, source: Any, key: Any, value: Any) -> Any:
    need(source, Mapping)
    if isinstance(key, list):
        head, *rest = key
        inner = context_put(_scope, source.get(head) or {}, rest, value) if rest else value
        return {**source, head: inner}
    need(key, str)
    return {**source, key: value}


@FUNCTIONS.add("context merge", "contexts")
def context_merge(_scope: Scope, *contexts: Any) -> Any:
    many = contexts[0] if len(contexts) == 1 and isinstance(contexts[0], list) else contexts
    merged: dict[str, Any] = {}
    for one in many:
        need(one, Mapping)
        merged.update(one)
    return merged
