"""Operands: literals, names, brackets, contexts, and what stands behind them: paths, filters, calls."""

from __future__ import annotations

from decimal import Decimal, DecimalException

from service.feel import nodes as n
from service.feel.lexer import Token
from service.feel.reader import Reader, spelled
from service.feel.values import NUMBERS


class Operands(Reader):
    """Parses what operators work on."""

    def postfix(self) -> n.Node:
        node = self._primary()
        while True:
            at = self.token.at
            if self.token.sign == ".":
                self.at += 1
                node = n.Path(at, node, self._property())
            elif self.token.sign == "[" and not self._opens_range_end(node):
                self.at += 1
                condition = self.expression()
                self.expect("]")
                node = n.Filter(at, node, condition)
            elif self.token.sign == "(":
                node = self._call(node)
            else:
                return node

    def _opens_range_end(self, node: n.Node) -> bool:
        """`[1..10[`: a bracket right after a range's end closes it."""
        following = self.tokens[self.at + 1]
        return isinstance(node, n.Literal | n.At) and (
            following.kind == "end" or following.sign in {")", "]", ","}
        )

    def _property(self) -> str:
        if self.token.kind not in {"name", "keyword"}:
            raise self.fail("a name")
        phrase = self.phrase()
        if phrase:
            return phrase
        words = [self.token.text]
        self.at += 1
        while self.token.kind == "name":
            words.append(self.token.text)
            self.at += 1
        return " ".join(words)

    def _call(self, function: n.Node) -> n.Node:
        at = self.advance()
        if self.accept(")"):
            return n.Call(at, function, (), ())
        names: list[str] = []
        arguments: list[n.Node] = []
        while True:
            name = self._argument_name()
            if name:
                names.append(name)
            elif names:
                raise self.fail("a named argument")
            arguments.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")")
        return n.Call(at, function, tuple(arguments), tuple(names))

    def _argument_name(self) -> str:
        at, words = self.at, []
        while self.tokens[at].kind in {"name", "keyword"}:
            words.append(self.tokens[at].text)
            at += 1
        if not words or self.tokens[at].sign != ":":
            return ""
        self.at = at + 1
        return " ".join(words)

    def _primary(self) -> n.Node:
        token = self.token
        if token.kind == "number":
            return n.Literal(token.at, self._number())
        if token.kind == "string":
            self.at += 1
            return n.Literal(token.at, token.text)
        if token.kind == "name":
            return self._name()
        if token.kind == "keyword" and token.text in {"true", "false", "null"}:
            self.at += 1
            return n.Literal(token.at, {"true": True, "false": False, "null": None}[token.text])
        if token.kind == "op":
            return self._bracketed(token)
        raise self.fail("a value")

    def _number(self) -> Decimal:
        try:
            value = NUMBERS.create_decimal(self.token.text)
        except DecimalException as error:
            raise self.fail("a number below 1e6145") from error
        self.at += 1
        return value

    def _bracketed(self, token: Token) -> n.Node:
        if token.text == "@":
            self.at += 1
            if self.token.kind != "string":
                raise self.fail("a string after '@'")
            literal = n.At(token.at, self.token.text)
            self.at += 1
            return literal
        if token.text == "{":
            return self._context()
        if token.text in {"[", "]", "("}:
            return self._range_list_or_group(token)
        raise self.fail("a value")

    def _name(self) -> n.Node:
        at = self.token.at
        phrase = self.phrase()
        if phrase:
            return n.Name(at, phrase)
        name = self.token.text
        self.at += 1
        return n.Name(at, name)

    def _range_list_or_group(self, token: Token) -> n.Node:
        self.at += 1
        if token.text == "[" and self.accept("]"):
            return n.ListOf(token.at, ())
        operator = self.accept("<", "<=", ">", ">=") if token.text == "(" else ""
        if operator:
            return self._half_line(token.at, operator)
        first = None if self.token.sign == ".." else self.expression()
        if self.accept(".."):
            end = None if self._closes() else self.sum()
            closing = self.accept(")", "]", "[")
            if not closing:
                raise self.fail("')', ']' or '['")
            return n.Interval(token.at, first, end, token.text == "[", closing == "]")
        if first is None or token.text == "]":
            raise self.fail("'..'")
        if token.text == "(":
            self.expect(")")
            return first
        items = [first]
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return n.ListOf(token.at, tuple(items))

    def _closes(self) -> bool:
        """Whether a range ends here: `)`, `]`, or `[` with nothing behind it that a list could hold."""
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        closed = following.kind == "end" or following.sign in {")", "]", ","}
        alone = self.token.sign == "[" and closed and following.sign != "]"
        return self.token.sign in {")", "]"} or alone

    def _half_line(self, at: int, operator: str) -> n.Node:
        """`(> 5)`: all values on one side of a point."""
        end = self.sum()
        self.expect(")")
        if operator.startswith("<"):
            return n.Interval(at, None, end, False, operator == "<=")
        return n.Interval(at, end, None, operator == ">=", False)

    def _context(self) -> n.Node:
        at = self.advance()
        entries: list[tuple[str, n.Node]] = []
        saved = {first: list(parts) for first, parts in self.known.items()}
        while not self.accept("}"):
            key = self._key()
            entries.append((key, self.expression()))
            self.learn(key)
            if not self.accept(",") and self.token.sign != "}":
                raise self.fail("',' or '}'")
        self.known = saved
        if len({key for key, _ in entries}) < len(entries):
            raise self.fail("different keys in a context")
        return n.Context(at, tuple(entries))

    def _key(self) -> str:
        if self.token.kind == "string":
            key = self.token.text
            self.at += 1
            self.expect(":")
            return key
        words: list[str] = []
        while self.token.sign != ":":
            if self.token.kind == "end" or self.token.sign in {"{", "}", "[", "]", ","}:
                raise self.fail("a key and ':'")
            words.append(self.token.text)
            self.at += 1
        self.at += 1
        if not words:
            raise self.fail("a key")
        return spelled(tuple(words))
