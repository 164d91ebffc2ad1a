"""Asking for help uninvited: it reaches who calls back for that municipality, and nobody else; nothing begins."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.clock import PinnedClock
from service.domain import Actor
from service.errors import BadRequest, Conflict, NotFound, TooManyAttempts
from service.operations import help as helping
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations.conftest import person

WORDS = "Het gaat thuis niet goed, hij blijft in bed-4417"


@pytest.fixture
def contact() -> Actor:
    return person("aanspreekpunt.wilgenveen")


def ask(place: str = "wilgenveen", address: str = "192.0.2.10", **more: str) -> None:
    given = {"name": "Sanne", "contact": "06 0000 0000", "words": WORDS} | more
    helping.ask(place, given["name"], given["contact"], given["words"], address)


def test_a_question_reaches_who_calls_back_and_nobody_else(contact: Actor, clock: PinnedClock) -> None:
    clock.move(timedelta(hours=1))
    ask()
    (one, *_) = [q for q in helping.questions(contact) if q.words == WORDS]
    assert (one.name, one.contact, one.municipality) == ("Sanne", "06 0000 0000", "Wilgenveen")
    assert one.due_at > one.asked_at
    assert any(q.words == WORDS for q in helping.questions(person("wijkteam.sociaalteam")))
    assert all(q.municipality != "Wilgenveen" for q in helping.questions(person("wijkteam.wijkteamhoogmeer")))
    for other in (
        "aanspreekpunt.regenboogbrug",
        "school_ib.regenboogbrug",
        "ouder.wilgenveen",
        "lpa.wilgenveen",
    ):
        with pytest.raises(NotFound):
            helping.questions(person(other))


def test_nothing_of_it_stands_in_clear_and_no_casus_begins(contact: Actor, clock: PinnedClock) -> None:
    with transaction(SERVICE) as session:
        before = session.execute(text("SELECT count(*) FROM casus")).scalar_one()
    clock.move(timedelta(hours=1))
    ask()
    with transaction(SERVICE) as session:
        assert session.execute(text("SELECT count(*) FROM casus")).scalar_one() == before
        rows = session.execute(text("SELECT sealed FROM help_request")).scalars()
        assert not any(b"thuis" in bytes(sealed) or b"Sanne" in bytes(sealed) for sealed in rows)
        told = session.execute(text("SELECT payload FROM fact WHERE kind LIKE 'help:%'")).scalars().all()
    assert told
    assert not any("Sanne" in one or "thuis" in one for one in told)


def test_what_was_done_is_recorded_once_with_a_reason(contact: Actor, clock: PinnedClock) -> None:
    clock.move(timedelta(hours=1))
    ask(words="Nog een vraag-5518")
    key = next(q.key for q in helping.questions(contact) if q.words == "Nog een vraag-5518")
    for outcome, note, field in (
        ("weg", "Gebeld en gesproken", "uitkomst"),
        ("gebeld", "kort", "toelichting"),
    ):
        with pytest.raises(BadRequest) as refused:
            helping.handle(contact, key, outcome, note)
        assert refused.value.field == field
    for other in (person("wijkteam.wijkteamhoogmeer"), person("school_ib.regenboogbrug")):
        with pytest.raises(NotFound):
            helping.handle(other, key, "gebeld", "Gebeld en gesproken")
    helping.handle(contact, key, "gebeld", "Gebeld en gesproken")
    with pytest.raises(Conflict):
        helping.handle(contact, key, "gebeld", "Gebeld en gesproken")
    done = next(q for q in helping.questions(contact) if q.key == key)
    assert (done.outcome, done.note, done.handled_by) == ("gebeld", "Gebeld en gesproken", contact.name)
    with transaction(SERVICE) as session:
        told = session.execute(text("SELECT payload FROM fact WHERE kind = 'help:handled'")).scalars().all()
    assert all("gesproken" not in one and json.loads(one)["data"]["outcome"] for one in told)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"place": "elders"}, "gemeente"),
        ({"name": " "}, "naam"),
        ({"contact": "0"}, "contact"),
        ({"name": "x" * 81}, "naam"),
        ({"words": "x" * 2001}, "woorden"),
    ],
)
def test_bad_input_names_its_field_and_keeps_nothing(
    changed: dict[str, str], field: str, clock: PinnedClock
) -> None:
    with pytest.raises(BadRequest) as refused:
        ask(**changed)
    assert refused.value.field == field


def test_one_address_cannot_flood_a_municipality(clock: PinnedClock) -> None:
    clock.move(timedelta(hours=2))
    for _ in range(10):
        ask(address="192.0.2.99")
    with pytest.raises(TooManyAttempts):
        ask(address="192.0.2.99")
    ask(address="192.0.2.98")
