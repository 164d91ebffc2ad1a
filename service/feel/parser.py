"""FEEL tokens to a syntax tree, by precedence climbing. Names with spaces are matched against the known names."""

from __future__ import annotations

from service.feel import nodes as n
from service.feel.reader import phrases
from service.feel.statements import Statements
from service.feel.values import FeelSyntaxError

__all__ = ["Parser", "phrases"]

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Parser(Statements):
    """Parses whole expressions, operators by their precedence, and unary tests."""

    def whole(self) -> n.Node:
        """One expression and nothing after it."""
        node = self.expression()
        if self.token.kind != "end":
            raise self.fail("an operator or the end")
        return node

    def expression(self) -> n.Node:
        self.nest()
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
                if self.token.sign == "function":
                    return self._function()
            return self._or()
        finally:
            self.depth -= 1

    def _or(self) -> n.Node:
        left = self._and()
        while self.token.sign == "or":
            at = self.advance()
            left = n.Binary(at, "or", left, self._and())
        return left

    def _and(self) -> n.Node:
        left = self._comparison()
        while self.token.sign == "and":
            at = self.advance()
            left = n.Binary(at, "and", left, self._comparison())
        return left

    def _comparison(self) -> n.Node:
        left = self.sum()
        while True:
            at = self.token.at
            if self.token.sign in _COMPARISONS:
                operator = self.token.text
                self.at += 1
                left = n.Binary(at, operator, left, self.sum())
            elif self.accept("between"):
                low = self.sum()
                self.expect("and")
                left = n.Between(at, left, low, self.sum())
            elif self.accept("in"):
                left = n.In(at, left, self._in_tests())
            elif self.accept("instance"):
                self.expect("of")
                left = n.InstanceOf(at, left, self.type())
            else:
                return left

    def sum(self) -> n.Node:
        left = self._product()
        while self.token.sign in {"+", "-"}:
            operator, at = self.token.text, self.advance()
            left = n.Binary(at, operator, left, self._product())
        return left

    def _product(self) -> n.Node:
        left = self._power()
        while self.token.sign in {"*", "/"}:
            operator, at = self.token.text, self.advance()
            left = n.Binary(at, operator, left, self._power())
        return left

    def _power(self) -> n.Node:
        left = self._unary()
        while self.token.sign == "**":
            at = self.advance()
            left = n.Binary(at, "**", left, self._unary())
        return left

    def _unary(self) -> n.Node:
        at, signs = self.token.at, 0
        while self.accept("-"):
            signs += 1
        operand = self.postfix()
        for _ in range(signs % 2 if signs else 0):
            operand = n.Negate(at, operand)
        return operand

    def unary_tests(self) -> n.Node:
        """`-`, `not(…)`, or tests separated by commas."""
        at = self.token.at
        if self.token.sign == "-" and self.tokens[self.at + 1].kind == "end":
            self.at += 1
            return n.Tests(at, (), False)
        if self.token.kind == "name" and self.token.text == "not" and self.tokens[self.at + 1].sign == "(":
            return self._negated(at)
        return n.Tests(at, self._whole_list(), False)

    def _negated(self, at: int) -> n.Node:
        """`not(…)` around all tests; a cell such as `not(x) and y` is one test that begins like it."""
        start, depth = self.at, self.depth
        try:
            self.at += 2
            tests = self._list()
            self.expect(")")
            if self.token.kind == "end":
                return n.Tests(at, tests, True)
            refusal = self.fail("the end")
        except FeelSyntaxError as error:
            refusal = error
        self.at, self.depth = start, depth
        try:
            return n.Tests(at, self._whole_list(), False)
        except FeelSyntaxError:
            raise refusal from None

    def _whole_list(self) -> tuple[n.Node, ...]:
        tests = self._list()
        if self.token.kind != "end":
            raise self.fail("',' or the end")
        return tests

    def _list(self) -> tuple[n.Node, ...]:
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        return tuple(tests)

    def _test(self) -> n.Node:
        at = self.token.at
        operator = self.accept("<", "<=", ">", ">=", "=", "!=")
        return n.Test(at, operator, self.sum()) if operator else self.expression()

    def _in_tests(self) -> tuple[n.Node, ...]:
        if self.token.sign == "(":
            start = self.at
            self.at += 1
            tests = self._list()
            if self.accept(")"):
                return tests
            self.at = start  # a range such as (1..5]
        operator_at = self.token.at
        operator = self.accept("<", "<=", ">", ">=", "=", "!=")
        return (n.Test(operator_at, operator, self.sum()),) if operator else (self.sum(),)
