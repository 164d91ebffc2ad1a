"""Operators through the unmodified SDK: an instance is held and let go, and all that stopped in it is tried again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, models
from camunda_orchestration_sdk.errors import ConflictError, NotFoundError

from tests.api.client import FORM, Client, one_task
from tests.api.test_jobs import diagram, state, take, wait_for
from tests.api.test_jobs import start as begun
from tests.site import Site

KIND = "werk_bediend"


@pytest.fixture(scope="module")
def sdk(site: Site) -> Iterator[CamundaClient]:
    made = CamundaClient(
        configuration={
            "CAMUNDA_REST_ADDRESS": f"{site.address}/v2",
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": "api.zilverbeek@demo.invalid",
            "CAMUNDA_BASIC_AUTH_PASSWORD": "demo",
        }
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    made = Client(site.address)
    files = {f"{KIND}_bpmn": diagram(KIND), "bediend_bpmn": one_task("bediend"), "vraag_form": FORM}
    assert made.deploy(**files).status == 200
    return made


def start(client: Client, kind: str, number: str = "7") -> Any:
    return begun(client, kind, number)  # the client's types are narrower than text: Any


def shown(sdk: CamundaClient, key: Any) -> Any:
    return sdk.get_process_instance(key)


def test_a_held_instance_does_not_move_until_it_is_resumed(sdk: CamundaClient, client: Client) -> None:
    key = start(client, "bediend")
    wanted = models.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    (task,) = sdk.search_user_tasks(data=wanted).items
    sdk.suspend_process_instance(key, data=models.SuspendProcessInstanceRequest())
    held = shown(sdk, key)
    assert (str(held.state.value), held.suspended_date is not None) == ("SUSPENDED", True)
    answers = models.UserTaskCompletionRequest.from_dict({"variables": {"aantal": 12}})
    with pytest.raises(ConflictError, match="suspended"):
        sdk.complete_user_task(task.user_task_key, data=answers)
    with pytest.raises(ConflictError):
        sdk.suspend_process_instance(key, data=models.SuspendProcessInstanceRequest())
    found = models.ProcessInstanceSearchQuery.from_dict(
        {"filter": {"processInstanceKey": key, "state": "SUSPENDED"}}
    )
    assert [one.process_instance_key for one in sdk.search_process_instances(data=found).items] == [key]
    sdk.resume_process_instance(key, data=models.ResumeProcessInstanceRequest())
    going = shown(sdk, key)
    assert (str(going.state.value), going.suspended_date) == ("ACTIVE", None)
    with pytest.raises(ConflictError):
        sdk.resume_process_instance(key, data=models.ResumeProcessInstanceRequest())
    sdk.complete_user_task(task.user_task_key, data=answers)
    assert str(shown(sdk, key).state.value) == "COMPLETED"
    with pytest.raises(ConflictError):
        sdk.suspend_process_instance(key, data=models.SuspendProcessInstanceRequest())


def test_no_job_of_a_held_instance_is_handed_out_or_finished(sdk: CamundaClient, client: Client) -> None:
    held, other = start(client, KIND, "h1"), start(client, KIND, "h2")
    taken = {job["processInstanceKey"]: job["jobKey"] for job in take(client, KIND)}
    sdk.suspend_process_instance(held, data=models.SuspendProcessInstanceRequest())
    with pytest.raises(ConflictError, match="suspended"):
        sdk.complete_job(taken[held])
    sdk.complete_job(taken[other])
    third = start(client, KIND, "h3")
    sdk.suspend_process_instance(third, data=models.SuspendProcessInstanceRequest())
    assert take(client, KIND) == []
    sdk.resume_process_instance(third, data=models.ResumeProcessInstanceRequest())
    assert [job["processInstanceKey"] for job in take(client, KIND)] == [third]
    sdk.cancel_process_instance(held, data=models.CancelProcessInstanceRequest.from_dict({}))
    assert str(shown(sdk, held).state.value) == "TERMINATED"


def test_a_message_that_came_while_it_was_held_is_given_after_it(sdk: CamundaClient, client: Client) -> None:
    key = start(client, KIND, "wacht-1")
    for job in take(client, KIND):
        sdk.complete_job(job["jobKey"])
    sdk.suspend_process_instance(key, data=models.SuspendProcessInstanceRequest())
    told = {"name": f"{KIND}-bericht", "correlationKey": "wacht-1", "timeToLive": 60_000}
    sdk.publish_message(data=models.MessagePublicationRequest.from_dict(told))
    second = start(client, KIND, "wacht-2")
    for job in take(client, KIND):
        sdk.complete_job(job["jobKey"])
    sdk.publish_message(
        data=models.MessagePublicationRequest.from_dict({**told, "correlationKey": "wacht-2"})
    )
    wait_for(lambda: state(client, second)[0] == "COMPLETED")  # so the worker looked at the first one too
    assert state(client, key)[0] == "SUSPENDED"
    sdk.resume_process_instance(key, data=models.ResumeProcessInstanceRequest())
    wait_for(lambda: state(client, key)[0] == "COMPLETED")


def test_all_incidents_of_an_instance_are_resolved_in_one_call(sdk: CamundaClient, client: Client) -> None:
    key, other = start(client, KIND, "i1"), start(client, KIND, "i2")
    for job in take(client, KIND):
        failure = {"retries": 0, "errorMessage": "De brief kon niet weg"}
        sdk.fail_job(job["jobKey"], data=models.JobFailRequest.from_dict(failure))
    made = sdk.resolve_process_instance_incidents(key)
    assert (str(made.batch_operation_type.value), int(made.batch_operation_key) > 0) == (
        "RESOLVE_INCIDENT",
        True,
    )
    assert (state(client, key), state(client, other)) == (("ACTIVE", False), ("ACTIVE", True))
    (again,) = take(client, KIND)
    assert again["processInstanceKey"] == key
    sdk.complete_job(again["jobKey"])
    sdk.resolve_process_instance_incidents(other)
    sdk.cancel_process_instance(other, data=models.CancelProcessInstanceRequest.from_dict({}))


def test_what_is_not_there_is_not_found(sdk: CamundaClient, client: Client) -> None:
    nowhere: Any = "1"
    with pytest.raises(NotFoundError):
        sdk.suspend_process_instance(nowhere, data=models.SuspendProcessInstanceRequest())
    with pytest.raises(NotFoundError):
        sdk.resume_process_instance(nowhere, data=models.ResumeProcessInstanceRequest())
    with pytest.raises(NotFoundError):
        sdk.resolve_process_instance_incidents(nowhere)
    stranger = Client(client.address, "ouder.wilgenveen@demo.invalid")
    key = start(client, "bediend")
    for action in ("suspension", "resumption", "incident-resolution"):
        assert stranger.call("POST", f"/v2/process-instances/{key}/{action}", {}).status == 404
    assert state(client, key)[0] == "ACTIVE"
