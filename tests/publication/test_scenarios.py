"""Scenarios: what they tell when the process does something else than they say."""

from __future__ import annotations

import pytest

from service.publication import (
    Package,
    ScenarioResult,
    ScenarioUnreadable,
    play_scenarios,
    read_scenario,
    run_scenario,
    untaken,
)
from tests.publication.conftest import NO_PLACE, PLACE_FOUND

Files = dict[str, bytes]


def play(files: Files, text: str) -> ScenarioResult:
    package = Package(files)
    scenario = read_scenario(text.encode(), path="voorbeelden/x.toml")
    return run_scenario(package, scenario, package.definition("proces.bpmn", "proef"), functions={})


def test_a_scenario_that_holds_tells_where_the_case_came_by(files: Files) -> None:
    result = play(files, PLACE_FOUND)
    assert result.ok
    assert result.outcome == "Einde_plek"
    assert result.variables["advies"] == "plek"
    assert [one for one in result.visited if one.startswith("naar_")] == [
        "naar_advies",
        "naar_keuze",
        "naar_plek",
    ]


def test_flows_that_no_scenario_takes_are_listed(files: Files) -> None:
    package = Package(files)
    definition = package.definition("proces.bpmn", "proef")
    assert untaken(definition, play_scenarios(package, definition, {})) == ()
    assert untaken(definition, [play(files, PLACE_FOUND)]) == ("naar_geen", "naar_wacht")


@pytest.mark.parametrize(
    ("base", "old", "new", "told"),
    [
        (
            PLACE_FOUND,
            'voornaam = "Noor"',
            "",
            "Het startformulier wordt geweigerd. voornaam: Vul ‘Voornaam’ in.",
        ),
        (
            PLACE_FOUND,
            'advies = "plek" }',
            'advies = "ja" }',
            "Stap 2: De inzending van Advies wordt geweigerd.",
        ),
        (
            PLACE_FOUND,
            'taak = "Advies"',
            'taak = "Besluit"',
            "Stap 1: de taak Besluit staat niet open. Open staan: Advies.",
        ),
        (
            PLACE_FOUND,
            'geweigerd = ["advies"]',
            'geweigerd = ["naam"]',
            "Stap 1: een fout werd verwacht op naam, maar kwam op advies.",
        ),
        (
            PLACE_FOUND,
            '"Einde_plek"\nv',
            '"Einde_geen"\nv',
            "Verwacht einde: Einde_geen. De zaak is afgelopen bij Einde_plek.",
        ),
        (
            PLACE_FOUND,
            '{ advies = "plek" }\npad',
            '{ advies = "geen" }\npad',
            "Verwacht advies = 'geen', maar het is 'plek'.",
        ),
        (PLACE_FOUND, 'niet = ["Wacht"]', 'niet = ["Keuze"]', "Had niet bereikt mogen worden: Keuze."),
        (
            PLACE_FOUND,
            '["Start", "Advies", ',
            '["Advies", "Start", ',
            "Het pad wijkt af: Start is niet (of niet op die plaats) bereikt.",
        ),
        (
            NO_PLACE,
            "open = []",
            'open = ["Advies"]',
            "Stap 2: verwacht open: Advies. Open staan: geen taken.",
        ),
        (NO_PLACE, '"P3D"', '"P2D"', "Verwacht einde: Einde_geen. Open staan: geen taken."),
        (
            NO_PLACE,
            '"P3D"',
            '"drie dagen"',
            "Stap 3: ‘drie dagen’ is geen duur. Schrijf bijvoorbeeld P3D of PT4H.",
        ),
        (NO_PLACE, 'wacht = "P3D"', "tot = 2027-01-01", "Stap 3: de klok staat al voorbij 01-01-2027 09:00."),
        (
            NO_PLACE,
            'wacht = "P3D"',
            'bericht = "x"',
            "Stap 3: niemand wacht op het bericht x (). Gewacht wordt op: niets.",
        ),
        (
            NO_PLACE,
            'wacht = "P3D"',
            'opdracht = "x"',
            "Stap 3: de opdracht x staat niet klaar. Klaar staan: geen.",
        ),
        (
            NO_PLACE,
            "[verwacht]",
            '[[stap]]\nwacht = "P1D"\n[verwacht]',
            "Stap 4: de zaak is al afgelopen bij Einde_geen.",
        ),
    ],
)
def test_what_differs_is_told_in_a_sentence(files: Files, base: str, old: str, new: str, told: str) -> None:
    assert old in base
    problems = play(files, base.replace(old, new, 1)).problems
    assert problems
    assert problems[0].startswith(told)


def test_a_case_that_goes_on_may_be_expected_to(files: Files) -> None:
    text = 'begint_op = 2027-01-18\n[start]\nvoornaam = "Noor"\n[verwacht]\nopen = ["Advies"]'
    assert play(files, text).ok


def test_timers_fire_at_their_own_moment(files: Files) -> None:
    text = NO_PLACE.replace('wacht = "P3D"', "tot = 2027-03-01")
    assert play(files, text).ok


def test_an_incident_always_fails(files: Files) -> None:
    files["proces.bpmn"] = files["proces.bpmn"].replace(b'=advies = "plek"', b"=advies + 1")
    result = play(files, PLACE_FOUND)
    assert "incident op" in result.problems[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[verwacht",
        'begint_op = 2027-01-18\n[verwacht]\npad = ["x"]',
        'begint_op = "morgen"\n[verwacht]\neinde = "x"',
        'begint_op = 2027-01-18\nstapel = 1\n[verwacht]\neinde = "x"',
        'begint_op = 2027-01-18\n[[stap]]\ntaak = "a"\nwacht = "P1D"\n[verwacht]\neinde = "x"',
        'begint_op = 2027-01-18\n[[stap]]\ntaak = 3\n[verwacht]\neinde = "x"',
        'begint_op = 2027-01-18\nstap = 3\n[verwacht]\neinde = "x"',
        'begint_op = 2027-01-18\nstart = "x"\n[verwacht]\neinde = "x"',
    ],
)
def test_a_file_that_is_no_scenario_says_why(text: str) -> None:
    with pytest.raises(ScenarioUnreadable, match=r"\.$"):
        read_scenario(text.encode())
