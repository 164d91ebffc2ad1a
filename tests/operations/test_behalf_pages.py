"""Entering for another over HTTP: the form with its source, and what everybody sees of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from service.clock import PinnedClock
from service.domain import Actor
from service.operations import audit, entering, runtime, sessions, tasks
from service.operations.assurance import Assurance
from service.web import story
from service.web.session import COOKIE
from tests.operations import speaking
from tests.operations.browsing import application, browser, send, text
from tests.operations.conftest import person
from tests.operations.speaking import NOTE, WORDS, begin, task

FORM = {
    "namens:wie": "rol:ouder",
    "namens:bron": "telefoon",
    "namens:ontvangen": "2027-01-17",
    "namens:notitie": NOTE,
    "thuis": WORDS,
    "bereikbaar": "na vier uur",
}
TOLD = "namens ouder, uit een telefoongesprek op 17 januari 2027"


@pytest.fixture(scope="module", autouse=True)
def published(service: runtime.Runtime) -> None:
    speaking.publish()


@pytest.fixture
def app(service: runtime.Runtime) -> Flask:
    return application()


def test_from_the_casus_to_the_form_and_back(app: Flask, swv: Actor, clock: PinnedClock) -> None:
    casus, client = begin(swv), browser(app, swv)
    address = f"/taken/{task(casus, 'Onderzoek')}/namens"
    assert f'href="{address}"' in text(client, f"/casus/{casus.casus_number}")
    page = text(client, address)
    assert "Waar komt dit antwoord vandaan?" in page
    assert "Een scan toevoegen kan hier nog niet" in page
    sent = send(client, address, FORM)
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/casus/{casus.casus_number}")
    shown = text(client, f"/casus/{casus.casus_number}")
    assert f"‘Onderzoek doen’ is klaar. Ingevuld door {swv.name} {TOLD}" in shown
    assert address not in shown
    assert WORDS not in shown  # of class Z: the role that entered it does not read it
    assert NOTE not in shown


def test_a_mistake_keeps_every_typed_word_and_tells_all_at_once(
    app: Flask, swv: Actor, clock: PinnedClock
) -> None:
    client = browser(app, swv)
    address = f"/taken/{task(begin(swv), 'Onderzoek')}/namens"
    wrong = {**FORM, "namens:ontvangen": "2027-02-01", "namens:wie": "", "thuis": ""}
    refused = send(client, address, wrong)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    for sentence in ("Kies wiens antwoord dit is.", "Deze dag is nog niet geweest."):
        assert page.count(sentence) >= 2, sentence  # in the summary and at the field
    assert "Er kloppen nog 3 antwoorden niet" in page
    assert page.count('aria-invalid="true"') >= 3
    for kept in (NOTE, "na vier uur", 'value="2027-02-01"', 'value="telefoon" checked'):
        assert kept in page, kept
    later = text(client, address)  # and it is kept as a draft
    assert NOTE in later
    assert "na vier uur" in later


def test_later_goes_on_with_what_was_typed_and_a_forged_form_does_nothing(
    app: Flask, swv: Actor, clock: PinnedClock
) -> None:
    client = browser(app, swv)
    key = task(begin(swv), "Onderzoek")
    address = f"/taken/{key}/namens"
    assert send(client, address, {**FORM, "_actie": "bewaren"}).status_code == 302
    page = text(client, address)
    assert WORDS in page
    assert 'value="telefoon" checked' in page
    kept = send(client, f"{address}/concept", {**FORM, "thuis": "nog iets anders"}, page=address)
    assert kept.get_json() == {"bewaard": "10:00"}
    assert "nog iets anders" in text(client, address)
    forged = client.post(address, data=FORM)
    assert forged.status_code == 400
    assert NOTE in forged.get_data(as_text=True)  # and takes no words from who typed them
    assert entering.open(swv, key).choices


def test_consent_on_the_word_of_somebody_is_refused_in_words(
    app: Flask, swv: Actor, clock: PinnedClock
) -> None:
    client = browser(app, swv)
    address = f"/taken/{task(begin(swv, 'namensakkoord'), 'Onderzoek')}/namens"
    assert "handtekening van de persoon zelf" in text(client, address)
    said = {**FORM, "akkoord": "ja"}
    refused = send(client, address, said)
    assert refused.status_code == 422
    assert "Dit is een toestemming of ondertekening" in refused.get_data(as_text=True)
    paper = {**said, "namens:bron": "formulier", "namens:ondertekend": "ja"}
    assert send(client, address, paper).status_code == 302


def test_the_person_reads_who_entered_it_and_how_to_object(
    app: Flask, ouder: Actor, swv: Actor, clock: PinnedClock
) -> None:
    casus = begin(ouder)
    key = task(casus, "Onderzoek")
    mine = {**FORM, "namens:wie": f"account:{ouder.account}", "namens:gevraagd": "ja"}
    assert "Deze persoon heeft een eigen account" in text(browser(app, swv), f"/taken/{key}/namens")
    assert send(browser(app, swv), f"/taken/{key}/namens", mine).status_code == 302
    client = browser(app, ouder)
    closed = text(client, f"/taken/{key}")
    assert "Dit is namens u ingevuld" in closed
    assert f"Ingevuld door {swv.name} {TOLD.replace('namens ouder', 'namens u')}" in closed
    assert NOTE in closed
    assert f'href="/casus/{casus.casus_number}/notitie"' in closed
    assert "AVG, artikel 16" in closed
    assert WORDS in text(client, f"/casus/{casus.casus_number}")
    looked = text(client, f"/casus/{casus.casus_number}/gekeken")
    assert "Vulde een antwoord in namens ouder" in looked
    assert "Opende een taak om in te vullen namens ouder" in looked


def test_the_auditor_reads_it_in_the_story(swv: Actor, auditor: Actor, clock: PinnedClock) -> None:
    casus = begin(swv)
    key = task(casus, "Onderzoek")
    said = speaking.given(source="brief", received="2027-01-04", signed=True)
    entering.complete(swv, key, speaking.ANSWERS, said, as_html=False)
    told = story.lines(audit.story(auditor, casus.instance_key, "steekproef van de week"))
    assert f"Ingevuld door {swv.name} namens ouder, uit een brief van 4 januari 2027, ondertekend" in {
        line.detail for line in told
    }


def test_a_school_that_does_not_take_part_is_named(app: Flask, swv: Actor, clock: PinnedClock) -> None:
    casus, client = begin(swv, school="werkbank"), browser(app, swv)
    key = task(casus, "Advies")
    assert "Namens Praktijkschool De Werkbank invullen" in text(client, f"/casus/{casus.casus_number}")
    given = {**FORM, "namens:wie": "organisatie:werkbank", "advies": "plek", "toelichting": "Past."}
    answers = {name: value for name, value in given.items() if name not in {"thuis", "bereikbaar"}}
    assert send(client, f"/taken/{key}/namens", answers).status_code == 302
    shown = text(client, f"/casus/{casus.casus_number}")
    assert "namens Praktijkschool De Werkbank, uit een telefoongesprek op 17 januari 2027" in shown


def test_whoever_may_not_gets_a_page_that_says_so(
    app: Flask, swv: Actor, ib: Actor, other_ib: Actor, clock: PinnedClock
) -> None:
    casus = begin(swv)
    key = task(casus, "Onderzoek")
    address = f"/taken/{key}/namens"
    for who, status in ((ib, 403), (other_ib, 404), (person("casusregisseur.sociaalteam"), 404)):
        client = browser(app, who)
        assert client.get(address).status_code == status, who.login
        assert send(client, address, FORM, page="/taken").status_code == status, who.login
        assert send(client, f"{address}/concept", FORM, page="/taken").status_code == status, who.login
    assert address not in text(browser(app, ib), f"/casus/{casus.casus_number}")
    entering.complete(swv, key, speaking.ANSWERS, speaking.given(), as_html=False)
    gone = browser(app, swv).get(address).get_data(as_text=True)
    assert "Deze taak is al afgerond" in gone
    late = send(browser(app, swv), address, FORM, page="/taken")
    assert late.status_code == 409
    assert NOTE in late.get_data(as_text=True)


@pytest.fixture
def strict(service: runtime.Runtime, tmp_path: Path) -> Iterator[None]:
    """A region that asks a surer proof for care."""
    file = tmp_path / "aanmelden.toml"
    file.write_text('[zekerheid]\nZ = "substantial"\nM = "substantial"\nminuten = 30\n', encoding="utf-8")
    running = runtime.current()
    runtime.use(replace(running, settings=replace(running.settings, sign_in_file=str(file))))
    yield
    runtime.use(running)


def test_care_asks_a_surer_proof_as_for_one_s_own_task(
    app: Flask, swv: Actor, clock: PinnedClock, strict: None
) -> None:
    address = f"/taken/{task(begin(swv), 'Onderzoek')}/namens"
    client = browser(app, swv)
    proof = f"/aanmelden?zekerheid=substantial&volgende={address}"
    asked = client.get(address)
    assert (asked.status_code, asked.headers["Location"]) == (303, proof)
    sent = send(client, address, FORM, page="/taken")
    assert (sent.status_code, sent.headers["Location"]) == (303, proof)
    client.set_cookie(COOKIE, sessions.begin(swv, assurance=Assurance.SUBSTANTIAL))
    page = text(client, address)
    assert WORDS in page  # nothing typed was lost
    assert NOTE in page
    assert send(client, address, FORM).status_code == 302


def test_a_person_s_list_of_tasks_is_without_it_afterwards(
    ouder: Actor, swv: Actor, clock: PinnedClock
) -> None:
    key = task(begin(ouder), "Onderzoek")
    said = speaking.given(whose=f"account:{ouder.account}", asked=True)
    entering.complete(swv, key, speaking.ANSWERS, said, as_html=False)
    assert key not in {row.key for row in tasks.mine(ouder, limit=500).tasks}
