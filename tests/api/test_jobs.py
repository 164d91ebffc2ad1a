"""Programs work on service tasks over /v2: one takes a job, others do not; failing, errors and time are as drawn."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from tests.api.client import Client
from tests.site import Site

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="test">"""


def diagram(process_id: str) -> bytes:
    """A job with a header, a business error that is caught, then a message that is waited for."""
    return f"""{_HEAD}
  <bpmn:process id="{process_id}" name="Werk" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:serviceTask id="werk" name="Werk"><bpmn:extensionElements>
      <zeebe:taskDefinition type="{process_id}" retries="3" /><zeebe:taskHeaders><zeebe:header key="soort" value="brief" /></zeebe:taskHeaders>
      </bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:boundaryEvent id="gevangen" attachedToRef="werk"><bpmn:outgoing>f4</bpmn:outgoing><bpmn:errorEventDefinition id="ee" errorRef="fout" /></bpmn:boundaryEvent>
    <bpmn:intermediateCatchEvent id="wacht"><bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
      <bpmn:messageEventDefinition id="me" messageRef="bericht" /></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="klaar"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="anders"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="werk" /><bpmn:sequenceFlow id="f2" sourceRef="werk" targetRef="wacht" />
    <bpmn:sequenceFlow id="f3" sourceRef="wacht" targetRef="klaar" /><bpmn:sequenceFlow id="f4" sourceRef="gevangen" targetRef="anders" />
  </bpmn:process>
  <bpmn:error id="fout" errorCode="geen_adres" />
  <bpmn:message id="bericht" name="{process_id}-bericht"><bpmn:extensionElements><zeebe:subscription correlationKey="=nummer" /></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>""".encode()


@pytest.fixture
def client(site: Site) -> Client:
    return Client(site.address)


@pytest.fixture
def kind(client: Client, request: pytest.FixtureRequest) -> str:
    """A process of this test's own; its jobs have the same name."""
    name = f"werk_{request.node.name.partition('[')[0].removeprefix('test_')[:40]}"
    assert client.deploy(**{f"{name}_bpmn": diagram(name)}).status == 200
    return name


def start(client: Client, kind: str, number: str = "7") -> str:
    body = {"processDefinitionId": kind, "variables": {"nummer": number, "naam": "x"}}
    return str(client.call("POST", "/v2/process-instances", body).json()["processInstanceKey"])


def take(client: Client, kind: str, **more: object) -> list[dict[str, Any]]:
    body = {"type": kind, "timeout": 60_000, "maxJobsToActivate": 10, "requestTimeout": -1, "worker": "w1"}
    answer = client.call("POST", "/v2/jobs/activation", {**body, **more})
    assert answer.status == 200, answer.body
    jobs: list[dict[str, Any]] = answer.json()["jobs"]
    return jobs


def state(client: Client, instance: str) -> tuple[str, bool]:
    found = client.call("GET", f"/v2/process-instances/{instance}").json()
    return found["state"], found["hasIncident"]


def test_a_job_is_taken_once_and_its_answer_goes_on(client: Client, kind: str) -> None:
    instance = start(client, kind)
    (job,) = take(client, kind, fetchVariable=["nummer"])
    assert (job["processInstanceKey"], job["variables"]) == (instance, {"nummer": "7"})
    assert (job["customHeaders"], job["retries"], job["worker"]) == ({"soort": "brief"}, 3, "w1")
    assert job["deadline"] > time.time() * 1000
    assert take(client, kind) == []
    done = client.call("POST", f"/v2/jobs/{job['jobKey']}/completion", {"variables": {"uitkomst": 3}})
    assert done.status == 204, done.body
    again = client.call("POST", f"/v2/jobs/{job['jobKey']}/completion", {})
    assert (again.status, again.kind) == (404, "application/problem+json")
    values = client.call("POST", "/v2/variables/search", {"filter": {"processInstanceKey": instance}}).json()
    assert ("uitkomst", "3") in {(one["name"], one["value"]) for one in values["items"]}
    found = client.call("POST", "/v2/jobs/search", {"filter": {"processInstanceKey": instance}}).json()
    assert [(one["state"], one["endTime"] is not None) for one in found["items"]] == [("COMPLETED", True)]


def test_a_message_reaches_who_waits_and_nobody_else(client: Client, kind: str) -> None:
    instance, other = start(client, kind, "7"), start(client, kind, "8")
    for job in take(client, kind):
        client.call("POST", f"/v2/jobs/{job['jobKey']}/completion", {})
    body = {"name": f"{kind}-bericht", "correlationKey": "7"}
    reached = client.call("POST", "/v2/messages/correlation", body)
    assert (reached.status, reached.json()["processInstanceKey"]) == (200, instance)
    assert (state(client, instance)[0], state(client, other)[0]) == ("COMPLETED", "ACTIVE")
    nobody = client.call("POST", "/v2/messages/correlation", body)
    assert (nobody.status, nobody.kind) == (404, "application/problem+json")
    once = {"name": f"{kind}-bericht", "correlationKey": "8", "messageId": "m1", "timeToLive": 60_000}
    assert client.call("POST", "/v2/messages/publication", once).status == 200
    assert client.call("POST", "/v2/messages/publication", once).status == 409
    wait_for(lambda: state(client, other)[0] == "COMPLETED")


def wait_for(happened: Any, seconds: float = 10) -> None:
    """Another process delivers: look until it did."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # the worker tells nobody when it is done


def test_a_failed_job_comes_back_and_without_retries_is_an_incident(client: Client, kind: str) -> None:
    instance = start(client, kind)
    (job,) = take(client, kind)
    address = f"/v2/jobs/{job['jobKey']}"
    assert (
        client.call("POST", f"{address}/failure", {"retries": 1, "errorMessage": "adres is leeg"}).status
        == 204
    )
    (again,) = take(client, kind, worker="w2")
    assert (again["jobKey"], again["retries"], again["worker"]) == (job["jobKey"], 1, "w2")
    assert client.call("POST", f"{address}/failure", {"retries": 1, "retryBackOff": 3_600_000}).status == 204
    assert take(client, kind) == []  # not before the pause is over
    assert (
        client.call("POST", f"{address}/failure", {"retries": 0, "errorMessage": "adres is leeg"}).status
        == 204
    )
    assert state(client, instance) == ("ACTIVE", True)
    incidents = client.call("POST", "/v2/incidents/search", {"filter": {"processInstanceKey": instance}})
    (incident,) = incidents.json()["items"]
    assert (incident["errorType"], incident["errorMessage"]) == ("JOB_NO_RETRIES", "adres is leeg")
    assert incident["jobKey"] == job["jobKey"]
    assert client.call("POST", f"{address}/completion", {}).status == 409
    assert client.call("PATCH", address, {"changeset": {"retries": 2}}).status == 204
    assert client.call("POST", f"/v2/incidents/{incident['incidentKey']}/resolution", {}).status == 204
    (last,) = take(client, kind)
    assert (last["jobKey"], last["retries"]) == (job["jobKey"], 2)
    assert client.call("POST", f"{address}/completion", {}).status == 204
    assert state(client, instance) == ("ACTIVE", False)


def test_a_business_error_is_caught_or_becomes_an_incident(client: Client, kind: str) -> None:
    caught, unknown = start(client, kind), start(client, kind)
    first, second = sorted(take(client, kind), key=lambda job: int(job["processInstanceKey"]))
    path = "/v2/jobs/{}/error"
    assert client.call("POST", path.format(first["jobKey"]), {"errorCode": "geen_adres"}).status == 204
    assert client.call("POST", path.format(second["jobKey"]), {"errorCode": "anders"}).status == 204
    assert state(client, caught) == ("COMPLETED", False)
    assert state(client, unknown) == ("ACTIVE", True)


def test_a_job_that_nobody_finished_in_time_is_for_another(client: Client, kind: str) -> None:
    start(client, kind)
    (job,) = take(client, kind, timeout=200)
    assert take(client, kind) == []
    longer = client.call("PATCH", f"/v2/jobs/{job['jobKey']}", {"changeset": {"timeout": 1}})
    assert longer.status == 204
    wait_for(lambda: [one["jobKey"] for one in take(client, kind, worker="w2")] == [job["jobKey"]])
    late = client.call("POST", f"/v2/jobs/{job['jobKey']}/completion", {})
    assert late.status == 204  # it is the same work, whoever does it first


def test_who_waits_for_work_gets_it_when_it_comes(client: Client, kind: str) -> None:
    found: list[list[dict[str, Any]]] = []
    waiting = threading.Thread(target=lambda: found.append(take(client, kind, requestTimeout=10_000)))
    waiting.start()
    time.sleep(0.3)  # let it begin to wait
    start(client, kind)
    waiting.join(10)
    assert len(found[0]) == 1


def test_many_programs_that_ask_at_once_share_the_work(client: Client, kind: str) -> None:
    for _ in range(12):
        start(client, kind)
    found: list[str] = []

    def work(name: str) -> None:
        while jobs := take(client, kind, worker=name, maxJobsToActivate=2):
            found.extend(str(job["jobKey"]) for job in jobs)

    threads = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(found), len(set(found))) == (12, 12)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/jobs/activation", {"type": "x", "maxJobsToActivate": 1}),
        ("/v2/jobs/activation", {"type": "x", "timeout": 0, "maxJobsToActivate": 1}),
        ("/v2/jobs/activation", {"type": "", "timeout": 1, "maxJobsToActivate": 1}),
        ("/v2/jobs/activation", {"type": "x", "timeout": 10**11, "maxJobsToActivate": 1}),
        ("/v2/jobs/activation", {"type": "x", "timeout": 1, "maxJobsToActivate": 1, "onbekend": 1}),
        ("/v2/jobs/search", {"filter": {"onbekend": 1}}),
        ("/v2/messages/publication", {"correlationKey": "x"}),
        ("/v2/messages/publication", {"name": "x", "timeToLive": -1}),
        ("/v2/messages/publication", {"name": "x", "tenantId": "ander"}),
        ("/v2/signals/broadcast", {}),
    ],
)
def test_a_request_that_cannot_be_is_refused(client: Client, path: str, body: dict[str, object]) -> None:
    answer = client.call("POST", path, body)
    assert (answer.status, answer.kind) == (400, "application/problem+json")


def test_who_does_not_operate_gets_no_work(site: Site, client: Client, kind: str) -> None:
    start(client, kind)
    stranger = Client(site.address, login="school_ib.regenboogbrug@demo.invalid")
    body = {"type": kind, "timeout": 1000, "maxJobsToActivate": 1, "requestTimeout": -1}
    assert stranger.call("POST", "/v2/jobs/activation", body).status == 403
    (job,) = take(client, kind)
    answer = stranger.call("POST", f"/v2/jobs/{job['jobKey']}/completion", {})
    gone = stranger.call("POST", "/v2/jobs/12345/completion", {})
    assert (answer.status, gone.status) == (404, 404)
    assert answer.json()["detail"] == gone.json()["detail"]
