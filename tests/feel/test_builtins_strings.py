"""Functions of text, at their edges (DMN 1.5, section 10.3.4.3)."""

from __future__ import annotations

import pytest

from tests.feel.table import rows, shown

TABLE = r"""
substring("foobar", 3, 3)                  | "oba"
substring("foobar", -2, 1)                 | "a"
substring("foobar", -6)                    | "foobar"
substring("foobar", 5, 10)                 | "ar"
substring("foobar", -7)                    | null
string length("")                          | 0
string length("\U01F600")                  | 1
upper case("straße")                       | "STRASSE"
lower case("ÉÉN")                          | "één"
substring before("foobar", "")             | ""
substring before("foobar", "foo")          | ""
substring after("", "a")                   | ""
substring after("foobar", "bar")           | ""
contains("foobar", null)                   | null
starts with("foobar", "fo")                | true
starts with("foobar", "")                  | true
ends with("foobar", "r")                   | true
matches("foobar", "^fo*b")                 | true
matches("foobar", "^Fo*B", "i")            | true
matches("a\nb", "^b$", "m")                | true
matches("a\nb", "^b$")                     | false
matches("foobar", "")                      | true
matches("foobar", null)                    | null
matches("a.b", "a.b", "q")                 | true
matches("axb", "a.b", "q")                 | false
matches("foo", "foo", null)                | true
replace("abracadabra", "bra", "*")         | "a*cada*"
replace("abracadabra", "a.*a", "*")        | "*"
replace("abracadabra", "a.*?a", "*")       | "*c*bra"
replace("abracadabra", "a(.)", "a$1$1")    | "abbraccaddabbra"
replace("AAAA", "A+?", "b")                | "bbbb"
replace("darted", "^(.*?)d(.*)$", "$1c$2") | "carted"
replace("Abc", "[a-z]", "#", "i")          | "###"
replace("abc", "x", null)                  | null
replace("abc", "b", "$0$0")                | "abbc"
replace("a\\b", "\\\\", "/")               | "a/b"
split("John Doe", "\\s")                   | ["John", "Doe"]
split("a1b22c", "[0-9]+")                  | ["a", "b", "c"]
split("", ";")                             | [""]
split(";a", ";")                           | ["", "a"]
split("abc", null)                         | null
string join(["a", "b", "c"], "_and_")      | "a_and_b_and_c"
string join(["a", "b", "c"], "")           | "abc"
string join(["a", "b", "c"])               | "abc"
string join(["a", "b", "c"], null)         | "abc"
string join(["a"], "X")                    | "a"
string join(["a", null, "c"], "X")         | "aXc"
string join([], "X")                       | ""
string join("a", "X")                      | "a"
string join(["a", 1], "X")                 | null
extract("a1b22", "[0-9]+")                 | ["1", "22"]
extract("abc", "x")                        | []
trim("\ta \n")                             | "a"
"""


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_a_function_of_text_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)
