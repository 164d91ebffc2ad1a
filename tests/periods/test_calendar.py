"""Working days and school weeks are counted as people in the Netherlands count them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import feel, periods
from service.errors import ConfigurationError, Unanswered

ROOT = Path(__file__).resolve().parents[2]
day = dt.date.fromisoformat

CALENDAR = periods.Calendar.read(
    {
        "schoolregio": "midden",
        "vrije_dagen": [day("2027-05-07")],
        "vakantie": [
            {"naam": "Herfst", "regio": "zuid", "van": day("2026-10-10"), "tot": day("2026-10-18")},
            {"naam": "Herfst", "regio": "midden", "van": day("2026-10-17"), "tot": day("2026-10-25")},
            {"naam": "Kerst", "regio": "alle", "van": "2026-12-19", "tot": "2027-01-03"},
            {"naam": "Mei", "regio": "alle", "van": day("2027-04-24"), "tot": day("2027-05-02")},
            {"naam": "Zomer", "regio": "midden", "van": day("2027-07-17"), "tot": day("2027-08-29")},
        ],
    }
)
SHIPPED = periods.Calendar.read(
    tomllib.loads((ROOT / "config/regio/zilverbeek/kalender.toml").read_text(encoding="utf-8"))
)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2027-03-15", 1, "2027-03-16"),  # Monday to Tuesday
        ("2027-03-12", 1, "2027-03-15"),  # Friday, over the weekend
        ("2027-03-13", 1, "2027-03-15"),  # a Saturday start
        ("2027-03-25", 1, "2027-03-30"),  # over Good Friday and Easter Monday
        ("2027-04-26", 1, "2027-04-28"),  # over King's Day
        ("2027-05-05", 1, "2027-05-10"),  # over Ascension Day, the region's day off and a weekend
        ("2026-12-24", 1, "2026-12-28"),  # over Christmas, the second day on a Saturday
        ("2027-03-30", -1, "2027-03-25"),  # and back over Easter
        ("2027-03-13", 0, "2027-03-13"),  # nothing to count
        ("2027-03-15", 10, "2027-03-31"),  # 15 Monday + 10: 16-19 (4), 22-25 (8), 30, 31 (10)
    ],
)
def test_working_days(start: str, count: int, end: str) -> None:
    assert CALENDAR.working_days_after(day(start), count) == day(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-10-07", 1, "2026-10-14"),  # midden has school in the week in which zuid has not
        ("2026-10-14", 1, "2026-10-28"),  # over the autumn vacation of midden
        ("2026-12-16", 1, "2027-01-06"),  # over two weeks of Christmas
        ("2026-10-14", 4, "2026-11-18"),  # 28 Oct, 4, 11, 18 Nov
        ("2026-10-28", -1, "2026-10-14"),  # and back
        ("2026-10-21", 0, "2026-10-21"),  # in a vacation, nothing to count
    ],
)
def test_school_weeks(start: str, count: int, end: str) -> None:
    assert CALENDAR.school_weeks_after(day(start), count) == day(end)


def test_school_weeks_are_not_guessed_beyond_the_vacations_that_are_known() -> None:
    with pytest.raises(Unanswered, match="2027-08-29"):
        CALENDAR.school_weeks_after(day("2027-07-14"), 1)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1)), st.integers(1, 400))
def test_working_days_are_counted_one_by_one(start: dt.date, count: int) -> None:
    end = CALENDAR.working_days_after(start, count)
    after = [start + dt.timedelta(days=at) for at in range(1, (end - start).days + 1)]
    assert CALENDAR.is_working_day(end)
    assert sum(CALENDAR.is_working_day(one) for one in after) == count


@given(st.dates(dt.date(2025, 11, 1), dt.date(2027, 6, 1)), st.integers(0, 20))
def test_school_weeks_keep_the_weekday_and_skip_only_vacations(start: dt.date, count: int) -> None:
    end = SHIPPED.school_weeks_after(start, count)
    weeks = [start + dt.timedelta(days=7 * at) for at in range(1, (end - start).days // 7 + 1)]
    assert end.weekday() == start.weekday()
    assert sum(SHIPPED.is_school_week(one) for one in weeks) == count


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ({}, "schoolregio"),
        ({"schoolregio": "oost"}, "schoolregio"),
        ({"schoolregio": "midden", "vacantie": []}, "vacantie"),
        ({"schoolregio": "midden", "vakantie": {"naam": "Mei"}}, "vakantie"),
        ({"schoolregio": "midden", "vakantie": ["Mei"]}, "vakantie 1"),
        ({"schoolregio": "midden", "vrije_dagen": ["morgen"]}, "vrije_dagen 1"),
        ({"schoolregio": "midden", "vrije_dagen": [dt.datetime(2027, 1, 1, tzinfo=dt.UTC)]}, "vrije_dagen 1"),
    ],
)
def test_a_wrong_calendar_is_refused_by_its_key(source: dict[str, object], key: str) -> None:
    with pytest.raises(ConfigurationError, match=key):
        periods.Calendar.read(source)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"naam": ""}, r"vakantie 1\.naam"),
        ({"regio": "oost"}, r"vakantie 1\.regio"),
        ({"van": "gisteren"}, r"vakantie 1\.van"),
        ({"tot": None}, r"vakantie 1\.tot"),
        ({"tot": "2027-04-23"}, r"vakantie 1\.tot"),
        ({"tott": "2027-04-30"}, "tott"),
    ],
)
def test_a_wrong_vacation_is_refused_by_its_key(change: dict[str, object], key: str) -> None:
    good: dict[str, object] = {"naam": "Mei", "regio": "alle", "van": "2027-04-24", "tot": "2027-05-02"}
    with pytest.raises(ConfigurationError, match=key):
        periods.Calendar.read({"schoolregio": "midden", "vakantie": [{**good, **change}]})


def test_the_examples_of_the_handbook_are_true() -> None:
    text = (ROOT / "docs" / "termijnen.md").read_text(encoding="utf-8")
    terms = periods.Terms.read({"tafel_binnen": {"waarde": 4, "eenheid": "weken"}})
    functions = periods.functions(SHIPPED, terms)
    rows = re.findall(r"^\| `([^`]*\(.*\))` \| `([^`]*)` \|$", text, re.M)
    assert len(rows) == 8
    for expression, outcome in rows:
        found = feel.evaluate(expression, {}, functions=functions)
        assert feel.to_json(found) == feel.to_json(feel.evaluate(outcome, {})), expression


def test_the_toml_of_the_handbook_can_be_read() -> None:
    text = (ROOT / "docs" / "termijnen.md").read_text(encoding="utf-8")
    term, change, calendar = re.findall(r"```toml\n(.*?)```", text, re.S)
    changed = periods.Terms.read(tomllib.loads(term + change))
    assert [one.value for one in changed.terms["tafel_binnen"].changes] == [3]
    term, calendar = tomllib.loads(term), tomllib.loads(calendar)
    assert periods.Terms.read(term).terms["tafel_binnen"].value == 4
    assert periods.Calendar.read(calendar).region == "midden"
