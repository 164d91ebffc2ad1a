"""The syntax tree of FEEL: frozen nodes, made by the parser, run by the evaluator."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any expression; `at` is its offset in the text, and no part of what it means."""

    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    value: Any


@dataclass(frozen=True, slots=True)
class At(Node):
    text: str  # @"2027-03-14"


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]  # of named arguments; empty when positional


@dataclass(frozen=True, slots=True)
class Binary(Node):
    operator: str  # + - * / ** = != < <= > >= and or
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Test(Node):
    """A unary test `< 5`; the value on its left is `?`."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """A list of unary tests: one must hold, or with `negated` none may; empty means `-`."""

    tests: tuple[Node, ...]
    negated: bool


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    name: str
    start: Node
    end: Node | None  # a range `1..n` when set


@dataclass(frozen=True, slots=True)
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Context(Node):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Interval(Node):
    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class Type(Node):
    """A type's name with what stands between its brackets: `list<number>`, `context<a: date>`."""

    name: str
    arguments: tuple[Type, ...] = ()  # of list, range and function
    entries: tuple[tuple[str, Type], ...] = ()  # of context
    result: Type | None = None  # of function


@dataclass(frozen=True, slots=True)
class Function(Node):
    """`function(a, b: number) body`; without a body it is external, and is never run."""

    parameters: tuple[str, ...]
    types: tuple[Type | None, ...]
    body: Node | None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: Node
    type: Type


def children(node: Node) -> list[Node]:
    """The nodes directly below a node."""
    found: list[Node] = []
    for part in fields(node):
        value = getattr(node, part.name)  # a field that the node class itself declares
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            found += [one for one in value if isinstance(one, Node)]
            found += [one[1] for one in value if isinstance(one, tuple)]
    return found


def taller(node: Node, most: int) -> bool:
    """Whether more than so many nodes stand below one another; found without recursion."""
    layer = [node]
    for _ in range(most):
        layer = [child for one in layer for child in children(one)]
        if not layer:
            return False
    return True


def reads(node: Node, bound: frozenset[str] = frozenset()) -> frozenset[str]:
    """Names that an expression takes from its context: free names, without those it binds itself."""
    if isinstance(node, Name):
        return frozenset() if node.name in bound else frozenset({node.name})
    if isinstance(node, For | Quantified):
        return _loop_reads(node, bound)
    if isinstance(node, Context):
        return _context_reads(node, bound)
    if isinstance(node, Function):
        return reads(node.body, bound | set(node.parameters)) if node.body else frozenset()
    if isinstance(node, Filter):
        return reads(node.base, bound) | reads(node.condition, bound | {"item"})
    return frozenset().union(*(reads(child, bound) for child in children(node)))


def _loop_reads(node: For | Quantified, bound: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for iterator in node.iterators:
        found |= reads(iterator.start, bound) | (reads(iterator.end, bound) if iterator.end else frozenset())
        bound = bound | {iterator.name, "partial"}
    return frozenset(found | reads(node.body if isinstance(node, For) else node.condition, bound))


def _context_reads(node: Context, bound: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for key, value in node.entries:
        found |= reads(value, bound)
        bound = bound | {key}
    return frozenset(found)
