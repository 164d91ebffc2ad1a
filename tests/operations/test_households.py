"""Gezag with its source and date decides whose consent is needed; whereabouts that are kept betray themselves nowhere."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from service.access import SHARING
from service.clock import PinnedClock
from service.domain import SYSTEM, Actor
from service.errors import BadRequest, NotAllowed, NotFound
from service.operations import (
    casussen,
    consents,
    deployments,
    guard,
    households,
    insight,
    safety,
    starts,
    tasks,
)
from service.operations.outlooks import PersonRow
from service.operations.views import ParticipantRow, Started
from service.store import casus as rows
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import person

PROCESS = "gezin"
MOTHER, FATHER = "ouder.wilgenveen@demo.invalid", "ouder.oosterlaar@demo.invalid"


@pytest.fixture(scope="module", autouse=True)
def process(service: object) -> None:
    """The small process with the people around the child in its start form."""
    files = proef.files()
    start = json.loads(files["forms/aanmelding.form"])
    people = {
        "type": "dynamiclist",
        "path": "gezag",
        "label": "Wie heeft het gezag?",
        "components": [
            proef.field("textfield", key, "I", "ouder")
            for key in ("naam", "relatie", "heeft_gezag", "contact")
        ],
    }
    start["components"].append(people)
    mapping = (
        'formulier = "aanmelding"\nverblijf = ["school"]\n[start.gezag]\nlijst = "gezag"\nnaam = "naam"\n'
        'relatie = "relatie"\ngezag = "heeft_gezag"\ncontact = "contact"\n'
    )
    manifest = files["proces.toml"].decode().replace('id = "proef"', f'id = "{PROCESS}"')
    files |= {
        "proces.bpmn": files["proces.bpmn"].replace(b'id="proef"', f'id="{PROCESS}"'.encode()),
        "proces.toml": manifest.replace('formulier = "aanmelding"\n', mapping).encode(),
        "forms/aanmelding.form": json.dumps(start).encode(),
    }
    with guard.working(SYSTEM) as work:
        deployments.publish(work, PROCESS, files, reason="proef")


@pytest.fixture
def casus(ouder: Actor) -> Started:
    people = [
        {"naam": "Sanne W.", "relatie": "moeder", "heeft_gezag": "ja", "contact": MOTHER},
        {"naam": "Ruben O.", "relatie": "vader", "heeft_gezag": "ja", "contact": FATHER},
    ]
    return starts.start(ouder, PROCESS, {**proef.started(), "gezag": people}, as_html=False)


def people(actor: Actor, casus: Started) -> dict[str, PersonRow]:
    return {row.relation: row for row in casussen.view(actor, casus.casus_number).people}


def shown(actor: Actor, casus: Started) -> set[str]:
    return {row.value for row in casussen.view(actor, casus.casus_number).dossier}


def test_the_start_form_tells_who_is_around_the_child(casus: Started, swv: Actor, arts: Actor) -> None:
    found = people(swv, casus)
    assert {relation: (row.name, row.custody, row.source) for relation, row in found.items()} == {
        "moeder": ("Sanne W.", "ja", "startformulier"),
        "vader": ("Ruben O.", "ja", "startformulier"),
    }
    assert people(arts, casus)["moeder"].contact == MOTHER


def test_gezag_is_recorded_with_its_source_by_who_directs(
    casus: Started, swv: Actor, ib: Actor, ouder: Actor
) -> None:
    key = people(swv, casus)["vader"].key
    households.set_custody(swv, casus.casus_number, key, "nee", "Gezagsregister van 3 maart")
    assert (people(swv, casus)["vader"].custody, people(swv, casus)["vader"].source) == (
        "nee",
        "Gezagsregister van 3 maart",
    )
    for custody, source in (("soms", "Gezagsregister van 3 maart"), ("ja", "weet ik")):
        with pytest.raises(BadRequest):
            households.set_custody(swv, casus.casus_number, key, custody, source)
    for other in (ib, ouder):
        with pytest.raises(NotAllowed):
            households.set_custody(other, casus.casus_number, key, "ja", "Gezagsregister van 3 maart")
    with pytest.raises(NotFound):
        households.set_custody(
            person("swv_vo.kans"), casus.casus_number, key, "ja", "Gezagsregister, 3 maart"
        )


def test_two_parents_with_gezag_are_two_answers(
    casus: Started, ouder: Actor, ib: Actor, arts: Actor, swv: Actor, clock: PinnedClock
) -> None:
    """One parent says yes: what rests on consent stays where it is, until gezag turns out to be with one."""
    consents.say(ouder, casus.casus_number, SHARING, "jgz", agreed=True)
    verdict = "verklaring-van-de-arts-0816"
    answers = {"conclusie": "nooit", "bevinding": "x", "verklaring": verdict}
    for actor, name, given in (
        (arts, "Onderzoek doen", answers),
        (ib, "Advies geven", {"advies": "geen", "toelichting": "-"}),
        (swv, "Advies vaststellen", {"uitkomst": "geen"}),
    ):
        key = next(
            t.key
            for t in tasks.mine(actor, limit=500).tasks
            if (t.casus_number, t.name) == (casus.casus_number, name)
        )
        tasks.complete(actor, key, given, as_html=False, idempotency_key=f"{key}")
    assert verdict not in shown(swv, casus)


def test_whereabouts_that_are_kept_are_nowhere_but_with_who_directs(
    casus: Started, swv: Actor, ib: Actor, arts: Actor, ouder: Actor, clock: PinnedClock
) -> None:
    key = people(swv, casus)["vader"].key
    with pytest.raises(BadRequest):
        households.keep(swv, casus.casus_number, key, kept=True, reason="kort")
    assert FATHER in shown(ib, casus)
    households.keep(swv, casus.casus_number, key, kept=True, reason="Onveilige situatie, zie melding.")
    assert FATHER in shown(swv, casus)
    assert people(swv, casus)["vader"].contact == FATHER
    assert people(ib, casus)["vader"].contact == ""
    assert people(ib, casus)["moeder"].contact == MOTHER
    for other in (ib, arts):
        assert FATHER not in shown(other, casus)
        assert "regenboogbrug" not in shown(other, casus)  # the school betrays it as well
    told = {
        q: {to.role for to in g.seen_by}
        for g in insight.who_can(ouder, casus.casus_number).groups
        for q in g.questions
    }
    assert told["School"] <= {"ouder", "swv_po"}
    clock.move(timedelta(days=1))
    households.keep(swv, casus.casus_number, key, kept=False, reason="De situatie is weer veilig.")
    assert FATHER in shown(ib, casus)


def names(actor: Actor, casus: Started) -> set[str]:
    """Every name of an organisation or person that somebody reads on the pages of a casus."""
    number = casus.casus_number
    seen = casussen.view(actor, number)
    found = {
        name for one in seen.participants for name in (one.organisation_name, one.person_name, one.contact)
    }
    steps = [step for process in seen.processes for step in process.steps]
    found |= {name for step in steps for name in (step.organisation_name, step.ended_by)}
    found |= {to.organisation_name for group in insight.who_can(actor, number).groups for to in group.seen_by}
    found |= {to.person_name for group in insight.who_can(actor, number).groups for to in group.seen_by}
    found |= {name for row in seen.timeline for name in (row.organisation_name, row.person_name)}
    found |= {head.waiting_for for head in casussen.mine(actor)} | {seen.head.waiting_for}
    looks = insight.who_looked(actor, number) if "ouder" in actor.roles else ()
    return found | {look.organisation_name for look in looks}


def test_while_a_parent_is_kept_the_other_reads_only_names_that_are_safe(
    casus: Started, swv: Actor, ib: Actor, arts: Actor, ouder: Actor, clock: PinnedClock
) -> None:
    number, father = casus.casus_number, people(swv, casus)["vader"].key
    casussen.view(ib, number)
    key = next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == number)
    tasks.complete(
        ib, key, {"advies": "plek", "toelichting": "-"}, as_html=False, idempotency_key=f"naam{key}"
    )
    organisations = households.organisations(swv, number)
    school = organisations["regenboogbrug"]
    assert {school, ib.name, organisations["ggd"]} <= names(ouder, casus)
    clock.move(timedelta(minutes=1))
    households.keep(swv, number, father, kept=True, reason="Onveilige situatie, zie melding.", told=["ggd"])
    assert {school, ib.name, organisations["samenwijs"]} & names(ouder, casus) == set()
    assert {organisations["ggd"], safety.UNNAMED} <= names(ouder, casus)
    assert {school, organisations["samenwijs"]} <= {one.organisation_name for one in view(ib, casus)}
    clock.move(timedelta(minutes=1))
    households.keep(swv, number, father, kept=False, reason="De situatie is weer veilig.")
    assert {school, ib.name} <= names(ouder, casus)


def test_who_started_it_is_not_named_where_that_tells_the_organisation(
    swv: Actor, ouder: Actor, clock: PinnedClock
) -> None:
    told = [{"naam": "Ruben O.", "relatie": "vader", "heeft_gezag": "ja", "contact": FATHER}]
    casus = starts.start(swv, PROCESS, {**proef.started(), "gezag": told}, as_html=False)
    with transaction(SERVICE) as session:
        row = rows.by_number(session, casus.casus_number)
        assert row is not None
        part = {"role": "ouder", "candidate": f"account:{ouder.account}", "organisation_key": ""}
        rows.bind(session, row.key, [{**part, "account_key": ouder.account, "since": clock.now()}])
    assert swv.name in names(ouder, casus)
    clock.move(timedelta(minutes=1))
    father = people(swv, casus)["vader"].key
    households.keep(swv, casus.casus_number, father, kept=True, reason="Onveilige situatie, zie melding.")
    assert swv.name not in names(ouder, casus)
    assert swv.name in names(swv, casus)


def view(actor: Actor, casus: Started) -> tuple[ParticipantRow, ...]:
    return casussen.view(actor, casus.casus_number).participants


def test_a_parent_who_is_kept_reads_every_name(
    casus: Started, swv: Actor, ouder: Actor, clock: PinnedClock
) -> None:
    mother = people(swv, casus)["moeder"].key
    before = names(ouder, casus)
    clock.move(timedelta(minutes=1))
    households.keep(swv, casus.casus_number, mother, kept=True, reason="Onveilige situatie, zie melding.")
    assert safety.UNNAMED not in names(ouder, casus)
    assert before <= names(ouder, casus)


def test_only_organisations_that_take_part_are_marked_as_safe(casus: Started, swv: Actor) -> None:
    father = people(swv, casus)["vader"].key
    with pytest.raises(BadRequest):
        households.keep(
            swv, casus.casus_number, father, kept=True, reason="Onveilige situatie.", told=["oosterlaar"]
        )
