"""The language of FEEL at its edges, and the cells of decision tables (DMN 1.5, sections 10.3.1 and 10.3.2)."""

from __future__ import annotations

import pytest

from service import feel
from tests.feel.table import rows, shown

TABLE = r"""
2 ** -1                                          | 0.5
(-8) ** (1/3)                                    | null
1 + null                                         | null
null + null                                      | null
"a" + 1                                          | null
"a" - "a"                                        | null
1 between 1 and null                             | null
if "a" then 1 else 2                             | 2
null[1]                                          | null
for x in [], y in [1] return x                   | []
for x in [1, 2], y in x..2 return [x, y]         | [[1, 1], [1, 2], [2, 2]]
for x in null return x                           | []
some x in [] satisfies true                      | false
every x in [] satisfies false                    | true
[1..5] = [1..5]                                  | true
[1..5] = [1..5)                                  | false
(1..5] = ]1..5]                                  | true
5 in > 3                                         | true
null in > 3                                      | null
{f: function(x) function(y) x + y, r: f(1)(2)}.r | 3
{f: function(x) x(2), r: f(function(y) y * 3)}.r | 6
--1                                              | 1
2 - -1                                           | 3
1e3                                              | 1000
.5                                               | 0.5
1 in (2, 3)                                      | false
1 in 1                                           | true
1 in [2, 1]                                      | true
true and "x"                                     | null
false and "x"                                    | false
"x" or true                                      | true
[1, 2, 3][-3]                                    | 1
[1, 2, 3][0]                                     | null
[1, 2, 3][item > 5]                              | []
[{a: 1}, {a: 2}][a = 2]                          | [{a: 2}]
[{a: 1}, {b: 2}][a = 1]                          | [{a: 1}]
[{x: {y: 1}}, {x: {y: 2}}].x.y                   | [1, 2]
{a: [1, 2]}.a[2]                                 | 2
{a: {b: [{c: 1}]}}.a.b.c                         | [1]
[1, 2] + 1                                       | null
{} = {}                                          | true
[] = []                                          | true
[] = null                                        | false
[1, null] = [1, null]                            | true
1 instance of string                             | false
@"P1D" instance of days and time duration        | true
@"P1M" instance of years and months duration     | true
@"2027-01-01T00:00:00" instance of date          | false
[1, null] instance of list<number>               | true
1 instance of Any                                | true
"a" < "B"                                        | false
0.1 + 0.2                                        | 0.3
1 / 3 * 3                                        | 0.9999999999999999999999999999999999
4 / 2 * 2                                        | 4
2 + 3 * 4 ** 2                                   | 50
1.000 = 1                                        | true
"é" = "é"                                        | true
string length("\u0041\t\"\\")                    | 4
{aantal dagen: 3, rest: aantal dagen - 1}.rest   | 2
{"a": 1}.a                                       | 1
{a: 1, b: {c: a + 1}}.b.c                        | 2
{b: a, a: 1}.b                                   | null
if null then 1 else 2                            | 2
if 1 > 2 then 1 else if 2 > 1 then 3 else 4      | 3
for x in [1, 2] return for y in [3] return x + y | [[4], [5]]
"""

#: Cell, the value that is tested, and the answer.
CELLS = """
-                                            | 5              | true
< 5                                          | 4              | true
< 5                                          | "a"            | null
< 5, > 10                                    | 11             | true
[1..3], 7                                    | 7              | true
(1..3)                                       | 3              | false
]1..3[                                       | 1              | false
not(1, 2)                                    | 3              | true
not(1, 2)                                    | 2              | false
not(< 5)                                     | 4              | false
not([1..3])                                  | 3              | false
? > 3                                        | 4              | true
? > 3 and ? < 5                              | 4              | true
null                                         | null           | true
null                                         | 1              | false
not(null)                                    | 1              | true
"a", "b"                                     | "b"            | true
"a"                                          | null           | false
true                                         | true           | true
true                                         | false          | false
list contains(?, 1)                          | [1, 2]         | true
contains(?, "x")                             | "axb"          | true
< date("2027-01-01")                         | @"2026-12-31"  | true
[@"2027-01-01"..@"2027-12-31"]               | @"2027-06-01"  | true
@"P1D"                                       | @"PT24H"       | true
> @"P1Y"                                     | @"P13M"        | true
[1, 2]                                       | 2              | true
[1, 2]                                       | [1, 2]         | true
["a", "b"]                                   | "c"            | false
!= 3                                         | 4              | true
= 3                                          | 3              | true
< 5                                          | null           | null
-5                                           | -5             | true
< -5                                         | -6             | true
1 + 2                                        | 3              | true
if true then 3 else 4                        | 3              | true
starts with(?, "a") and ends with(?, "z")    | "az"           | true
? in [1..3]                                  | 2              | true
some x in ? satisfies x > 2                  | [1, 3]         | true
count(?) > 1                                 | [1, 2]         | true
not(contains(?, "a"))                        | "bcd"          | true
? = null                                     | null           | true
(> 5)                                        | 6              | true
"""


def _cells() -> list[tuple[str, str, str]]:
    return [(test, *(one.strip() for one in rest.split(" | "))) for test, rest in rows(CELLS)]  # type: ignore[misc]  # three columns


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_an_expression_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)


@pytest.mark.parametrize(("test", "value", "expected"), _cells())
def test_a_cell_takes_a_value_or_not(test: str, value: str, expected: str) -> None:
    found = feel.unary_tests(test, feel.evaluate(value, {}), {}, warnings=[])
    assert found is feel.evaluate(expected, {})
