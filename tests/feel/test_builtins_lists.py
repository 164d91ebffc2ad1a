"""Functions of lists, at their edges (DMN 1.5, section 10.3.4.4)."""

from __future__ import annotations

import pytest

from tests.feel.table import rows, shown

TABLE = r"""
max([1.234567890123456789012345678901234]) = 1.234567890123456789012345678901234 | true
sum([1.234567890123456789012345678901234, 0]) = 1.234567890123456789012345678901234 | true
count([1, [2, 3]])                                                     | 2
sublist([4, 5, 6], 1, 2)                                               | [4, 5]
sublist([4, 5, 6], -1)                                                 | [6]
sublist([4, 5, 6], -2, 1)                                              | [5]
sublist([4, 5, 6], 0)                                                  | null
append([1], 2, 3)                                                      | [1, 2, 3]
append([1], null)                                                      | [1, null]
concatenate([1, 2], [3], [[4]])                                        | [1, 2, 3, [4]]
concatenate([], [])                                                    | []
insert before([1, 3], 1, 2)                                            | [2, 1, 3]
insert before([1, 3], 0, 2)                                            | null
remove([1, 2, 3], 4)                                                   | null
remove([1], 1)                                                         | []
reverse([])                                                            | []
index of([1, 2, 3, 2], 2)                                              | [2, 4]
index of([1, 2], 5)                                                    | []
index of(["a", 1], "a")                                                | [1]
union([1, 2], [2, 3], [3, 4])                                          | [1, 2, 3, 4]
distinct values([3, 1, 3, 2, 1])                                       | [3, 1, 2]
distinct values([{a: 1}, {a: 1.0}])                                    | [{a: 1}]
distinct values([[1], [1], 1])                                         | [[1], 1]
flatten([[1, 2], [[3]], 4])                                            | [1, 2, 3, 4]
flatten(1)                                                             | [1]
product([2, 3, 4])                                                     | 24
product([])                                                            | null
product(2, 3)                                                          | 6
median(8, 2, 5, 3, 4)                                                  | 4
median([6, 1, 2, 3])                                                   | 2.5
median([])                                                             | null
median([1, null])                                                      | null
stddev([])                                                             | null
stddev(47)                                                             | null
stddev(2, 4, 7, 5) = stddev([2, 4, 7, 5])                              | true
stddev([4, 4, 4])                                                      | 0
mode(6, 3, 9, 6, 6)                                                    | [6]
mode([1, 1.0])                                                         | [1]
mode([null])                                                           | null
mode(null)                                                             | null
mean(1, 2, 3)                                                          | 2
mean([])                                                               | null
mean(1, 2, 2) * 3 = 5                                                  | false
sum(1, 2, 3)                                                           | 6
sum([0.1, 0.2])                                                        | 0.3
sum(null)                                                              | null
max("a", "c", "b")                                                     | "c"
max([@"2027-01-01", @"2027-02-01"])                                    | @"2027-02-01"
min([@"P1D", @"PT1H"])                                                 | @"PT1H"
min([1, null])                                                         | null
max([])                                                                | null
all(true, false)                                                       | false
all([true, "x"])                                                       | null
all([false, "x"])                                                      | false
all([null])                                                            | null
any([null])                                                            | null
any([false, null])                                                     | null
any(true, "x")                                                         | true
sort([3, 1, 2], function(x, y) x < y)                                  | [1, 2, 3]
sort(list: ["b", "a"], precedes: function(x, y) x < y)                 | ["a", "b"]
sort([], function(x, y) x < y)                                         | []
sort([{n: 2, k: 1}, {n: 1, k: 2}, {n: 2, k: 3}], function(a, b) a.n < b.n).k | [2, 1, 3]
list replace([2, 4, 7, 8], 3, 6)                                       | [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)  | [5, 5, 7, 8]
list replace([2, 4], -1, 6)                                            | [2, 6]
list contains([[1], 2], [1])                                           | true
list contains([], 1)                                                   | false
list contains(null, 1)                                                 | null
count([])                                                              | 0
count([null])                                                          | 1
partition([], 2)                                                       | []
"""


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_a_function_of_lists_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)
