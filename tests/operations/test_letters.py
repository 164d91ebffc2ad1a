"""A process writes a letter: as PDF in the casus, for the roles it is meant for and nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from service.domain import SYSTEM, Actor
from service.errors import DiagramRejected, NotFound
from service.operations import casussen, deployments, errands, guard, letters, starts, tasks
from service.operations.runtime import Runtime
from service.store.scopes import WORKER
from service.store.session import transaction
from tests.operations import proef, working

TEMPLATE = b"""# Advies over {{jeugdige.voornaam}}

Beste ouder,

Op {{datum}} gaf de school dit advies: **{{advies}}**.

Bel {{telefoon}} als u vragen hebt.
"""
HEADERS = {"sjabloon": "brieven/bericht.md", "aan": "ouder"}


@pytest.fixture(autouse=True)
def tidy(service: Runtime) -> Iterator[None]:
    yield
    working.forget_jobs()


@pytest.fixture
def people(ouder: Actor, ib: Actor, arts: Actor) -> tuple[Actor, Actor, Actor]:
    return ouder, ib, arts


def written(
    process_id: str, people: tuple[Actor, Actor, Actor], template: bytes = TEMPLATE, **headers: str
) -> str:
    """A casus whose letter waits to be made; gives its number."""
    ouder, ib, arts = people
    files = working.regional(process_id, {**HEADERS, **headers}, template, kind="brief")
    with guard.working(SYSTEM) as work:
        deployments.publish(work, process_id, files, reason="proef")
    number = starts.start(ouder, process_id, proef.started(), as_html=False).casus_number
    for actor, answers in (
        (ib, {"advies": "geen", "toelichting": "Nee"}),
        (arts, {"conclusie": "nooit", "bevinding": "Ja"}),
    ):
        key = next(t.key for t in tasks.mine(actor, limit=500).tasks if t.casus_number == number)
        tasks.complete(actor, key, answers, as_html=False)
    return number


def why(number: str) -> str:
    with transaction(WORKER) as session:
        return str(
            session.execute(
                text(
                    "SELECT i.message FROM incident i JOIN instance n ON n.key = i.instance_key"
                    " JOIN casus c ON c.key = n.casus_key WHERE c.number = :number AND i.state = 'ACTIVE'"
                ),
                {"number": number},
            ).scalar_one()
        )


def test_a_letter_is_there_for_its_role_and_for_nobody_else(
    people: tuple[Actor, Actor, Actor], ib: Actor, ouder: Actor
) -> None:
    number = written("proef_brief", people)
    assert errands.run_once() == 1
    (row,) = casussen.view(ouder, number).letters
    assert (row.subject, row.sort) == ("Advies over Noor", "brief")
    found = letters.read(ouder, number, row.key)
    assert found.content.startswith(b"%PDF-")
    assert found.name == f"brief-{number}-2027-01-18.pdf"
    assert casussen.view(ib, number).letters == ()
    with pytest.raises(NotFound):
        letters.read(ib, number, row.key)
    with pytest.raises(NotFound):
        letters.read(ouder, number, row.key + 1)


def test_a_letter_that_is_made_twice_is_there_once(people: tuple[Actor, Actor, Actor], ouder: Actor) -> None:
    number = written("proef_brief_twee", people)
    errand = errands.take()
    assert errand is not None
    assert letters.do(errand) == letters.do(errand)  # the worker died before it told that it was done
    errands.do(errand)
    assert len(casussen.view(ouder, number).letters) == 1
    told = [one for one in casussen.view(ouder, number).timeline if one.kind == "letter:made"]
    assert len(told) <= 1


def test_a_place_that_is_empty_is_an_incident_that_names_it(people: tuple[Actor, Actor, Actor]) -> None:
    number = written("proef_brief_leeg", people, b"# Brief\n\nUitkomst: {{uitkomst}}.\n")
    errands.run_once()
    assert why(number) == "In de brief is 'uitkomst' nog leeg"


@pytest.mark.parametrize(
    ("headers", "template", "rule"),
    [
        ({"aan": "rmc"}, TEMPLATE, "brief-zonder-rol"),
        ({"aan": ""}, TEMPLATE, "brief-zonder-rol"),
        ({"sjabloon": "proces.toml"}, TEMPLATE, "brief-onvolledig"),
        ({}, b"Geen onderwerp", "brief-onvolledig"),
        ({}, b"# Brief\n\n{{ 1 + }}", "brief-onvolledig"),
        ({}, b"# Brief\n\n{{ nergens }}", "brief-naam-onbekend"),
        ({"klasse": "X"}, TEMPLATE, "brief-klasse"),
    ],
)
def test_a_letter_that_cannot_be_made_is_refused_at_publication(
    service: Runtime, headers: dict[str, str], template: bytes, rule: str
) -> None:
    files = working.regional("proef_brief_fout", {**HEADERS, **headers}, template, kind="brief")
    with pytest.raises(DiagramRejected) as refused, guard.working(SYSTEM) as work:
        deployments.publish(work, "proef_brief_fout", files, reason="proef")
    assert rule in {one.rule for one in refused.value.findings}
