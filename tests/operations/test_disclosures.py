"""A verstrekking is made when its step is done, waits for consent where it rests on it, and ends with a withdrawal."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from service.access import READING, SHARING
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, NotAllowed, NotFound
from service.operations import audit, casussen, consents, starts, tasks
from service.operations.views import Started
from service.store import facts
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import person

VERDICT = "verklaring-van-de-arts-0815"


def begin(ouder: Actor, born: str = "2020-05-01") -> Started:
    return starts.start(ouder, "proef", proef.started(geboortedatum=born), as_html=False)


def complete(actor: Actor, casus: Started, name: str, **answers: str) -> None:
    key = next(
        t.key
        for t in tasks.mine(actor, limit=500).tasks
        if t.casus_number == casus.casus_number and t.name == name
    )
    tasks.complete(actor, key, answers, as_html=False, idempotency_key=f"{key}")


def examine(arts: Actor, casus: Started) -> None:
    complete(arts, casus, "Onderzoek doen", conclusie="nooit", bevinding=proef.MARKER, verklaring=VERDICT)


def decide(ib: Actor, swv: Actor, casus: Started) -> None:
    complete(ib, casus, "Advies geven", advies="geen", toelichting="niet nu")
    complete(swv, casus, "Advies vaststellen", uitkomst="geen")


def shown(actor: Actor, casus: Started) -> set[str]:
    return {row.value for row in casussen.view(actor, casus.casus_number).dossier}


def told(casus: Started) -> list[tuple[str, dict[str, object]]]:
    with transaction(SERVICE) as session:
        rows = facts.rows(session, casus.instance_key)
    return [(row.kind, json.loads(row.payload)["data"]) for row in rows if row.kind.startswith("dossier:")]


def test_the_verdict_goes_to_the_family_and_the_examination_stays_with_the_doctor(
    ouder: Actor, ib: Actor, swv: Actor, arts: Actor
) -> None:
    casus = begin(ouder)
    examine(arts, casus)
    assert VERDICT in shown(ouder, casus)
    assert proef.MARKER not in shown(ouder, casus)
    assert {VERDICT, proef.MARKER} <= shown(arts, casus)
    for other in (ib, swv):
        assert not {VERDICT, proef.MARKER} & shown(other, casus)
    [(kind, data)] = told(casus)
    assert (kind, data["to"]) == ("dossier:disclosed", [f"account:{ouder.account}"])
    assert VERDICT not in json.dumps(data)


def test_sharing_on_consent_waits_for_the_parent(ouder: Actor, ib: Actor, swv: Actor, arts: Actor) -> None:
    casus = begin(ouder)
    examine(arts, casus)
    decide(ib, swv, casus)
    assert VERDICT not in shown(swv, casus)
    assert [kind for kind, _ in told(casus)] == ["dossier:disclosed", "dossier:withheld"]


def test_a_consent_is_given_and_withdrawn_with_one_click(
    ouder: Actor, ib: Actor, swv: Actor, arts: Actor, clock: PinnedClock
) -> None:
    casus = begin(ouder)
    examine(arts, casus)
    consents.say(ouder, casus.casus_number, SHARING, "jgz", agreed=True)
    decide(ib, swv, casus)
    assert VERDICT in shown(swv, casus)
    assert proef.MARKER not in shown(swv, casus)
    clock.move(timedelta(minutes=1))
    consents.say(ouder, casus.casus_number, SHARING, "jeugdwet", agreed=False)  # another law
    assert VERDICT in shown(swv, casus)
    consents.say(ouder, casus.casus_number, SHARING, "jgz", agreed=False)
    assert VERDICT not in shown(swv, casus)
    assert VERDICT in shown(ouder, casus)  # that rests on the law
    answers = {row.domain: row.agreed for row in consents.open_of(ouder, casus.casus_number)}
    assert (answers["jgz"], answers["jeugdwet"], answers["avg"]) == (False, False, None)


def test_who_is_not_of_the_family_gives_no_consent(ouder: Actor, ib: Actor, arts: Actor) -> None:
    casus = begin(ouder)
    with pytest.raises(NotAllowed):
        consents.say(ib, casus.casus_number, SHARING, "jgz", agreed=True)
    with pytest.raises(NotFound):
        consents.say(person("ouder.oosterlaar"), casus.casus_number, SHARING, "jgz", agreed=True)
    with pytest.raises(BadRequest):
        consents.say(ouder, casus.casus_number, READING, "jgz", agreed=True)  # that is for the young person
    with pytest.raises(BadRequest):
        consents.say(ouder, casus.casus_number, SHARING, "leerplicht", agreed=True)  # rests on the law


@pytest.mark.parametrize(("born", "sees"), [("2012-05-01", True), ("2010-05-01", False)])
def test_parents_of_an_older_child_see_the_verdict_by_age(
    ouder: Actor, arts: Actor, born: str, sees: bool
) -> None:
    casus = begin(ouder, born)
    examine(arts, casus)
    assert (VERDICT in shown(ouder, casus)) is sees


def test_what_was_said_is_in_a_chain_that_verifies(ouder: Actor) -> None:
    casus = begin(ouder)
    consents.say(ouder, casus.casus_number, SHARING, "jgz", agreed=True)
    assert audit.verify().broken is None


def test_what_was_withheld_is_given_when_the_parent_agrees_later(
    ouder: Actor, ib: Actor, swv: Actor, arts: Actor, clock: PinnedClock
) -> None:
    casus = begin(ouder)
    examine(arts, casus)
    decide(ib, swv, casus)
    for agreed in (True, False, True):
        clock.move(timedelta(minutes=1))
        consents.say(ouder, casus.casus_number, SHARING, "jeugdwet", agreed=True)  # another law gives nothing
        consents.say(ouder, casus.casus_number, SHARING, "jgz", agreed=agreed)
        assert (VERDICT in shown(swv, casus)) is agreed
    assert proef.MARKER not in shown(swv, casus)
    assert audit.verify().broken is None


def test_a_birthday_asks_the_young_person_as_well(
    ouder: Actor, ib: Actor, swv: Actor, arts: Actor, clock: PinnedClock
) -> None:
    """The demo region: under twelve the parents agree, from twelve the young person too."""
    today = clock.now().date()
    casus = begin(ouder, born=(today.replace(year=today.year - 12) + timedelta(days=2)).isoformat())
    examine(arts, casus)
    consents.say(ouder, casus.casus_number, SHARING, "jgz", agreed=True)
    decide(ib, swv, casus)
    assert VERDICT in shown(swv, casus)
    clock.move(timedelta(days=3))
    assert VERDICT not in shown(swv, casus)
    assert VERDICT in shown(ouder, casus)  # no objection, and that rests on the law
