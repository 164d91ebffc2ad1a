"""The register of fixed contacts names functions and numbers, and a mistake in it is named."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain import Actor
from service.errors import ConfigurationError
from service.operations import contacts


def municipality(**changed: object) -> dict[str, Any]:
    contact = {
        "plek": "Scholen",
        "wie": "Consulent",
        "organisatie": "sociaalteam",
        "telefoon": "088 000 00 00",
    }
    return {
        "gemeente": [{"naam": "Wilgenveen", "werkwijze": "Bel ons.", "aanspreekpunt": [contact | changed]}]
    }


def test_the_shipped_register_has_a_contact_for_each_municipality(ouder: Actor) -> None:
    page = contacts.register(ouder)
    assert {one.name for one in page.municipalities} == {"Wilgenveen", "Oosterlaar", "Hoogmeer", "Dorpsrade"}
    found = [contact for one in page.municipalities for contact in one.contacts]
    assert all(one.contacts and one.method for one in page.municipalities)
    assert {one.organisation for one in found} <= page.organisations.keys()
    assert {one.holder for one in page.mandates} <= page.organisations.keys()


def test_a_contact_without_mandate_may_decide_nothing() -> None:
    (found,) = contacts.read(municipality())
    assert found.contacts[0].mandate == ""


@pytest.mark.parametrize(
    ("changed", "named"), [({"telefoon": ""}, "telefoon"), ({"wie": 3}, "wie"), ({"mobiel": "06"}, "mobiel")]
)
def test_a_wrong_contact_is_refused_by_its_key(changed: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        contacts.read(municipality(**changed))
