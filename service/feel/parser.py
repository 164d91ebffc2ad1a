"""FEEL tokens to a syntax tree, by precedence climbing. Names with spaces are matched against the known names."""

from __future__ import annotations

from service.feel import nodes as n
from service.feel.reader import phrases
from service.feel.statements import Statements

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
                if self.token.text == "function":
                    return self._function()
            return self._or()
        finally:
            self.depth -= 1

    def _or(self) -> n.Node:
        left = self._and()
        while self.token.kind == "keyword" and self.token.text == "or":
            at = self.advance()
            left = n.Binary(at, "or", left, self._and())
        return left

    def _and(self) -> n.Node:
        left = self._comparison()
        while self.token.kind == "keyword" and self.token.text == "and":
            at = self.advance()
            left = n.Binary(at, "and", left, self._comparison())
        return left

    def _comparison(self) -> n.Node:
        left = self.sum()
        while True:
            at = self.token.at
            if self.token.kind == "op" and self.token.text in _COMPARISONS:
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
        while self.token.kind == "op" and self.token.text in {"+", "-"}:
            operator, at = self.token.text, self.advance()
            left = n.Binary(at, operator, left, self._product())
        return left

    def _product(self) -> n.Node:
        left = self._power()
        while self.token.kind == "op" and self.token.text in {"*", "/"}:
            operator, at = self.token.text, self.advance()
            left = n.Binary(at, operator, left, self._power())
        return left

    def _power(self) -> n.Node:
        left = self._unary()
        while self.token.kind == "op" and self.token.text == "**":
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
        return n.Test(at, operator, self.sum()) if operator else self.expression()

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
        return (n.Test(operator_at, operator, self.sum()),) if operator else (self.sum(),)
