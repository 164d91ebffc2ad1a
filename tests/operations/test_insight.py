"""Wie kan dit zien, en wie heeft gekeken: told to who takes part, and the second to the family."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.clock import PinnedClock
from service.domain import Actor
from service.errors import NotAllowed, NotFound
from service.operations import casussen, emergencies, insight, substitutes
from service.operations.outlooks import VisibleGroup
from service.operations.views import Started
from tests.operations import proef
from tests.operations.test_disclosures import VERDICT, begin, examine, shown
from tests.operations.test_noodknop import REASON, colleague, outsider


@pytest.fixture
def casus(ouder: Actor, arts: Actor) -> Started:
    started = begin(ouder)
    examine(arts, started)
    return started


def groups(actor: Actor, casus: Started) -> dict[str, VisibleGroup]:
    """By question."""
    found = insight.who_can(actor, casus.casus_number).groups
    return {question: group for group in found for question in group.questions}


def roles(group: VisibleGroup) -> set[str]:
    return {one.role for one in group.seen_by}


def test_it_names_who_can_see_what_and_why_and_never_what_it_says(casus: Started, ouder: Actor) -> None:
    found = groups(ouder, casus)
    assert roles(found["Bevinding"]) == {"jeugdarts"}
    [doctor] = found["Bevinding"].seen_by
    assert doctor.person_name
    assert doctor.reason == "zelf ingevuld"
    assert roles(found["Verklaring"]) == {"jeugdarts", "ouder"}
    reasons = {one.role: one.reason for one in found["Verklaring"].seen_by}
    assert "Weten wat de arts verklaart" in reasons["ouder"]
    assert {"ouder", "school_ib", "swv_po", "jeugdarts"} <= roles(found["Voornaam"])
    text = repr(insight.who_can(ouder, casus.casus_number))
    assert proef.MARKER not in text
    assert VERDICT not in text


def test_it_says_what_is_true_for_everybody_who_takes_part(
    casus: Started, ouder: Actor, ib: Actor, swv: Actor, arts: Actor
) -> None:
    """What a page claims and what a person gets are one decision."""
    claimed = groups(ouder, casus)
    for actor, role in ((ouder, "ouder"), (ib, "school_ib"), (swv, "swv_po"), (arts, "jeugdarts")):
        seen = {row.label for row in casussen.view(actor, casus.casus_number).dossier}
        assert seen == {question for question, group in claimed.items() if role in roles(group)}


def test_a_substitute_is_named(casus: Started, arts: Actor, ouder: Actor, clock: PinnedClock) -> None:
    until = clock.now() + timedelta(days=7)
    substitutes.record(colleague(), casus.casus_number, arts.account, "Vakantie van de collega", until)
    names = {one.person_name for one in groups(ouder, casus)["Bevinding"].seen_by}
    assert "Karin M." in names
    assert len(names) == 2


def test_who_does_not_take_part_is_told_nothing(casus: Started) -> None:
    for ask in (insight.who_can, insight.who_looked):
        with pytest.raises(NotFound):
            ask(outsider(), casus.casus_number)


def test_the_family_sees_who_looked_and_in_an_emergency_too(
    casus: Started, ouder: Actor, swv: Actor, clock: PinnedClock
) -> None:
    shown(swv, casus)
    clock.move(timedelta(hours=1))
    emergencies.use(outsider(), casus.casus_number, REASON)
    shown(outsider(), casus)
    looks = insight.who_looked(ouder, casus.casus_number)
    assert [look.at for look in looks] == sorted((look.at for look in looks), reverse=True)
    told = {(look.role, look.what, look.emergency) for look in looks}
    assert {("swv_po", "dossier", False), ("lpa", "dossier", True), ("lpa", "noodknop", True)} <= told
    assert any("I" in look.classes for look in looks if look.role == "swv_po")
    assert all(look.organisation_name for look in looks if look.role in {"swv_po", "lpa"})
    with pytest.raises(NotAllowed):
        insight.who_looked(swv, casus.casus_number)
