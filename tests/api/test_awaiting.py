"""Who starts an instance may wait for its end and its variables."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.api.client import FORM, Answer, Client, one_task
from tests.api.test_jobs import diagram, take, wait_for
from tests.site import Site

KIND = "werk_wachten"
STRAIGHT = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="test">
  <bpmn:process id="rechtdoor" name="Rechtdoor" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:scriptTask id="som" name="Som"><bpmn:extensionElements><zeebe:script expression="=a * 2" resultVariable="dubbel" /></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:scriptTask>
    <bpmn:endEvent id="klaar"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="som" /><bpmn:sequenceFlow id="f2" sourceRef="som" targetRef="klaar" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    made = Client(site.address)
    files = {"rechtdoor_bpmn": STRAIGHT, f"{KIND}_bpmn": diagram(KIND), "traag_bpmn": one_task("traag")}
    assert made.deploy(**files, vraag_form=FORM).status == 200
    return made


def begin(client: Client, process: str, variables: dict[str, Any], **more: Any) -> Answer:
    body = {"processDefinitionId": process, "variables": variables, "awaitCompletion": True, **more}
    return client.call("POST", "/v2/process-instances", body)


def test_the_answer_holds_the_variables_at_the_end(client: Client) -> None:
    assert begin(client, "rechtdoor", {"a": 21}).json()["variables"] == {"a": 21, "dubbel": 42}
    told = begin(client, "rechtdoor", {"a": 4}, fetchVariables=["dubbel"]).json()
    assert told["variables"] == {"dubbel": 8}


def test_it_waits_for_what_others_do_meanwhile(client: Client) -> None:
    answers: list[Answer] = []
    waiting = threading.Thread(
        target=lambda: answers.append(begin(client, KIND, {"nummer": "w1"}, requestTimeout=20_000))
    )
    waiting.start()
    jobs: list[dict[str, Any]] = []

    def there_is_work() -> bool:
        jobs.extend(take(client, KIND))
        return bool(jobs)

    wait_for(there_is_work)
    assert answers == []
    done = client.call(
        "POST", f"/v2/jobs/{jobs[0]['jobKey']}/error", {"errorCode": "geen_adres", "variables": {"x": 1}}
    )
    assert done.status == 204, done.body
    waiting.join(10)
    (answer,) = answers
    assert (answer.status, answer.json()["variables"]["nummer"]) == (200, "w1")


def running(client: Client) -> int:
    wanted = {"filter": {"processDefinitionId": "traag", "state": "ACTIVE"}}
    return int(client.call("POST", "/v2/process-instances/search", wanted).json()["page"]["totalItems"])


def test_who_waits_too_long_is_told_and_the_instance_goes_on(client: Client) -> None:
    before = running(client)
    answer = begin(client, "traag", {}, requestTimeout=200)
    assert (answer.status, answer.kind) == (504, "application/problem+json")
    assert answer.json()["type"].endswith("unfinished")
    assert running(client) == before + 1


def test_a_request_sent_again_starts_nothing_new(client: Client) -> None:
    before = running(client)
    body = {"processDefinitionId": "traag", "awaitCompletion": True, "requestTimeout": 100}
    answers = [
        client.call("POST", "/v2/process-instances", body, **{"Idempotency-Key": "wachten-1"})
        for _ in range(2)
    ]
    assert [one.status for one in answers] == [504, 504]
    assert running(client) == before + 1
