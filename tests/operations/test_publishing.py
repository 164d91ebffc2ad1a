"""Concepts, the gate, and versions: who runs keeps the version it began with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.domain import Actor
from service.errors import Conflict, DiagramRejected, NotAllowed
from service.operations import casussen, processes, starts, tasks
from tests.operations import proef

EXTRA = """<bpmn:userTask id="Nazorg" name="Nazorg">
      <bpmn:extensionElements><zeebe:userTask />FORM</bpmn:extensionElements>
      <bpmn:incoming>f8</bpmn:incoming><bpmn:outgoing>f11</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="f11" sourceRef="Nazorg" targetRef="Einde_plek" />
    <bpmn:endEvent id="Einde_plek" name="Plek gevonden"><bpmn:incoming>f11</bpmn:incoming></bpmn:endEvent>"""


def with_extra_task(form: str) -> dict[str, bytes]:
    """The process with one more task before its end."""
    diagram = proef.DIAGRAM.replace(
        '<bpmn:endEvent id="Einde_plek" name="Plek gevonden"><bpmn:incoming>f8</bpmn:incoming></bpmn:endEvent>',
        EXTRA.replace("FORM", form),
    )
    diagram = diagram.replace(
        'sourceRef="Keuze" targetRef="Einde_plek"', 'sourceRef="Keuze" targetRef="Nazorg"'
    )
    diagram = diagram.replace(
        "<bpmn:flowNodeRef>Besluit</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>Besluit</bpmn:flowNodeRef><bpmn:flowNodeRef>Nazorg</bpmn:flowNodeRef>",
    )
    return {**proef.files(), "proces.bpmn": diagram.encode()}


@pytest.fixture
def revision(owner: Actor) -> int:
    return processes.concept(owner, "proef").revision


@pytest.fixture
def restored(owner: Actor) -> Iterator[None]:
    """The process as the other tests know it, published again afterwards."""
    yield
    now = processes.concept(owner, "proef").revision
    saved = processes.save(owner, "proef", proef.files(), now)
    processes.publish(owner, "proef", saved.revision, "terug naar de proef")


def test_a_stale_save_is_refused_and_overwrites_nothing(owner: Actor, revision: int) -> None:
    saved = processes.save(owner, "proef", proef.files(), revision)
    with pytest.raises(Conflict):
        processes.save(owner, "proef", {"proces.bpmn": b"<x/>"}, revision)
    concept = processes.concept(owner, "proef")
    assert (concept.revision, concept.files) == (saved.revision, proef.files())


def test_a_task_without_form_is_found_and_not_published(owner: Actor, revision: int) -> None:
    saved = processes.save(owner, "proef", with_extra_task(""), revision)
    found = processes.check(owner, "proef")
    assert any(one.element == "Nazorg" and one.rule == "taak-zonder-formulier" for one in found)
    version = processes.concept(owner, "proef").version
    with pytest.raises(DiagramRejected):
        processes.publish(owner, "proef", saved.revision, "nazorg erbij")
    assert processes.concept(owner, "proef").version == version


@pytest.mark.usefixtures("restored")
def test_a_case_that_runs_keeps_its_version(
    owner: Actor, revision: int, ouder: Actor, ib: Actor, arts: Actor, swv: Actor
) -> None:
    old = starts.start(ouder, "proef", proef.started(), as_html=False)
    before = processes.concept(owner, "proef").version
    nazorg = {
        **with_extra_task('<zeebe:formDefinition formId="nazorg" />'),
        "forms/nazorg.form": proef.form("nazorg", proef.text("verslag", "O", "swv_po")),
        "voorbeelden/plek.toml": proef.scenario(
            "plek", "Einde_plek", '[[stap]]\ntaak = "Nazorg"\nantwoorden = { verslag = "Goed." }'
        ),
    }
    saved = processes.save(owner, "proef", nazorg, revision)
    published = processes.publish(owner, "proef", saved.revision, "nazorg erbij")
    assert (published.version, published.unchanged) == (before + 1, False)
    new = starts.start(ouder, "proef", proef.started(), as_html=False)
    ended = {started.casus_number: run(started.casus_number, ib, arts, swv) for started in (old, new)}
    assert ended == {old.casus_number: True, new.casus_number: False}
    versions = [p.version for p in casussen.view(ouder, old.casus_number).processes]
    assert versions == [before]
    row = next(r for r in processes.overview(owner) if r.process_id == "proef")
    assert row.running_by_version[published.version] == 1


def run(number: str, ib: Actor, arts: Actor, swv: Actor) -> bool:
    """Take a case to its decision; whether that ended it."""
    done = False
    for actor, answers in (
        (ib, {"advies": "plek", "toelichting": "Ja"}),
        (arts, {"conclusie": "geschikt", "bevinding": "Nee"}),
        (swv, {"uitkomst": "plek"}),
    ):
        key = next(t.key for t in tasks.mine(actor, limit=500).tasks if t.casus_number == number)
        done = tasks.complete(actor, key, answers, as_html=False).ended
    return done


def test_publishing_the_same_content_makes_nothing(owner: Actor, revision: int) -> None:
    saved = processes.save(owner, "proef", proef.files(), revision)
    first = processes.publish(owner, "proef", saved.revision, "gelijk")
    again = processes.publish(owner, "proef", processes.concept(owner, "proef").revision, "nog eens")
    assert again.unchanged
    assert again.version == first.version


def test_going_back_and_forth_between_two_contents_in_one_millisecond_is_noticed(owner: Actor) -> None:
    other = {**proef.files(), "LEESMIJ.md": b"Een andere tekst."}
    versions = []
    for files in (other, proef.files()) * 4:
        for _ in range(2):
            saved = processes.save(owner, "proef", files, processes.concept(owner, "proef").revision)
            versions.append(processes.publish(owner, "proef", saved.revision, "heen en weer").version)
    assert versions == [v for at in range(8) for v in [versions[0] + at] * 2]


def test_partners_do_not_reach_the_studio(ib: Actor) -> None:
    for attempt in (
        lambda: processes.overview(ib),
        lambda: processes.concept(ib, "proef"),
        lambda: processes.publish(ib, "proef", 0, "toch"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
