"""Statements: if, for, some, every, function; and the names of types."""

from __future__ import annotations

from service.feel import nodes as n
from service.feel.operands import Operands


class Statements(Operands):
    """Parses what begins with a keyword."""

    def _if(self) -> n.Node:
        at = self.advance()
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return n.If(at, condition, then, self.expression())

    def _for(self) -> n.Node:
        at = self.advance()
        iterators = self._iterators()
        self.expect("return")
        return n.For(at, iterators, self.expression())

    def _quantified(self) -> n.Node:
        every, at = self.token.sign == "every", self.advance()
        iterators = self._iterators()
        self.expect("satisfies")
        return n.Quantified(at, every, iterators, self.expression())

    def _iterators(self) -> tuple[n.Iterator, ...]:
        found: list[n.Iterator] = []
        while True:
            at, name = self.token.at, self._words("a name")
            self.expect("in")
            start = self.expression()
            end = self.expression() if self.accept("..") else None
            self.learn(name)
            found.append(n.Iterator(at, name, start, end))
            if not self.accept(","):
                return tuple(found)

    def _function(self) -> n.Node:
        at = self.advance()
        self.expect("(")
        parameters: list[str] = []
        types: list[n.Type | None] = []
        saved = {first: list(parts) for first, parts in self.known.items()}
        while not self.accept(")"):
            parameters.append(self._words("a parameter name"))
            self.learn(parameters[-1])
            types.append(self.type() if self.accept(":") else None)
            if not self.accept(",") and self.token.sign != ")":
                raise self.fail("',' or ')'")
        if len(set(parameters)) < len(parameters):
            raise self.fail("different parameter names")
        external = self.accept("external")
        body = self.expression()
        self.known = saved
        return n.Function(at, tuple(parameters), tuple(types), None if external else body)

    def _words(self, expected: str) -> str:
        words: list[str] = []
        while self.token.kind == "name":
            words.append(self.token.text)
            self.at += 1
        if not words:
            raise self.fail(expected)
        return " ".join(words)

    def type(self) -> n.Type:
        """A type such as `date`, `list<number>`, `context<a: date>` or `function<number>->string`."""
        self.nest()
        at = self.token.at
        name = next((spelled for words, spelled in _LONG_TYPES if self.ahead(*words)), "")
        if name:
            self.at += len(name.split())
        else:
            name = "function" if self.accept("function") else self._words("a type")
        made = self._brackets(at, name) if self.accept("<") else n.Type(at, name)
        self.depth -= 1
        return made

    def _brackets(self, at: int, name: str) -> n.Type:
        if name == "context":
            return n.Type(at, name, entries=self._type_entries())
        if name not in {"list", "range", "function"}:
            raise self.fail("list, range, context or function before '<'")
        arguments: list[n.Type] = []
        while not self.accept(">"):
            arguments.append(self.type())
            if self.token.sign != ">":
                self.expect(",")
        if name == "function":
            self.expect("->")
            return n.Type(at, name, tuple(arguments), result=self.type())
        if len(arguments) != 1:
            raise self.fail(f"one type in {name}<…>")
        return n.Type(at, name, tuple(arguments))

    def _type_entries(self) -> tuple[tuple[str, n.Type], ...]:
        entries: list[tuple[str, n.Type]] = []
        while not self.accept(">"):
            key = self._words("a name")
            self.expect(":")
            entries.append((key, self.type()))
            if self.token.sign != ">":
                self.expect(",")
        return tuple(entries)


_LONG_TYPES = tuple(
    (tuple(name.split()), name)
    for name in ("days and time duration", "years and months duration", "date and time")
)
