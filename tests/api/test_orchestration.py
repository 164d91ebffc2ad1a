"""What a program does with /v2: deploy, start, find, complete; and what bad input gets."""

from __future__ import annotations

import http.client

import pytest

from tests.api.client import BOUNDARY, FORM, Client, one_task
from tests.site import Site, Visitor


@pytest.fixture
def client(site: Site) -> Client:
    return Client(site.address)


def _start(client: Client, process_id: str = "een_taak") -> str:
    started = client.call("POST", "/v2/process-instances", {"processDefinitionId": process_id})
    assert started.status == 200, started.body
    return str(started.json()["processInstanceKey"])


def _task(client: Client, instance: str) -> str:
    found = client.call(
        "POST", "/v2/user-tasks/search", {"filter": {"processInstanceKey": instance, "state": "CREATED"}}
    )
    assert found.status == 200, found.body
    assert found.json()["page"]["totalItems"] == 1
    return str(found.json()["items"][0]["userTaskKey"])


@pytest.fixture
def deployed(client: Client) -> Client:
    answer = client.deploy(een_taak_bpmn=one_task(), vraag_form=FORM)
    assert answer.status == 200, answer.body
    return client


def test_a_program_deploys_starts_and_completes(deployed: Client) -> None:
    instance = _start(deployed)
    task = _task(deployed, instance)
    assert deployed.call("GET", f"/v2/user-tasks/{task}/form").json()["formId"] == "vraag"
    assert (
        deployed.call("POST", f"/v2/user-tasks/{task}/completion", {"variables": {"aantal": 12}}).status
        == 204
    )
    ended = deployed.call("GET", f"/v2/process-instances/{instance}").json()
    assert (ended["state"], ended["processInstanceKey"]) == ("COMPLETED", instance)


def test_the_same_files_make_no_new_version(deployed: Client) -> None:
    again = deployed.deploy(een_taak_bpmn=one_task(), vraag_form=FORM).json()
    versions = [
        d["processDefinition"]["processDefinitionVersion"]
        for d in again["deployments"]
        if d["processDefinition"]
    ]
    assert versions == [1]


def test_a_completed_task_names_who_and_when(deployed: Client) -> None:
    task = _task(deployed, _start(deployed))
    deployed.call("POST", f"/v2/user-tasks/{task}/completion", {"variables": {"aantal": 1}})
    second = deployed.call("POST", f"/v2/user-tasks/{task}/completion", {"variables": {"aantal": 2}})
    assert (second.status, second.kind) == (409, "application/problem+json")
    assert second.json()["by"] == "Koppeling demo"
    assert second.json()["at"].startswith("20")


@pytest.mark.parametrize(
    "variables",
    [{}, {"aantal": "veel"}, {"aantal": 101}, {"aantal": 1, "ernaast": True}, {"aantal": None}],
    ids=["missing", "text", "too-large", "undeclared", "null"],
)
def test_answers_that_do_not_fit_the_form_are_refused_with_their_field(
    deployed: Client, variables: dict[str, object]
) -> None:
    instance = _start(deployed)
    task = _task(deployed, instance)
    refused = deployed.call("POST", f"/v2/user-tasks/{task}/completion", {"variables": variables})
    assert (refused.status, refused.kind) == (400, "application/problem+json"), refused.body
    assert set(refused.json()["errors"]) & {"aantal", "ernaast"}
    assert _task(deployed, instance) == task


def test_one_idempotency_key_has_one_effect(deployed: Client) -> None:
    task = _task(deployed, _start(deployed))
    answers = [
        deployed.call(
            "POST",
            f"/v2/user-tasks/{task}/completion",
            {"variables": {"aantal": 3}},
            **{"Idempotency-Key": "k-1"},
        )
        for _ in range(2)
    ]
    assert [answer.status for answer in answers] == [204, 204]


@pytest.mark.parametrize(
    "path", ["/v2/user-tasks/1", "/v2/process-instances/1", "/v2/nothing", "/v2/user-tasks/x"]
)
def test_what_does_not_exist_is_a_problem_not_a_page(client: Client, path: str) -> None:
    answer = client.call("GET", path)
    assert (answer.status, answer.kind) == (404, "application/problem+json")


def test_not_yours_and_not_there_are_the_same_answer(deployed: Client, site: Site) -> None:
    task = _task(deployed, _start(deployed))
    stranger = Client(site.address, login="school_ib.klaverveld@demo.invalid")
    real, unreal = (stranger.call("GET", f"/v2/user-tasks/{key}") for key in (task, "1"))
    assert real.status == unreal.status == 404
    own = {"instance", "requestId"}  # the address and number of the request itself
    assert {k: v for k, v in real.json().items() if k not in own} == {
        k: v for k, v in unreal.json().items() if k not in own
    }


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1,",
        b"\xff\xfe",
        b'{"filter": 3}',
        b'{"filter": {"kleur": "rood"}}',
        b'{"page": {"limit": -1}}',
    ],
)
def test_a_search_that_cannot_be_read_is_a_problem(client: Client, body: bytes) -> None:
    answer = client.call("POST", "/v2/user-tasks/search", body)
    assert (answer.status, answer.kind) == (400, "application/problem+json"), answer.body


def test_wrong_credentials_are_401_without_detail(site: Site) -> None:
    answer = Client(site.address, password="fout").call("GET", "/v2/topology")
    assert (answer.status, answer.kind) == (401, "application/problem+json")


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
EXTERNAL = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'


@pytest.mark.parametrize(
    "diagram",
    [BOMB, EXTERNAL, b"<not-closed>", b"", b"PK\x03\x04zip", one_task().replace(b"vragen", b"begin")],
    ids=["bomb", "external", "malformed", "empty", "zip", "duplicate-id"],
)
def test_hostile_or_broken_diagrams_are_refused_with_findings(client: Client, diagram: bytes) -> None:
    answer = client.deploy(kapot_bpmn=diagram)
    assert (answer.status, answer.kind) == (400, "application/problem+json"), answer.body
    finding = answer.json()["findings"][0]
    assert {"element", "rule", "severity", "reason", "remedy", "file"} <= set(finding)
    assert b"root:" not in answer.body


def test_fifty_megabytes_are_refused_before_they_are_read(client: Client) -> None:
    """The server answers from the length alone; a client that goes on sending finds the connection closed."""
    connection = http.client.HTTPConnection(client.address.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/v2/deployments")
    for name, value in client.credentials().items():
        connection.putheader(name, value)
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", "50000000")
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.headers.get_content_type()) == (413, "application/problem+json")
    connection.close()


def test_a_program_cannot_take_over_a_regional_process(client: Client, site: Site) -> None:
    refused = client.deploy(kaping_bpmn=one_task("vrijstelling_beoordelingstafel"), vraag_form=FORM)
    assert (refused.status, refused.json()["findings"][0]["rule"]) == (400, "id-in-gebruik")
    parent = Visitor(site.address)
    parent.sign_in("ouder.wilgenveen@demo.invalid")
    assert parent.get("/starten/vrijstelling_beoordelingstafel").status == 200


@pytest.mark.parametrize(
    "path",
    ["/v2/user-tasks/{}", "/v2/process-instances/{}", "/v2/process-definitions/{}/xml", "/v2/forms/{}"],
)
def test_a_number_that_is_no_key_does_not_exist(client: Client, path: str) -> None:
    assert client.call("GET", path.format("9" * 30)).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b'{"processDefinitionId": "a\\u0000b"}',
        b'{"processDefinitionId": "\\ud800"}',
        b'{"processDefinitionId": "een_taak", "processDefinitionVersion": 1000000000000}',
        b'{"processDefinitionId": "een_taak", "variables": {"aantal": NaN}}',
        b'{"processDefinitionId": "een_taak", "variables": {"aantal": 1' + b"0" * 400 + b"}}",
        b'{"processDefinitionId": "een_taak", "variables": {"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}}",
    ],
    ids=["nul", "surrogate", "version", "nan", "huge", "deep"],
)
def test_values_that_nothing_can_hold_are_refused(deployed: Client, body: bytes) -> None:
    answer = deployed.call("POST", "/v2/process-instances", body)
    assert (answer.status, answer.kind) == (400, "application/problem+json"), answer.body


def test_only_json_is_read_as_json(client: Client) -> None:
    answer = client.call("POST", "/v2/user-tasks/search", b"<a/>", **{"Content-Type": "application/xml"})
    assert (answer.status, answer.kind) == (415, "application/problem+json")


def test_a_field_that_cannot_be_sorted_by_is_named(client: Client) -> None:
    answer = client.call("POST", "/v2/user-tasks/search", {"sort": [{"field": "candidateGroup"}]})
    assert (answer.status, answer.json()["field"]) == (400, "sort")


def test_the_openapi_document_lists_what_is_served(site: Site) -> None:
    document = Client(site.address).call("GET", "/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/v2/user-tasks/{key}/completion" in document["paths"]
