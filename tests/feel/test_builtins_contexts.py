"""Functions of contexts, at their edges (DMN 1.5, section 10.3.4.10, and Camunda)."""

from __future__ import annotations

import pytest

from tests.feel.table import rows, shown

TABLE = r"""
get value({a: 1}, "b")                       | null
get value({a: {b: {c: 1}}}, ["a", "b", "c"]) | 1
get value({a: 1}, ["a", "b"])                | null
get value({a: 1}, null)                      | null
get value(null, "a")                         | null
get entries({})                              | []
get entries(null)                            | null
get entries({b: 1, a: 2}).key                | ["b", "a"]
get entries({a: 1, b: 2})[key = "b"].value   | [2]
context([])                                  | {}
context({key: "a", value: 1})                | {a: 1}
context([{key: "a"}])                        | null
context([{key: 1, value: 1}])                | null
context([{key: "a", value: null}])           | {a: null}
context put({a: 1}, "a", 2)                  | {a: 2}
context put({a: 1}, "b", null)               | {a: 1, b: null}
context put({a: 1}, ["b", "c"], 2)           | {a: 1, b: {c: 2}}
context put({x: 1}, [], 2)                   | null
context put(null, "a", 1)                    | null
context put({a: 1}, key: "b", value: 2)      | null
context merge([{a: 1}, {b: 2}])              | {a: 1, b: 2}
context merge([])                            | {}
context merge({a: 1})                        | {a: 1}
context merge(null)                          | null
"""


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_a_function_of_contexts_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)
