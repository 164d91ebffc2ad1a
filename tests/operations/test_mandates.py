"""An auditor or FG sees what their own organisation takes part in; more needs the word of each controller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.clock import PinnedClock
from service.domain import Actor, Membership
from service.errors import BadRequest, NotFound
from service.operations import audit, mandates, region, runtime
from service.operations.views import Started
from tests.operations.browsing import application, browser, send, text
from tests.operations.conftest import NOW, person
from tests.operations.test_disclosures import begin

SCHOOL, REASON, STARTS = "regenboogbrug", "Steekproef tweede kwartaal", date(2027, 1, 1)


@pytest.fixture
def casus(ouder: Actor, clock: PinnedClock) -> Started:
    return begin(ouder)


@pytest.fixture
def wilma(service: runtime.Runtime) -> Actor:
    return person("org_beheer.regenboogbrug")


@pytest.fixture
def withdrawn(wilma: Actor, clock: PinnedClock) -> Iterator[None]:
    """The school gave the region's auditor no mandate."""
    _withdraw(wilma)
    yield
    runtime.use_clock(PinnedClock(NOW))
    _withdraw(wilma)
    mandates.give(wilma, SCHOOL, "auditor", "zilverbeek", STARTS, None, "Besluit 12")


def _withdraw(wilma: Actor) -> None:
    for row in mandates.view(wilma, SCHOOL).rows:
        if row.role == "auditor":
            mandates.revoke(wilma, SCHOOL, row.key)


def found(auditor: Actor, casus: Started) -> bool:
    return any(
        row.instance_key == casus.instance_key for row in audit.search(auditor, text=casus.casus_number)
    )


def test_with_every_mandate_the_auditor_sees_the_region(casus: Started, auditor: Actor) -> None:
    assert mandates.mine(auditor).everything
    assert found(auditor, casus)
    assert "is een mandaat nodig" not in text(browser(application(), auditor), "/audit")


def test_without_a_mandate_of_who_takes_part_a_casus_is_not_found(
    casus: Started, auditor: Actor, ib: Actor, withdrawn: None
) -> None:
    assert not found(auditor, casus)
    with pytest.raises(NotFound):
        audit.story(auditor, casus.instance_key, REASON)
    assert audit.access(auditor, "", ib.login) == []
    lines = audit.access(auditor, str(casus.instance_key), "")
    assert {line["organisation"] for line in lines} == {"zilverbeek"}  # the own refused try, and no other's
    page = text(browser(application(), auditor), "/audit")
    assert "U ziet de gegevens van Regio Zilverbeek" in page
    assert "is een mandaat nodig van: Basisschool De Regenboogbrug." in page


def test_a_mandate_holds_from_its_first_day_to_its_last(
    casus: Started, auditor: Actor, wilma: Actor, withdrawn: None, clock: PinnedClock
) -> None:
    last = date(2027, 1, 20)
    mandates.give(wilma, SCHOOL, "auditor", "zilverbeek", date(2027, 1, 19), last, "Besluit 12")
    seen = []
    for _ in range(4):
        seen.append(found(auditor, casus))
        clock.move(timedelta(days=1))
    assert seen == [False, True, True, False]


def test_the_own_organisation_s_casussen_need_no_mandate(casus: Started, withdrawn: None) -> None:

    own = replace(
        person("auditor.zilverbeek"), memberships=(Membership(role="auditor", organisation=SCHOOL),)
    )
    elsewhere = replace(own, memberships=(Membership(role="auditor", organisation="letterlicht"),))
    assert found(own, casus)
    assert audit.story(own, casus.instance_key, REASON).casus_number == casus.casus_number
    assert not found(elsewhere, casus)


def test_a_restart_does_not_give_again_what_was_revoked(auditor: Actor, withdrawn: None) -> None:
    region.load(runtime.current().region)
    assert mandates.mine(auditor).missing == ("Basisschool De Regenboogbrug",)


def test_a_mandate_is_given_by_the_controller_s_own_administrator_alone(ib: Actor, wilma: Actor) -> None:
    for stranger in (ib, person("org_beheer.ggd"), person("auditor.zilverbeek"), person("beheer.zilverbeek")):
        with pytest.raises(NotFound):
            mandates.give(stranger, SCHOOL, "auditor", "zilverbeek", STARTS, None, "Besluit")
        with pytest.raises(NotFound):
            mandates.view(stranger, SCHOOL)
    for role, holder in (("fg", SCHOOL), ("school_ib", "klaverveld"), ("auditor", "ggd"), ("fg", "nergens")):
        with pytest.raises(BadRequest):
            mandates.give(wilma, SCHOOL, role, holder, STARTS, None, "Besluit")
    with pytest.raises(BadRequest):
        mandates.give(wilma, SCHOOL, "fg", "ggd", STARTS, date(2026, 12, 1), "Besluit")
    with pytest.raises(BadRequest):
        mandates.give(wilma, SCHOOL, "fg", "ggd", STARTS, None, " ")


def test_the_page_gives_and_revokes(wilma: Actor, clock: PinnedClock) -> None:
    client, page = browser(application(), wilma), f"/organisatie/{SCHOOL}/mandaten"
    given = {"wie": "fg/ggd", "vanaf": "2027-01-18", "tot": "", "stuk": "Besluit 13"}
    assert send(client, page, given).status_code == 302
    assert "Besluit 13" in text(client, page)
    assert send(client, page, {**given, "stuk": ""}).status_code == 422
    assert send(client, page, {**given, "vanaf": "x"}).status_code == 422
    key = next(row.key for row in mandates.view(wilma, SCHOOL).rows if row.document == "Besluit 13")
    assert send(client, f"{page}/{key}/intrekken", {}, page=page).status_code == 302
    assert "Besluit 13" not in text(client, page)
