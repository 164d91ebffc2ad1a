"""Dates and deadlines in Dutch."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.web import dates

NOON = datetime(2027, 3, 9, 11, 0, tzinfo=UTC)


def test_a_day_is_written_with_its_month_in_words() -> None:
    assert dates.day(date(2027, 3, 14)) == "14 maart 2027"


def test_an_evening_in_utc_is_the_next_day_in_amsterdam() -> None:
    assert dates.moment(datetime(2027, 3, 9, 23, 30, tzinfo=UTC)) == "10 maart 2027 om 00:30"


@pytest.mark.parametrize(
    ("due", "tone", "words"),
    [
        (None, "geen", "geen termijn"),
        (NOON - timedelta(days=2), "laat", "2 dagen te laat"),
        (NOON - timedelta(days=1), "laat", "1 dag te laat"),
        (NOON - timedelta(hours=1), "laat", "te laat"),
        (NOON + timedelta(hours=1), "nu", "vandaag"),
        (NOON + timedelta(days=1), "nu", "morgen"),
        (NOON + timedelta(days=3), "nu", "nog 3 dagen"),
        (NOON + timedelta(days=4), "straks", "nog 4 dagen"),
        (NOON + timedelta(days=20), "straks", "nog 20 dagen"),  # over the change to summer time
    ],
)
def test_a_deadline_says_how_near_it_is(due: datetime | None, tone: str, words: str) -> None:
    said = dates.deadline(due, NOON)
    assert (said.tone, said.words) == (tone, words)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "direct"), (60, "1 minuut"), (7200, "2 uur"), (86400, "1 dag"), (86400 * 9, "9 dagen")],
)
def test_a_duration_is_told_in_its_largest_unit(seconds: int, words: str) -> None:
    assert dates.span(NOON, NOON + timedelta(seconds=seconds)) == words
