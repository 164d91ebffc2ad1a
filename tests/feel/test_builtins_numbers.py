"""Functions of numbers, at their edges (DMN 1.5, section 10.3.4.5)."""

from __future__ import annotations

import pytest

from tests.feel.table import rows, shown

TABLE = r"""
modulo(-12, 5)                   | 3
modulo(-12, -5)                  | -2
odd(1e34 + 1)                    | false
decimal(1.115, 2)                | 1.12
decimal(1.125, 2)                | 1.12
round half up(1.115, 2)          | 1.12
ceiling(-1.56, 1)                | -1.5
floor(null)                      | null
decimal(1)                       | null
floor(1e33 + 0.5)                | 1e33
modulo(12, 5)                    | 2
modulo(12, -5)                   | -3
modulo(-10.1, -4.5)              | -1.1
modulo(5, null)                  | null
decimal(-1.125, 2)               | -1.12
decimal(1.135, 2)                | 1.14
decimal("1", 0)                  | null
round half up(5.5, 0)            | 6
round half up(-5.5, 0)           | -6
round half up(-1.126, 2)         | -1.13
round half down(5.5, 0)          | 5
round half down(-5.5, 0)         | -5
round half down(1.126, 2)        | 1.13
round up(5.1, 0)                 | 6
round up(-1.121, 2)              | -1.13
round up(120, -2)                | 200
round down(-5.9, 0)              | -5
round down(199, -2)              | 100
round half up(1.5)               | null
round half up(n: 1.25, scale: 1) | 1.3
floor(1.5)                       | 1
ceiling(-1.5)                    | -1
ceiling(1.21, 1)                 | 1.3
abs(10)                          | 10
abs(@"-P1Y")                     | @"P1Y"
abs(@"2027-01-01")               | null
sqrt(2) * sqrt(2) < 2.0000000001 | true
sqrt("4")                        | null
exp(0)                           | 1
log(1)                           | 0
exp(null)                        | null
odd(0)                           | false
odd(-3)                          | true
even(0)                          | true
even(2.5)                        | false
odd("1")                         | null
"""


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_a_function_of_numbers_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)
