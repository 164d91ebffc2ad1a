"""The unmodified Python SDK of the orchestration API is a client of /v2: each answer fits its typed models."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, models

from tests.api.client import FORM, one_task
from tests.api.test_jobs import diagram
from tests.site import Site

KIND = "werk_sdk"


@pytest.fixture
def sdk(site: Site, tmp_path: Path) -> Iterator[CamundaClient]:
    client = CamundaClient(
        configuration={
            "CAMUNDA_REST_ADDRESS": f"{site.address}/v2",
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": "api.zilverbeek@demo.invalid",
            "CAMUNDA_BASIC_AUTH_PASSWORD": "demo",
        }
    )
    files = {"werk.bpmn": diagram(KIND), "taak.bpmn": one_task("taak_sdk"), "vraag.form": FORM}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    deployed = client.deploy_resources_from_files([str(tmp_path / name) for name in files])
    assert {one.process_definition_id for one in deployed.processes} == {KIND, "taak_sdk"}
    yield client
    client.close()


def start(sdk: CamundaClient, process_id: str, **variables: object) -> Any:
    body = {"processDefinitionId": process_id, "variables": variables}
    return sdk.create_process_instance(data=models.ProcessCreationById.from_dict(body)).process_instance_key


def activate(sdk: CamundaClient) -> list[Any]:
    body = {
        "type": KIND,
        "timeout": 60_000,
        "maxJobsToActivate": 5,
        "worker": "sdk",
        "requestTimeout": 2_000,
    }
    return sdk.activate_jobs(data=models.JobActivationRequest.from_dict(body)).jobs


def test_it_starts_lists_and_completes(sdk: CamundaClient) -> None:
    key = start(sdk, "taak_sdk")
    wanted = models.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": key, "state": "CREATED"}})
    (task,) = sdk.search_user_tasks(data=wanted).items
    assert task.name == "Vragen"
    answers = models.UserTaskCompletionRequest.from_dict({"variables": {"aantal": 12}})
    sdk.complete_user_task(task.user_task_key, data=answers)
    found = sdk.get_process_instance(key)
    assert (str(found.state.value), found.process_definition_id) == ("COMPLETED", "taak_sdk")
    listed = sdk.search_process_instances(
        data=models.ProcessInstanceSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    )
    assert [one.process_instance_key for one in listed.items] == [key]
    assert listed.page.total_items == 1


def test_it_works_a_job_fails_one_and_resolves_the_incident(sdk: CamundaClient) -> None:
    first, second = start(sdk, KIND, nummer="sdk-1"), start(sdk, KIND, nummer="sdk-2")
    jobs = {job.process_instance_key: job for job in activate(sdk)}
    assert jobs[first].variables.to_dict() == {"nummer": "sdk-1"}
    assert jobs[first].custom_headers.to_dict() == {"soort": "brief"}
    sdk.complete_job(
        jobs[first].job_key, data=models.JobCompletionRequest.from_dict({"variables": {"klaar": True}})
    )
    failure = {"retries": 0, "errorMessage": "De brief kon niet weg"}
    sdk.fail_job(jobs[second].job_key, data=models.JobFailRequest.from_dict(failure))
    wanted = models.IncidentSearchQuery.from_dict(
        {"filter": {"processInstanceKey": second, "state": "ACTIVE"}}
    )
    (incident,) = sdk.search_incidents(data=wanted).items
    assert (incident.error_message, incident.job_key) == ("De brief kon niet weg", jobs[second].job_key)
    sdk.update_job(
        jobs[second].job_key, data=models.JobUpdateRequest.from_dict({"changeset": {"retries": 1}})
    )
    sdk.resolve_incident(incident.incident_key)
    (again,) = activate(sdk)
    sdk.complete_job(again.job_key)
    found = sdk.search_jobs(data=models.JobSearchQuery.from_dict({"filter": {"processInstanceKey": second}}))
    assert [str(job.state.value) for job in found.items] == ["COMPLETED"]


def test_it_publishes_and_correlates_messages(sdk: CamundaClient) -> None:
    key = start(sdk, KIND, nummer="sdk-3")
    (job,) = activate(sdk)
    sdk.complete_job(job.job_key)
    told = {"name": f"{KIND}-bericht", "correlationKey": "sdk-3", "timeToLive": 60_000, "messageId": "sdk-3"}
    assert sdk.publish_message(data=models.MessagePublicationRequest.from_dict(told)).message_key
    deadline = time.monotonic() + 10
    while str(sdk.get_process_instance(key).state.value) != "COMPLETED":
        assert time.monotonic() < deadline
        time.sleep(0.05)  # the worker tells nobody when it delivered
    assert sdk.broadcast_signal(
        data=models.SignalBroadcastRequest.from_dict({"signalName": "niemand"})
    ).signal_key


def test_it_reads_the_cluster_and_the_variables(sdk: CamundaClient) -> None:
    assert sdk.get_topology().brokers
    key = start(sdk, KIND, nummer="sdk-4", tekst="één")
    wanted = models.VariableSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    found = {one.name: one.value for one in sdk.search_variables(data=wanted).items}
    assert found == {"nummer": '"sdk-4"', "tekst": '"één"'}
    definitions = sdk.search_process_definitions(
        data=models.ProcessDefinitionSearchQuery.from_dict({"filter": {"processDefinitionId": KIND}})
    )
    assert [one.process_definition_id for one in definitions.items] == [KIND]
    sdk.cancel_process_instance(key, data=models.CancelProcessInstanceRequest.from_dict({}))
    assert str(sdk.get_process_instance(key).state.value) == "TERMINATED"
    for job in activate(sdk):
        sdk.complete_job(job.job_key)
