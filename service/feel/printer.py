"""A syntax tree as FEEL text again, with as few brackets as its meaning needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.feel import nodes as n
from service.feel.values import number_text

# How tightly an expression holds together; an operand that holds less tightly than its place asks for gets brackets.
_STATEMENT, _OR, _AND, _COMPARISON, _SUM, _PRODUCT, _POWER, _UNARY, _POSTFIX, _ATOM = range(10)
_LEVELS = {"or": _OR, "and": _AND, "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}
Text = tuple[int, str]


def write(node: n.Node) -> str:
    """The canonical text of an expression: parsed again (knowing the same names with spaces), it gives an equal tree."""
    return _text(node)[1]


def _text(node: n.Node) -> Text:
    return _WRITERS[type(node)](node)


def _at_least(level: int, node: n.Node) -> str:
    found, text = _text(node)
    return text if found >= level else f"({text})"


def _joined(nodes: tuple[n.Node, ...]) -> str:
    return ", ".join(write(one) for one in nodes)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _literal(node: n.Literal) -> Text:
    value: Any = node.value
    if value is None or isinstance(value, bool):
        return _ATOM, {None: "null", True: "true", False: "false"}[value]
    return _ATOM, _quoted(value) if isinstance(value, str) else number_text(value)


def _binary(node: n.Binary) -> Text:
    level = _LEVELS.get(node.operator, _COMPARISON)
    left, right = _at_least(level, node.left), _at_least(level + 1, node.right)
    return level, f"{left} {node.operator} {right}"


def _between(node: n.Between) -> Text:
    value, low, high = (
        _at_least(_COMPARISON, node.value),
        _at_least(_SUM, node.low),
        _at_least(_SUM, node.high),
    )
    return _COMPARISON, f"{value} between {low} and {high}"


def _in(node: n.In) -> Text:
    return _COMPARISON, f"{_at_least(_COMPARISON, node.value)} in ({_joined(node.tests)})"


def _test(node: n.Test) -> Text:
    return _STATEMENT, f"{node.operator} {_at_least(_SUM, node.operand)}"


def _tests(node: n.Tests) -> Text:
    if not node.tests:
        return _STATEMENT, "-"
    texts = [write(one) for one in node.tests]
    inside = ", ".join(f"({text})" if text.startswith("not(") else text for text in texts)
    return _STATEMENT, f"not({inside})" if node.negated else inside


def _iterator(node: n.Iterator) -> str:
    return f"{node.name} in {write(node.start)}" + (f"..{write(node.end)}" if node.end else "")


def _iterators(nodes: tuple[n.Iterator, ...]) -> str:
    return ", ".join(_iterator(one) for one in nodes)


def _quantified(node: n.Quantified) -> Text:
    word = "every" if node.every else "some"
    return _STATEMENT, f"{word} {_iterators(node.iterators)} satisfies {write(node.condition)}"


def _call(node: n.Call) -> Text:
    arguments = [write(one) for one in node.arguments]
    if node.names:
        arguments = [f"{name}: {text}" for name, text in zip(node.names, arguments, strict=True)]
    return _POSTFIX, f"{_at_least(_POSTFIX, node.function)}({', '.join(arguments)})"


def _interval(node: n.Interval) -> Text:
    start = write(node.start) if node.start else ""
    end = _at_least(_SUM, node.end) if node.end else ""
    return _ATOM, f"{'[' if node.start_included else '('}{start}..{end}{']' if node.end_included else ')'}"


def _function(node: n.Function) -> Text:
    given = zip(node.parameters, node.types, strict=True)
    parameters = ", ".join(f"{name}: {write(type_)}" if type_ else name for name, type_ in given)
    body = write(node.body) if node.body else "external null"
    return _STATEMENT, f"function({parameters}) {body}"


def _type(node: n.Type) -> Text:
    inside = _joined(node.arguments) or ", ".join(f"{key}: {write(one)}" for key, one in node.entries)
    if node.result:
        return _ATOM, f"{node.name}<{inside}>->{write(node.result)}"
    return _ATOM, f"{node.name}<{inside}>" if inside else node.name


def _context(node: n.Context) -> Text:
    return _ATOM, "{" + ", ".join(f"{_quoted(key)}: {write(value)}" for key, value in node.entries) + "}"


_WRITERS: dict[type[n.Node], Callable[[Any], Text]] = {
    n.Literal: _literal,
    n.At: lambda node: (_ATOM, f"@{_quoted(node.text)}"),
    n.Name: lambda node: (_ATOM, node.name),
    n.Path: lambda node: (_POSTFIX, f"{_at_least(_POSTFIX, node.base)}.{node.name}"),
    n.Filter: lambda node: (_POSTFIX, f"{_at_least(_POSTFIX, node.base)}[{write(node.condition)}]"),
    n.Call: _call,
    n.Binary: _binary,
    n.Negate: lambda node: (_UNARY, f"-{_at_least(_POSTFIX, node.operand)}"),
    n.Between: _between,
    n.In: _in,
    n.Test: _test,
    n.Tests: _tests,
    n.If: lambda node: (
        _STATEMENT,
        f"if {write(node.condition)} then {write(node.then)} else {write(node.otherwise)}",
    ),
    n.For: lambda node: (_STATEMENT, f"for {_iterators(node.iterators)} return {write(node.body)}"),
    n.Quantified: _quantified,
    n.Context: _context,
    n.ListOf: lambda node: (_ATOM, f"[{_joined(node.items)}]"),
    n.Interval: _interval,
    n.Function: _function,
    n.Type: _type,
    n.InstanceOf: lambda node: (
        _COMPARISON,
        f"{_at_least(_COMPARISON, node.value)} instance of {write(node.type)}",
    ),
}
