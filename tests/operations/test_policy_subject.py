"""A casus may be about policy: it has a title and takes part in nothing that belongs to a person."""

from __future__ import annotations

import psycopg
import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from service.clock import PinnedClock
from service.domain import SYSTEM, Actor, SubjectKey
from service.errors import BadRequest, DiagramRejected, NotFound
from service.operations import (
    bsn,
    casussen,
    consents,
    deployments,
    guard,
    households,
    matches,
    notes,
    people,
    relocations,
    siblings,
    starts,
    tasks,
)
from service.operations.views import Started
from service.store import casus as rows
from service.store import subjects
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.browsing import application, browser, text
from tests.operations.conftest import person

PROCESS = "oogo"
TITLE = "Ondersteuningsplan 2027-2031 SWV PO"
MANIFEST = """
[proces]
id = "oogo"
naam = "Op overeenstemming gericht overleg"
doel = "Samen een plan vaststellen."
eigenaar = "procesregisseur"

[casus]
onderwerp = "beleid"

[rollen]
Lane_ouder = ["beleid"]
Lane_school = ["college"]
Lane_arts = ["tafel_vz"]
Lane_swv = ["beleid"]

[start]
wie = ["beleid"]
formulier = "aanmelding"
[start.onderwerp]
titel = "titel"

[gegevens]
grondslag = "Wet op het primair onderwijs, art. 18a"
"""


def files() -> dict[str, bytes]:
    """The small process about a plan: two sides give their view, one decides."""
    found = proef.files()
    started = b'titel = "Ondersteuningsplan"\n'
    for name in ("plek", "geen"):
        path = f"voorbeelden/{name}.toml"
        head, _, rest = found[path].partition(b"[start]\n")
        steps = rest[rest.index(b"\n[[stap]]") :]
        found[path] = head + b"[start]\n" + started + steps.replace(b', bevinding = "Geen."', b"")
    return {
        **found,
        "proces.bpmn": found["proces.bpmn"].replace(b'id="proef"', f'id="{PROCESS}"'.encode()),
        "proces.toml": MANIFEST.encode(),
        "forms/aanmelding.form": proef.form("aanmelding", proef.text("titel", "P", "beleid")),
        "forms/advies.form": proef.form(
            "advies",
            proef.choice("advies", "college", "plek", "geen"),
            proef.text("toelichting", "I", "college"),
        ),
        "forms/onderzoek.form": proef.form(
            "onderzoek", proef.choice("conclusie", "tafel_vz", "geschikt", "nooit")
        ),
    }


def publish(changed: dict[str, bytes]) -> None:
    with guard.working(SYSTEM) as work:
        deployments.publish(work, PROCESS, changed, reason="proef")


@pytest.fixture(scope="module", autouse=True)
def process(service: object) -> None:
    publish(files())


@pytest.fixture
def beleid(service: object) -> Actor:
    return person("beleid.samenwijs")


@pytest.fixture
def casus(beleid: Actor, clock: PinnedClock) -> Started:
    return starts.start(beleid, PROCESS, {"titel": TITLE}, as_html=False)


def test_the_casus_has_a_title_and_roles_without_a_child(casus: Started, beleid: Actor) -> None:
    seen = casussen.view(beleid, casus.casus_number)
    assert (seen.head.subject_name, seen.policy, seen.birth_date, seen.people) == (TITLE, True, None, ())
    held = {(one.role, one.organisation_name) for one in seen.participants}
    assert {("college", "Gemeente Wilgenveen"), ("college", "Gemeente Oosterlaar")} <= held
    assert {name for role, name in held if role == "beleid"} == {"SWV PO Samen Wijs Zilverbeek"}
    assert matches.mine(beleid) == ()


def test_every_college_gets_the_task_and_one_does_it(casus: Started, beleid: Actor) -> None:
    one, other = person("college.wilgenveen"), person("college.oosterlaar")
    offered = [
        next(t for t in tasks.mine(who, limit=500).tasks if t.casus_number == casus.casus_number)
        for who in (one, other)
    ]
    assert [(task.name, task.subject_name) for task in offered] == [("Advies geven", TITLE)] * 2
    given = {"advies": "plek", "toelichting": "eens-met-het-plan"}
    tasks.complete(one, offered[0].key, given, as_html=False, idempotency_key=f"b{offered[0].key}")
    for who in (one, other, beleid):
        values = {row.value for row in casussen.view(who, casus.casus_number).dossier}
        assert "eens-met-het-plan" in values


def test_who_takes_no_part_finds_nothing(casus: Started) -> None:
    for login in ("beleid.wilgenveen", "school_ib.regenboogbrug", "ouder.wilgenveen"):
        with pytest.raises(NotFound):
            casussen.view(person(login), casus.casus_number)


def test_what_belongs_to_a_person_is_not_there(casus: Started, beleid: Actor) -> None:
    number = casus.casus_number
    for act in (
        lambda: households.view(beleid, number),
        lambda: siblings.view(beleid, number),
        lambda: relocations.view(beleid, number),
        lambda: people.require_family(beleid, number),
        lambda: consents.open_of(beleid, number),
    ):
        with pytest.raises(NotFound):
            act()
    with transaction(SERVICE) as session:
        row = rows.by_number(session, number)
    assert row is not None
    with pytest.raises(NotFound):
        bsn.put(SYSTEM, SubjectKey(row.subject_key), "123456782", "paspoort gezien")


def test_a_note_about_policy_holds_no_care_or_medical_data(casus: Started, beleid: Actor) -> None:
    notes.write(beleid, casus.casus_number, "I", "gebeld met de wethouder")
    for klasse in ("Z", "M"):
        with pytest.raises(BadRequest):
            notes.write(beleid, casus.casus_number, klasse, "x")
    college = person("college.oosterlaar")
    told = [row.note.text for row in casussen.view(college, casus.casus_number).timeline if row.note]
    assert told == ["gebeld met de wethouder"]


def test_the_database_refuses_a_person_as_policy(service: object) -> None:
    with pytest.raises(IntegrityError) as refused, transaction(SERVICE) as session:
        subjects.add(
            session,
            key=77,
            pseudonym="p77",
            first_name=TITLE,
            last_name="B.",
            birth_date=None,
            municipality="",
            wrapped_key=b"x",
            kind="beleid",
        )
    assert isinstance(refused.value.orig, psycopg.errors.CheckViolation)


def _classed(klasse: str) -> bytes:
    return proef.form("aanmelding", proef.text("titel", "P", "beleid"), proef.text("naam", klasse, "beleid"))


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        ("proces.toml", b"[start.onderwerp]", b'[start.jeugdige]\nvoornaam = "titel"\n[start.onderwerp]', "beleid-met-persoon"),
        ("proces.toml", b"[start.onderwerp]", b'[start.gezag]\nlijst = "titel"\n[start.onderwerp]', "beleid-met-persoon"),
        ("proces.toml", b'formulier = "aanmelding"', b'formulier = "aanmelding"\nverblijf = ["titel"]', "beleid-met-persoon"),
        ("proces.toml", b'["college"]', b'["ouder"]', "beleid-met-persoon"),
        ("proces.toml", b'wie = ["beleid"]', b'wie = ["beleid", "jeugdige"]', "beleid-met-persoon"),
        ("proces.toml", b'titel = "titel"', b'titel = "bestaat_niet"', "start-veld-ontbreekt"),
        ("proces.toml", b'onderwerp = "beleid"', b'onderwerp = "gebouw"', "manifest-waarde"),
        ("forms/aanmelding.form", b"", _classed("O"), "beleid-met-persoon"),
        ("forms/aanmelding.form", b"", _classed("Z"), "beleid-met-persoon"),
        ("forms/aanmelding.form", b"", _classed("M"), "beleid-met-persoon"),
    ],
)  # fmt: skip
def test_the_gate_refuses_a_person_in_a_process_about_policy(
    path: str, old: bytes, new: bytes, rule: str
) -> None:
    changed = files()
    assert old in changed[path]
    changed[path] = changed[path].replace(old, new, 1) if old else new
    with pytest.raises(DiagramRejected) as refused:
        publish(changed)
    assert rule in {found.rule for found in refused.value.findings}


def test_the_page_shows_the_title_and_no_family(casus: Started, beleid: Actor) -> None:
    app: Flask = application()
    page = text(browser(app, beleid), f"/casus/{casus.casus_number}")
    assert TITLE in page
    for word in ("Gezin", "Gezag", "geboren", "uitnodigen", "zussen", "verhuizing"):
        assert word not in page, word
    assert TITLE in text(browser(app, person("college.oosterlaar")), "/taken")
    form = text(browser(app, beleid), f"/casus/{casus.casus_number}/notitie")
    assert ('id="soort-I"' in form, 'id="soort-Z"' in form, 'id="soort-M"' in form) == (True, False, False)
