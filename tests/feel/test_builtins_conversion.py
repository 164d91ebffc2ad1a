"""Conversion of every kind of value (DMN 1.5, section 10.3.4.1)."""

from __future__ import annotations

import pytest

from tests.feel.table import rows, shown

TABLE = r"""
string(stddev([2, 4, 7, 5]))                                           | "2.081665999466132735282297706979931"
string(stddev([1, 2, 3, 4, 5, 6]))                                     | string(sqrt(3.5))
string(@"P200000DT1S")                                                 | "P200000DT1S"
string(null)                                                           | null
string("a")                                                            | "a"
string(1.0)                                                            | "1"
string(-0.5)                                                           | "-0.5"
string(0.0000001)                                                      | "0.0000001"
string(1e-7)                                                           | "0.0000001"
string(true)                                                           | "true"
string(@"P14M")                                                        | "P1Y2M"
string(@"-P14M")                                                       | "-P1Y2M"
string(@"PT90M")                                                       | "PT1H30M"
string(@"PT24H")                                                       | "P1D"
string(@"-PT1.5S")                                                     | "-PT1.5S"
string(@"10:00:00")                                                    | "10:00:00"
string(@"10:00:00.5")                                                  | "10:00:00.5"
string(@"10:00:00-05:00")                                              | "10:00:00-05:00"
string(@"10:00:00@Europe/Amsterdam")                                   | "10:00:00@Europe/Amsterdam"
string(@"2027-01-01T10:00:00")                                         | "2027-01-01T10:00:00"
string(["a", @"2027-01-01"])                                           | "[\"a\", 2027-01-01]"
string([1..5))                                                         | "[1..5)"
string(["a".."c"])                                                     | "[\"a\"..\"c\"]"
string({})                                                             | "{}"
string([])                                                             | "[]"
string(from: 1)                                                        | "1"
number("1 000,5", " ", ",")                                            | 1000.5
number("1,000.5", ",", ".")                                            | 1000.5
number("1.000.000,5", ".", ",")                                        | 1000000.5
number("1,000")                                                        | null
number("1,000", ",")                                                   | null
number("1,000", null, null)                                            | null
number("1,5", null, ",")                                               | 1.5
number("1 000", " ", null)                                             | 1000
number(from: "1.000", grouping separator: ".", decimal separator: ",") | 1000
number("")                                                             | null
number("-1.5")                                                         | -1.5
number("+1")                                                           | 1
number(null)                                                           | null
number("0x10")                                                         | null
number("1.000,5", ".", ".")                                            | null
number("1;000", ";", ".")                                              | null
date("2027-03-14T10:00:00")                                            | null
date("2028-02-29")                                                     | @"2028-02-29"
date("2027-02-29")                                                     | null
date(from: "2027-01-01")                                               | @"2027-01-01"
date(year: 2027, month: 1, day: 2)                                     | @"2027-01-02"
date(2027, 13, 1)                                                      | null
date(null)                                                             | null
date(2027, null, 1)                                                    | null
date(@"2027-01-01T23:00:00-05:00")                                     | @"2027-01-01"
time("10:00")                                                          | null
time("10:00:00.25")                                                    | @"10:00:00.25"
time(25, 0, 0)                                                         | null
time(10, 30, 1.5)                                                      | @"10:30:01.5"
time(10, 0, 0, duration("-PT5H"))                                      | @"10:00:00-05:00"
time(10, 0, 0, null)                                                   | @"10:00:00"
time(@"2027-01-01T10:00:00@Europe/Amsterdam")                          | @"10:00:00@Europe/Amsterdam"
time("10:00:00+15:00")                                                 | null
time("10:60:00")                                                       | null
date and time("2027-03-14")                                            | @"2027-03-14T00:00:00"
date and time(@"2027-03-14", @"10:00:00@Europe/Amsterdam")             | @"2027-03-14T10:00:00@Europe/Amsterdam"
date and time(@"2027-03-14T23:00:00+05:00", @"10:00:00")               | @"2027-03-14T10:00:00"
date and time("2027-03-14 10:00:00")                                   | null
date and time("2027-03-14T10:00")                                      | null
date and time("2027-03-14T10:00:00.1Z")                                | @"2027-03-14T10:00:00.1Z"
date and time(@"2027-03-14", null)                                     | null
duration("PT0S") = @"P0D"                                              | true
duration("P1M")                                                        | @"P1M"
duration("P")                                                          | null
duration("PT")                                                         | null
duration("P1DT")                                                       | null
duration("-P1D") = -@"P1D"                                             | true
duration("P1.5D")                                                      | null
duration("PT1.5H")                                                     | null
duration("P-1D")                                                       | null
duration(null)                                                         | null
years and months duration(@"2011-12-22", @"2013-08-24")                | @"P1Y8M"
years and months duration(@"2027-02-28", @"2027-01-31")                | @"P0M"
years and months duration(@"2020-02-29", @"2021-02-28")                | @"P11M"
years and months duration(@"2027-01-31T00:00:00", @"2028-03-31")       | @"P1Y2M"
is empty([null])                                                       | false
not("a")                                                               | null
is defined(null)                                                       | false
get or else(1, 2)                                                      | 1
assert(null, true)                                                     | null
assert(1, null)                                                        | null
is blank("")                                                           | true
is blank("a")                                                          | false
"""


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_a_conversion_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)
