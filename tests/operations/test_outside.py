"""An organisation that does not take part is known and bound, and nobody there has an account."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from service.domain import Actor
from service.errors import BadRequest, ConfigurationError
from service.operations import casussen, outside, region, runtime, starts, users
from tests.operations import proef

MEMBER = """
[[account]]
login = "school_ib.werkbank@demo.invalid"
naam = "Pien B."
rollen = [{ rol = "school_ib", organisatie = "werkbank" }]
"""


@pytest.fixture
def folder(service: runtime.Runtime, tmp_path: Path) -> Path:
    """The registers of the demo region, in which one school takes no part."""
    copy = tmp_path / "regio"
    shutil.copytree(service.region, copy)
    return copy


def _add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_its_role_is_bound_and_its_task_is_made(ouder: Actor) -> None:
    started = starts.start(ouder, "proef", proef.started(school="werkbank"), as_html=False)
    view = casussen.view(ouder, started.casus_number)
    assert ("school_ib", "Praktijkschool De Werkbank") in {
        (one.role, one.organisation_name) for one in view.participants
    }
    advice = next(step for step in view.processes[0].steps if step.name == "Advies geven")
    assert (advice.organisation_name, advice.state) == ("Praktijkschool De Werkbank", "CREATED")


def test_a_register_that_gives_it_an_account_is_refused_before_anything_changes(folder: Path) -> None:
    _add(folder / "accounts.toml", MEMBER)
    with pytest.raises(ConfigurationError) as refused:
        region.load(folder)
    assert "‘werkbank’ doet niet mee" in str(refused.value)
    assert "1 mens heeft daar een rol" in str(refused.value)


def test_something_else_than_true_or_false_is_refused() -> None:
    [finding] = outside.findings([{"key": "ggd", "doet_mee": "nee"}], [])
    assert finding == "organisaties.toml: doet_mee van ‘ggd’ is true of false, zonder aanhalingstekens."


def test_an_organisation_whose_people_still_have_a_role_does_not_leave(folder: Path) -> None:
    (folder / "accounts.toml").unlink()
    whole = (folder / "organisaties.toml").read_text(encoding="utf-8")
    (folder / "organisaties.toml").write_text(
        whole.replace('key = "ggd"', 'key = "ggd"\ndoet_mee = false'), encoding="utf-8"
    )
    with pytest.raises(ConfigurationError) as refused:
        region.load(folder)
    assert "‘ggd’ doet niet mee" in str(refused.value)
    assert "Verwijder die eerst bij Mensen" in str(refused.value)


def test_nobody_is_given_a_role_there(service: runtime.Runtime) -> None:
    with pytest.raises(BadRequest):
        users.create("pien@demo.invalid", "Pien B.", ["school_ib@werkbank"], "een lang wachtwoord, echt")
