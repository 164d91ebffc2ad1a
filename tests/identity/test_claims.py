"""Claims of a provider become roles by the region's own list, and by nothing else."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.domain import Membership
from service.errors import ConfigurationError
from service.identity import claims, providers
from service.identity.providers import Provider
from service.operations import assurance
from service.operations.assurance import Assurance, Demands, requires_step_up

ROOT = Path(__file__).resolve().parents[2]
GIVEN: dict[str, Any] = {
    "sleutel": "swv",
    "naam": "Samenwijs",
    "issuer": "https://login.samenwijs.example",
    "client_id": "sluitend",
    "acr": {"substantial": "urn:2fa"},
    "amr": {"otp": "substantial", "hwk": "high"},
    "rol": [
        {"als": {"realm_access.roles": "adviseur"}, "rol": "swv_po", "organisatie": "samenwijs"},
        {
            "als": {"https://school.example/brin": "01AA", "functie": "ib"},
            "rol": "school_ib",
            "organisatie": "regenboogbrug",
        },
        {"als": {"volwassen": "true"}, "rol": "ouder"},
    ],
}
ADVISER = Membership(role="swv_po", organisation="samenwijs")
SCHOOL = Membership(role="school_ib", organisation="regenboogbrug")
PARENT = Membership(role="ouder", organisation="")


@pytest.fixture
def provider() -> Provider:
    return providers.read({"aanbieder": [GIVEN]}).by_key["swv"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"realm_access": {"roles": ["adviseur", "anders"]}}, (ADVISER,)),
        ({"realm_access": {"roles": "adviseur"}}, (ADVISER,)),
        ({"realm_access.roles": ["adviseur"]}, (ADVISER,)),
        ({"https://school.example/brin": "01AA", "functie": ["ib", "leerkracht"]}, (SCHOOL,)),
        ({"https://school.example/brin": "01AA"}, ()),
        ({"volwassen": True}, (PARENT,)),
        ({"volwassen": 1}, ()),
        ({"realm_access": {"roles": ["Adviseur"]}}, ()),
        ({"realm_access": {"roles": [["adviseur"]]}}, ()),
        ({"realm_access": "adviseur"}, ()),
        ({"realm_access": {"roles": ["adviseur"]}, "volwassen": True}, (ADVISER, PARENT)),
        ({}, ()),
    ],
)
def test_a_role_is_given_when_all_claims_of_its_rule_are_there(
    provider: Provider, said: dict[str, Any], expected: tuple[Membership, ...]
) -> None:
    assert claims.memberships(provider, said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, Assurance.LOW),
        ({"acr": "urn:2fa"}, Assurance.SUBSTANTIAL),
        ({"acr": "urn:unknown"}, Assurance.LOW),
        ({"amr": ["pwd", "hwk"]}, Assurance.HIGH),
        ({"acr": "urn:2fa", "amr": ["hwk"]}, Assurance.HIGH),
        ({"amr": "hwk"}, Assurance.LOW),
        ({"amr": [1, {"hwk": 1}]}, Assurance.LOW),
        ({"acr": ["urn:2fa"]}, Assurance.LOW),
    ],
)
def test_only_what_the_configuration_names_makes_somebody_surer(
    provider: Provider, said: dict[str, Any], expected: Assurance
) -> None:
    assert claims.assurance(provider, said) is expected


def test_a_name_is_one_line_of_readable_text(provider: Provider) -> None:
    assert claims.display_name(provider, {"name": " Noor\n\tde  W. "}) == "Noor de W."
    assert claims.display_name(provider, {"name": 7, "given_name": "Noor"}) == "Noor"
    assert claims.display_name(provider, {}) == "Iemand van Samenwijs"
    assert len(claims.display_name(provider, {"name": "a" * 5000})) == 120


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"issuer": "http://login.samenwijs.example"}, "https"),
        ({"issuer": ""}, "issuer"),
        ({"sleutel": "Met Spatie"}, "sleutel"),
        ({"geheim": "in the file"}, "geheim"),
        ({"rol": [{"rol": "swv_po"}]}, "als"),
        ({"rol": [{"als": {}, "rol": "swv_po"}]}, "als"),
        ({"amr": {"otp": "zeer hoog"}}, "otp"),
        ({"uitloggen": "misschien"}, "uitloggen"),
    ],
)
def test_a_fault_in_the_configuration_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        providers.read({"aanbieder": [GIVEN | change]})


def test_two_providers_never_share_a_key() -> None:
    with pytest.raises(ConfigurationError, match="own"):
        providers.read({"aanbieder": [GIVEN, GIVEN | {"naam": "Kans"}]})


def test_the_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    found = providers.read({"aanbieder": [GIVEN | {"geheim_env": "PROEF_GEHEIM"}]}).by_key["swv"]
    with pytest.raises(ConfigurationError, match="PROEF_GEHEIM"):
        providers.check(providers.read({"aanbieder": [GIVEN | {"geheim_env": "PROEF_GEHEIM"}]}), ())
    monkeypatch.setenv("PROEF_GEHEIM", "stil")
    assert found.secret == "stil"
    assert "stil" not in repr(found)


def test_the_demo_region_has_no_provider_switched_on() -> None:
    assert not providers.load(ROOT / "config" / "regio" / "zilverbeek" / "aanmelden.toml").by_key


def test_the_examples_in_the_documents_can_be_used_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SAMENWIJS", "SCHOLEN"):
        monkeypatch.setenv(f"SLUITEND_OIDC_{name}", "stil")
    handbook = (ROOT / "docs" / "aanmelden.md").read_text(encoding="utf-8")
    example, demanded, worth = (
        tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", dedented(handbook), re.S)
    )
    region = (ROOT / "config" / "regio" / "zilverbeek" / "aanmelden.toml").read_text(encoding="utf-8")
    commented = tomllib.loads(re.sub(r"^# (?=\[\[|\w+ = )", "", region, flags=re.M))
    roles = tomllib.loads(
        (ROOT / "config" / "regio" / "zilverbeek" / "rollen.toml").read_text(encoding="utf-8")
    )
    assert list(providers.read(example).by_key) == ["samenwijs"]
    assert list(providers.read(commented).by_key) == ["samenwijs", "scholen"]
    assert assurance.read(demanded) == Demands()
    assert providers.read({"aanbieder": [GIVEN | worth]}).by_key["swv"].strongest is Assurance.HIGH
    for one in (example, commented):
        providers.check(providers.read(one), roles)


def dedented(text: str) -> str:
    return re.sub(r"^   (?=\S|$)", "", text, flags=re.M)


def test_a_role_that_the_region_does_not_have_is_named() -> None:
    with pytest.raises(ConfigurationError, match="swv_po"):
        providers.check(providers.read({"aanbieder": [GIVEN]}), {"school_ib"})


NOW = datetime(2027, 1, 4, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("classes", "level", "minutes_ago", "missing"),
    [
        ("IOP", "low", 0, None),
        ("", "low", 0, None),
        ("IZ", "low", 0, Assurance.SUBSTANTIAL),
        ("M", "substantial", 60, None),
        ("M", "substantial", 61, Assurance.SUBSTANTIAL),
        ("Z", "high", 5, None),
    ],
)
def test_care_and_medical_data_ask_for_more_and_for_lately(
    classes: str, level: str, minutes_ago: int, missing: Assurance | None
) -> None:
    proved = NOW - timedelta(minutes=minutes_ago)
    assert requires_step_up(classes, level, proved, NOW, Demands()) is missing


def test_who_never_proved_anything_steps_up() -> None:
    assert requires_step_up("Z", "high", None, NOW, Demands()) is Assurance.SUBSTANTIAL


def test_a_region_may_ask_more_or_less() -> None:
    asked = assurance.read({"zekerheid": {"O": "high", "Z": "low", "minuten": 5}})
    assert requires_step_up("O", "substantial", NOW, NOW, asked) is Assurance.HIGH
    assert requires_step_up("Z", "low", None, NOW, asked) is None
    assert requires_step_up("M", "low", NOW, NOW, asked) is Assurance.SUBSTANTIAL
    with pytest.raises(ConfigurationError):
        assurance.read({"zekerheid": {"minuten": 0}})
