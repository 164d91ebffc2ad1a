"""The unmodified SDK reads the steps, flows and numbers of an instance, and writes variables at a step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, models
from camunda_orchestration_sdk.errors import NotFoundError

from tests.api.client import FORM, Client, one_task
from tests.api.test_jobs import diagram, take
from tests.api.test_jobs import start as begun
from tests.engine.diagrams import bpmn, chain, end, message, node, user
from tests.engine.diagrams import start as begin
from tests.site import Site

KIND = "werk_stappen"


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    made = Client(site.address)
    files = {f"{KIND}_bpmn": diagram(KIND), "stappen_bpmn": one_task("stappen"), "vraag_form": FORM}
    assert made.deploy(**files).status == 200
    return made


@pytest.fixture(scope="module")
def sdk(site: Site, client: Client) -> Iterator[CamundaClient]:
    made = CamundaClient(
        configuration={
            "CAMUNDA_REST_ADDRESS": f"{site.address}/v2",
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": client.login,
            "CAMUNDA_BASIC_AUTH_PASSWORD": client.password,
        }
    )
    yield made
    made.close()


def start(client: Client, kind: str, number: str = "7") -> Any:
    return begun(client, kind, number)  # the client's types are narrower than text: Any


def steps(sdk: CamundaClient, key: Any, **more: object) -> list[Any]:
    body = {"filter": {"processInstanceKey": key, **more}}
    return list(sdk.search_element_instances(data=models.ElementInstanceSearchQuery.from_dict(body)).items)


def task(sdk: CamundaClient, key: Any) -> Any:
    wanted = models.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    return sdk.search_user_tasks(data=wanted).items[0]


def test_the_steps_of_an_instance_with_their_kind_and_state(sdk: CamundaClient, client: Client) -> None:
    key = start(client, "stappen")
    found = {one.element_id: (str(one.type_.value), str(one.state.value)) for one in steps(sdk, key)}
    assert found == {
        "stappen": ("PROCESS", "ACTIVE"),
        "begin": ("START_EVENT", "COMPLETED"),
        "vragen": ("USER_TASK", "ACTIVE"),
    }
    (one,) = steps(sdk, key, state="ACTIVE", type="USER_TASK")
    assert (one.element_name, one.element_instance_key) == ("Vragen", task(sdk, key).element_instance_key)
    assert sdk.get_element_instance(one.element_instance_key).to_dict() == one.to_dict()
    answers = models.UserTaskCompletionRequest.from_dict({"variables": {"aantal": 12}})
    sdk.complete_user_task(task(sdk, key).user_task_key, data=answers)
    ended = sdk.get_element_instance(one.element_instance_key)
    assert (str(ended.state.value), ended.end_date is not None) == ("COMPLETED", True)
    assert {str(one.state.value) for one in steps(sdk, key)} == {"COMPLETED"}
    whole: Any = key
    assert str(sdk.get_element_instance(whole).type_.value) == "PROCESS"


def test_what_was_cancelled_is_terminated(sdk: CamundaClient, client: Client) -> None:
    key = start(client, "stappen")
    sdk.cancel_process_instance(key, data=models.CancelProcessInstanceRequest.from_dict({}))
    found = {one.element_id: str(one.state.value) for one in steps(sdk, key)}
    assert found == {"stappen": "TERMINATED", "begin": "COMPLETED", "vragen": "TERMINATED"}


def test_a_subprocess_that_an_event_starts_is_named_so(sdk: CamundaClient, client: Client) -> None:
    waits = node("startEvent", "hs", '<messageEventDefinition messageRef="m"/>', isInterrupting="false")
    inner = waits + user("h") + end("he") + chain("hs", "h", "he")
    body = begin() + user("a") + end() + chain("s", "a", "e")
    body += node("subProcess", "es", inner, triggeredByEvent="true")
    roots = message("m", "stap-bericht", "=nummer")
    made = client.deploy(stap_es_bpmn=bpmn(body, roots=roots, process_id="stap_es"))
    assert made.status == 200, made.body
    key = start(client, "stap_es", "es1")
    told = {"name": "stap-bericht", "correlationKey": "es1"}
    assert client.call("POST", "/v2/messages/correlation", told).status == 200
    (one,) = steps(sdk, key, type="EVENT_SUB_PROCESS")
    assert (one.element_id, str(one.state.value)) == ("es", "ACTIVE")
    sdk.cancel_process_instance(key, data=models.CancelProcessInstanceRequest.from_dict({}))


def test_the_flows_and_numbers_of_an_instance(sdk: CamundaClient, client: Client) -> None:
    key = start(client, "stappen")
    assert [one.element_id for one in sdk.get_process_instance_sequence_flows(key).items] == ["f1"]
    numbers = {
        one.element_id: (one.active, one.completed, one.canceled, one.incidents)
        for one in sdk.get_process_instance_statistics(key).items
    }
    assert numbers == {"begin": (0, 1, 0, 0), "vragen": (1, 0, 0, 0)}


def test_a_step_that_is_stuck_says_so(sdk: CamundaClient, client: Client) -> None:
    key, other = start(client, KIND, "s1"), start(client, KIND, "s2")
    failure = models.JobFailRequest.from_dict({"retries": 0, "errorMessage": "Kapot"})
    jobs: dict[str, Any] = {one["processInstanceKey"]: one for one in take(client, KIND)}
    sdk.fail_job(jobs[key]["jobKey"], data=failure)
    sdk.fail_job(jobs[other]["jobKey"], data=failure)
    wanted = models.IncidentSearchQuery.from_dict({})
    (incident,) = sdk.search_process_instance_incidents(key, data=wanted).items
    assert (incident.process_instance_key, incident.error_message) == (key, "Kapot")
    (stuck,) = steps(sdk, key, hasIncident=True)
    assert (stuck.element_id, stuck.incident_key) == ("werk", incident.incident_key)
    assert stuck.element_instance_key == incident.element_instance_key == jobs[key]["elementInstanceKey"]
    numbers = {str(one.element_id): one.incidents for one in sdk.get_process_instance_statistics(key).items}
    assert numbers["werk"] == 1
    for one in (key, other):
        sdk.cancel_process_instance(one, data=models.CancelProcessInstanceRequest.from_dict({}))


def test_a_cancelled_instance_leaves_nothing_that_is_stuck(sdk: CamundaClient, client: Client) -> None:
    key = start(client, KIND, "s3")
    job: Any = next(one["jobKey"] for one in take(client, KIND) if one["processInstanceKey"] == key)
    failure = models.JobFailRequest.from_dict({"retries": 0, "errorMessage": "Kapot"})
    sdk.fail_job(job, data=failure)
    (stuck,) = steps(sdk, key, hasIncident=True)
    sdk.cancel_process_instance(key, data=models.CancelProcessInstanceRequest.from_dict({}))
    wanted = models.IncidentSearchQuery.from_dict({})
    (incident,) = sdk.search_process_instance_incidents(key, data=wanted).items
    assert str(incident.state.value) == "RESOLVED"
    assert sdk.get_process_instance(key).has_incident is False
    assert (steps(sdk, key, hasIncident=True), steps(sdk, key, state="ACTIVE")) == ([], [])
    gone = sdk.get_element_instance(stuck.element_instance_key)
    assert (str(gone.state.value), gone.end_date is not None) == ("TERMINATED", True)
    again = client.call("PATCH", f"/v2/jobs/{job}", {"changeset": {"retries": 1}})
    assert (again.status, again.kind) == (404, "application/problem+json")


def values(sdk: CamundaClient, key: Any) -> dict[str, str]:
    wanted = models.VariableSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    return {one.name: one.value for one in sdk.search_variables(data=wanted).items}


def written(sdk: CamundaClient, key: Any, *, local: bool, **variables: object) -> None:
    body = models.SetVariableRequest.from_dict({"variables": variables, "local": local})
    sdk.create_element_instance_variables(key, data=body)


def test_variables_are_written_at_a_step_or_at_the_whole(sdk: CamundaClient, client: Client) -> None:
    key = start(client, KIND, "v1")
    (job,) = steps(sdk, key, elementId="werk")
    written(sdk, key, local=False, nummer="v2", nieuw=1)
    written(sdk, job.element_instance_key, local=True, hier="alleen")
    written(sdk, job.element_instance_key, local=False, naam="y")
    assert values(sdk, key) == {
        "nummer": '"v2"',
        "nieuw": "1",
        "naam": '"y"',
    }  # what is only there is not here
    (taken,) = take(client, KIND)
    assert taken["variables"] == {"nummer": "v2", "nieuw": 1, "naam": "y", "hier": "alleen"}
    assert client.call("POST", f"/v2/jobs/{taken['jobKey']}/completion", {}).status == 204
    body = {"variables": {"x": 1}}
    gone = client.call("PUT", f"/v2/element-instances/{job.element_instance_key}/variables", body)
    assert (gone.status, gone.kind) == (409, "application/problem+json")
    sdk.cancel_process_instance(key, data=models.CancelProcessInstanceRequest.from_dict({}))
    ended = client.call("PUT", f"/v2/element-instances/{key}/variables", body)
    assert ended.status == 409


def test_who_does_not_operate_reads_and_writes_nothing(sdk: CamundaClient, client: Client) -> None:
    key = start(client, KIND, "w")
    stranger = Client(client.address, "ouder.wilgenveen@demo.invalid")
    wanted = {"filter": {"processInstanceKey": key}}
    assert stranger.call("POST", "/v2/element-instances/search", wanted).status == 404
    assert stranger.call("GET", f"/v2/element-instances/{key}").status == 404
    assert stranger.call("GET", f"/v2/process-instances/{key}/sequence-flows").status == 404
    body = {"variables": {"nummer": "z"}}
    assert stranger.call("PUT", f"/v2/element-instances/{key}/variables", body).status == 404
    assert values(sdk, key)["nummer"] == '"w"'
    nowhere: Any = "1"
    with pytest.raises(NotFoundError):
        sdk.get_element_instance(nowhere)
    sdk.cancel_process_instance(key, data=models.CancelProcessInstanceRequest.from_dict({}))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "filter.processInstanceKey"),
        ({"filter": {"processInstanceKey": "1", "kleur": "rood"}}, "filter.kleur"),
    ],
)
def test_a_search_without_an_instance_or_with_an_unknown_field_is_refused(
    client: Client, body: dict[str, object], field: str
) -> None:
    answer = client.call("POST", "/v2/element-instances/search", body)
    assert (answer.status, answer.json()["field"]) == (400, field)


def test_steps_are_sorted_filtered_by_moment_and_paged(sdk: CamundaClient, client: Client) -> None:
    key = start(client, "stappen")
    query = {
        "filter": {"processInstanceKey": key, "startDate": {"$gte": "2020-01-01T00:00:00Z"}},
        "sort": [{"field": "elementId", "order": "DESC"}],
        "page": {"limit": 2},
    }
    first = client.call("POST", "/v2/element-instances/search", query).json()
    assert [one["elementId"] for one in first["items"]] == ["vragen", "stappen"]
    query["page"] = {"limit": 2, "after": first["page"]["endCursor"]}
    rest = client.call("POST", "/v2/element-instances/search", query).json()
    assert [one["elementId"] for one in rest["items"]] == ["begin"]
    query["page"] = {"limit": 2, "before": rest["page"]["startCursor"]}
    assert client.call("POST", "/v2/element-instances/search", query).json()["items"] == first["items"]
