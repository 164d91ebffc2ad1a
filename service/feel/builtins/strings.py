"""Functions of text. Patterns run in linear time (RE2), so no pattern can hold up the service."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import re2

from service.feel.builtins.table import Table, need
from service.feel.running import MAX_SIZE, OutOfBudget, Scope
from service.feel.values import text as to_text

FUNCTIONS = Table()
_MAX_PATTERN = 1_000


def _pattern(scope: Scope, pattern: Any, flags: Any, subject: str) -> Any:
    need(pattern, str)
    if len(pattern) > _MAX_PATTERN:
        raise ValueError("the pattern is too long")
    if len(subject) > MAX_SIZE:
        raise OutOfBudget("the text is too long to search")
    scope.run.spend(len(subject) // 100 + 1)
    wanted = flags or ""
    if set(wanted) - set("smixq"):
        raise ValueError("flags are s, m, i, x or q")
    if "q" in wanted:
        pattern = re2.escape(pattern)
    if "x" in wanted:
        pattern = "".join(pattern.split())
    options = "".join(flag for flag in "smi" if flag in wanted)
    settings = re2.Options()
    settings.log_errors = False
    settings.max_mem = 8 << 20
    try:
        return re2.compile(f"(?{options}){pattern}" if options else pattern, settings)
    except re2.error as error:
        raise ValueError("the pattern cannot be read") from error


def _matches(scope: Scope, pattern: Any, subject: str) -> Iterator[Any]:
    """Every match, each paid from the budget."""
    for match in pattern.finditer(subject):
        scope.run.spend()
        yield match


@FUNCTIONS.add("substring", "string", "start position", "length")
def substring(_scope: Scope, value: Any, start: Any, length: Any = None) -> Any:
    need(value, str)
    need(start, Decimal)
    position = int(start)
    if position == 0 or abs(position) > len(value) or (length is not None and length < 1):
        raise ValueError("there is no such position")
    begin = position - 1 if position > 0 else len(value) + position
    return value[begin:] if length is None else value[begin : begin + int(length)]


@FUNCTIONS.add("string length", "string")
def string_length(_scope: Scope, value: Any) -> Any:
    need(value, str)
    return len(value)


@FUNCTIONS.add("upper case", "string")
def upper_case(_scope: Scope, value: Any) -> Any:
    need(value, str)
    return value.upper()


@FUNCTIONS.add("lower case", "string")
def lower_case(_scope: Scope, value: Any) -> Any:
    need(value, str)
    return value.lower()


@FUNCTIONS.add("trim", "string")
def trim(_scope: Scope, value: Any) -> Any:
    need(value, str)
    return value.strip()


@FUNCTIONS.add("substring before", "string", "match")
def substring_before(_scope: Scope, value: Any, match: Any) -> Any:
    need(value, str)
    need(match, str)
    return value.partition(match)[0] if match and match in value else ""


@FUNCTIONS.add("substring after", "string", "match")
def substring_after(_scope: Scope, value: Any, match: Any) -> Any:
    need(value, str)
    need(match, str)
    return value.partition(match)[2] if match else value


@FUNCTIONS.add("contains", "string", "match")
def contains(_scope: Scope, value: Any, match: Any) -> Any:
    need(value, str)
    need(match, str)
    return match in value


@FUNCTIONS.add("starts with", "string", "match")
def starts_with(_scope: Scope, value: Any, match: Any) -> Any:
    need(value, str)
    need(match, str)
    return value.startswith(match)


@FUNCTIONS.add("ends with", "string", "match")
def ends_with(_scope: Scope, value: Any, match: Any) -> Any:
    need(value, str)
    need(match, str)
    return value.endswith(match)


@FUNCTIONS.add("matches", "input", "pattern", "flags")
def matches(scope: Scope, value: Any, pattern: Any, flags: Any = None) -> Any:
    need(value, str)
    return bool(_pattern(scope, pattern, flags, value).search(value))


@FUNCTIONS.add("replace", "input", "pattern", "replacement", "flags")
def replace(scope: Scope, value: Any, pattern: Any, replacement: Any, flags: Any = None) -> Any:
    need(value, str)
    need(replacement, str)
    compiled = _pattern(scope, pattern, flags, value)

    def filled(match: Any) -> str:
        scope.run.spend(1 + len(replacement))
        made, at = "", 0
        while at < len(replacement):
            group = replacement[at + 1 : at + 2]
            if replacement[at] == "$" and group.isdigit():
                made += (match.group(int(group)) or "") if int(group) <= compiled.groups else ""
                at += 2
            else:
                made += replacement[at]
                at += 1
        return made

    result = compiled.sub(filled, value)
    if len(result) > MAX_SIZE:
        raise OutOfBudget("the text becomes too long")
    return result


@FUNCTIONS.add("split", "string", "delimiter")
def split(scope: Scope, value: Any, delimiter: Any) -> Any:
    need(value, str)
    parts: list[str] = []
    begin = 0
    for match in _matches(scope, _pattern(scope, delimiter, None, value), value):
        if match.end() > match.start():
            parts.append(value[begin : match.start()])
            begin = match.end()
    return [*parts, value[begin:]]


@FUNCTIONS.add("string join", "list", "delimiter", "prefix", "suffix")
def string_join(_scope: Scope, items: Any, delimiter: Any = "", prefix: Any = "", suffix: Any = "") -> Any:
    need(items, list)
    words = [item for item in items if item is not None]
    for word in words:
        need(word, str)
    return f"{prefix or ''}{(delimiter or '').join(words)}{suffix or ''}"


@FUNCTIONS.add("extract", "string", "pattern")
def extract(scope: Scope, value: Any, pattern: Any) -> Any:
    need(value, str)
    return [match.group() for match in _matches(scope, _pattern(scope, pattern, None, value), value)]


@FUNCTIONS.add("to string", "from")
def to_string(_scope: Scope, value: Any) -> Any:
    return to_text(value)
