"""A technical process may use what was deployed apart: a form, a decision, another process."""

from __future__ import annotations

import re

import pytest

from service.domain import Actor
from service.errors import AnswersRejected, StateDamaged
from service.operations import catalog, deployments, instances, user_tasks
from service.operations.records import Query
from service.store import instances as rows
from service.store.scopes import WORKER
from service.store.session import transaction
from tests.operations import proef

CALLER = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="d" targetNamespace="http://sluitend.example/t">
  <bpmn:process id="roept" name="Roept" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:callActivity id="c" name="Ander proces">
      <bpmn:extensionElements><zeebe:calledElement processId="geroepen" propagateAllChildVariables="true" /></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:callActivity>
    <bpmn:endEvent id="e"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="c" /><bpmn:sequenceFlow id="b" sourceRef="c" targetRef="e" />
  </bpmn:process>
</bpmn:definitions>
"""


def with_form(id_: str, form_id: str) -> bytes:
    task = b'<bpmn:extensionElements><zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="rmc" />'
    named = task + f'<zeebe:formDefinition formId="{form_id}" />'.encode()
    return proef.technical(id_).replace(task, named)


def first_task(api: Actor, instance_key: int) -> int:
    query = Query(filters={"instance_key": {"$eq": instance_key}, "state": {"$eq": "CREATED"}})
    return user_tasks.search(api, query).items[0].key


def test_a_form_that_came_later_is_asked_for(api: Actor) -> None:
    deployments.deploy(api, {"los.bpmn": with_form("los", "losse_vraag")})
    made = instances.create(api, process_id="los", variables={})
    deployments.deploy(
        api, {"vraag.form": proef.form("losse_vraag", proef.choice("antwoord", "", "ja", "nee"))}
    )
    key = first_task(api, made.key)
    with pytest.raises(AnswersRejected):
        user_tasks.complete(api, key, {"antwoord": "misschien"})
    with pytest.raises(AnswersRejected):
        user_tasks.complete(api, key, {"antwoord": "ja", "onbekend": 1})
    user_tasks.complete(api, key, {"antwoord": "ja"})
    page = instances.variables(api, Query(filters={"instance_key": {"$eq": made.key}}))
    assert {one.name: one.value for one in page.items} == {"antwoord": "ja"}
    assert user_tasks.form(api, key) is not None


def test_a_process_that_was_deployed_apart_is_called(api: Actor) -> None:
    deployments.deploy(api, {"geroepen.bpmn": proef.technical("geroepen")})
    deployments.deploy(api, {"roept.bpmn": CALLER.encode()})
    made = instances.create(api, process_id="roept", variables={})
    for _ in range(2):
        user_tasks.complete(api, first_task(api, made.key), {})
    assert instances.get(api, made.key).state == "COMPLETED"


def calling(id_: str, called: str, binding: str = "") -> bytes:
    return (
        CALLER.replace('id="roept"', f'id="{id_}"')
        .replace('processId="geroepen"', f'processId="{called}" {binding}')
        .encode()
    )


def open_tasks(api: Actor, instance_key: int) -> list[str]:
    query = Query(filters={"instance_key": {"$eq": instance_key}, "state": {"$eq": "CREATED"}})
    return [task.element_id for task in user_tasks.search(api, query).items]


def renamed(id_: str, suffix: str) -> bytes:
    """The same process with other ids for its elements: a state of the one means nothing to the other."""
    found = proef.technical(id_).decode()
    for element in sorted(set(re.findall(r' id="(t[0-9]+)"', found))):
        found = re.sub(rf"\b{element}\b", element + suffix, found)
    return found.encode()


def test_a_call_goes_on_in_its_version_when_the_called_process_is_deployed_anew(api: Actor) -> None:
    deployments.deploy(api, {"a.bpmn": renamed("eigenwijs", "")})
    deployments.deploy(api, {"b.bpmn": calling("vasthoudend", "eigenwijs")})
    old = instances.create(api, process_id="vasthoudend", variables={})
    first = open_tasks(api, old.key)
    deployments.deploy(api, {"a.bpmn": renamed("eigenwijs", "_nieuw")})
    new = instances.create(api, process_id="vasthoudend", variables={})
    assert open_tasks(api, new.key) == [f"{element}_nieuw" for element in first]
    catalog.forget()  # another web process, which never saw the old version
    for made in (old, new):
        while instances.get(api, made.key).state == "ACTIVE":
            user_tasks.complete(api, first_task(api, made.key), {})
    assert instances.get(api, old.key).state == "COMPLETED"


def test_a_task_of_a_called_process_is_told_as_its_own(api: Actor) -> None:
    deployments.deploy(
        api,
        {
            "binnen.bpmn": with_form("binnen", "zelfde_naam"),
            "vraag.form": proef.form("zelfde_naam", proef.choice("van_binnen", "", "ja", "nee")),
        },
    )
    deployments.deploy(
        api,
        {
            "buiten.bpmn": calling("buiten", "binnen"),
            "vraag.form": proef.form("zelfde_naam", proef.choice("van_buiten", "", "ja", "nee")),
        },
    )
    made = instances.create(api, process_id="buiten", variables={})
    task = user_tasks.get(api, first_task(api, made.key))
    assert task.process_id == "binnen"
    with pytest.raises(AnswersRejected):
        user_tasks.complete(api, task.key, {"van_buiten": "ja"})
    user_tasks.complete(api, task.key, {"van_binnen": "ja"})


def test_processes_of_different_deployments_may_call_each_other(api: Actor) -> None:
    deployments.deploy(api, {"heen.bpmn": calling("heen", "weer")})
    deployments.deploy(api, {"weer.bpmn": calling("weer", "heen")})
    made = instances.create(api, process_id="heen", variables={})
    assert instances.get(api, made.key).has_incident  # too deep, and no full memory


def test_a_called_process_that_feel_chooses_may_be_deployed_later(api: Actor) -> None:
    deployments.deploy(api, {"kiezer.bpmn": calling("kiezer", "=welk")})
    deployments.deploy(api, {"gekozen.bpmn": proef.technical("gekozen")})
    made = instances.create(api, process_id="kiezer", variables={"welk": "gekozen"})
    assert open_tasks(api, made.key)


def test_a_call_by_tag_means_the_newest_version_with_that_tag(api: Actor) -> None:
    def tagged(tag: str, suffix: str) -> bytes:
        tag_of = f'<bpmn:extensionElements><zeebe:versionTag value="{tag}" /></bpmn:extensionElements>'
        head = b'isExecutable="true">'
        return renamed("gelabeld", suffix).replace(head, head + tag_of.encode(), 1)

    for tag, suffix in (("v1", "_een"), ("v2", "_twee"), ("v1", "_een_beter"), ("v3", "_drie")):
        deployments.deploy(api, {"gelabeld.bpmn": tagged(tag, suffix)})
    deployments.deploy(
        api, {"b.bpmn": calling("labelaar", "gelabeld", 'bindingType="versionTag" versionTag="v1"')}
    )
    made = instances.create(api, process_id="labelaar", variables={})
    assert all(element.endswith("_een_beter") for element in open_tasks(api, made.key))
    assert open_tasks(api, made.key)


@pytest.mark.parametrize("id_", ["kapot_alleen", "kapot_roept"])
def test_a_damaged_state_is_an_error_that_names_the_instance(api: Actor, id_: str) -> None:
    deployments.deploy(api, {"los.bpmn": proef.technical("kapot_alleen")})
    deployments.deploy(api, {"roept.bpmn": calling("kapot_roept", "kapot_alleen")})
    made = instances.create(api, process_id=id_, variables={})
    task = first_task(api, made.key)
    with transaction(WORKER) as session:
        rows.save(session, made.key, {"state": b"\x02\x99"})
    with pytest.raises(StateDamaged, match=str(made.key)):
        user_tasks.complete(api, task, {})
    with pytest.raises(StateDamaged, match=str(made.key)):
        user_tasks.variables(api, task, Query())
