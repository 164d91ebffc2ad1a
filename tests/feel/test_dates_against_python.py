"""Sums with dates, times and durations, against Python's own and its table of time zones."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from service import feel

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
MOMENTS = st.builds(
    lambda seconds, zone: dt.datetime.fromtimestamp(seconds, zone),
    st.integers(-600_000_000, 4_000_000_000),  # 1950 to 2096
    st.sampled_from([dt.UTC, AMSTERDAM]),
)
SPANS = st.timedeltas(dt.timedelta(days=-9_000), dt.timedelta(days=9_000)).map(
    lambda span: span - dt.timedelta(microseconds=span.microseconds)
)
MONTHS = st.integers(-1_200, 1_200)


def ask(expression: str, **values: Any) -> Any:
    return feel.evaluate(expression, values, warnings=[])


@given(DAYS, st.integers(-20_000, 20_000))
def test_days_after_a_date(day: dt.date, count: int) -> None:
    found = ask("day + span", day=day, span=dt.timedelta(days=count))
    assert found == day + dt.timedelta(days=count)
    assert ask("later - day", later=found, day=day) == dt.timedelta(days=count)
    assert ask("later > day", later=found, day=day) is (count > 0)


@given(DAYS, MONTHS)
def test_months_after_a_date_keep_the_day_or_take_the_last(day: dt.date, count: int) -> None:
    found = ask("day + span", day=day, span=feel.YearMonthDuration(count))
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    assert (found.year, found.month) == (year, month + 1)
    assert found.day == min(day.day, calendar.monthrange(year, month + 1)[1])


@given(DAYS, DAYS)
def test_whole_months_between_are_the_most_that_fit(start: dt.date, end: dt.date) -> None:
    months = ask("years and months duration(a, b)", a=start, b=end).months
    assert ask("years and months duration(b, a)", a=start, b=end).months == -months
    if start <= end and start.day <= 28:
        assert ask("a + span <= b", a=start, b=end, span=feel.YearMonthDuration(months)) is True
        assert ask("a + span > b", a=start, b=end, span=feel.YearMonthDuration(months + 1)) is True


@given(MOMENTS, SPANS)
def test_time_that_passes_is_counted_in_real_hours_also_when_the_clock_changes(
    moment: dt.datetime, span: dt.timedelta
) -> None:
    found = ask("moment + span", moment=moment, span=span)
    assert found.timestamp() == moment.timestamp() + span.total_seconds()
    assert found.utcoffset() == found.astimezone(dt.UTC).astimezone(moment.tzinfo).utcoffset()
    assert ask("later - moment", later=found, moment=moment) == span


@given(MOMENTS, MOMENTS)
def test_moments_are_ordered_by_when_they_are(a: dt.datetime, b: dt.datetime) -> None:
    assert ask("a < b", a=a, b=b) is (a.timestamp() < b.timestamp())
    assert ask("a = b", a=a, b=b) is (a.timestamp() == b.timestamp())


@given(
    st.one_of(
        DAYS,
        MOMENTS,
        SPANS,
        MONTHS.map(feel.YearMonthDuration),
        st.times().map(lambda t: t.replace(microsecond=0)),
    )
)
def test_what_is_written_as_text_is_read_as_the_same(value: Any) -> None:
    text = feel.text(value)
    found = ask(f'@"{text}"')
    assert type(found) is type(value)
    assert ask("a = b", a=found, b=value) is True
    assert feel.text(found) == text


@given(DAYS)
def test_the_parts_of_a_date_are_those_of_the_calendar(day: dt.date) -> None:
    parts = ask("[d.year, d.month, d.day, d.weekday, day of year(d), week of year(d)]", d=day)
    assert parts == [
        day.year,
        day.month,
        day.day,
        day.isoweekday(),
        day.timetuple().tm_yday,
        day.isocalendar().week,
    ]
    assert ask("day of week(d)", d=day) == calendar.day_name[day.weekday()]
    assert ask("last day of month(d)", d=day).day == calendar.monthrange(day.year, day.month)[1]
