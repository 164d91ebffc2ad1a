"""Impossible combinations are refused in the shipped forms, where they are entered, with what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service import forms
from service.clock import PinnedClock
from tests.publication.test_shipped import functions

ROOT = Path(__file__).resolve().parents[2]
CLOCK = PinnedClock(datetime(2027, 1, 18, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("form", "answers", "field", "said"),
    [
        ("signaal_mdo/signaal", {"geboortedatum": "2027-01-19"}, "geboortedatum", "toekomst"),
        (
            "risico_inventarisatie_3jarigen/signaal",
            {"geboortedatum": "2018-01-18"},
            "geboortedatum",
            "Signaal en MDO",
        ),
        (
            "overdracht_schakelmoment/start",
            {"geboortedatum": "2012-02-10", "moment": "ko_po"},
            "moment",
            "past niet bij de leeftijd",
        ),
        (
            "vrijstelling_beoordelingstafel/onderzoek",
            {"t05_behandelend_arts": "ja"},
            "t05_behandelend_arts",
            "arts",
        ),
        ("overdracht_schakelmoment/gesprek", {"o6_wie": ["ouders"]}, "o6_wie", "Plan dat eerst"),
        ("signaal_mdo/uitnodigen", {"t03_ouders": "nee"}, "t03_ouders", "Nodig eerst de ouders uit"),
    ],
)
def test_an_impossible_answer_is_refused_with_a_remedy(
    form: str, answers: dict[str, object], field: str, said: str
) -> None:
    path = ROOT / "forms" / f"{form}.form"
    read = forms.read(path.read_bytes(), path=path.name)
    found = forms.validate(read, answers, context={}, clock=CLOCK, functions=functions())
    assert said in str(found.errors[field])


def test_a_possible_moment_is_not_refused() -> None:
    path = ROOT / "forms" / "overdracht_schakelmoment" / "start.form"
    answers = {"geboortedatum": "2015-02-10", "moment": "po_vo"}
    found = forms.validate(
        forms.read(path.read_bytes(), path=path.name), answers, context={}, clock=CLOCK, functions=functions()
    )
    assert "moment" not in found.errors
