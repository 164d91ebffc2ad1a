"""Functions of text. Patterns run in linear time (RE2), so no pattern can hold up the service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from service.errors import Unanswered
from service.feel import patterns
from service.feel.builtins.table import Table
from service.feel.running import MAX_SIZE, Scope
from service.feel.values import OutOfBudget
from service.feel.values import text as to_text

FUNCTIONS = Table()


def _pattern(scope: Scope, pattern: str, flags: str | None, subject: str) -> Any:
    if len(subject) > MAX_SIZE:
        raise OutOfBudget("the text is too long to search")
    scope.run.spend(len(subject) // 100 + len(pattern))
    return patterns.compiled(pattern, flags or "")


def _matches(scope: Scope, pattern: Any, subject: str) -> Iterator[Any]:
    """Every match, each paid from the budget."""
    for match in pattern.finditer(subject):
        scope.run.spend()
        yield match


@FUNCTIONS.add("substring", "string: string, start position: number, length?: number")
def substring(_scope: Scope, value: str, start: Decimal, length: Decimal | None = None) -> Any:
    position = int(start)
    if position == 0 or abs(position) > len(value) or (length is not None and length < 1):
        raise Unanswered("there is no such position")
    begin = position - 1 if position > 0 else len(value) + position
    return value[begin:] if length is None else value[begin : begin + int(length)]


@FUNCTIONS.add("string length", "string: string")
def string_length(_scope: Scope, value: str) -> Any:
    return len(value)


@FUNCTIONS.add("upper case", "string: string")
def upper_case(_scope: Scope, value: str) -> Any:
    return value.upper()


@FUNCTIONS.add("lower case", "string: string")
def lower_case(_scope: Scope, value: str) -> Any:
    return value.lower()


@FUNCTIONS.add("trim", "string: string")
def trim(_scope: Scope, value: str) -> Any:
    return value.strip()


@FUNCTIONS.add("substring before", "string: string, match: string")
def substring_before(_scope: Scope, value: str, match: str) -> Any:
    return value.partition(match)[0] if match and match in value else ""


@FUNCTIONS.add("substring after", "string: string, match: string")
def substring_after(_scope: Scope, value: str, match: str) -> Any:
    return value.partition(match)[2] if match else value


@FUNCTIONS.add("contains", "string: string, match: string")
def contains(_scope: Scope, value: str, match: str) -> Any:
    return match in value


@FUNCTIONS.add("starts with", "string: string, match: string")
def starts_with(_scope: Scope, value: str, match: str) -> Any:
    return value.startswith(match)


@FUNCTIONS.add("ends with", "string: string, match: string")
def ends_with(_scope: Scope, value: str, match: str) -> Any:
    return value.endswith(match)


@FUNCTIONS.add("matches", "input: string, pattern: string, flags?: string|null")
def matches(scope: Scope, value: str, pattern: str, flags: str | None = None) -> Any:
    return bool(_pattern(scope, pattern, flags, value).search(value))


@FUNCTIONS.add("replace", "input: string, pattern: string, replacement: string, flags?: string|null")
def replace(scope: Scope, value: str, pattern: str, replacement: str, flags: str | None = None) -> Any:
    compiled = _pattern(scope, pattern, flags, value)
    literal = "q" in (flags or "")
    parts = [replacement] if literal else _replacement(replacement, compiled.groups)
    made: list[str] = []
    at = size = 0
    for match in _matches(scope, compiled, value):
        made += [
            value[at : match.start()],
            *(match.group(one) or "" if isinstance(one, int) else one for one in parts),
        ]
        at = match.end()
        size += sum(map(len, made[-len(parts) - 1 :]))
        if size > MAX_SIZE:
            raise OutOfBudget("the text becomes too long")
    return "".join([*made, value[at:]])


def _replacement(text: str, groups: int) -> list[str | int]:
    r"""A replacement's parts: texts, and the numbers of groups (`$1`); `\$` and `\\` stand for themselves."""
    parts: list[str | int] = []
    at = 0
    while at < len(text):
        sign, following = text[at], text[at + 1 : at + 2]
        if sign == "\\" and following in {"\\", "$"}:
            parts.append(following)
            at += 2
        elif sign == "$" and following.isdigit() and following.isascii():
            end = at + 2
            while text[end : end + 1].isdigit() and int(text[at + 1 : end + 1]) <= groups:
                end += 1
            group = int(text[at + 1 : end])
            parts.append(group if group <= groups else "")
            at = end
        elif sign in {"$", "\\"}:
            raise Unanswered("in a replacement '$' stands before a number, and '\\' before '$' or '\\'")
        else:
            parts.append(sign)
            at += 1
    return parts


@FUNCTIONS.add("split", "string: string, delimiter: string")
def split(scope: Scope, value: str, delimiter: str) -> Any:
    parts: list[str] = []
    begin = 0
    for match in _matches(scope, _pattern(scope, delimiter, None, value), value):
        if match.end() > match.start():
            parts.append(value[begin : match.start()])
            begin = match.end()
    return [*parts, value[begin:]]


@FUNCTIONS.add(
    "string join",
    "list: list, delimiter?: string|null",
    "list: list, delimiter: string|null, prefix: string|null, suffix: string|null",
)
def string_join(
    _scope: Scope,
    items: Sequence[Any],
    delimiter: str | None = None,
    prefix: str | None = None,
    suffix: str | None = None,
) -> Any:
    words = [item for item in items if item is not None]
    if not all(isinstance(word, str) for word in words):
        raise Unanswered("only texts can be joined")
    if sum(map(len, words)) + len(words) * len(delimiter or "") > MAX_SIZE:
        raise OutOfBudget("the text becomes too long")
    return f"{prefix or ''}{(delimiter or '').join(words)}{suffix or ''}"


@FUNCTIONS.add("extract", "string: string, pattern: string")
def extract(scope: Scope, value: str, pattern: str) -> Any:
    return [match.group() for match in _matches(scope, _pattern(scope, pattern, None, value), value)]


@FUNCTIONS.add("to string", "from: any")
def to_string(scope: Scope, value: Any) -> Any:
    return to_text(value, scope.run.spend)
