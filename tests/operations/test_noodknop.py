"""The noodknop opens a casus for who may use it, for a while, and the FG sees it; substitutes are recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, NotAllowed, NotFound
from service.operations import accounts, casussen, emergencies, runtime, substitutes
from service.operations.views import Started
from service.store import access_log
from service.store import accounts as account_rows
from service.store.scopes import AUDIT, SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import NOW, person
from tests.operations.test_disclosures import begin, examine, shown

REASON = "Het meisje is op straat gevonden en praat niet."


@pytest.fixture
def casus(ouder: Actor, arts: Actor) -> Started:
    started = begin(ouder)
    examine(arts, started)
    return started


def outsider() -> Actor:
    """Somebody with a role that may, who does not take part."""
    return person("lpa.oosterlaar")


def test_it_opens_what_was_closed_for_as_long_as_the_region_says(casus: Started, clock: PinnedClock) -> None:
    who = outsider()
    with pytest.raises(NotFound):
        casussen.view(who, casus.casus_number)
    emergencies.use(who, casus.casus_number, REASON)
    assert proef.MARKER in shown(who, casus)
    assert casussen.view(who, casus.casus_number).head.subject_name
    clock.move(runtime.current().register.emergency.lasts)
    with pytest.raises(NotFound):
        casussen.view(who, casus.casus_number)


def test_it_opens_one_casus_and_no_other(casus: Started, ouder: Actor) -> None:
    other = begin(ouder)
    emergencies.use(outsider(), casus.casus_number, REASON)
    with pytest.raises(NotFound):
        casussen.view(outsider(), other.casus_number)


def test_who_may_not_use_it_is_refused_and_a_number_that_is_none_is_not_found(casus: Started) -> None:
    with pytest.raises(NotAllowed):
        emergencies.use(person("school_ib.klaverveld"), casus.casus_number, REASON)
    with pytest.raises(NotFound):
        emergencies.use(outsider(), "ZB-0000-0000", REASON)
    with pytest.raises(BadRequest):
        emergencies.use(outsider(), casus.casus_number, "spoed")


def test_each_use_and_each_read_is_in_the_access_log(casus: Started) -> None:
    emergencies.use(outsider(), casus.casus_number, REASON)
    casussen.view(outsider(), casus.casus_number)
    with transaction(AUDIT) as session:
        lines = access_log.read(session, account_key=outsider().account)
    newest = [(line.action, line.object_kind, line.ground) for line in lines]
    assert ("R", "dossier", "noodknop") in newest
    assert ("noodknop", "casus", "noodknop, rol lpa") in newest
    assert not any(REASON in line.ground for line in lines)


def test_the_fg_of_that_organisation_sees_it_and_no_other(casus: Started) -> None:
    with transaction(SERVICE) as session:
        key = account_rows.put(session, 4_711, "fg.oosterlaar@demo.invalid", "Femke G.", "", NOW)
        account_rows.set_memberships(session, key, [("fg", "oosterlaar")])
    fg = accounts.by_login("fg.oosterlaar@demo.invalid")
    assert fg is not None
    emergencies.use(outsider(), casus.casus_number, REASON)
    found = emergencies.seen_by_fg(fg, unseen=True)
    one = next(row for row in found if row.casus_number == casus.casus_number)
    assert (one.role, one.reason) == ("lpa", REASON)
    emergencies.mark_seen(fg, one.key)
    assert one.key not in {row.key for row in emergencies.seen_by_fg(fg, unseen=True)}
    other = person("fg.wilgenveen")
    assert one.key not in {row.key for row in emergencies.seen_by_fg(other)}
    with pytest.raises(NotFound):
        emergencies.mark_seen(other, one.key)
    with pytest.raises(NotAllowed):
        emergencies.seen_by_fg(outsider())


def colleague() -> Actor:
    """A second doctor of the same GGD."""
    with transaction(SERVICE) as session:
        key = account_rows.put(session, 4_712, "jeugdarts.ggd.derde@demo.invalid", "Karin M.", "", NOW)
        account_rows.set_memberships(session, key, [("jeugdarts", "ggd")])
    found = accounts.by_login("jeugdarts.ggd.derde@demo.invalid")
    assert found is not None
    return found


def test_a_colleague_reads_the_examination_as_a_recorded_substitute_and_not_before(
    casus: Started, arts: Actor, clock: PinnedClock
) -> None:
    who = colleague()
    assert proef.MARKER not in shown(who, casus)
    assert arts.account in {one.account for one in substitutes.colleagues(who, casus.casus_number)}
    until = clock.now() + timedelta(days=7)
    with pytest.raises(BadRequest):
        substitutes.record(
            who, casus.casus_number, arts.account, "Vakantie van de collega", clock.now() + timedelta(days=90)
        )
    with pytest.raises(BadRequest):
        substitutes.record(who, casus.casus_number, arts.account, "kort", until)
    substitutes.record(who, casus.casus_number, arts.account, "Vakantie van de collega", until)
    assert proef.MARKER in shown(who, casus)
    clock.move(timedelta(days=7))
    assert proef.MARKER not in shown(who, casus)


def test_nobody_takes_the_place_of_somebody_elsewhere(casus: Started, arts: Actor, ib: Actor) -> None:
    until = runtime.now() + timedelta(days=1)
    with pytest.raises(NotAllowed):
        substitutes.record(ib, casus.casus_number, arts.account, "Vakantie van de collega", until)
    with pytest.raises(NotFound):
        substitutes.record(outsider(), casus.casus_number, arts.account, "Vakantie van de collega", until)
