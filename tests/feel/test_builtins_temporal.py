"""Functions of dates and times, and sums with them (DMN 1.5, sections 10.3.2.3 and 10.3.4)."""

from __future__ import annotations

import pytest

from tests.feel.table import rows, shown

TABLE = r"""
@"P1D" / 3                                                             | @"PT8H"
@"P1Y" / 3                                                             | @"P4M"
@"PT1H" / 3                                                            | @"PT20M"
@"P5M" / 2                                                             | @"P2M"
@"P1D" * 1.5                                                           | @"PT36H"
@"P1D" / 0                                                             | null
@"P1Y" - @"P1M"                                                        | @"P11M"
@"P1D" / @"PT12H"                                                      | 2
@"P1M" < @"P40D"                                                       | null
@"P1Y" = @"P365D"                                                      | null
@"P1D" < @"PT25H"                                                      | true
@"10:00:00+01:00" + @"PT1H"                                            | @"11:00:00+01:00"
@"10:00:00" - @"09:30:00"                                              | @"PT30M"
@"09:00:00" - @"10:00:00"                                              | @"-PT1H"
@"PT1H" + @"10:00:00"                                                  | @"11:00:00"
@"P1D" + @"2027-01-01"                                                 | @"2027-01-02"
@"2027-01-01" + @"2027-01-01"                                          | null
@"2027-01-01" + 1                                                      | null
@"2027-03-31" - @"P1M"                                                 | @"2027-02-28"
@"2028-02-29" + @"P1Y"                                                 | @"2029-02-28"
@"9999-12-31" + @"P1D"                                                 | null
@"2027-02-28T12:00:00@Europe/Amsterdam" + @"P1M"                       | @"2027-03-28T12:00:00@Europe/Amsterdam"
@"2027-10-31T02:30:00@Europe/Amsterdam" + @"PT1H" = @"2027-10-31T02:30:00@Europe/Amsterdam" | false
@"2027-10-31T00:00:00@Europe/Amsterdam" + @"P1D"                       | @"2027-10-31T23:00:00@Europe/Amsterdam"
@"2027-03-28T00:00:00@Europe/Amsterdam" + @"P1D"                       | @"2027-03-29T01:00:00@Europe/Amsterdam"
@"2027-03-29T00:00:00@Europe/Amsterdam" - @"2027-03-28T00:00:00@Europe/Amsterdam" | @"PT23H"
@"2027-11-01T00:00:00@Europe/Amsterdam" - @"2027-10-31T00:00:00@Europe/Amsterdam" | @"PT25H"
@"2027-03-28T12:00:00@Europe/Amsterdam".time offset                    | @"PT2H"
@"2027-03-28T12:00:00@Europe/Amsterdam".timezone                       | "Europe/Amsterdam"
@"2027-03-28T12:00:00Z".time offset                                    | @"PT0S"
@"2027-03-28T12:00:00".time offset                                     | null
@"2027-01-01T12:00:00Z" < @"2027-01-01T12:30:00+01:00"                 | false
@"2027-01-01T12:00:00Z" < @"2027-01-01T12:00:00"                       | null
@"2027-01-01" = @"2027-01-01T00:00:00"                                 | null
@"2027-01-01" < @"2027-01-01T00:00:01"                                 | null
@"2027-01-01T12:00:00.5".second                                        | 0
@"P1Y2M".months                                                        | 2
@"-P14M".months                                                        | -2
@"P1DT2H3M4S".seconds                                                  | 4
day of year(@"2019-09-17")                                             | 260
day of week(@"2019-09-17")                                             | "Tuesday"
month of year(@"2019-09-17")                                           | "September"
week of year(@"2019-09-17")                                            | 38
week of year(@"2003-12-29")                                            | 1
week of year(@"2004-01-04")                                            | 1
week of year(@"2005-01-01")                                            | 53
week of year(@"2005-01-09")                                            | 1
day of year(@"2028-12-31")                                             | 366
day of week("2027-01-01")                                              | null
week of year(@"2027-01-01T23:00:00Z")                                  | 53
last day of month(@"2027-02-01")                                       | @"2027-02-28"
last day of month(@"2100-02-01")                                       | @"2100-02-28"
last day of month(@"2027-12-05T10:00:00")                              | @"2027-12-31"
is(@"2012-12-25", @"23:00:50")                                         | false
is(@"23:00:50Z", @"23:00:50")                                          | false
is(@"23:00:50Z", @"23:00:50+00:00")                                    | true
is(1, 1.0)                                                             | true
is(null, null)                                                         | true
is([1], [1])                                                           | true
is(@"P1Y", @"P12M")                                                    | true
"""


@pytest.mark.parametrize(("expression", "expected"), rows(TABLE))
def test_a_sum_with_dates_and_times_gives_what_the_standard_says(expression: str, expected: str) -> None:
    assert shown(expression) == shown(expected)
