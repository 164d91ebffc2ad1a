"""Statements: if, for, some, every, function; and the names of types."""

from __future__ import annotations

from service.feel import nodes as n
from service.feel.operands import Operands

_STOP = frozenset({"then", "else", "and", "or", "return", "satisfies", "in"})


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
        every, at = self.token.text == "every", self.advance()
        iterators = self._iterators()
        self.expect("satisfies")
        return n.Quantified(at, every, iterators, self.expression())

    def _iterators(self) -> tuple[n.Iterator, ...]:
        found: list[n.Iterator] = []
        while True:
            at, words = self.token.at, []
            while self.token.kind == "name":
                words.append(self.token.text)
                self.at += 1
            if not words:
                raise self.fail("a name")
            self.expect("in")
            start = self.expression()
            end = self.expression() if self.accept("..") else None
            name = " ".join(words)
            self.learn(name)
            found.append(n.Iterator(at, name, start, end))
            if not self.accept(","):
                return tuple(found)

    def _function(self) -> n.Node:
        at = self.advance()
        self.expect("(")
        parameters: list[str] = []
        while not self.accept(")"):
            words = []
            while self.token.kind == "name":
                words.append(self.token.text)
                self.at += 1
            if not words:
                raise self.fail("a parameter name")
            parameters.append(" ".join(words))
            self.learn(parameters[-1])
            if self.accept(":"):
                self._type()
            if not self.accept(",") and self.token.text != ")":
                raise self.fail("',' or ')'")
        if self.accept("external"):
            raise self.fail("a function body: external functions are not run")
        return n.Function(at, tuple(parameters), self.expression())

    def _type(self) -> str:
        words: list[str] = []
        depth = 0
        while self.token.kind in {"name", "keyword"} or (
            self.token.text in {"<", ">", ",", ":", "->"} and words
        ):
            if self.token.text == "<":
                depth += 1
            elif self.token.text == ">":
                depth -= 1
            elif depth == 0 and (self.token.text in {",", ":"} or (self.token.text in _STOP and words)):
                break
            words.append(self.token.text)
            self.at += 1
            if depth == 0 and words[-1] == ">":
                break
        if not words:
            raise self.fail("a type")
        return " ".join(words).replace(" <", "<").replace("< ", "<").replace(" >", ">")
