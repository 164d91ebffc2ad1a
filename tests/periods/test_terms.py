"""Terms end when the register says, at the end of a day in Amsterdam, whatever the clock does that night."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import feel, periods
from service.errors import ConfigurationError

day = dt.date.fromisoformat
CALENDAR = periods.Calendar.read({"schoolregio": "noord"})


def terms(value: int, unit: str, **more: Any) -> periods.Terms:
    return periods.Terms.read({"t": {"waarde": value, "eenheid": unit, "grondslag": "afspraak", **more}})


@pytest.mark.parametrize(
    ("value", "unit", "start", "end"),
    [
        (3, "dagen", "2027-03-14", "2027-03-17"),
        (4, "weken", "2027-03-14", "2027-04-11"),
        (1, "maanden", "2027-01-31", "2027-02-28"),  # February has no 31st
        (1, "maanden", "2028-01-31", "2028-02-29"),
        (13, "maanden", "2026-12-31", "2028-01-31"),
        (-1, "maanden", "2027-03-31", "2027-02-28"),
        (5, "jaren", "2024-02-29", "2029-02-28"),
        (2, "werkdagen", "2027-03-12", "2027-03-16"),
        (2, "schoolweken", "2027-03-10", "2027-03-24"),  # no vacations configured: every week counts
    ],
)
def test_a_term_ends(value: int, unit: str, start: str, end: str) -> None:
    assert terms(value, unit).due("t", day(start), CALENDAR) == day(end)


def test_a_legal_term_moves_on_to_a_working_day() -> None:
    # 28 February 2027 + 4 weeks = 28 March 2027, Easter Sunday; Monday is a holiday too
    assert terms(4, "weken", naar_werkdag=True).due("t", day("2027-02-28"), CALENDAR) == day("2027-03-30")
    assert terms(4, "weken").due("t", day("2027-02-28"), CALENDAR) == day("2027-03-28")


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ({"eenheid": "weken"}, r"t\.waarde"),
        ({"waarde": True, "eenheid": "weken"}, r"t\.waarde"),
        ({"waarde": 4.5, "eenheid": "weken"}, r"t\.waarde"),
        ({"waarde": 1_000_000, "eenheid": "jaren"}, r"t\.waarde"),
        ({"waarde": 4}, r"t\.eenheid"),
        ({"waarde": 4, "eenheid": "uren"}, r"t\.eenheid"),
        ({"waarde": 4, "eenheid": ["weken"], "grondslag": ""}, r"t\.eenheid"),
        ({"waarde": 4, "eenhied": "weken"}, "eenhied"),
        ({"waarde": 4, "eenheid": "weken", "grondslag": 6}, r"t\.grondslag"),
        ({"waarde": 4, "eenheid": "weken", "naar_werkdag": "ja"}, r"t\.naar_werkdag"),
        (4, "t"),
    ],
)
def test_a_wrong_term_is_refused_by_its_key(entry: object, key: str) -> None:
    with pytest.raises(ConfigurationError, match=key):
        periods.Terms.read({"t": entry})


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2015-09-01", "2027-08-31", 11),
        ("2015-09-01", "2027-09-01", 12),
        ("2016-02-29", "2027-02-28", 10),
        ("2016-02-29", "2027-03-01", 11),
        ("2016-02-29", "2028-02-29", 12),
        ("2027-03-14", "2027-03-14", 0),
    ],
)
def test_age(born: str, on: str, age: int) -> None:
    assert periods.age_on(day(born), day(on)) == age


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2027-03-13T22:30:00+00:00", "2027-03-13"),  # 23.30 in winter
        ("2027-03-13T23:30:00+00:00", "2027-03-14"),  # 0.30 in winter
        ("2027-06-13T22:30:00+00:00", "2027-06-14"),  # 0.30 in summer
        ("2027-03-28T01:30:00+00:00", "2027-03-28"),  # in the hour that is skipped
        ("2027-10-31T00:30:00+00:00", "2027-10-31"),  # in the hour that comes twice
        ("2027-03-13T23:30:00", "2027-03-13"),  # without zone: on the clock in Amsterdam
        ("2027-03-13", "2027-03-13"),
    ],
)
def test_a_moment_belongs_to_its_day_in_amsterdam(moment: str, expected: str) -> None:
    assert periods.day_of(moment) == day(expected)


@given(st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2040, 1, 1)), st.integers(0, 400))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_a_term_in_days_ends_late_that_day_in_summer_and_winter(moment: dt.datetime, days: int) -> None:
    start = moment.replace(tzinfo=dt.UTC)
    end = periods.functions(CALENDAR, terms(days, "dagen"))["termijn"]("t", start)
    assert end.date() == periods.day_of(start) + dt.timedelta(days=days)
    assert (end.hour, end.minute) == (23, 59)
    assert periods.day_of(end.astimezone(dt.UTC)) == end.date()


@pytest.mark.parametrize(
    "expression",
    [
        'termijn("er is geen", date("2027-03-14"))',
        'termijn("t", null)',
        'termijn("t", 3)',
        'termijn("t", "morgen")',
        'werkdagen na(date("2027-03-14"), 1.5)',
        'werkdagen na(date("2027-03-14"), true)',
        'werkdagen na(date("2027-03-14"), 10 ** 9)',
        'werkdagen na(date("9999-12-30"), 100)',
        'schoolweken na(date("2027-03-14"), -10000)',
        'leeftijd op(date("2027-03-15"), date("2027-03-14"))',
        'leeftijd op(null, date("2027-03-14"))',
    ],
)
def test_what_cannot_be_counted_is_null_with_a_warning(expression: str) -> None:
    warnings: list[feel.Warning_] = []
    functions = periods.functions(CALENDAR, terms(10_000, "jaren"))
    assert feel.evaluate(expression, {}, functions=functions, warnings=warnings) is None
    assert warnings


def test_numbers_of_feel_and_python_are_counted_alike() -> None:
    functions = periods.functions(CALENDAR, terms(1, "dagen"))
    assert functions["werkdagen na"](day("2027-03-15"), Decimal(2)) == day("2027-03-17")
    assert functions["werkdagen na"](day("2027-03-15"), 2) == day("2027-03-17")


def test_a_change_counts_for_what_begins_on_its_day_and_not_for_what_runs() -> None:
    found = periods.Terms.read(
        {
            "t": {
                "waarde": 4,
                "eenheid": "weken",
                "wijziging": [
                    {"vanaf": day("2027-08-01"), "waarde": 3},
                    {"vanaf": day("2028-01-01"), "waarde": 5, "eenheid": "dagen"},
                ],
            }
        }
    )
    assert found.due("t", day("2027-07-31"), CALENDAR) == day("2027-08-28")
    assert found.due("t", day("2027-08-01"), CALENDAR) == day("2027-08-22")
    assert found.due("t", day("2028-01-01"), CALENDAR) == day("2028-01-06")


@pytest.mark.parametrize(
    "changes",
    [
        [{"waarde": 3}],
        [{"vanaf": "2027-08-01", "waarde": "drie"}],
        [{"vanaf": "2027-08-01", "waarde": 3}, {"vanaf": "2027-08-01", "waarde": 2}],
        {"vanaf": "2027-08-01"},
    ],
)
def test_a_wrong_change_of_a_term_is_refused(changes: object) -> None:
    with pytest.raises(ConfigurationError, match=r"t\.wijziging"):
        periods.Terms.read({"t": {"waarde": 4, "eenheid": "weken", "wijziging": changes}})
