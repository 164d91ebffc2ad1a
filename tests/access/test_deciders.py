"""Who may decide: in force on the day, no party to it, and else the substitute."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from service import feel
from service.access import deciders
from service.access.deciders import Deciders
from service.errors import ConfigurationError

DAY = dt.date(2027, 3, 1)


def mandate(**changed: object) -> dict[str, Any]:
    return {
        "gemeenten": ["Wilgenveen"],
        "soorten": ["plaatsing"],
        "onderwijs": ["po"],
        "organisatie": "wilgenveen",
        "plaatsvervangers": ["kans"],
        "vanaf": dt.date(2025, 1, 1),
        **changed,
    }


def register(*mandates: dict[str, Any]) -> Deciders:
    return Deciders.read({"mandaat": list(mandates)})


def test_the_holder_comes_before_the_substitute() -> None:
    assert register(mandate()).of("Wilgenveen", "plaatsing", "po", DAY) == ("wilgenveen", "kans")


def test_who_is_party_does_not_decide() -> None:
    assert register(mandate()).of("Wilgenveen", "plaatsing", "po", DAY, ["wilgenveen"]) == ("kans",)


def test_an_expired_mandate_gives_nobody_and_the_next_one_counts() -> None:
    expired = mandate(tot=dt.date(2026, 12, 31))
    assert register(expired).of("Wilgenveen", "plaatsing", "po", DAY) == ()
    assert (
        register(expired, mandate(organisatie="regio")).of("Wilgenveen", "plaatsing", "po", DAY)[0] == "regio"
    )


def test_the_last_day_counts_and_the_day_before_the_first_does_not() -> None:
    found = register(mandate(vanaf=DAY, tot=DAY))
    assert found.of("Wilgenveen", "plaatsing", "po", DAY)
    assert not found.of("Wilgenveen", "plaatsing", "po", DAY - dt.timedelta(days=1))
    assert not found.of("Wilgenveen", "plaatsing", "po", DAY + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("municipality", "kind", "sector"),
    [
        ("Oosterlaar", "plaatsing", "po"),
        ("Wilgenveen", "financiering", "po"),
        ("Wilgenveen", "plaatsing", "vo"),
    ],
)
def test_a_mandate_is_for_what_it_names(municipality: str, kind: str, sector: str) -> None:
    assert register(mandate()).of(municipality, kind, sector, DAY) == ()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"soorten": ["gezag"]}, "soorten"),
        ({"onderwijs": ["mbo"]}, "onderwijs"),
        ({"organisatie": ""}, "organisatie"),
        ({"vanaf": "morgen"}, "vanaf"),
        ({"tot": dt.date(2024, 1, 1)}, "tot"),
        ({"vervanger": "kans"}, "vervanger"),
    ],
)
def test_a_wrong_mandate_is_refused_by_its_key(changed: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        register(mandate(), mandate(**changed))


def test_a_diagram_asks_for_the_candidate_groups() -> None:
    call = 'doorzetters("Wilgenveen", "plaatsing", "po", date("2027-03-01"), ["wilgenveen"])'
    assert feel.evaluate(call, {}, functions=deciders.functions(register(mandate()))) == ["doorzetter@kans"]


def test_an_impasse_of_no_known_kind_is_null_with_a_warning() -> None:
    warnings: list[feel.Warning_] = []
    call = 'doorzetters("Wilgenveen", "ruzie", "po", date("2027-03-01"), null)'
    assert feel.evaluate(call, {}, functions=deciders.functions(register()), warnings=warnings) is None
    assert warnings
