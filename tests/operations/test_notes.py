"""Notes are read like answers, never changed, and together with all that happened they make one timeline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.access import READING, SHARING
from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, Conflict, NotAllowed, NotFound
from service.operations import casussen, consents, emergencies, insight, notes, starts, tasks
from service.operations.outlooks import NoteRow, TimelineRow
from service.operations.views import Started
from service.store import casus as rows
from service.store import facts, reading
from service.store import notes as stored
from service.store.scopes import SERVICE
from service.store.session import allow, transaction
from tests.operations import proef
from tests.operations.conftest import person

LONG_REASON = "Hoort bij een ander kind."


@pytest.fixture
def casus(ouder: Actor, clock: PinnedClock) -> Started:
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    clock.move(timedelta(minutes=1))
    return started


def timeline(actor: Actor, casus: Started) -> tuple[TimelineRow, ...]:
    return casussen.view(actor, casus.casus_number).timeline


def seen(actor: Actor, casus: Started) -> dict[str, NoteRow]:
    return {row.note.text: row.note for row in timeline(actor, casus) if row.note}


def test_a_note_is_read_by_the_policy_of_answers(
    casus: Started, ib: Actor, arts: Actor, swv: Actor, ouder: Actor
) -> None:
    number = casus.casus_number
    notes.write(ib, number, "I", "gesproken met de moeder")
    notes.write(ib, number, "Z", "thuis is het druk")
    notes.write(arts, number, "M", "een bevinding")
    assert "gesproken met de moeder" in seen(ouder, casus)
    assert {"gesproken met de moeder", "thuis is het druk"} <= seen(ib, casus).keys()
    assert "thuis is het druk" not in seen(swv, casus)
    assert "een bevinding" in seen(arts, casus)
    for other in (ib, swv, ouder):
        assert "een bevinding" not in seen(other, casus)


def test_a_disclosure_of_a_note_opens_it(casus: Started, arts: Actor, swv: Actor, clock: PinnedClock) -> None:
    key = notes.write(arts, casus.casus_number, "M", "het besluit van de arts")
    with transaction(SERVICE) as session:
        row = rows.by_number(session, casus.casus_number)
        assert row is not None
        given = {
            "key": key + 1,
            "casus_key": row.key,
            "form_id": notes.FORM,
            "path": str(key),
            "from_role": "jeugdarts",
            "from_organisation": "ggd",
            "to_candidate": "swv_po@samenwijs",
            "purpose": "Een plek zoeken.",
            "ground": "Wet",
            "given_by": arts.account,
            "given_at": clock.now(),
        }
        reading.disclose(session, [given])
    assert "het besluit van de arts" in seen(swv, casus)


def test_who_does_not_take_part_neither_reads_nor_writes(
    casus: Started, other_ib: Actor, auditor: Actor, ib: Actor
) -> None:
    key = notes.write(ib, casus.casus_number, "I", "gebeld")
    for actor in (other_ib, auditor):
        for act in (
            lambda who: notes.write(who, casus.casus_number, "I", "x"),
            lambda who: notes.supplement(who, casus.casus_number, key, "x"),
            lambda who: notes.withdraw(who, casus.casus_number, key, LONG_REASON),
            lambda who: notes.readable(who, casus.casus_number, key),
        ):
            with pytest.raises(NotFound):
                act(actor)


def test_the_noodknop_reads_notes_and_writes_none(casus: Started, ib: Actor) -> None:
    other = person("lpa.oosterlaar")
    notes.write(ib, casus.casus_number, "Z", "zorgen over thuis")
    emergencies.use(other, casus.casus_number, "Er is nu gevaar voor dit kind, zie de melding.")
    assert "zorgen over thuis" in seen(other, casus)
    with pytest.raises(NotAllowed):
        notes.write(other, casus.casus_number, "I", "x")


def test_a_note_is_supplemented_in_its_own_class_and_withdrawn_by_its_author(
    casus: Started, ib: Actor, swv: Actor, ouder: Actor, clock: PinnedClock
) -> None:
    number = casus.casus_number
    key = notes.write(ib, number, "I", "afspraak op maandag")
    clock.move(timedelta(minutes=1))
    notes.supplement(swv, number, key, "toch op dinsdag")
    added = seen(ouder, casus)["toch op dinsdag"]
    assert (added.klasse, added.supplements) == ("I", clock.now() - timedelta(minutes=1))
    with pytest.raises(NotAllowed):
        notes.withdraw(swv, number, key, LONG_REASON)
    with pytest.raises(BadRequest):
        notes.withdraw(ib, number, key, "kort")
    clock.move(timedelta(minutes=1))
    notes.withdraw(ib, number, key, LONG_REASON)
    gone = next(row.note for row in timeline(ouder, casus) if row.note and row.note.key == key)
    assert (gone.text, gone.withdrawn_at, gone.withdrawn_reason) == ("", clock.now(), LONG_REASON)
    assert "afspraak op maandag" not in seen(ib, casus)
    for act in (
        lambda: notes.withdraw(ib, number, key, LONG_REASON),
        lambda: notes.supplement(ib, number, key, "x"),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_a_young_person_notes_is_for_parents_as_the_region_says(clock: PinnedClock) -> None:
    """The demo region: from 12 parents read it unless the young person objects; whatever class it was given."""
    ouder, jongere = person("ouder.wilgenveen"), person("jeugdige.wilgenveen")
    begun = starts.start(ouder, "proef", proef.started(geboortedatum="2012-03-01"), as_html=False)
    clock.move(timedelta(minutes=1))
    with transaction(SERVICE) as session:
        row = rows.by_number(session, begun.casus_number)
        assert row is not None
        mine = f"account:{jongere.account}"
        part = {"role": "jeugdige", "candidate": mine, "organisation_key": "", "since": clock.now()}
        rows.bind(session, row.key, [{**part, "account_key": jongere.account}])
    notes.write(jongere, begun.casus_number, "I", "wat ik er zelf van vind")
    assert "wat ik er zelf van vind" in seen(ouder, begun)
    consents.say(jongere, begun.casus_number, READING, "eigen", agreed=False)
    assert "wat ik er zelf van vind" not in seen(ouder, begun)
    assert "wat ik er zelf van vind" in seen(jongere, begun)
    assert [row.kind for row in timeline(jongere, begun) if row.detail == READING] == ["refused"]
    assert [row for row in timeline(ouder, begun) if row.detail == READING] == []


@pytest.mark.parametrize(
    ("klasse", "text"), [("O", "x"), ("P", "x"), ("", "x"), ("I", " "), ("I", "x" * 4001)]
)
def test_a_note_has_a_class_and_a_text(casus: Started, ib: Actor, klasse: str, text: str) -> None:
    with pytest.raises(BadRequest):
        notes.write(ib, casus.casus_number, klasse, text)


def test_a_closed_casus_takes_no_more_notes(casus: Started, ib: Actor, clock: PinnedClock) -> None:
    with transaction(SERVICE) as session:
        row = rows.by_number(session, casus.casus_number)
        assert row is not None
        rows.close(session, row.key, "AFGEROND", clock.now())
    with pytest.raises(Conflict):
        notes.write(ib, casus.casus_number, "I", "te laat")
    assert not casussen.view(ib, casus.casus_number).may_note


def test_neither_the_table_nor_the_history_holds_a_text(casus: Started, ib: Actor) -> None:
    key = notes.write(ib, casus.casus_number, "I", "nergens-te-lezen-6612")
    notes.withdraw(ib, casus.casus_number, key, "nergens-te-lezen-6612 ook hier")
    with transaction(SERVICE) as session:
        row = rows.by_number(session, casus.casus_number)
        assert row is not None
        allow(session, casus={row.key}, classes="IZM")
        [kept] = [one for one in stored.of_casus(session, row.key) if one.key == key]
        assert b"6612" not in bytes(kept.sealed) + bytes(kept.withdrawn_reason)
        told = [(line.kind, line.payload) for line in facts.rows(session, row.key)]
    assert {"note:written", "note:withdrawn"} <= {kind for kind, _ in told}
    assert not any("6612" in payload for _, payload in told)


def test_wie_kan_dit_zien_tells_who_reads_notes(casus: Started, ib: Actor, ouder: Actor) -> None:
    notes.write(ib, casus.casus_number, "Z", "thuis is het druk")
    [group] = [g for g in insight.who_can(ouder, casus.casus_number).groups if g.form_name == "Notities"]
    assert (group.klasse, group.owner_role) == ("Z", "school_ib")
    assert "swv_po" not in {to.role for to in group.seen_by}


def test_the_timeline_tells_what_happened_newest_first(
    casus: Started, ouder: Actor, ib: Actor, arts: Actor, swv: Actor, clock: PinnedClock
) -> None:
    number = casus.casus_number
    key = next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == number)
    tasks.complete(ib, key, {"advies": "plek", "toelichting": "-"}, as_html=False, idempotency_key=f"n{key}")
    clock.move(timedelta(minutes=1))
    key = next(t.key for t in tasks.mine(arts, limit=500).tasks if t.casus_number == number)
    given = {"conclusie": "nooit", "bevinding": "x", "verklaring": "y"}
    tasks.complete(arts, key, given, as_html=False, idempotency_key=f"n{key}")
    clock.move(timedelta(minutes=1))
    consents.say(ouder, number, SHARING, "jgz", agreed=True)
    told = [(row.kind, row.name) for row in timeline(swv, casus)]
    assert told == [
        ("agreed", "jgz"),
        ("task-done", "Onderzoek doen"),
        ("disclosed", ""),
        ("task-done", "Advies geven"),
        ("process-started", "Proefproces"),
    ]
    assert [row.to for row in timeline(ib, casus) if row.kind == "disclosed"] == [("ouder",)]
    assert "agreed" not in {row.kind for row in timeline(ib, casus)}
