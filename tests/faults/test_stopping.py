"""SIGTERM, as systemd and Docker send it: what is in hand is finished, then the process ends; and its log is JSON."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.api.client import FORM, Answer, one_task
from tests.faults import own
from tests.faults.own import Installation

pytestmark = pytest.mark.xdist_group("faults")
_WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')"
_TIMER = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test">
  <bpmn:process id="even" name="Even wachten" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateCatchEvent id="tel" name="Even"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:timerEventDefinition id="t"><bpmn:timeDuration>PT2S</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="klaar"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="tel" /><bpmn:sequenceFlow id="f2" sourceRef="tel" targetRef="klaar" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with own.installation(tmp_path_factory.mktemp("stopping"), SLUITEND_LOG_FORMAT="json") as made:
        assert made.client.deploy(een_taak_bpmn=one_task(), vraag_form=FORM).status == 200
        yield made


@contextmanager
def holding(site: Installation, lock: str, key: str) -> Iterator[None]:
    """Somebody holds a row, so that who needs it waits in the middle of its work."""
    with psycopg.connect(site.server.url_admin) as admin:
        admin.execute(lock.encode(), [int(key)])
        yield


def stop(site: Installation, name: str) -> None:
    os.kill(site.running[name].pid, signal.SIGTERM)
    time.sleep(0.5)  # long enough for who would drop its work


def test_a_request_that_is_being_answered_is_finished(site: Installation) -> None:
    key, task = site.begin()
    answers: list[Answer] = []
    thread = threading.Thread(target=lambda: answers.append(site.complete(task)))
    with holding(site, "SELECT 1 FROM instance WHERE key = %s FOR UPDATE", key):
        thread.start()
        site.wait_until(lambda: bool(site.rows(_WAITING)))
        stop(site, "serve")
        assert answers == []
    thread.join(20)
    assert [one.status for one in answers] == [204]
    assert site.running.pop("serve").wait(20) == 0
    site.start("serve")
    site.wait_until(site.usable)


def test_a_timer_that_is_being_fired_is_finished(site: Installation) -> None:
    assert site.client.deploy(even_bpmn=_TIMER).status == 200
    started = site.client.call("POST", "/v2/process-instances", {"processDefinitionId": "even"})
    key = started.json()["processInstanceKey"]
    with holding(site, "SELECT 1 FROM chain_head WHERE instance_key = %s FOR UPDATE", key):
        site.wait_until(lambda: bool(site.rows(_WAITING)))
        stop(site, "worker")
        assert site.running["worker"].poll() is None
    assert site.running.pop("worker").wait(20) == 0
    assert site.rows("SELECT status FROM instance WHERE key = %s", int(key)) == [("COMPLETED",)]
    site.start("worker")


def test_every_line_of_the_log_is_json_and_names_its_request_and_no_person(site: Installation) -> None:
    refused = site.client.call("GET", "/v2/process-instances/1")
    told = refused.json()["requestId"]
    lines = [json.loads(line) for line in site.log.read_text(encoding="utf-8").splitlines()]
    assert {"at", "level", "logger", "event"} <= set.intersection(*(set(line) for line in lines))
    mine = [line for line in lines if line.get("requestId") == told]
    assert [(one["event"], one["status"], one["route"]) for one in mine] == [
        ("request_answered", 404, "/v2/process-instances/<int:key>")
    ]
    text = site.log.read_text(encoding="utf-8")
    for private in (own.LOGIN, own.PASSWORD, own.SECRET, "Koppeling"):
        assert private not in text
