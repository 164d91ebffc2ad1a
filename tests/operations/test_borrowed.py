"""A technical process may use what was deployed apart: a form, a decision, another process."""

from __future__ import annotations

import pytest

from service.domain import Actor
from service.errors import AnswersRejected
from service.operations import catalog, deployments, instances, user_tasks
from service.operations.records import Query
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
    catalog.forget()  # another web process, or ten seconds later
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
