"""A message that one instance throws reaches the other that waits for it, after the commit and once."""

from __future__ import annotations

import threading

from sqlalchemy import text

from service import worker
from service.domain import Actor
from service.operations import deployments, instances, messages, sealing
from service.operations.records import InstanceRecord
from service.store import connection

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    id="d" targetNamespace="http://sluitend.example/t">
  <bpmn:message id="m" name="mdo.afgerond"><bpmn:extensionElements><zeebe:subscription correlationKey="=casus" /></bpmn:extensionElements></bpmn:message>
"""
WAITS = (
    HEAD
    + """
  <bpmn:process id="wacht" name="Wacht" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateCatchEvent id="w"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing><bpmn:messageEventDefinition messageRef="m" /></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="e"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="w" /><bpmn:sequenceFlow id="b" sourceRef="w" targetRef="e" />
  </bpmn:process>
</bpmn:definitions>
"""
)
THROWS = (
    HEAD
    + """
  <bpmn:process id="werpt" name="Werpt" isExecutable="true">
    <bpmn:startEvent id="s"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateThrowEvent id="t"><bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing><bpmn:messageEventDefinition messageRef="m" /></bpmn:intermediateThrowEvent>
    <bpmn:endEvent id="e"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="s" targetRef="t" /><bpmn:sequenceFlow id="b" sourceRef="t" targetRef="e" />
  </bpmn:process>
</bpmn:definitions>
"""
)


def test_a_thrown_message_reaches_who_waits_for_it(api: Actor) -> None:
    deployments.deploy(api, {"wacht.bpmn": WAITS.encode()})
    deployments.deploy(api, {"werpt.bpmn": THROWS.encode()})
    right = instances.create(api, process_id="wacht", variables={"casus": "ZB-1"})
    other = instances.create(api, process_id="wacht", variables={"casus": "ZB-2"})
    assert right.state == "ACTIVE"
    instances.create(api, process_id="werpt", variables={"casus": "ZB-1"})
    work_until_ended(api, right)
    assert instances.get(api, right.key).state == "COMPLETED"
    assert instances.get(api, other.key).state == "ACTIVE"
    with connection.engine().connect() as look:
        jobs = look.execute(
            text("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs WHERE task_name = 'deliver'")
        )
        assert "ZB-1" not in jobs.scalar_one()


def work_until_ended(api: Actor, instance: InstanceRecord) -> None:
    stop = threading.Event()
    working = threading.Thread(target=worker.run, args=(stop,))
    working.start()
    for _ in range(200):
        if instances.get(api, instance.key).state != "ACTIVE":
            break
        stop.wait(0.05)
    stop.set()
    working.join(20)
    assert not working.is_alive()


def test_a_message_that_nobody_waits_for_harms_nothing(service: object) -> None:
    told = b'{"kind": "message", "name": "niemand", "correlation_key": "", "variables": {}}'
    assert messages.deliver(sealing.seal_own(told, "queue/deliver").hex()) == 0
