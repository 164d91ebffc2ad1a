"""Brothers and sisters: linked by who directs both, or after who directs the other says yes; seen by them alone."""

from __future__ import annotations

import pytest
from flask import Flask

from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, Conflict, NotAllowed, NotFound
from service.operations import casussen, siblings, starts
from service.operations.views import Started
from service.store import casus as rows
from service.store import facts
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.browsing import application, browser, send, text
from tests.operations.conftest import person

REASON = "Gebeld met de moeder van beiden."


@pytest.fixture(scope="module")
def app(service: object) -> Flask:
    return application()


def begin(actor: Actor, **changed: str) -> Started:
    return starts.start(actor, "proef", proef.started(**changed), as_html=False)


@pytest.fixture
def casus(ouder: Actor, clock: PinnedClock) -> Started:
    return begin(ouder)


@pytest.fixture
def brother(ouder: Actor, clock: PinnedClock) -> Started:
    """Directed by the same partnership."""
    return begin(ouder, voornaam="Broertje", geboortedatum="2018-02-03")


@pytest.fixture
def sister(ouder: Actor, clock: PinnedClock) -> Started:
    """Older than twelve: directed by the other partnership."""
    return begin(ouder, voornaam="Zusje", geboortedatum="2012-02-03")


@pytest.fixture
def vo(service: object) -> Actor:
    return person("swv_vo.kans")


def linked(actor: Actor, casus: Started) -> list[tuple[str, str]]:
    return [(one.number, one.child) for one in casussen.view(actor, casus.casus_number).siblings]


def told(casus: Started) -> list[str]:
    with transaction(SERVICE) as session:
        row = rows.by_number(session, casus.casus_number)
        assert row is not None
        return [line.kind for line in facts.rows(session, row.key) if line.kind.startswith("sibling")]


def test_who_directs_both_links_them_at_once(casus: Started, brother: Started, swv: Actor) -> None:
    assert siblings.ask(swv, casus.casus_number, brother.casus_number.lower(), REASON)
    assert linked(swv, casus) == [(brother.casus_number, "Broertje B.")]
    assert linked(swv, brother) == [(casus.casus_number, "Noor B.")]
    assert (told(casus), told(brother)) == (["sibling:linked"], ["sibling:linked"])
    with pytest.raises(Conflict):
        siblings.ask(swv, brother.casus_number, casus.casus_number, REASON)


def test_who_directs_the_other_confirms_and_nothing_is_linked_before(
    casus: Started, sister: Started, swv: Actor, vo: Actor
) -> None:
    assert not siblings.ask(swv, casus.casus_number, sister.casus_number, REASON)
    assert (linked(swv, casus), linked(vo, sister)) == ([], [])
    assert sister.casus_number in siblings.waiting(vo)
    [question] = siblings.view(vo, sister.casus_number).questions
    assert (question.child, question.reason) == ("Noor B.", REASON)
    siblings.answer(vo, sister.casus_number, question.key, agreed=True)
    assert linked(swv, casus) == [(sister.casus_number, "")]  # the name is for who directs that casus
    assert linked(vo, sister) == [(casus.casus_number, "")]
    assert sister.casus_number not in siblings.waiting(vo)


def test_a_refusal_tells_its_reason_to_who_asked(
    casus: Started, sister: Started, swv: Actor, vo: Actor
) -> None:
    siblings.ask(swv, casus.casus_number, sister.casus_number, REASON)
    [question] = siblings.view(vo, sister.casus_number).questions
    with pytest.raises(BadRequest):
        siblings.answer(vo, sister.casus_number, question.key, agreed=False, reason="nee")
    with pytest.raises(NotFound):
        siblings.answer(swv, casus.casus_number, question.key, agreed=True)
    siblings.answer(vo, sister.casus_number, question.key, agreed=False, reason="Zij zijn geen familie.")
    [asked] = siblings.view(swv, casus.casus_number).asked
    assert (asked.state, asked.answer) == ("REFUSED", "Zij zijn geen familie.")
    assert (linked(swv, casus), linked(vo, sister)) == ([], [])


def test_a_number_of_no_casus_looks_like_one_that_is_not_answered(
    casus: Started, sister: Started, swv: Actor
) -> None:
    answers = [
        siblings.ask(swv, casus.casus_number, n, REASON) for n in (sister.casus_number, "ZB-0000-0000")
    ]
    assert answers == [False, False]
    rows_seen = siblings.view(swv, casus.casus_number).asked
    assert {(one.state, one.child, one.regisseurs) for one in rows_seen} == {("ASKED", "", ())}
    for number in (sister.casus_number, "ZB-0000-0000"):
        with pytest.raises(Conflict):
            siblings.ask(swv, casus.casus_number, number, REASON)
    for one in rows_seen:
        siblings.separate(swv, casus.casus_number, one.key, "Verkeerd nummer ingevuld.")
    assert siblings.view(swv, casus.casus_number).asked == ()


def test_either_side_separates_with_a_reason(casus: Started, sister: Started, swv: Actor, vo: Actor) -> None:
    siblings.ask(swv, casus.casus_number, sister.casus_number, REASON)
    [question] = siblings.view(vo, sister.casus_number).questions
    siblings.answer(vo, sister.casus_number, question.key, agreed=True)
    with pytest.raises(BadRequest):
        siblings.separate(vo, sister.casus_number, question.key, "kort")
    siblings.separate(vo, sister.casus_number, question.key, "Zij zijn toch geen familie.")
    assert (linked(swv, casus), linked(vo, sister)) == ([], [])
    assert told(casus) == ["sibling:asked", "sibling:linked", "sibling:separated"]
    with pytest.raises(NotFound):
        siblings.separate(swv, casus.casus_number, question.key, "Nog een keer weg ermee.")


@pytest.mark.parametrize(("number", "reason", "field"), [("", REASON, "nummer"), ("ZB-1", "kort", "reden")])
def test_a_link_needs_another_casus_and_a_reason(
    casus: Started, swv: Actor, number: str, reason: str, field: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        siblings.ask(swv, casus.casus_number, number, reason)
    assert refused.value.field == field
    with pytest.raises(BadRequest):
        siblings.ask(swv, casus.casus_number, casus.casus_number, REASON)


def test_nobody_else_sees_or_makes_a_link(
    app: Flask,
    casus: Started,
    brother: Started,
    swv: Actor,
    ouder: Actor,
    ib: Actor,
    arts: Actor,
    other_ib: Actor,
) -> None:
    page = f"/casus/{casus.casus_number}"
    siblings_page = f"{page}/broers-en-zussen"
    given = {"nummer": brother.casus_number, "reden": REASON}
    assert send(browser(app, swv), siblings_page, given).status_code == 302
    assert brother.casus_number in text(browser(app, swv), page)
    assert "Broertje" in text(browser(app, swv), siblings_page)
    for actor in (ouder, ib, arts):
        shown = text(browser(app, actor), page)
        assert "roertje" not in shown
        assert brother.casus_number not in shown
        assert "roers en zussen" not in shown
        assert browser(app, actor).get(siblings_page).status_code == 403
        with pytest.raises(NotAllowed):
            siblings.ask(actor, casus.casus_number, brother.casus_number, REASON)
        assert linked(actor, casus) == []
    assert browser(app, other_ib).get(siblings_page).status_code == 404


def test_a_question_is_answered_on_its_page(
    app: Flask, casus: Started, sister: Started, swv: Actor, vo: Actor
) -> None:
    siblings.ask(swv, casus.casus_number, sister.casus_number, REASON)
    client, page = browser(app, vo), f"/casus/{sister.casus_number}/broers-en-zussen"
    assert page in text(client, "/taken")
    [question] = siblings.view(vo, sister.casus_number).questions
    refused = send(client, f"{page}/{question.key}", {"wat": "nee", "reden": ""}, page=page)
    assert (refused.status_code, "ten minste 10 tekens" in refused.text) == (422, True)
    assert send(client, f"{page}/{question.key}", {"wat": "ja"}, page=page).status_code == 302
    assert "Haal de koppeling weg" in text(client, page)
