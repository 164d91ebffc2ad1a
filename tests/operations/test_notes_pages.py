"""The pages about notes, over HTTP: written, supplemented and withdrawn; hidden from who may not read them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from service.clock import PinnedClock
from service.domain import Actor
from service.operations import starts
from service.store import casus as rows
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.browsing import application, browser, send, text
from tests.operations.conftest import person

pytestmark = pytest.mark.usefixtures("service")


@pytest.fixture(scope="module")
def app(service: object) -> Flask:
    return application()


@pytest.fixture
def number(ouder: Actor, clock: PinnedClock) -> str:
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    clock.move(timedelta(minutes=1))
    return started.casus_number


def test_a_note_is_written_read_supplemented_and_withdrawn(
    app: Flask, number: str, ib: Actor, swv: Actor, clock: PinnedClock
) -> None:
    school, page = browser(app, ib), f"/casus/{number}"
    wrong = send(school, f"{page}/notitie", {"tekst": "Gebeld met thuis <b>"})
    assert (wrong.status_code, "Gebeld met thuis &lt;b&gt;" in wrong.text) == (422, True)
    sent = send(school, f"{page}/notitie", {"soort": "Z", "tekst": "Gebeld met thuis <b>"})
    assert (sent.status_code, sent.location) == (302, page)
    shown = text(school, page)
    assert "Gebeld met thuis &lt;b&gt;" in shown
    assert "Gebeld met thuis" not in text(browser(app, swv), page)
    key = shown.split("/notitie/")[1].split("/")[0]
    clock.move(timedelta(minutes=1))
    assert (
        send(school, f"{page}/notitie/{key}/aanvullen", {"tekst": "Later nog eens"}).status_code,
        send(school, f"{page}/notitie/{key}/intrekken", {"reden": "kort"}).status_code,
        send(school, f"{page}/notitie/{key}/intrekken", {"reden": "Hoort bij een ander kind"}).status_code,
    ) == (302, 422, 302)
    shown = text(school, page)
    assert "Gebeld met thuis" not in shown
    assert "Later nog eens" in shown
    assert "Hoort bij een ander kind" in shown
    assert "Hoort bij een ander kind" not in text(browser(app, swv), page)


def test_a_note_that_may_not_be_read_is_not_there(
    app: Flask, number: str, ib: Actor, swv: Actor, other_ib: Actor
) -> None:
    school, page = browser(app, ib), f"/casus/{number}"
    send(school, f"{page}/notitie", {"soort": "Z", "tekst": "Gebeld met thuis"})
    key = text(school, page).split("/notitie/")[1].split("/")[0]
    for actor in (swv, other_ib):
        for what in ("aanvullen", "intrekken"):
            answer = browser(app, actor).get(f"{page}/notitie/{key}/{what}")
            assert (answer.status_code, "Gebeld" in answer.text) == (404, False)
    assert browser(app, other_ib).get(f"{page}/notitie").status_code == 404


def test_the_timeline_speaks_dutch(app: Flask, number: str, ouder: Actor, ib: Actor) -> None:
    page = text(browser(app, ouder), f"/casus/{number}")
    assert f"Proefproces is begonnen, door {ouder.name}" in page
    assert "Wat er is gebeurd" in page


def test_a_young_person_is_told_where_to_choose_whether_parents_read(
    app: Flask, number: str, ouder: Actor, clock: PinnedClock
) -> None:
    young = person("jeugdige.wilgenveen")
    with transaction(SERVICE) as session:
        row = rows.by_number(session, number)
        assert row is not None
        part = {"role": "jeugdige", "candidate": f"account:{young.account}", "organisation_key": ""}
        rows.bind(session, row.key, [{**part, "account_key": young.account, "since": clock.now()}])
    page = f"/casus/{number}/notitie"
    assert "Of je ouders lezen wat jij opschrijft" in text(browser(app, young), page)
    assert "Of je ouders lezen" not in text(browser(app, ouder), page)
