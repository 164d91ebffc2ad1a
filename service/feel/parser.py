"""FEEL tokens to a syntax tree, by precedence climbing. Names with spaces are matched against the known names."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from decimal import Decimal, DecimalException

from service.feel import nodes as n
from service.feel.lexer import Token, place, tokens
from service.feel.values import NUMBERS, FeelSyntaxError

MAX_DEPTH = 60
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
Phrases = dict[str, list[tuple[str, ...]]]


def phrases(names: Iterable[str]) -> Phrases:
    """Names of more than one token by their first token, longest first."""
    found: Phrases = {}
    for name in names:
        if not name.isidentifier():
            parts = tuple(token.text for token in _safe_tokens(name))
            if len(parts) > 1:
                found.setdefault(parts[0], []).append(parts)
    for known in found.values():
        known.sort(key=len, reverse=True)
    return found


def _safe_tokens(name: str) -> list[Token]:
    try:
        return tokens(name)[:-1]
    except FeelSyntaxError:
        return []


class Parser:
    """One parse of one text."""

    def __init__(self, text: str, known: Phrases) -> None:
        self.text = text
        self.known = {first: list(parts) for first, parts in known.items()}
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    # -- tokens -----------------------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def fail(self, expected: str) -> FeelSyntaxError:
        found = f"{self.token.text!r}" if self.token.kind != "end" else "the end"
        line, column = place(self.text, self.token.at)
        return FeelSyntaxError(f"Expected {expected}, but got {found}", line, column, expected)

    def accept(self, *texts: str) -> str:
        """Take the next token when it is one of these operators or keywords; "" otherwise."""
        token = self.token
        if token.kind in {"op", "keyword"} and token.text in texts:
            self.at += 1
            return token.text
        return ""

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.fail(f"'{text}'")

    def ahead(self, *texts: str) -> bool:
        upcoming = self.tokens[self.at : self.at + len(texts)]
        return [token.text for token in upcoming if token.kind != "string"] == list(texts)

    # -- expressions ------------------------------------------------------------------------------------------------

    def whole(self) -> n.Node:
        """One expression and nothing after it."""
        node = self.expression()
        if self.token.kind != "end":
            raise self.fail("an operator or the end")
        return node

    def expression(self) -> n.Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"at most {MAX_DEPTH} levels of nesting")
        try:
            if self.token.kind == "keyword":
                special = {
                    "if": self._if,
                    "for": self._for,
                    "some": self._quantified,
                    "every": self._quantified,
                }
                if self.token.text in special:
                    return special[self.token.text]()
                if self.token.text == "function":
                    return self._function()
            return self._or()
        finally:
            self.depth -= 1

    def _or(self) -> n.Node:
        left = self._and()
        while self.token.kind == "keyword" and self.token.text == "or":
            at = self._advance()
            left = n.Binary(at, "or", left, self._and())
        return left

    def _and(self) -> n.Node:
        left = self._comparison()
        while self.token.kind == "keyword" and self.token.text == "and":
            at = self._advance()
            left = n.Binary(at, "and", left, self._comparison())
        return left

    def _comparison(self) -> n.Node:
        left = self._sum()
        while True:
            at = self.token.at
            if self.token.kind == "op" and self.token.text in _COMPARISONS:
                operator = self.token.text
                self.at += 1
                left = n.Binary(at, operator, left, self._sum())
            elif self.accept("between"):
                low = self._sum()
                self.expect("and")
                left = n.Between(at, left, low, self._sum())
            elif self.accept("in"):
                left = n.In(at, left, self._in_tests())
            elif self.accept("instance"):
                self.expect("of")
                left = n.InstanceOf(at, left, self._type())
            else:
                return left

    def _sum(self) -> n.Node:
        left = self._product()
        while self.token.kind == "op" and self.token.text in {"+", "-"}:
            operator, at = self.token.text, self._advance()
            left = n.Binary(at, operator, left, self._product())
        return left

    def _product(self) -> n.Node:
        left = self._power()
        while self.token.kind == "op" and self.token.text in {"*", "/"}:
            operator, at = self.token.text, self._advance()
            left = n.Binary(at, operator, left, self._power())
        return left

    def _power(self) -> n.Node:
        left = self._unary()
        while self.token.kind == "op" and self.token.text == "**":
            at = self._advance()
            left = n.Binary(at, "**", left, self._unary())
        return left

    def _unary(self) -> n.Node:
        at, signs = self.token.at, 0
        while self.accept("-"):
            signs += 1
        operand = self._postfix()
        for _ in range(signs % 2 if signs else 0):
            operand = n.Negate(at, operand)
        return operand

    def _advance(self) -> int:
        at = self.token.at
        self.at += 1
        return at

    # -- postfix: path, filter, call --------------------------------------------------------------------------------

    def _postfix(self) -> n.Node:
        node = self._primary()
        while True:
            at = self.token.at
            if self.token.text == "." and self.token.kind == "op":
                self.at += 1
                node = n.Path(at, node, self._property())
            elif self.token.text == "[" and self.token.kind == "op" and not self._opens_range_end(node):
                self.at += 1
                condition = self.expression()
                self.expect("]")
                node = n.Filter(at, node, condition)
            elif self.token.text == "(" and self.token.kind == "op":
                node = self._call(node)
            else:
                return node

    def _opens_range_end(self, node: n.Node) -> bool:
        """`[1..10[`: a bracket right after a range's end closes it."""
        following = self.tokens[self.at + 1]
        return isinstance(node, n.Literal | n.At) and (
            following.kind == "end" or following.text in {")", "]", ","}
        )

    def _property(self) -> str:
        if self.token.kind not in {"name", "keyword"}:
            raise self.fail("a name")
        phrase = self._phrase()
        if phrase:
            return phrase
        words = [self.token.text]
        self.at += 1
        while self.token.kind == "name":
            words.append(self.token.text)
            self.at += 1
        return " ".join(words)

    def _call(self, function: n.Node) -> n.Node:
        at = self._advance()
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
        if not words or self.tokens[at].text != ":":
            return ""
        self.at = at + 1
        return " ".join(words)

    # -- primaries --------------------------------------------------------------------------------------------------

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
        phrase = self._phrase()
        if phrase:
            return n.Name(at, phrase)
        name = self.token.text
        self.at += 1
        return n.Name(at, name)

    def _phrase(self) -> str:
        """The longest known name with spaces or signs that stands here, taken; "" when none does."""
        for parts in self.known.get(self.token.text, ()):
            upcoming = self.tokens[self.at : self.at + len(parts)]
            if tuple(token.text for token in upcoming) == parts and all(t.kind != "string" for t in upcoming):
                self.at += len(parts)
                return _spelled(parts)
        return ""

    def _range_list_or_group(self, token: Token) -> n.Node:
        self.at += 1
        if token.text == "[" and self.accept("]"):
            return n.ListOf(token.at, ())
        first = None if self.token.text == ".." else self.expression()
        if self.accept(".."):
            end = None if self.token.text in {")", "]", "["} else self._sum()
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

    def _context(self) -> n.Node:
        at = self._advance()
        entries: list[tuple[str, n.Node]] = []
        saved = {first: list(parts) for first, parts in self.known.items()}
        while not self.accept("}"):
            key = self._key()
            entries.append((key, self.expression()))
            self._learn(key)
            if not self.accept(",") and self.token.text != "}":
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
        while self.token.text != ":" or self.token.kind != "op":
            if self.token.kind == "end" or self.token.text in {"{", "}", "[", "]", ","}:
                raise self.fail("a key and ':'")
            words.append(self.token.text)
            self.at += 1
        self.at += 1
        if not words:
            raise self.fail("a key")
        return _spelled(tuple(words))

    def _learn(self, name: str) -> None:
        for first, parts in phrases([name]).items():
            self.known.setdefault(first, []).extend(parts)
            self.known[first].sort(key=len, reverse=True)

    # -- statements -------------------------------------------------------------------------------------------------

    def _if(self) -> n.Node:
        at = self._advance()
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return n.If(at, condition, then, self.expression())

    def _for(self) -> n.Node:
        at = self._advance()
        iterators = self._iterators()
        self.expect("return")
        return n.For(at, iterators, self.expression())

    def _quantified(self) -> n.Node:
        every, at = self.token.text == "every", self._advance()
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
            self._learn(name)
            found.append(n.Iterator(at, name, start, end))
            if not self.accept(","):
                return tuple(found)

    def _function(self) -> n.Node:
        at = self._advance()
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
            self._learn(parameters[-1])
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

    # -- unary tests ------------------------------------------------------------------------------------------------

    def unary_tests(self) -> n.Node:
        """`-`, `not(…)`, or tests separated by commas."""
        at = self.token.at
        if self.token.text == "-" and self.tokens[self.at + 1].kind == "end":
            self.at += 1
            return n.Tests(at, (), False)
        negated = self.token.text == "not" and self.tokens[self.at + 1].text == "(" and self._closes_at_end()
        if negated:
            self.at += 2
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        if negated:
            self.expect(")")
        if self.token.kind != "end":
            raise self.fail("',' or the end")
        return n.Tests(at, tuple(tests), negated)

    def _closes_at_end(self) -> bool:
        depth = 0
        for index in range(self.at + 1, len(self.tokens)):
            token = self.tokens[index]
            if token.kind == "op":
                depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return self.tokens[index + 1].kind == "end"
        return False

    def _test(self) -> n.Node:
        at = self.token.at
        operator = self.accept("<", "<=", ">", ">=", "=", "!=")
        return n.Test(at, operator, self._sum()) if operator else self.expression()

    def _in_tests(self) -> tuple[n.Node, ...]:
        if self.token.text == "(" and self.token.kind == "op":
            start = self.at
            self.at += 1
            tests = [self._test()]
            while self.accept(","):
                tests.append(self._test())
            if self.accept(")"):
                return tuple(tests)
            self.at = start  # a range such as (1..5]
        operator_at = self.token.at
        operator = self.accept("<", "<=", ">", ">=", "=", "!=")
        return (n.Test(operator_at, operator, self._sum()),) if operator else (self._sum(),)


_STOP = frozenset({"then", "else", "and", "or", "return", "satisfies", "in"})


def _spelled(parts: tuple[str, ...]) -> str:
    """Token texts as one name: words with single spaces, signs as they stand."""
    spelled = parts[0]
    for before, after in itertools.pairwise(parts):
        both_words = (before[-1].isalnum() or before[-1] in "_?'") and (
            after[0].isalnum() or after[0] in "_?"
        )
        spelled += f" {after}" if both_words else after
    return spelled
