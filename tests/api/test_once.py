"""Idempotency-Key on everything that changes something: sent again it has one effect and the same answer."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.api import test_jobs as jobs
from tests.api.client import FORM, Answer, Client, one_task
from tests.faults.own import at_once
from tests.site import Site

KIND = "werk_eenmaal"
Call = tuple[str, str, object]


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    made = Client(site.address)
    assert made.deploy(een_taak_bpmn=one_task(), vraag_form=FORM).status == 200
    assert made.deploy(**{f"{KIND}_bpmn": jobs.diagram(KIND)}).status == 200
    return made


def instance(client: Client, process: str = "een_taak", **variables: object) -> str:
    body = {"processDefinitionId": process, "variables": variables}
    return str(client.call("POST", "/v2/process-instances", body).json()["processInstanceKey"])


def task(client: Client, action: str, body: object, method: str = "POST") -> Call:
    wanted = {"filter": {"processInstanceKey": instance(client)}}
    key = client.call("POST", "/v2/user-tasks/search", wanted).json()["items"][0]["userTaskKey"]
    return method, f"/v2/user-tasks/{key}/{action}".rstrip("/"), body


def job(client: Client, action: str, body: object, method: str = "POST") -> Call:
    jobs.start(client, KIND, secrets.token_hex(4))
    (taken,) = jobs.take(client, KIND, maxJobsToActivate=1)
    return method, f"/v2/jobs/{taken['jobKey']}{action}", body


def activation(client: Client) -> Call:
    jobs.start(client, KIND, secrets.token_hex(4))
    body = {"type": KIND, "timeout": 60_000, "maxJobsToActivate": 1, "requestTimeout": -1, "worker": "w"}
    return "POST", "/v2/jobs/activation", body


def incident(client: Client) -> Call:
    method, path, _ = job(client, "/failure", {})
    assert client.call(method, path, {"retries": 0, "errorMessage": "Kapot"}).status == 204
    found = client.call("POST", "/v2/incidents/search", {"filter": {"state": "ACTIVE"}}).json()["items"]
    for row in found:
        retried = client.call("PATCH", f"/v2/jobs/{row['jobKey']}", {"changeset": {"retries": 1}})
        if retried.status == 204:
            return "POST", f"/v2/incidents/{row['incidentKey']}/resolution", {}
    raise LookupError("no incident of a job")


def resumption(client: Client) -> Call:
    held = instance(client)
    assert client.call("POST", f"/v2/process-instances/{held}/suspension", {}).status == 204
    return "POST", f"/v2/process-instances/{held}/resumption", {}


def waiting(client: Client, number: str) -> None:
    jobs.start(client, KIND, number)
    for one in jobs.take(client, KIND):
        assert client.call("POST", f"/v2/jobs/{one['jobKey']}/completion", {}).status == 204


def correlation(client: Client) -> Call:
    number = secrets.token_hex(4)
    waiting(client, number)
    return "POST", "/v2/messages/correlation", {"name": f"{KIND}-bericht", "correlationKey": number}


def publication(client: Client) -> Call:
    body = {
        "name": f"{KIND}-bericht",
        "correlationKey": "x",
        "messageId": secrets.token_hex(4),
        "timeToLive": 60_000,
    }
    return "POST", "/v2/messages/publication", body


CALLS: dict[str, Callable[[Client], Call]] = {
    "/v2/process-instances": lambda c: ("POST", "/v2/process-instances", {"processDefinitionId": "een_taak"}),
    "/v2/process-instances/{key}/cancellation": lambda c: (
        "POST",
        f"/v2/process-instances/{instance(c)}/cancellation",
        {},
    ),
    "/v2/process-instances/{key}/suspension": lambda c: (
        "POST",
        f"/v2/process-instances/{instance(c)}/suspension",
        {},
    ),
    "/v2/process-instances/{key}/resumption": resumption,
    "/v2/process-instances/{key}/incident-resolution": lambda c: (
        "POST",
        f"/v2/process-instances/{instance(c)}/incident-resolution",
        {},
    ),
    "/v2/element-instances/{key}/variables": lambda c: (
        "PUT",
        f"/v2/element-instances/{instance(c)}/variables",
        {"variables": {"x": 1}},
    ),
    "/v2/user-tasks/{key}/completion": lambda c: task(c, "completion", {"variables": {"aantal": 3}}),
    "/v2/user-tasks/{key}/assignment": lambda c: task(
        c, "assignment", {"assignee": "api.zilverbeek@demo.invalid", "allowOverride": False}
    ),
    "/v2/user-tasks/{key}": lambda c: task(c, "", {"changeset": {"priority": 70}}, "PATCH"),
    "/v2/user-tasks/{key}/assignee": lambda c: task(c, "assignee", None, "DELETE"),
    "/v2/jobs/activation": activation,
    "/v2/jobs/{key}/completion": lambda c: job(c, "/completion", {}),
    "/v2/jobs/{key}/failure": lambda c: job(c, "/failure", {"retries": 2}),
    "/v2/jobs/{key}/error": lambda c: job(c, "/error", {"errorCode": "geen_adres"}),
    "/v2/jobs/{key}": lambda c: job(c, "", {"changeset": {"retries": 5}}, "PATCH"),
    "/v2/incidents/{key}/resolution": incident,
    "/v2/messages/publication": publication,
    "/v2/messages/correlation": correlation,
    "/v2/signals/broadcast": lambda c: ("POST", "/v2/signals/broadcast", {"signalName": "niemand"}),
}
ELSEWHERE = {
    "/v2/deployments",  # below, with files
    "/v2/clock",  # test_clock
    "/v2/clock/reset",
}
HARMLESS = ("/search", "/evaluation", "/statistics/element-instances")  # nothing changes: they only ask


def test_every_address_that_changes_something_is_tried_here(client: Client) -> None:
    paths: dict[str, Any] = client.call("GET", "/openapi.json").json()["paths"]
    changing = {
        path
        for path, methods in paths.items()
        if path.startswith("/v2/")
        and set(methods) & {"post", "patch", "put", "delete"}
        and not path.endswith(HARMLESS)
    }
    assert changing == set(CALLS) | ELSEWHERE


@pytest.mark.parametrize("name", CALLS)
def test_sent_again_it_has_one_effect_and_the_same_answer(client: Client, name: str) -> None:
    method, path, body = CALLS[name](client)
    key = {"Idempotency-Key": f"sleutel-{secrets.token_hex(6)}"}
    first, *others = [client.call(method, path, body, **key) for _ in range(3)]
    assert first.status in {200, 204}, first.body
    assert {(one.status, one.body) for one in others} == {(first.status, first.body)}
    anew = client.call(method, path, body)
    assert (anew.status, anew.body) != (first.status, first.body) or anew.status == 204


@pytest.mark.long
def test_sent_again_after_ten_seconds_it_is_still_the_same(client: Client) -> None:
    told = []
    for call in CALLS.values():
        method, path, body = call(client)
        key = {"Idempotency-Key": f"later-{secrets.token_hex(6)}"}
        told.append((method, path, body, key, client.call(method, path, body, **key)))
    time.sleep(10)
    for method, path, body, key, first in told:
        again = client.call(method, path, body, **key)
        assert (again.status, again.body) == (first.status, first.body), path


def test_files_sent_again_are_the_same_request_whatever_parts_them(client: Client) -> None:
    model = one_task("eenmaal_bestand")
    answers = []
    for boundary in ("een", "twee"):
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="resources"; filename="x.bpmn"\r\n\r\n'.encode()
            + model
            + f"\r\n--{boundary}--\r\n".encode()
        )
        kind = f"multipart/form-data; boundary={boundary}"
        answers.append(
            client.call(
                "POST", "/v2/deployments", body, **{"Content-Type": kind, "Idempotency-Key": "bestanden"}
            )
        )
    assert [one.status for one in answers] == [200, 200], answers[0].body
    assert answers[0].body == answers[1].body


def test_another_request_under_the_same_key_is_refused(client: Client) -> None:
    key = {"Idempotency-Key": "twee-vragen"}
    for process, status in (("een_taak", 200), (KIND, 409)):
        answer = client.call("POST", "/v2/process-instances", {"processDefinitionId": process}, **key)
        assert answer.status == status
    assert answer.json()["type"].endswith("idempotency-mismatch")
    assert client.call("POST", "/v2/signals/broadcast", {"signalName": "x"}, **key).status == 409


def test_what_was_refused_is_not_remembered(client: Client) -> None:
    method, path, _ = task(client, "completion", {})
    key = {"Idempotency-Key": f"eerst-fout-{path}"}
    assert client.call(method, path, {"variables": {"aantal": 1000}}, **key).status == 400
    assert client.call(method, path, {"variables": {"aantal": 4}}, **key).status == 204


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
def test_a_key_that_cannot_be_one_is_named(client: Client, key: str) -> None:
    answer = client.call("POST", "/v2/signals/broadcast", {"signalName": "x"}, **{"Idempotency-Key": key})
    assert (answer.status, answer.json()["field"]) == (400, "Idempotency-Key")


def test_equal_requests_at_once_are_one(client: Client) -> None:
    for call in (
        CALLS["/v2/process-instances"](client),
        CALLS["/v2/user-tasks/{key}/completion"](client),
        correlation(client),
    ):
        method, path, body = call
        name = {"Idempotency-Key": f"samen-{secrets.token_hex(6)}"}
        found = at_once(8, lambda _, m=method, p=path, b=body, n=name: client.call(m, p, b, **n))  # type: ignore[misc]  # bound now
        answers = {(one.status, one.body) for one in found if isinstance(one, Answer)}
        assert len(answers) == 1, answers
        assert next(iter(answers))[0] in {200, 204}


def test_the_key_of_another_account_is_another_key(client: Client, site: Site) -> None:
    other = Client(site.address, "beheer.zilverbeek@demo.invalid")
    body, key = {"signalName": "niemand"}, {"Idempotency-Key": "van-wie"}
    first = client.call("POST", "/v2/signals/broadcast", body, **key)
    second = other.call("POST", "/v2/signals/broadcast", body, **key)
    assert first.status == second.status == 200
    assert first.json()["signalKey"] != second.json()["signalKey"]
