"""A message that one instance throws reaches the other that waits for it, after the commit and once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from service import worker
from service.clock import PinnedClock
from service.domain import Actor
from service.operations import deployments, housekeeping, instances, messages, outbox, sealing
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
        jobs = look.execute(text("SELECT string_agg(args::text, ' ') FROM procrastinate_jobs"))
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


def test_a_signal_that_nobody_waits_for_harms_nothing(service: object) -> None:
    told = b'{"kind": "signal", "name": "niemand", "correlation_key": "", "variables": {}}'
    assert messages.broadcast(sealing.seal_own(told, "queue/deliver")) == 0


@pytest.mark.usefixtures("processes")
def test_a_message_that_the_release_before_queued_still_arrives(api: Actor) -> None:
    waiting = waits(api, "ZB-8")
    told = b'{"kind": "message", "name": "mdo.afgerond", "correlation_key": "ZB-7", "variables": {}}'
    assert messages.broadcast(sealing.seal_own(told, "queue/deliver")) == 0
    assert messages.broadcast(sealing.seal_own(told.replace(b"ZB-7", b"ZB-8"), "queue/deliver")) == 1
    assert instances.get(api, waiting.key).state == "COMPLETED"


@pytest.fixture
def processes(api: Actor) -> None:
    deployments.deploy(api, {"wacht.bpmn": WAITS.encode()})
    deployments.deploy(api, {"werpt.bpmn": THROWS.encode()})


def waits(api: Actor, case: str) -> InstanceRecord:
    return instances.create(api, process_id="wacht", variables={"casus": case})


def drain() -> None:
    """Deliver everything that is queued, as the worker would."""
    with connection.engine().begin() as look:
        queued = text(
            "UPDATE procrastinate_jobs SET status = 'succeeded'"
            " WHERE task_name = 'message' AND status = 'todo' RETURNING args"
        )
        keys = [row.args["key"] for row in look.execute(queued)]
    for key in keys:
        messages.deliver(key)


@pytest.mark.usefixtures("processes")
def test_a_message_waits_for_who_comes_later(api: Actor) -> None:
    instances.create(api, process_id="werpt", variables={"casus": "ZB-3"})
    drain()
    later = waits(api, "ZB-3")
    drain()
    assert instances.get(api, later.key).state == "COMPLETED"


@pytest.mark.usefixtures("processes")
def test_a_message_reaches_one_instance_of_a_process_and_once(api: Actor, clock: PinnedClock) -> None:
    first = waits(api, "ZB-4")
    clock.move(timedelta(seconds=1))  # the oldest gets it
    second = waits(api, "ZB-4")
    instances.create(api, process_id="werpt", variables={"casus": "ZB-4"})
    drain()
    clock.move(timedelta(seconds=1))
    third = waits(api, "ZB-4")
    drain()
    assert [instances.get(api, one.key).state for one in (first, second, third)] == [
        "COMPLETED",
        "ACTIVE",
        "ACTIVE",
    ]
    instances.create(api, process_id="werpt", variables={"casus": "ZB-4"})
    drain()
    assert instances.get(api, second.key).state == "COMPLETED"


@pytest.mark.usefixtures("processes")
def test_a_message_does_not_wait_for_ever(api: Actor, clock: PinnedClock) -> None:
    instances.create(api, process_id="werpt", variables={"casus": "ZB-5"})
    drain()
    clock.move(outbox.KEPT)
    later = waits(api, "ZB-5")
    drain()
    assert instances.get(api, later.key).state == "ACTIVE"
    housekeeping.sweep()
    with connection.engine().connect() as look:
        assert (
            look.execute(text("SELECT count(*) FROM message WHERE correlation_key = 'ZB-5'")).scalar_one()
            == 0
        )


@pytest.mark.usefixtures("processes")
def test_who_waits_and_who_sends_at_the_same_moment_do_not_miss_each_other(api: Actor) -> None:
    """Each looks for the other before it commits; a lock on the name lets one of them look last."""
    for number in range(8):
        case = f"ZB-6-{number}"
        made: list[InstanceRecord] = []
        start = threading.Barrier(2)

        def waiting(
            case: str = case, made: list[InstanceRecord] = made, start: threading.Barrier = start
        ) -> None:
            start.wait()
            made.append(waits(api, case))

        def sending(case: str = case, start: threading.Barrier = start) -> None:
            start.wait()
            instances.create(api, process_id="werpt", variables={"casus": case})
            drain()

        both = [threading.Thread(target=one) for one in (waiting, sending)]
        for one in both:
            one.start()
        for one in both:
            one.join(30)
        drain()
        assert instances.get(api, made[0].key).state == "COMPLETED"
