"""Where FEEL's functions and operators have no answer, or one that surprises: DMN 1.5, chapter 10.3."""

from __future__ import annotations

import pytest

from service import feel

NOTHING = """
abs()                                             | its arguments are: n
abs(1, 2)                                         | its arguments are: n
abs(x: 1)                                         | there is no parameter x
abs("x")                                          | 'n' takes
floor(1.5, null)                                  | 'scale' takes number, not null
upper case(null)                                  | 'string' takes string, not null
upper case(["a", "b"])                            | 'string' takes string, not list
substring("abc", 0)                               | no such position
substring("abc", 4)                               | no such position
substring("abc", 1, 0)                            | no such position
matches("a", "[a")                                | class of characters
matches("a", "(a)\\1")                            | no escape
matches("a", "a{2")                               | how often
matches("a", "a", "y")                            | flags
matches("a", "\\p{Isnergens}")                    | no block
replace("a", "a", "$")                            | in a replacement
number("1,5")                                     | no number
number("1.0.0")                                   | no number
number("1", ".", ".")                             | the same
date("2027-1-1")                                  | no date
date("02027-01-01")                               | no date
date("10000-01-01")                               | no date of the years 1 to 9999
date(2027, 2, 29)                                 | no such date
time("24:00:00")                                  | no time
time("10:00:00@Nergens/Bestaat")                  | no time
date and time("2027-01-01T25:00:00")              | no date and time
duration("P1Y1D")                                 | weeks are written in days
duration("P1M1DT1H")                              | weeks are written in days
@"gisteren"                                       | no date, time or duration
sqrt(-1)                                          | from 0 up
log(0)                                            | above 0
modulo(1, 0)                                      | divided by 0
1 / 0                                             | has no result
0 ** -1                                           | has no result
decimal(1, 6177)                                  | the scale is from
round up(5.5, -6112)                              | the scale is from
sum(["a", "b"])                                   | add up
sum([1, null])                                    | add up
mean([1, "a"])                                    | only numbers
min([1, "a"])                                     | cannot be compared
sort([1, "a"])                                    | cannot be compared
count(null)                                       | 'list' takes list, not null
sublist([1, 2], 3)                                | no such position
sublist([1, 2], 1, 3)                             | no such position
remove([1], 0)                                    | no such position
insert before([1], 3, 2)                          | no such position
list replace([1], function(a, b) a, 2)            | must answer true or false
list replace([1], 2, 0)                           | no such position
context([{key: "a", value: 1}, {key: "a", value: 2}]) | each another one
context put({a: 1}, ["a", "b"], 2)                | only a context has keys
context merge([1])                                | only contexts
range("[1..a]")                                   | between constants
range("[1..\\"a\\"]")                             | no ends of one range
[1.."a"]                                          | no ends of one range
before(1, "a")                                    | cannot be compared
now()                                             | no clock
[1, 2][3]                                         | no position 3
{a: 1}.b                                          | no 'b' in it
null.a                                            | null has no 'a'
date("2027-01-01").hour                           | date has no 'hour'
"a"(1)                                            | no function
(function(a) external {java: {}})(1)              | external functions are not run
(function(a: number) a)("x")                      | number was expected, not string
(function(a) a)(1, 2)                             | 1 arguments were expected
for x in "a".."b" return x                        | only numbers, and dates
every x in 1.."b" satisfies x                     | only numbers, and dates
1 between "a" and 2                               | does not lie between
1 < "a"                                           | cannot compare
true < false                                      | cannot compare
1 = "1"                                           | compares number with string
"a" and true                                      | string is not true or false
-"a"                                              | string has no negative
@"P1Y" + @"P1D"                                   | has no result
@"P1D" * @"P1D"                                   | has no result
time("10:00:00Z") - time("10:00:00")              | has no result
1 instance of onbekend                            | no type that is known here
"""

ANSWERS = r"""
[1] = 1                                           | null
[1, 2] = [1, 2]                                   | true
[1] = ["1"]                                       | false
{a: 1, b: 2} = {b: 2, a: 1}                       | true
{a: 1} = {a: 1, b: null}                          | false
1 = 1.00                                          | true
@"P1Y" = @"P12M"                                  | true
@"PT24H" = @"P1D"                                 | true
@"10:00:00+01:00" = @"09:00:00Z"                  | true
@"10:00:00@Europe/Amsterdam" = @"09:00:00Z"       | true
@"10:00:00" = @"10:00:00Z"                        | false
@"2027-07-01T10:00:00@Europe/Amsterdam" = @"2027-07-01T08:00:00Z" | true
is(@"10:00:00@Etc/GMT", @"10:00:00Z")             | false
is(1, "1")                                        | false
is(value1: @"2027-01-01")                         | false
null != 1                                         | true
(1) in ([1..2], 5)                                | true
[1, 2] in [[1, 2], [3]]                           | true
1 in [[1], 2]                                     | true
"b" in ["a".."c"]                                 | true
null in (null)                                    | true
-2 ** 2                                           | 4
2 ** 3 ** 2                                       | 64
0 ** 0                                            | 1
10 - 2 - 3                                        | 5
decimal(-2.5, 0)                                  | -2
round half up(-2.5, 0)                            | -3
round half down(-2.5, 0)                          | -2
round up(-1.1, 0)                                 | -2
round up(5.5, 6176)                               | 5.5
floor(-1.56, 1)                                   | -1.6
decimal(125, -1)                                  | 120
modulo(10.1, 4.5)                                 | 1.1
modulo(-10.1, 4.5)                                | 3.4
modulo(10.1, -4.5)                                | -3.4
odd(5.5)                                          | false
even(-2)                                          | true
"\U01F40E" = "\uD83D\uDC0E"                       | true
string length("\U01F40Eab")                       | 3
substring("\U01F40Eab", 2)                        | "ab"
substring after("abc", "")                        | "abc"
substring before("abc", "x")                      | ""
substring after("abc", "x")                       | ""
contains("abc", "")                               | true
split("a;b;;", ";")                               | ["a", "b", "", ""]
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")       | "[1=ab][2=]cd"
replace("aaa", "a", "\\$")                        | "$$$"
replace("a.b", ".", "x", "q")                     | "axb"
matches("x", "[A-Z-[OI]]", "i")                   | true
matches("q", "[^Q]", "i")                         | false
matches("hello world", " hello[ ]world", "x")     | true
matches("a\rb", "a.b")                            | false
matches("a\nb", "a.b", "s")                       | true
matches("één", "^\\p{Ll}+$")                      | true
matches("abc", "^\\c+$")                          | true
upper case(["po"])                                | "PO"
count(1)                                          | 1
list contains([1, null], null)                    | true
all([])                                           | true
any([])                                           | false
all([true, null])                                 | null
any([true, null])                                 | true
all([false, null])                                | false
min([])                                           | null
mode([])                                          | []
mode([6, 1, 9, 6, 1])                             | [1, 6]
median([1, 2, 3, 4])                              | 2.5
stddev([1])                                       | null
append([1], [2])                                  | [1, [2]]
concatenate([1], 2)                               | [1, 2]
flatten([1, [[2]], []])                           | [1, 2]
distinct values([1, "1", 1.0, null, null])        | [1, "1", null]
union([1, 2], [2, 3])                             | [1, 2, 3]
sublist([1, 2, 3], -2)                            | [2, 3]
insert before([1, 2], -1, 9)                      | [1, 9, 2]
remove([1, 2], -1)                                | [1]
index of([1, null], null)                         | [2]
[{item: 1}, {item: 2}][item >= 2]                 | [{item: 2}]
[{a: 1}, {b: 2}].a                                | [1, null]
[1, 2, 3][true]                                   | [1, 2, 3]
1[1]                                              | 1
[[1, 2], [3]][1][2]                               | 2
for i in 3..1 return i                            | [3, 2, 1]
for i in [1..3] return i                          | [1, 2, 3]
for x in 5 return x                               | [5]
years and months duration(@"2027-01-31", @"2027-02-28") | @"P0M"
years and months duration(@"2015-12-24", @"2014-12-25") | @"-P11M"
@"2027-01-31" + @"P1M"                            | @"2027-02-28"
@"2027-01-01" + @"PT25H"                          | @"2027-01-02"
@"2027-01-02" - @"2027-01-01T00:00:00Z"           | @"P1D"
@"23:30:00" + @"PT1H"                             | @"00:30:00"
@"P1Y" / 2                                        | @"P6M"
@"P1Y" / @"P1M"                                   | 12
@"-PT36H".days                                    | -1
@"-PT36H".hours                                   | -12
@"2027-07-01T10:00:00@Europe/Amsterdam".time offset | @"PT2H"
string(@"2027-01-01T10:00:00.120@Europe/Amsterdam") | "2027-01-01T10:00:00.12@Europe/Amsterdam"
string(@"10:00:00+00:00")                         | "10:00:00Z"
string(@"PT0S")                                   | "PT0S"
string(@"P0M")                                    | "P0M"
string(1e10)                                      | "10000000000"
string({a: "x", b: [null]})                       | "{a: \"x\", b: [null]}"
string((> 5))                                     | "(> 5)"
date and time(@"2027-01-01")                      | @"2027-01-01T00:00:00Z"
time(@"2027-01-01")                               | @"00:00:00Z"
overlaps before([1..5), (1..5])                   | true
overlaps before([1..5), [1..5])                   | false
overlaps after((1..5], [1..5))                    | true
overlaps([1..5), [5..8])                          | false
includes((1..10), [2..10))                        | true
includes([1..10), [1..10])                        | false
starts((1..5], [1..5])                            | false
finishes([5..10), [1..10))                        | true
coincides([1..5], [1..5))                         | false
before([1..5), [5..10])                           | true
{f: function(a, b) a - b, uit: f(b: 1, a: 3)}.uit | 2
{f: function() 4, uit: f()}.uit                   | 4
{a b: 1, c: a b + 1}.c                            | 2
{f: function(a number: list<number>) count(a number), uit: f(7)}.uit | 1
null instance of Null                             | true
@"0001-01-01T00:00:00+14:00" < @"0001-01-01T00:00:00Z" | true
@"9999-12-31T23:00:00-14:00" = @"9999-12-31T23:00:00Z" | false
@"9999-12-31T23:00:00-14:00" - @"9999-12-31T23:00:00Z" | @"PT14H"
@"PT199000S" / 199                                | @"PT16M40S"
-1234567890123456789012345678901234               | 0 - 1234567890123456789012345678901234
abs(-1234567890123456789012345678901234)          | 1234567890123456789012345678901234
mean([1234567890123456789012345678901234])        | 1234567890123456789012345678901234
even(1e40)                                        | true
odd(1e40)                                         | false
string(@"P150000DT0.000001S")                     | "P150000DT0.000001S"
get value({a: 1}, [])                             | null
duplicate values([1, 2, 3, 2, 1, 2])              | [1, 2]
[] instance of list<number>                       | true
[1..2] instance of range<number>                  | true
(function(a: number) a) instance of function<number>->Any | true
{a: null} instance of context<a: number>          | true
{} instance of context<a: number>                 | false
"""


def _rows(text: str) -> list[tuple[str, str]]:
    return [
        (left.strip(), right.strip())
        for left, _, right in (line.partition(" | ") for line in text.strip().splitlines())
    ]


@pytest.mark.parametrize(("expression", "reason"), _rows(NOTHING))
def test_where_there_is_no_answer_there_is_a_reason(expression: str, reason: str) -> None:
    warnings: list[feel.Warning_] = []
    found = feel.evaluate(expression, {}, warnings=warnings)
    assert found is None
    assert reason in " ".join(map(str, warnings))


@pytest.mark.parametrize(("expression", "expected"), _rows(ANSWERS))
def test_an_edge_of_the_language(expression: str, expected: str) -> None:
    found, wanted = feel.evaluate(expression, {}), feel.evaluate(expected, {})
    assert (feel.text(found), type(found)) == (feel.text(wanted), type(wanted))


@pytest.mark.parametrize(
    ("expression", "line", "column", "expected"),
    [
        ("1 +", 1, 4, "a value"),
        ("a\n  b", 2, 3, "an operator or the end"),
        ("(1", 1, 3, "')'"),
        ("[1, 2", 1, 6, "']'"),
        ("{a}", 1, 3, "a key and ':'"),
        ("if a then b", 1, 12, "'else'"),
        ("for x return x", 1, 7, "'in'"),
        ("function(a, a) a", 1, 16, "different parameter names"),
        ("{a: 1, a: 2}", 1, 13, "different keys in a context"),
        ("a instance of list<", 1, 20, "a type"),
        ("f(a: 1, 2)", 1, 9, "a named argument"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_was_expected(
    expression: str, line: int, column: int, expected: str
) -> None:
    with pytest.raises(feel.FeelSyntaxError) as caught:
        feel.parse(expression)
    assert (caught.value.line, caught.value.column, caught.value.expected) == (line, column, expected)
