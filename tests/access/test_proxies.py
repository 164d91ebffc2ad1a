"""The register of who enters for another: what it says, and what it refuses to be read as."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from service.access import MATRIX
from service.config import shipped
from service.errors import ConfigurationError
from service.operations import proxies, rights

ROLES = {
    name: MATRIX[name]
    for name in ("ouder", "jeugdige", "school_ib", "swv_po", "casusregisseur", "doorzetter")
}
DIRECTING = ("casusregisseur", "swv_po", "doorzetter")


def test_without_a_register_nobody_enters_anything() -> None:
    assert rights.read({}, {}).proxies.may == {}


def test_the_demo_region_names_who_directs_for_families_and_nobody_for_doctor_and_authority() -> None:
    file: Path = shipped("config") / "regio" / "zilverbeek" / "inzage.toml"
    read = rights.read(tomllib.loads(file.read_text(encoding="utf-8")), {})
    for family in ("ouder", "jeugdige"):
        assert read.proxies.may[family] <= read.directing
    assert not {"jeugdarts", "lpa", "doorzetter", "college", "tafel_vz"} & read.proxies.may.keys()
    assert not read.proxies.signed & proxies.SPOKEN


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (
            {"rol": {"ouder": ["school_ib"]}},
            "‘school_ib’ mag niet namens ‘ouder’ invoeren, want die heeft geen regie",
        ),
        (
            {"rol": {"ouder": ["doorzetter"]}},
            "‘doorzetter’ mag niet namens ‘ouder’ invoeren, want die leest niet wie het is",
        ),
        ({"rol": {"school_ib": ["ouder"]}}, "‘ouder’ mag niet namens ‘school_ib’ invoeren"),
        ({"rol": {"tandarts": ["swv_po"]}}, "rol ‘tandarts’ staat niet onder [rol]"),
        ({"rol": {"ouder": "casusregisseur"}}, "rol is een tabel met achter elke rol een lijst"),
        ({"rol": ["ouder"]}, "rol is een tabel met achter elke rol een lijst"),
        ({"ondertekend": ["telefoon"]}, "Kies uit brief, email, formulier"),
        ({"ondertekend": ["fax"]}, "Kies uit brief, email, formulier"),
        ({"dagen": 0}, "dagen is een heel getal van 1 of meer"),
        ({"dagen": True}, "dagen is een heel getal van 1 of meer"),
    ],
)
def test_what_it_cannot_say_is_refused_in_plain_dutch(raw: dict[str, object], finding: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        proxies.read(raw, roles=ROLES, directing=DIRECTING)
    assert "inzage.toml, [namens]" in str(refused.value)
    assert finding in str(refused.value)


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ConfigurationError) as refused:
        proxies.read({"rol": {"ouder": ["school_ib"]}, "dagen": 0}, roles=ROLES, directing=DIRECTING)
    assert "geen regie" in str(refused.value)
    assert "dagen" in str(refused.value)
