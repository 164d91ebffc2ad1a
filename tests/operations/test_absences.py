"""Who is absent is replaced by a colleague in all casussen, for a while; a stranger never is that colleague."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from service.clock import PinnedClock
from service.domain import Actor, TaskKey
from service.errors import BadRequest, NotAllowed, NotFound
from service.operations import absences, insight, tasks
from service.operations.views import Started
from service.store import access_log, facts
from service.store.scopes import AUDIT, SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.browsing import application, browser, send, text
from tests.operations.conftest import NOW, person
from tests.operations.test_disclosures import begin, examine, shown
from tests.operations.test_noodknop import colleague

WEEK = timedelta(days=7)
EXAMINATION = {"conclusie": "nooit", "bevinding": proef.MARKER, "verklaring": "verklaring"}


@pytest.fixture
def casus(ouder: Actor, arts: Actor, clock: PinnedClock) -> Started:
    started = begin(ouder)
    examine(arts, started)
    return started


@pytest.fixture
def absent(arts: Actor, clock: PinnedClock) -> Iterator[Actor]:
    """The doctor without any absence, before a test and after it."""
    _there(arts)
    clock.move(timedelta(seconds=1))
    yield arts
    _there(arts)


def _there(who: Actor) -> None:
    for row in absences.view(who).rows:
        absences.revoke(who, row.key)


def away(actor: Actor, replacement: Actor, *, starts: datetime = NOW, lasts: timedelta = WEEK) -> int:
    absences.record(actor, actor.account, "jeugdarts", "ggd", replacement.account, starts, starts + lasts)
    return next(row.key for row in absences.view(actor).rows if row.starts_at == starts)


def test_the_examination_opens_for_the_replacement_until_the_end(
    casus: Started, absent: Actor, clock: PinnedClock
) -> None:
    who = colleague()
    assert proef.MARKER not in shown(who, casus)
    away(absent, who)
    assert proef.MARKER in shown(who, casus)
    clock.move(WEEK)
    assert proef.MARKER not in shown(who, casus)


def test_it_has_not_begun_before_its_first_day(casus: Started, absent: Actor, clock: PinnedClock) -> None:
    away(absent, colleague(), starts=NOW + WEEK)
    assert proef.MARKER not in shown(colleague(), casus)
    clock.move(WEEK)
    assert proef.MARKER in shown(colleague(), casus)


def test_revoking_ends_it_at_once(casus: Started, absent: Actor) -> None:
    key = away(absent, colleague())
    with pytest.raises(NotFound):
        absences.revoke(colleague(), key)
    absences.revoke(absent, key)
    assert proef.MARKER not in shown(colleague(), casus)
    with pytest.raises(NotFound):
        absences.revoke(absent, key)


def test_a_taken_task_is_seen_and_done_on_behalf_of_who_is_absent(
    ouder: Actor, absent: Actor, clock: PinnedClock
) -> None:
    started, who = begin(ouder), colleague()
    key = task_of(absent, started)
    tasks.claim(absent, key)
    with pytest.raises(NotAllowed):
        tasks.complete(who, key, EXAMINATION, as_html=False)
    away(absent, who)
    assert next(row for row in tasks.mine(who, limit=500).tasks if row.key == key).behalf
    assert f"Namens {absent.name}" in text(browser(application(), who), "/taken")
    tasks.complete(who, key, EXAMINATION, as_html=False)
    with transaction(SERVICE) as session:
        rows = facts.rows(session, started.instance_key)
    told = [json.loads(row.payload)["data"] for row in rows if row.kind == "task:completed"]
    assert [data["account"] for data in told if data.get("for") == str(absent.account)] == [str(who.account)]
    with transaction(AUDIT) as session:
        lines = access_log.read(session, object_key=str(key), account_key=who.account)
    assert "kandidaat jeugdarts@ggd, neemt waar bij afwezigheid" in {line.ground for line in lines}


def task_of(actor: Actor, started: Started) -> TaskKey:
    return next(
        row.key for row in tasks.mine(actor, limit=500).tasks if row.casus_number == started.casus_number
    )


def test_only_a_colleague_with_the_role_who_is_there_stands_in(
    absent: Actor, ib: Actor, clock: PinnedClock
) -> None:
    who = colleague()
    for other in (ib, absent, person("cb_jgz.ggd")):
        with pytest.raises(BadRequest):
            away(absent, other)
    with pytest.raises(BadRequest):
        absences.record(absent, absent.account, "cb_jgz", "ggd", who.account, NOW, NOW + WEEK)
    away(who, person("jeugdarts.ggd.2"))
    with pytest.raises(BadRequest):
        away(absent, who)
    for row in absences.view(who).rows:
        absences.revoke(who, row.key)
    away(absent, who)
    clock.move(timedelta(seconds=1))
    with pytest.raises(BadRequest):
        away(absent, who, starts=NOW + timedelta(days=6))
    with pytest.raises(BadRequest):
        away(absent, who, starts=NOW - WEEK, lasts=timedelta(days=1))


def test_somebody_else_s_absence_is_for_the_administrator_of_their_organisation(
    absent: Actor, ib: Actor
) -> None:
    key = away(absent, colleague())
    for stranger in (ib, colleague(), person("org_beheer.regenboogbrug")):
        with pytest.raises(NotFound):
            absences.revoke(stranger, key)
        with pytest.raises(NotFound):
            absences.record(stranger, absent.account, "jeugdarts", "ggd", stranger.account, NOW, NOW + WEEK)
    administrator = person("org_beheer.ggd")
    absences.revoke(administrator, key)
    absences.record(administrator, absent.account, "jeugdarts", "ggd", colleague().account, NOW, NOW + WEEK)
    assert absences.view(absent).rows


def test_who_stands_in_is_named_where_the_family_sees_who_can_read(
    casus: Started, absent: Actor, ouder: Actor
) -> None:
    away(absent, colleague())
    seen = [to for group in insight.who_can(ouder, casus.casus_number).groups for to in group.seen_by]
    assert colleague().name in {to.person_name for to in seen}


def test_the_page_records_and_revokes(absent: Actor) -> None:
    client = browser(application(), absent)
    page = "/account/afwezigheid"
    choice = f"{absent.account}/jeugdarts/ggd/{colleague().account}"
    sent = send(client, page, {"keuze": choice, "van": "2027-01-18", "tot": "2027-01-20"})
    assert sent.status_code == 302
    assert f"{colleague().name} neemt waar" in text(client, page)
    assert send(client, page, {"keuze": choice, "van": "2027-01-19", "tot": "2027-01-21"}).status_code == 422
    assert send(client, page, {"keuze": "x", "van": "2027-01-19", "tot": "2027-01-21"}).status_code == 422
    assert send(client, page, {"keuze": choice, "van": "", "tot": "x"}).status_code == 422
    key = absences.view(absent).rows[0].key
    assert send(client, f"{page}/{key}/intrekken", {}, page=page).status_code == 302
    assert "neemt waar voor" in text(client, page)
    assert absences.view(absent).rows == ()
