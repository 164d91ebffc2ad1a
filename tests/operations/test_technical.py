"""Technical processes through /v2: deployed, started, searched, assigned, completed, cancelled."""

from __future__ import annotations

import pytest

from service.domain import Actor
from service.errors import BadRequest, Conflict, DiagramRejected, NotAllowed, NotFound, TaskNotOpen
from service.operations import definitions, deployments, incidents, instances, starts, user_tasks
from service.operations.records import InstanceRecord, Query, UserTaskRecord
from tests.operations import proef
from tests.operations.conftest import person


@pytest.fixture
def instance(api: Actor) -> InstanceRecord:
    deployments.deploy(api, {"technisch.bpmn": proef.technical()})
    return instances.create(api, process_id="technisch", variables={"a": 1})


def open_task(actor: Actor, instance: InstanceRecord) -> UserTaskRecord:
    query = Query(filters={"instance_key": {"$eq": instance.key}, "state": {"$eq": "CREATED"}})
    page = user_tasks.search(actor, query)
    assert page.total == 1
    return page.items[0]


def test_the_same_files_are_deployed_once(api: Actor) -> None:
    first = deployments.deploy(api, {"een.bpmn": proef.technical("een")})
    assert deployments.deploy(api, {"een.bpmn": proef.technical("een")}) == first
    changed = deployments.deploy(api, {"een.bpmn": proef.technical("een").replace(b"Tweede", b"Laatste")})
    assert changed.definitions[0].version == first.definitions[0].version + 1


@pytest.mark.parametrize("content", [b"", b"<niet af", b"<a/>", b"\x00\x01"])
def test_what_cannot_be_read_is_refused_with_findings(api: Actor, content: bytes) -> None:
    with pytest.raises(DiagramRejected) as refusal:
        deployments.deploy(api, {"stuk.bpmn": content})
    assert refusal.value.findings


def test_other_files_are_refused(api: Actor) -> None:
    with pytest.raises(BadRequest):
        deployments.deploy(api, {"script.py": b"print()"})


def test_only_operators_deploy(ib: Actor) -> None:
    with pytest.raises(NotAllowed):
        deployments.deploy(ib, {"een.bpmn": proef.technical("een")})


def test_an_instance_is_worked_to_its_end(api: Actor, instance: InstanceRecord) -> None:
    assert instance.variables == {"a": 1}
    user_tasks.complete(api, open_task(api, instance).key, {"b": 2})
    last = open_task(api, instance)
    assert last.element_id == "t2"
    user_tasks.complete(api, last.key, {})
    assert instances.get(api, instance.key).state == "COMPLETED"
    page = instances.variables(api, Query(filters={"instance_key": {"$eq": instance.key}}))
    assert {one.name: one.value for one in page.items} == {"a": 1, "b": 2}
    with pytest.raises(TaskNotOpen):
        user_tasks.complete(api, last.key, {})


def test_a_candidate_group_works_and_strangers_find_nothing(
    instance: InstanceRecord, api: Actor, ib: Actor
) -> None:
    key = open_task(api, instance).key
    rmc = person("rmc.rbl")
    assert user_tasks.get(rmc, key).name == "Eerste"
    for attempt in (
        lambda: user_tasks.get(ib, key),
        lambda: user_tasks.complete(ib, key, {}),
        lambda: instances.get(ib, instance.key),
        lambda: user_tasks.variables(ib, key, Query()),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert user_tasks.search(ib, Query(filters={"instance_key": {"$eq": instance.key}})).total == 0
    user_tasks.complete(rmc, key, {})
    assert open_task(api, instance).element_id == "t2"


def test_an_assigned_task_is_found_by_its_assignee(instance: InstanceRecord, api: Actor, ib: Actor) -> None:
    key = open_task(api, instance).key
    user_tasks.assign(api, key, ib.login)
    assert user_tasks.get(ib, key).assignee == ib.login
    with pytest.raises(Conflict):
        user_tasks.assign(api, key, api.login, allow_override=False)
    user_tasks.unassign(api, key)
    assert user_tasks.get(api, key).assignee == ""


def test_cancelling_closes_the_tasks(instance: InstanceRecord, api: Actor) -> None:
    key = open_task(api, instance).key
    instances.cancel(api, instance.key)
    assert instances.get(api, instance.key).state == "TERMINATED"
    assert user_tasks.get(api, key).state == "CANCELED"
    with pytest.raises(Conflict):
        instances.cancel(api, instance.key)


def test_a_double_create_makes_one_instance(api: Actor, instance: InstanceRecord) -> None:
    first = instances.create(api, process_id="technisch", variables={"x": 1}, idempotency_key="maak")
    assert instances.create(api, process_id="technisch", variables={"x": 1}, idempotency_key="maak") == first


def test_operators_do_not_see_casus_instances(api: Actor, ouder: Actor) -> None:
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    with pytest.raises(NotFound):
        instances.get(api, started.instance_key)
    assert instances.search(api, Query(filters={"process_id": {"$eq": "proef"}})).total == 0
    assert user_tasks.search(api, Query(filters={"process_id": {"$eq": "proef"}})).total == 0


def test_a_regional_process_starts_through_v2_with_its_form_and_casus(ouder: Actor) -> None:
    made = instances.create(ouder, process_id="proef", variables=proef.started())
    assert made.state == "ACTIVE"
    assert "voornaam" not in made.variables


def test_searches_filter_sort_and_page(api: Actor, instance: InstanceRecord) -> None:
    keys = [instances.create(api, process_id="technisch", variables={}).key for _ in range(3)]
    wanted = Query(filters={"key": {"$in": keys}}, sort=(("key", True),), limit=2)
    page = instances.search(api, wanted)
    assert page.total == 3
    assert [one.key for one in page.items] == sorted(keys, reverse=True)[:2]
    likes = Query(filters={"process_id": {"$like": "techn*"}, "started_at": {"$lte": "2030-01-01T00:00:00Z"}})
    assert instances.search(api, likes).total >= 4
    groups = Query(filters={"candidate_group": {"$eq": "rmc"}, "instance_key": {"$eq": instance.key}})
    assert user_tasks.search(api, groups).total == 1


def test_definitions_and_their_diagram_come_back_byte_for_byte(api: Actor, instance: InstanceRecord) -> None:
    assert definitions.xml(api, instance.definition_key) == proef.technical()
    assert definitions.get(api, instance.definition_key).id == "technisch"
    assert definitions.search(api, Query(filters={"id": {"$eq": "technisch"}})).total >= 1
    assert definitions.start_form(api, instance.definition_key) is None


def test_a_gateway_without_a_way_out_is_an_incident_that_can_be_retried(api: Actor) -> None:
    deployments.deploy(api, {"keuze.bpmn": GATEWAY.encode()})
    made = instances.create(api, process_id="keuze", variables={"x": 3})
    assert made.has_incident
    found = incidents.search(api, Query(filters={"instance_key": {"$eq": made.key}}))
    assert [one.element_id for one in found.items] == ["g"]
    incidents.resolve(api, found.items[0].key)
    again = incidents.search(
        api, Query(filters={"instance_key": {"$eq": made.key}, "state": {"$eq": "ACTIVE"}})
    )
    assert again.total == 1  # nothing was mended: it stands again
    assert again.items[0].key != found.items[0].key


GATEWAY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://sluitend.example/t">
  <bpmn:process id="keuze" name="Keuze" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:exclusiveGateway id="g"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing><bpmn:outgoing>c</bpmn:outgoing></bpmn:exclusiveGateway>
    <bpmn:endEvent id="e1"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="e2"><bpmn:incoming>c</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="g" />
    <bpmn:sequenceFlow id="b" sourceRef="g" targetRef="e1"><bpmn:conditionExpression>=x = 1</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="c" sourceRef="g" targetRef="e2"><bpmn:conditionExpression>=x = 2</bpmn:conditionExpression></bpmn:sequenceFlow>
  </bpmn:process>
</bpmn:definitions>
"""
