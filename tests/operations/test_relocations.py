"""A child moves: nothing goes over before the new organisation says yes; the old one keeps what it supplied, no more."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from service.clock import PinnedClock
from service.domain import Actor, new_key
from service.errors import BadRequest, Conflict, NotAllowed, NotFound, TaskNotOpen
from service.operations import casussen, insight, notes, relocations, runtime, starts, tasks
from service.operations.spoken import Given
from service.operations.views import Started
from service.store import casus as rows
from service.store import facts, reading
from service.store.rows import Found
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.browsing import application, browser, send, text
from tests.operations.conftest import person

ON = date(2027, 2, 1)
REASON = "Het gezin verhuist in de zomer."


@pytest.fixture(scope="module")
def app(service: object) -> Flask:
    return application()


@pytest.fixture
def casus(ouder: Actor, clock: PinnedClock) -> Started:
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    clock.move(timedelta(minutes=1))
    return started


def ask(
    actor: Actor,
    casus: Started,
    to: str = "klaverveld",
    *,
    kind: str = "school",
    on: date | None = ON,
    reason: str = REASON,
    pass_on: bool = False,
) -> int:
    return relocations.ask(actor, casus.casus_number, kind=kind, to=to, on=on, reason=reason, pass_on=pass_on)


def question(actor: Actor, casus: Started) -> int:
    return next(one.key for one in relocations.mine(actor) if one.casus_number == casus.casus_number)


def row_of(casus: Started) -> Found:
    with transaction(SERVICE) as session:
        row = rows.by_number(session, casus.casus_number)
    assert row is not None
    return row


def told(key: int) -> list[str]:
    with transaction(SERVICE) as session:
        return [line.kind for line in facts.rows(session, key)]


def offered(actor: Actor, casus: Started) -> list[str]:
    return [one.name for one in tasks.mine(actor, limit=500).tasks if one.casus_number == casus.casus_number]


def schools(casus: Started) -> list[str]:
    with transaction(SERVICE) as session:
        bound = rows.bindings(session, row_of(casus).key)
    return [one.organisation_key for one in bound if one.role == "school_ib"]


def test_nothing_goes_over_before_the_new_school_says_yes(
    casus: Started, swv: Actor, ib: Actor, other_ib: Actor, clock: PinnedClock
) -> None:
    assert ask(swv, casus) == 1
    assert (offered(ib, casus), offered(other_ib, casus), schools(casus)) == (
        ["Advies geven"],
        [],
        ["regenboogbrug"],
    )
    with pytest.raises(NotFound):
        casussen.view(other_ib, casus.casus_number)
    [row] = [one for one in relocations.mine(other_ib) if one.casus_number == casus.casus_number]
    assert (row.child, row.moved_on, row.reason, row.roles) == ("Noor B.", ON, REASON, ("school_ib",))
    clock.move(timedelta(minutes=1))
    relocations.accept(other_ib, row.key)
    assert (offered(ib, casus), offered(other_ib, casus), schools(casus)) == (
        [],
        ["Advies geven"],
        ["klaverveld"],
    )
    assert {"relocation:asked", "relocation:accepted"} <= set(told(row_of(casus).key))
    assert {"participant:rebound", "task:reoffered"} <= set(told(casus.instance_key))
    kinds = [one.kind for one in casussen.view(swv, casus.casus_number).timeline]
    assert {"joined", "left"} <= set(kinds)


def test_the_new_school_does_the_task_and_the_old_one_cannot(
    casus: Started, swv: Actor, ib: Actor, other_ib: Actor, arts: Actor
) -> None:
    key = next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == casus.casus_number)
    tasks.claim(ib, key)
    ask(swv, casus)
    relocations.accept(other_ib, question(other_ib, casus))
    given = {"advies": "plek", "toelichting": "-"}
    with pytest.raises((NotFound, TaskNotOpen)):
        tasks.complete(ib, key, given, as_html=False, idempotency_key=f"oud{key}")
    tasks.complete(other_ib, key, given, as_html=False, idempotency_key=f"nieuw{key}")
    assert offered(ib, casus) == []


def test_a_refusal_goes_back_with_its_reason_and_changes_nothing(
    casus: Started, swv: Actor, other_ib: Actor, ib: Actor
) -> None:
    ask(swv, casus)
    key = question(other_ib, casus)
    with pytest.raises(BadRequest):
        relocations.refuse(other_ib, key, "nee")
    relocations.refuse(other_ib, key, "Wij hebben geen plaats in groep vier.")
    [row] = relocations.view(swv, casus.casus_number).asked
    assert (row.state, row.answer) == ("REFUSED", "Wij hebben geen plaats in groep vier.")
    assert schools(casus) == ["regenboogbrug"]
    with pytest.raises(NotFound):
        relocations.accept(other_ib, key)
    relocations.settle(swv, casus.casus_number, key)
    assert relocations.view(swv, casus.casus_number).asked == ()


def test_who_directs_takes_an_open_question_back(casus: Started, swv: Actor, other_ib: Actor) -> None:
    ask(swv, casus)
    with pytest.raises(Conflict):
        ask(swv, casus)
    key = question(other_ib, casus)
    relocations.settle(swv, casus.casus_number, key)
    with pytest.raises(NotFound):
        relocations.accept(other_ib, key)
    assert "relocation:withdrawn" in told(row_of(casus).key)


def test_only_who_directs_asks_and_only_who_is_asked_answers(
    casus: Started, swv: Actor, ib: Actor, ouder: Actor, other_ib: Actor
) -> None:
    for actor in (ib, ouder):
        with pytest.raises(NotAllowed):
            ask(actor, casus)
        with pytest.raises(NotAllowed):
            relocations.view(actor, casus.casus_number)
    with pytest.raises(NotFound):
        ask(other_ib, casus)
    ask(swv, casus)
    key = question(other_ib, casus)
    for actor in (ib, ouder, swv):
        with pytest.raises(NotFound):
            relocations.accept(actor, key)
        with pytest.raises(NotFound):
            relocations.refuse(actor, key, "Niet van ons, zeggen wij.")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"to": "regenboogbrug"}, "naar"),  # is there already
        ({"to": "bestaat-niet"}, "naar"),
        ({"to": "ggd"}, "naar"),
        ({"kind": "gemeente", "to": "klaverveld"}, "naar"),
        ({"kind": "planeet"}, "soort"),
        ({"on": None}, "datum"),
        ({"reason": "kort"}, "reden"),
    ],
)
def test_what_is_no_move_is_refused(casus: Started, swv: Actor, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRequest) as refused:
        ask(swv, casus, **changed)
    assert refused.value.field == field


def test_another_municipality_is_a_question_for_each_organisation(
    casus: Started, swv: Actor, clock: PinnedClock
) -> None:
    """Wilgenveen to Hoogmeer: another wijkteam and another office for leerplicht; the SWV and the GGD stay."""
    key = row_of(casus).key
    with transaction(SERVICE) as session:
        for role, organisation in (("lpa", "wilgenveen"), ("wijkteam", "sociaalteam")):
            part = {"role": role, "candidate": f"{role}@{organisation}", "organisation_key": organisation}
            rows.bind(session, key, [{**part, "account_key": None, "since": clock.now()}])
    assert ask(swv, casus, "hoogmeer", kind="gemeente") == 2
    asked = {(one.to_name, one.roles) for one in relocations.view(swv, casus.casus_number).asked}
    assert asked == {("RBL Zilverbeek", ("lpa",)), ("Wijkteam Hoogmeer", ("wijkteam",))}
    lpa = person("lpa.rbl")
    relocations.accept(lpa, question(lpa, casus))
    assert row_of(casus).municipality == "Hoogmeer"
    with transaction(SERVICE) as session:
        bound = {one.candidate for one in rows.bindings(session, key)}
    assert {"lpa@rbl", "wijkteam@sociaalteam"} <= bound
    assert casussen.view(lpa, casus.casus_number).head.number == casus.casus_number


@pytest.mark.parametrize("pass_on", [True, False])
def test_what_was_given_to_the_role_goes_along_only_when_who_directs_says_so(
    casus: Started, swv: Actor, arts: Actor, ouder: Actor, pass_on: bool
) -> None:
    """The verklaring is given to the parent by law; it is given to the school here, as a region could decide."""
    task = next(t.key for t in tasks.mine(arts, limit=500).tasks if t.casus_number == casus.casus_number)
    answers = {"conclusie": "nooit", "bevinding": "x", "verklaring": "verklaring-voor-school"}
    tasks.complete(arts, task, answers, as_html=False, idempotency_key=f"p{task}")
    given = {
        "key": new_key(runtime.now()),
        "casus_key": row_of(casus).key,
        "form_id": "onderzoek",
        "path": "verklaring",
        "from_role": "jeugdarts",
        "from_organisation": "ggd",
        "to_candidate": "school_ib@regenboogbrug",
        "purpose": "Het lesrooster aanpassen.",
        "ground": "Wet",
        "given_by": arts.account,
        "given_at": runtime.now(),
    }
    with transaction(SERVICE) as session:
        reading.disclose(session, [given])
    old, new = person("school_ib.regenboogbrug"), person("school_ib.klaverveld")
    seen = {row.value for row in casussen.view(old, casus.casus_number).dossier}
    assert "verklaring-voor-school" in seen
    ask(swv, casus, pass_on=pass_on)
    relocations.accept(new, question(new, casus))
    for actor, expected in ((new, pass_on), (old, False)):
        seen = {row.value for row in casussen.view(actor, casus.casus_number).dossier}
        assert ("verklaring-voor-school" in seen) is expected


def test_the_old_school_reads_over_http_what_it_supplied_and_nothing_else(
    app: Flask, casus: Started, swv: Actor, ib: Actor, other_ib: Actor, clock: PinnedClock
) -> None:
    page = f"/casus/{casus.casus_number}"
    task = next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == casus.casus_number)
    given = {"advies": "plek", "toelichting": "toelichting-van-de-school"}
    tasks.complete(ib, task, given, as_html=False, idempotency_key=f"h{task}")
    notes.write(ib, casus.casus_number, "Z", "notitie-van-de-oude-school")
    notes.write(swv, casus.casus_number, "I", "notitie-van-het-swv")
    assert "notitie-van-het-swv" in text(browser(app, ib), page)
    send(
        browser(app, swv),
        f"{page}/verhuizing",
        {"soort": "school", "school": "klaverveld", "datum": "2027-02-01", "reden": REASON},
    )
    new = browser(app, other_ib)
    assert "/verhuizingen" in text(new, "/taken")
    key = question(other_ib, casus)
    assert send(new, f"/verhuizingen/{key}", {"antwoord": "ja"}, page="/verhuizingen").status_code == 302
    clock.move(timedelta(minutes=1))
    notes.write(other_ib, casus.casus_number, "I", "notitie-van-de-nieuwe-school")
    old = browser(app, ib)
    shown = text(old, page)
    assert {"toelichting-van-de-school", "notitie-van-de-oude-school"} <= set(
        shown.replace("<", " ").replace(">", " ").split()
    )
    for other in (
        "notitie-van-het-swv",
        "notitie-van-de-nieuwe-school",
        "Noor",
        "Bakker",
        "2020",
        "Klaverveld",
        "Samen Wijs",
        "GGD",
    ):
        assert other not in shown, other
    assert f'{page}"' in text(old, "/casus")
    for closed in (
        "inzage",
        "waarneming",
        "notitie",
        "verhuizing",
        "gezin",
        "gekeken",
        "toestemming",
        "uitnodigen",
    ):
        assert old.get(f"{page}/{closed}").status_code == 404, closed
    assert old.get(f"/taken/{task}").status_code == 404
    assert "notitie-van-de-nieuwe-school" in text(new, page)
    assert "notitie-van-de-oude-school" not in text(new, page)  # of class Z, supplied by another school


def test_who_supplied_something_is_still_told_in_wie_kan_dit_zien(
    casus: Started, swv: Actor, ib: Actor, other_ib: Actor, ouder: Actor
) -> None:
    notes.write(ib, casus.casus_number, "Z", "iets")
    ask(swv, casus)
    relocations.accept(other_ib, question(other_ib, casus))
    groups = insight.who_can(ouder, casus.casus_number).groups
    [noted] = [group for group in groups if group.form_name == "Notities"]
    assert "school_ib" in {to.role for to in noted.seen_by}


def test_a_school_that_takes_no_part_takes_over_by_the_word_that_who_directs_records(
    app: Flask, casus: Started, swv: Actor, ib: Actor
) -> None:
    assert ask(swv, casus, "werkbank") == 1
    assert "Advies geven" in offered(ib, casus)  # never silently
    client, address = browser(app, swv), f"/casus/{casus.casus_number}/verhuizing"
    page = text(client, address)
    assert "Praktijkschool De Werkbank doet niet mee in Sluitend" in page
    key = relocations.view(swv, casus.casus_number).asked[0].key
    late = {"bron": "brief", "ontvangen": "2027-12-01"}
    refused = send(client, f"{address}/{key}/namens", late, page=address)
    assert refused.status_code == 422
    assert "Deze dag is nog niet geweest" in refused.get_data(as_text=True)
    assert 'value="brief" selected' in refused.get_data(as_text=True)
    said = {"bron": "brief", "ontvangen": "2027-01-15"}
    assert send(client, f"{address}/{key}/namens", said, page=address).status_code == 302
    assert schools(casus) == ["werkbank"]
    assert offered(ib, casus) == []
    with transaction(SERVICE) as session:
        lines = facts.rows(session, casus.instance_key)
    [data] = [json.loads(one.payload)["data"] for one in lines if one.kind == "participant:rebound"]
    assert (data["on_behalf"], data["source"], data["received"]) == (
        "school_ib/organisatie:werkbank",
        "brief",
        "2027-01-15",
    )
    steps = casussen.view(swv, casus.casus_number).processes[0].steps
    assert any(one.behalf_key for one in steps if one.name == "Advies geven")  # and it answers namens as well


def test_nobody_says_yes_for_an_organisation_that_takes_part(casus: Started, swv: Actor, ib: Actor) -> None:
    ask(swv, casus)
    key = relocations.view(swv, casus.casus_number).asked[0].key
    said = Given(source="brief", received="2027-01-15")
    for who in (swv, ib):
        with pytest.raises(NotAllowed):
            relocations.accept_for(who, casus.casus_number, key, said)
    assert schools(casus) == ["regenboogbrug"]
