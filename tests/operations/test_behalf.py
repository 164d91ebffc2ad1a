"""Who has no account, and an organisation that does not take part, still answer: another enters it, namens them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import sql

from service import forms
from service.access import READING, Resource
from service.clock import PinnedClock
from service.config import Settings
from service.domain import Actor, TaskKey
from service.errors import AnswersRejected, BehalfRejected, NotAllowed, NotFound, TaskNotOpen
from service.operations import (
    behalf,
    casussen,
    consents,
    emergencies,
    entering,
    households,
    insight,
    runtime,
    tasks,
)
from service.operations.spoken import Given
from service.operations.views import Started
from service.store import access_log, facts
from service.store import casus as casus_rows
from service.store import tasks as task_rows
from service.store.scopes import AUDIT, SERVICE
from service.store.session import transaction
from tests.operations import proef, speaking
from tests.operations.conftest import NOW, person
from tests.operations.speaking import ANSWERS, NOTE, TODAY, WORDS, begin, given, task


@pytest.fixture(scope="module", autouse=True)
def published(service: runtime.Runtime) -> None:
    speaking.publish()


@pytest.fixture
def casus(swv: Actor, clock: PinnedClock) -> Started:
    """Of a child whose parent has no account."""
    return begin(swv)


def enter(who: Actor, key: TaskKey, said: Given, answers: Mapping[str, str] = ANSWERS) -> None:
    entering.complete(who, key, answers, said, as_html=False, idempotency_key=f"n{key}")


def told(casus: Started) -> dict[str, object]:
    """The fact of the task that was done."""
    with transaction(SERVICE) as session:
        rows = facts.rows(session, casus.instance_key)
    data: dict[str, object] = json.loads(next(row.payload for row in rows if row.kind == "task:completed"))[
        "data"
    ]
    return data


def shown(who: Actor, casus: Started) -> set[str]:
    return {row.value for row in casussen.view(who, casus.casus_number).dossier}


def test_who_directs_enters_what_a_parent_without_account_said(casus: Started, swv: Actor) -> None:
    whose = speaking.parent(casus, 7001)
    key = task(casus, "Onderzoek")
    view = entering.open(swv, key)
    assert [(one.key, one.name) for one in view.choices] == [(whose, "Jet B.")]
    enter(swv, key, given(whose=whose))
    [step] = [one for one in casussen.view(swv, casus.casus_number).processes[0].steps if one.behalf]
    assert step.behalf is not None
    assert (step.behalf.role, step.behalf.source, step.behalf.received) == ("ouder", "telefoon", TODAY)
    assert (step.state, step.ended_by, step.behalf.by_role) == ("COMPLETED", swv.name, "swv_po")


def test_the_history_tells_whose_answer_it_is_and_from_what_but_no_word_of_it(
    casus: Started, swv: Actor
) -> None:
    enter(swv, task(casus, "Onderzoek"), given())
    data = told(casus)
    assert (data["on_behalf"], data["source"], data["received"], data["signed"]) == (
        "ouder/rol:ouder",
        "telefoon",
        "2027-01-18",
        False,
    )
    assert data["account"] == str(swv.account)
    with transaction(SERVICE) as session:
        whole = " ".join(row.payload for row in facts.rows(session, casus.instance_key))
    assert not any(words in whole for words in (NOTE, WORDS, "na vier uur"))


def test_the_access_log_names_on_whose_behalf(casus: Started, swv: Actor) -> None:
    key = task(casus, "Onderzoek")
    entering.open(swv, key)
    enter(swv, key, given())
    with transaction(AUDIT) as session:
        lines = access_log.read(session, object_key=str(key), account_key=swv.account)
    found = {(line.action, line.on_behalf) for line in lines}
    assert {("R", "ouder"), ("U", "ouder"), ("C", "ouder/rol:ouder")} <= found
    assert {line.ground for line in lines} == {"kandidaat swv_po@samenwijs, namens een ander"}


def test_who_entered_it_does_not_read_care_for_it(casus: Started, swv: Actor) -> None:
    """Whose answer it is, is whose answer it stays: entering it supplies nothing."""
    enter(swv, task(casus, "Onderzoek"), given())
    assert WORDS not in shown(swv, casus)
    assert "na vier uur" in shown(swv, casus)  # class I, which the role reads


def test_a_parent_with_an_account_asks_for_it_and_reads_it_back_as_their_own(
    ouder: Actor, swv: Actor, clock: PinnedClock
) -> None:
    casus = begin(ouder)
    key, whose = task(casus, "Onderzoek"), f"account:{ouder.account}"
    with pytest.raises(BehalfRejected) as refused:
        enter(swv, key, given(whose=whose))
    assert refused.value.wrong == {"asked": "say"}
    enter(swv, key, given(whose=whose, asked=True))
    assert WORDS in shown(ouder, casus)
    page = tasks.open(ouder, key)
    assert page.spoken_for
    assert page.behalf is not None
    assert (page.behalf.by_name, page.behalf.by_organisation_name, page.behalf.note) == (
        swv.name,
        "SWV PO Samen Wijs Zilverbeek",
        NOTE,
    )
    looks = insight.who_looked(ouder, casus.casus_number)
    assert [(look.role, look.on_behalf) for look in looks if look.wrote] == [("swv_po", "ouder")]


def test_what_the_person_had_typed_is_not_shown_and_one_s_own_draft_is(
    ouder: Actor, swv: Actor, clock: PinnedClock
) -> None:
    key = task(begin(ouder), "Onderzoek")
    tasks.save_draft(ouder, key, {"thuis": ["eigen woorden 3381"]})
    assert "eigen woorden 3381" not in repr(entering.open(swv, key))
    said = given(whose=f"account:{ouder.account}", asked=True)
    entering.save_draft(swv, key, {"thuis": ["gehoord 1192"]}, said)
    kept = entering.open(swv, key)
    assert "gehoord 1192" in repr(kept.task.form)
    assert kept.given == said
    assert "gehoord 1192" not in repr(tasks.open(ouder, key))
    with transaction(SERVICE) as session:  # and should the task become theirs, the draft opens like any other
        task_rows.offer(session, key, "swv_po@samenwijs", None)
        row = task_rows.get(session, key)
        assert row is not None
        bound = {"role": "ouder", "candidate": f"account:{swv.account}", "organisation_key": "", "since": NOW}
        casus_rows.bind_once(session, row.casus_key, [{**bound, "account_key": swv.account}])
    assert "gehoord 1192" in repr(tasks.open(swv, key).form)


def test_an_organisation_that_does_not_take_part_answers_by_who_directs(
    swv: Actor, clock: PinnedClock
) -> None:
    casus = begin(swv, school="werkbank")
    key = task(casus, "Advies")
    [step] = [
        one for one in casussen.view(swv, casus.casus_number).processes[0].steps if one.name == "Advies geven"
    ]
    assert step.behalf_key == key
    said = given(whose="organisatie:werkbank", source="email")
    enter(swv, key, said, {"advies": "plek", "toelichting": "uit-de-e-mail-7723"})
    [row] = [
        one for one in casussen.view(swv, casus.casus_number).dossier if one.value == "uit-de-e-mail-7723"
    ]
    assert row.owner == "Praktijkschool De Werkbank"
    assert told(casus)["on_behalf"] == "school_ib/organisatie:werkbank"


def test_an_organisation_that_takes_part_answers_itself(casus: Started, swv: Actor) -> None:
    key = task(casus, "Advies")
    for said in (given(whose="organisatie:regenboogbrug"), given()):
        with pytest.raises(NotAllowed):
            enter(swv, key, said, {"advies": "plek", "toelichting": "x"})
    steps = casussen.view(swv, casus.casus_number).processes[0].steps
    assert [one.behalf_key for one in steps if one.name == "Advies geven"] == [None]


def test_a_role_that_is_not_named_is_refused_and_who_takes_no_part_finds_nothing(
    casus: Started, ib: Actor, other_ib: Actor
) -> None:
    key = task(casus, "Onderzoek")
    with pytest.raises(NotAllowed):
        enter(ib, key, given())
    for stranger in (
        other_ib,
        person("swv_vo.kans"),
        person("beheer.zilverbeek"),
        person("auditor.zilverbeek"),
    ):
        with pytest.raises(NotFound):
            entering.open(stranger, key)
        with pytest.raises(NotFound):
            enter(stranger, key, given())


def test_one_s_own_task_is_never_entered_for_another(casus: Started, ib: Actor, swv: Actor) -> None:
    enter(swv, task(casus, "Onderzoek"), given())
    tasks.complete(ib, task(casus, "Advies"), {"advies": "plek", "toelichting": "x"}, as_html=False)
    with pytest.raises(NotAllowed):
        enter(swv, task(casus, "Besluit"), given(), {"uitkomst": "plek"})


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"whose": "organisatie:werkbank"}, {"whose": "choose"}),
        ({"whose": ""}, {"whose": "choose"}),
        ({"source": "gerucht"}, {"source": "choose"}),
        ({"received": "2027-01-19"}, {"received": "future"}),
        ({"received": "2026-10-01"}, {"received": "long-ago"}),
        ({"received": "gisteren"}, {"received": "choose"}),
        ({"signed": True}, {"signed": "unsigned-source"}),
        ({"source": "brief", "signed": True, "note": ""}, {"note": "where"}),
        ({"note": "x" * 2001}, {"note": "long"}),
    ],
)
def test_what_is_said_about_the_source_has_to_fit(
    casus: Started, swv: Actor, changed: dict[str, object], wrong: dict[str, str]
) -> None:
    key = task(casus, "Onderzoek")
    with pytest.raises(BehalfRejected) as refused:
        enter(swv, key, given(**changed), {"bereikbaar": "ja"})
    assert refused.value.wrong == wrong
    assert set(refused.value.errors) == {"thuis"}  # all that is to be mended is told at once
    assert entering.open(swv, key).choices  # and nothing was done


def test_consent_needs_paper_that_the_person_signed(swv: Actor, clock: PinnedClock) -> None:
    casus = begin(swv, "namensakkoord")
    key, answers = task(casus, "Onderzoek"), {**ANSWERS, "akkoord": "ja"}
    for source in ("gesprek", "telefoon", "email", "brief", "formulier"):
        with pytest.raises(BehalfRejected) as refused:
            enter(swv, key, given(source=source), answers)
        assert refused.value.wrong == {"signed": "needed"}
    assert entering.open(swv, key).act
    enter(swv, key, given(source="brief", signed=True), answers)
    assert told(casus)["signed"] is True


def test_a_person_without_gezag_and_a_child_under_twelve_are_not_spoken_for(
    casus: Started, swv: Actor
) -> None:
    speaking.parent(casus, 7101, custody="nee")
    view = entering.open(swv, task(casus, "Onderzoek"))
    assert [one.key for one in view.choices] == ["rol:ouder"]


def test_the_answer_of_a_young_person_is_theirs_and_not_their_parents(
    ouder: Actor, clock: PinnedClock
) -> None:
    casus, vo = begin(ouder, geboortedatum="2010-05-01"), person("swv_vo.kans")
    key = task(casus, "Onderzoek")
    assert "kind" in {one.key for one in entering.open(vo, key).choices}
    enter(vo, key, given(whose="kind", source="gesprek"))
    rows = casussen.view(ouder, casus.casus_number).dossier
    assert WORDS not in {row.value for row in rows}  # at sixteen the young person decides
    assert told(casus)["on_behalf"] == "jeugdige/kind"


def test_a_young_person_who_answers_in_the_lane_of_the_family_answers_as_themselves(
    ouder: Actor, clock: PinnedClock
) -> None:
    """From twelve the young person may object to their parents reading what they wrote themselves."""
    casus, youth = begin(ouder, geboortedatum="2013-05-01"), person("jeugdige.wilgenveen")
    with transaction(SERVICE) as session:
        row = casus_rows.by_number(session, casus.casus_number)
        assert row is not None
        name = f"account:{youth.account}"
        bound = {"role": "jeugdige", "candidate": name, "organisation_key": "", "since": NOW}
        casus_rows.bind_once(session, row.key, [{**bound, "account_key": youth.account}])
        task_rows.offer(session, task(casus, "Onderzoek"), name, None)
    tasks.complete(youth, task(casus, "Onderzoek"), ANSWERS, as_html=False)
    assert WORDS in shown(youth, casus) & shown(ouder, casus)
    consents.say(youth, casus.casus_number, READING, "eigen", agreed=False)
    assert WORDS in shown(youth, casus)
    assert WORDS not in shown(ouder, casus)


def test_it_is_done_once_and_the_same_request_twice_has_one_effect(casus: Started, swv: Actor) -> None:
    key = task(casus, "Onderzoek")
    enter(swv, key, given())
    enter(swv, key, given())
    with pytest.raises(TaskNotOpen):
        entering.complete(swv, key, ANSWERS, given(), as_html=False)
    with pytest.raises(TaskNotOpen):
        entering.open(swv, key)


def test_answers_that_do_not_fit_the_form_are_refused_as_from_the_person(casus: Started, swv: Actor) -> None:
    with pytest.raises(AnswersRejected) as refused:
        enter(swv, task(casus, "Onderzoek"), given(), {"bereikbaar": "ja"})
    assert set(refused.value.errors) == {"thuis"}


def test_who_stays_unnamed_is_not_named_by_what_they_entered(
    ouder: Actor, swv: Actor, clock: PinnedClock
) -> None:
    """The whereabouts of another parent are kept: no organisation but those marked as safe is named."""
    casus = begin(ouder)
    speaking.parent(casus, 7201)
    households.keep(swv, casus.casus_number, 7201, kept=True, reason="verblijf is geheim")
    clock.move(timedelta(minutes=1))
    key = task(casus, "Onderzoek")
    enter(swv, key, given(whose="persoon:7201"))
    view = casussen.view(ouder, casus.casus_number)
    [step] = [one for one in view.processes[0].steps if one.behalf]
    assert step.behalf is not None
    assert (step.ended_by, step.behalf.by_name) == ("", "")
    assert "Samen Wijs" not in repr(step.behalf)
    closed = tasks.open(ouder, key)
    assert (closed.completed_by, closed.behalf and closed.behalf.note) == ("", "")
    assert swv.name not in repr(view.timeline)


def test_the_noodknop_opens_for_reading_and_enters_nothing(casus: Started) -> None:
    who = person("wijkteam.sociaalteam")
    emergencies.use(who, casus.casus_number, "Er is vandaag acuut gevaar gemeld thuis.")
    steps = casussen.view(who, casus.casus_number).processes[0].steps
    assert {one.behalf_key for one in steps} == {None}
    with pytest.raises(NotFound):
        enter(who, task(casus, "Onderzoek"), given())


def test_a_day_is_the_day_of_the_netherlands(casus: Started, swv: Actor, clock: PinnedClock) -> None:
    clock.moment = NOW.replace(hour=23, minute=30)  # the 19th in Amsterdam
    enter(swv, task(casus, "Onderzoek"), given(received="2027-01-19"))


def test_medical_questions_of_an_organisation_are_for_a_role_that_holds_such_data() -> None:
    """Otherwise entering would open what a doctor keeps to themselves; the family tells whom it wants."""
    running = runtime.current()
    proxies = replace(
        running.register.proxies,
        may={"cb_jgz": frozenset({"swv_po", "jeugdarts"}), "ouder": frozenset({"swv_po"})},
    )
    runtime.use(replace(running, register=replace(running.register, proxies=proxies)))
    bindings = (
        ("cb_jgz", "cb_jgz@jgzbuiten"),
        ("swv_po", "swv_po@samenwijs"),
        ("jeugdarts", "jeugdarts@ggd"),
    )
    where = behalf.Setting(bindings=bindings, outside=frozenset({"jgzbuiten"}), age=6, policy=False)
    try:
        found = {
            (role, klasse): behalf.resource(
                Resource(), where, (role,), forms.read(proef.form("f", proef.text("vraag", klasse, role)))
            ).enters
            for role in ("cb_jgz", "ouder")
            for klasse in ("M", "Z")
        }
    finally:
        runtime.use(running)
    assert found[("cb_jgz", "M")] == {"jeugdarts@ggd"}
    assert found[("cb_jgz", "Z")] == {"jeugdarts@ggd", "swv_po@samenwijs"}
    assert found[("ouder", "M")] == {"swv_po@samenwijs"}


def test_no_word_stands_in_clear_in_the_database(casus: Started, swv: Actor, settings: Settings) -> None:
    key = task(casus, "Onderzoek")
    entering.save_draft(swv, key, {"thuis": [WORDS]}, given())
    assert not in_clear(settings, "task_draft")
    enter(swv, key, given())
    for table in ("on_behalf", "fact", "access_log", "idempotency", "dossier_z", "instance"):
        assert not in_clear(settings, table), table


def in_clear(settings: Settings, table: str) -> set[str]:
    """The words that stand in a table as they were typed; the table is not empty."""
    with psycopg.connect(runtime.database_url(settings, admin=True)) as owner:
        rows = owner.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))).fetchall()
    assert rows, table
    whole = repr([[bytes(one) if isinstance(one, memoryview) else one for one in row] for row in rows])
    return {words for words in (NOTE, WORDS) if words in whole}
