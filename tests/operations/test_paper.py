"""Who has no account says yes or no about sharing as well: recorded by who directs, a yes from signed paper only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from service.access import SHARING
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BehalfRejected, NotAllowed, NotFound
from service.operations import casussen, consents, paper
from service.operations.spoken import Given
from service.operations.views import Started
from service.store import access_log, casus, facts, reading
from service.store.rows import Found
from service.store.scopes import AUDIT, SERVICE
from service.store.session import transaction
from tests.operations import proef, speaking
from tests.operations.browsing import application, browser, send, text
from tests.operations.conftest import NOW, person
from tests.operations.speaking import given
from tests.operations.test_disclosures import VERDICT, decide, examine, shown

MOTHER = {"source": "brief", "signed": True}


@pytest.fixture
def begun(swv: Actor, ib: Actor, arts: Actor, clock: PinnedClock) -> Started:
    """A casus whose parent has no account; what the doctor found waits for consent before who directs reads it."""
    started = speaking.begin(swv, "proef")
    examine(arts, started)
    decide(ib, swv, started)
    return started


def mother(started: Started, key: int, **changed: object) -> Given:
    return given(whose=f"persoon:{key}", **{**MOTHER, **changed})


def test_a_yes_on_signed_paper_shares_and_a_no_by_telephone_ends_it(
    begun: Started, swv: Actor, clock: PinnedClock
) -> None:
    speaking.parent(begun, 8001)
    assert VERDICT not in shown(swv, begun)
    paper.say(swv, begun.casus_number, mother(begun, 8001), "jgz", agreed=True)
    assert VERDICT in shown(swv, begun)
    clock.move(timedelta(minutes=1))
    no = mother(begun, 8001, source="telefoon", signed=False)
    paper.say(swv, begun.casus_number, no, "jgz", agreed=False)
    assert VERDICT not in shown(swv, begun)


@pytest.mark.parametrize("source", ["gesprek", "telefoon", "email", "brief", "formulier"])
def test_a_yes_without_a_signature_is_refused(begun: Started, swv: Actor, source: str) -> None:
    speaking.parent(begun, 8101 + ["gesprek", "telefoon", "email", "brief", "formulier"].index(source))
    whose = paper.view(swv, begun.casus_number).choices[0].key
    with pytest.raises(BehalfRejected) as refused:
        paper.say(swv, begun.casus_number, given(whose=whose, source=source), "jgz", agreed=True)
    assert refused.value.wrong == {"signed": "needed"}
    assert VERDICT not in shown(swv, begun)


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_recorded(begun: Started, swv: Actor) -> None:
    speaking.parent(begun, 8201)
    with pytest.raises(BehalfRejected) as refused:
        paper.say(swv, begun.casus_number, Given(), "weg", agreed=None)
    assert refused.value.wrong == {
        "whose": "choose",
        "source": "choose",
        "received": "choose",
        "domain": "choose",
        "answer": "choose",
    }
    with transaction(SERVICE) as session:
        row = casus.by_number(session, begun.casus_number)
        assert row is not None
        assert reading.every_consent(session, row.key) == []


def test_gezag_has_to_be_recorded_before_a_parent_s_yes_counts(begun: Started, swv: Actor) -> None:
    speaking.parent(begun, 8301, custody="onbekend")
    assert paper.view(swv, begun.casus_number).choices == ()
    with pytest.raises(BehalfRejected) as refused:
        paper.say(swv, begun.casus_number, mother(begun, 8301), "jgz", agreed=True)
    assert refused.value.wrong == {"whose": "choose"}


def test_two_parents_are_two_answers_also_on_paper(begun: Started, swv: Actor, clock: PinnedClock) -> None:
    for key in (8401, 8402):
        speaking.parent(begun, key)
    paper.say(swv, begun.casus_number, mother(begun, 8401), "jgz", agreed=True)
    clock.move(timedelta(minutes=1))
    paper.say(swv, begun.casus_number, mother(begun, 8401), "jgz", agreed=True)  # once more is still one
    assert VERDICT not in shown(swv, begun)
    clock.move(timedelta(minutes=1))
    paper.say(swv, begun.casus_number, mother(begun, 8402), "jgz", agreed=True)
    assert VERDICT in shown(swv, begun)


def test_a_name_on_paper_beside_an_account_has_to_be_another_parent(
    ouder: Actor, ib: Actor, arts: Actor, swv: Actor, clock: PinnedClock
) -> None:
    started = speaking.begin(ouder, "proef")
    for key in (8501, 8502):
        speaking.parent(started, key)
    examine(arts, started)
    decide(ib, swv, started)
    consents.say(ouder, started.casus_number, SHARING, "jgz", agreed=True)
    with pytest.raises(BehalfRejected) as refused:
        paper.say(swv, started.casus_number, mother(started, 8501), "jgz", agreed=True)
    assert refused.value.wrong == {"other": "say"}
    assert VERDICT not in shown(swv, started)
    paper.say(swv, started.casus_number, mother(started, 8501, other=True), "jgz", agreed=True)
    assert VERDICT in shown(swv, started)


def test_an_account_that_comes_after_the_letter_is_not_a_second_parent(
    begun: Started, swv: Actor, ouder: Actor, clock: PinnedClock
) -> None:
    for key in (8601, 8602):
        speaking.parent(begun, key)
    paper.say(swv, begun.casus_number, mother(begun, 8601), "jgz", agreed=True)
    clock.move(timedelta(days=1))
    with transaction(SERVICE) as session:
        row = casus.by_number(session, begun.casus_number)
        assert row is not None
        bound = {"role": "ouder", "candidate": f"account:{ouder.account}", "organisation_key": ""}
        casus.bind_once(
            session, row.key, [{**bound, "account_key": ouder.account, "since": NOW + timedelta(days=1)}]
        )
    consents.say(ouder, begun.casus_number, SHARING, "jgz", agreed=True)
    assert VERDICT not in shown(swv, begun)  # whose letter it was, nobody knows
    again = mother(begun, 8602, other=True)
    clock.move(timedelta(minutes=1))
    paper.say(swv, begun.casus_number, again, "jgz", agreed=True)
    assert VERDICT in shown(swv, begun)


def test_it_is_told_with_its_source_and_on_whose_behalf(begun: Started, swv: Actor) -> None:
    speaking.parent(begun, 8701)
    paper.say(swv, begun.casus_number, mother(begun, 8701), "jgz", agreed=True)
    with transaction(SERVICE) as session:
        row = casus.by_number(session, begun.casus_number)
        assert row is not None
        told = [
            json.loads(one.payload)["data"]
            for one in facts.rows(session, row.key)
            if one.kind == "consent:said"
        ]
    assert [(one["on_behalf"], one["source"], one["signed"]) for one in told] == [
        ("ouder/persoon:8701", "brief", True)
    ]
    with transaction(AUDIT) as session:
        lines = access_log.read(session, object_key=str(row.key), account_key=swv.account)
    assert "ouder/persoon:8701" in {line.on_behalf for line in lines}
    assert ("C", "ouder/persoon:8701") in {
        (line.action, line.on_behalf) for line in looked(row.key)
    }  # as 'Wie heeft gekeken?' asks it
    page = text(browser(application(), swv), f"/casus/{begun.casus_number}")
    assert f"Ingevuld door {swv.name} namens ouder, uit een brief van 18 januari 2027, ondertekend" in page


def looked(casus_key: int) -> Sequence[Found]:
    with transaction(AUDIT) as session:
        return access_log.looks(session, [str(casus_key)], limit=100)


def test_the_page_keeps_what_was_chosen_and_leads_from_the_casus(begun: Started, swv: Actor) -> None:
    speaking.parent(begun, 8801)
    client, address = browser(application(), swv), f"/casus/{begun.casus_number}/toestemming/namens"
    assert f'href="{address}"' in text(client, f"/casus/{begun.casus_number}")
    form = {
        "namens:wie": "persoon:8801",
        "namens:waarover": "jgz",
        "namens:antwoord": "ja",
        "namens:bron": "telefoon",
        "namens:ontvangen": "2027-01-15",
    }
    refused = send(client, address, form)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Dit is een toestemming of ondertekening" in page
    for kept in ('value="persoon:8801" checked', 'value="jgz" checked', 'value="ja" checked', "2027-01-15"):
        assert kept in page, kept
    sent = send(client, address, {**form, "namens:bron": "formulier", "namens:ondertekend": "ja"})
    assert (sent.status_code, sent.headers["Location"]) == (302, f"/casus/{begun.casus_number}")
    assert VERDICT in shown(swv, begun)
    assert client.post(address, data=form).status_code == 400


def test_nobody_else_records_it(begun: Started, ib: Actor, other_ib: Actor, ouder: Actor) -> None:
    address = f"/casus/{begun.casus_number}/toestemming/namens"
    with pytest.raises(NotAllowed):
        paper.view(ib, begun.casus_number)
    for stranger in (other_ib, ouder, person("casusregisseur.sociaalteam")):
        with pytest.raises(NotFound):
            paper.view(stranger, begun.casus_number)
        with pytest.raises(NotFound):
            paper.say(stranger, begun.casus_number, Given(), "jgz", agreed=True)
    assert browser(application(), ib).get(address).status_code == 403
    assert proef.MARKER not in {row.value for row in casussen.view(ib, begun.casus_number).dossier}
