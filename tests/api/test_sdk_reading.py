"""The unmodified SDK reads variables one by one, changes a task, and sees which messages are waited for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, models
from camunda_orchestration_sdk.errors import NotFoundError

from tests.api.client import FORM, Client, one_task
from tests.api.test_jobs import diagram, take
from tests.api.test_jobs import start as begun
from tests.site import Site

KIND = "werk_lezen"
OTHER = "beheer.zilverbeek@demo.invalid"


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    made = Client(site.address)
    files = {f"{KIND}_bpmn": diagram(KIND), "lezen_bpmn": one_task("lezen"), "vraag_form": FORM}
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


def task(sdk: CamundaClient, key: Any) -> Any:
    wanted = models.UserTaskSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    return sdk.search_user_tasks(data=wanted).items[0]


def test_a_variable_is_read_by_its_key_and_long_ones_are_cut_in_lists(
    sdk: CamundaClient, client: Client
) -> None:
    body = {"processDefinitionId": "lezen", "variables": {"kort": "é", "lang": "a" * 9000}}
    key = client.call("POST", "/v2/process-instances", body).json()["processInstanceKey"]
    wanted = models.VariableSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    found = {one.name: one for one in sdk.search_variables(data=wanted).items}
    assert (found["kort"].value, found["kort"].is_truncated) == ('"é"', False)
    assert (len(found["lang"].value), found["lang"].is_truncated) == (8192, True)
    assert sdk.get_variable(found["lang"].variable_key).value == '"' + "a" * 9000 + '"'
    whole = sdk.search_variables(data=wanted, truncate_values=False).items
    assert {one.name: len(one.value) for one in whole} == {"kort": 3, "lang": 9002}
    stranger = Client(client.address, "ouder.wilgenveen@demo.invalid")
    assert stranger.call("GET", f"/v2/variables/{found['kort'].variable_key}").status == 404
    nowhere: Any = "1"
    with pytest.raises(NotFoundError):
        sdk.get_variable(nowhere)


def test_the_effective_variables_of_a_task(sdk: CamundaClient, client: Client) -> None:
    key = start(client, "lezen", "e1")
    one = task(sdk, key)
    written = models.SetVariableRequest.from_dict({"variables": {"naam": "hier"}, "local": True})
    sdk.create_element_instance_variables(one.element_instance_key, data=written)
    wanted = models.UserTaskEffectiveVariableSearchQueryRequest.from_dict({"filter": {"name": "naam"}})
    found = sdk.search_user_task_effective_variables(one.user_task_key, data=wanted).items
    assert [(each.name, each.value) for each in found] == [("naam", '"hier"')]


def update(sdk: CamundaClient, key: Any, **changes: object) -> None:
    sdk.update_user_task(key, data=models.UserTaskUpdateRequest.from_dict({"changeset": changes}))


def test_a_task_gets_another_term_another_priority_and_other_people(
    sdk: CamundaClient, client: Client
) -> None:
    key = task(sdk, start(client, "lezen")).user_task_key
    other = Client(client.address, "school_ib.regenboogbrug@demo.invalid")
    assert other.call("GET", f"/v2/user-tasks/{key}").status == 404
    update(
        sdk,
        key,
        dueDate="2030-03-14T09:00:00Z",
        priority=80,
        candidateUsers=[other.login],
        candidateGroups=["school_ib"],
    )
    found: Any = client.call("GET", f"/v2/user-tasks/{key}").json()
    assert (found["dueDate"], found["priority"]) == ("2030-03-14T09:00:00+00:00", 80)
    assert (found["candidateUsers"], found["candidateGroups"]) == ([other.login], ["school_ib"])
    assert other.call("GET", f"/v2/user-tasks/{key}").status == 200
    update(sdk, key, dueDate="", candidateUsers=[], candidateGroups=[])
    found = client.call("GET", f"/v2/user-tasks/{key}").json()
    assert (found["dueDate"], found["priority"], found["candidateUsers"]) == (None, 80, [])
    assert other.call("GET", f"/v2/user-tasks/{key}").status == 404
    assert client.call("PATCH", f"/v2/user-tasks/{key}", {}).status == 204


@pytest.mark.parametrize(
    "changes", [{"priority": 101}, {"dueDate": "morgen"}, {"assignee": "iemand"}, {"candidateUsers": [""]}]
)
def test_a_change_that_is_none_is_refused(sdk: CamundaClient, client: Client, changes: object) -> None:
    key = task(sdk, start(client, "lezen")).user_task_key
    answer = client.call("PATCH", f"/v2/user-tasks/{key}", {"changeset": changes})
    assert (answer.status, answer.kind) == (400, "application/problem+json")


def test_a_task_that_is_done_changes_no_more(sdk: CamundaClient, client: Client) -> None:
    key = task(sdk, start(client, "lezen")).user_task_key
    sdk.complete_user_task(key, data=models.UserTaskCompletionRequest.from_dict({"variables": {"aantal": 3}}))
    assert client.call("PATCH", f"/v2/user-tasks/{key}", {"changeset": {"priority": 1}}).status == 409


def test_the_messages_that_are_waited_for(sdk: CamundaClient, client: Client) -> None:
    key = start(client, KIND, "bericht-1")
    wanted = models.MessageSubscriptionSearchQuery.from_dict({"filter": {"processInstanceKey": key}})
    assert sdk.search_message_subscriptions(data=wanted).items == []
    for job in take(client, KIND):
        assert client.call("POST", f"/v2/jobs/{job['jobKey']}/completion", {}).status == 204
    (one,) = sdk.search_message_subscriptions(data=wanted).items
    assert (one.message_name, one.correlation_key, one.element_id) == (
        f"{KIND}-bericht",
        "bericht-1",
        "wacht",
    )
    assert sdk.get_element_instance(one.element_instance_key).element_id == "wacht"  # type: ignore[arg-type]  # may be none
    stranger = Client(client.address, "ouder.wilgenveen@demo.invalid")
    seen = stranger.call("POST", "/v2/message-subscriptions/search", {"filter": {"processInstanceKey": key}})
    assert (seen.status, seen.json()["items"]) == (200, [])
    body = {"name": f"{KIND}-bericht", "correlationKey": "bericht-1"}
    assert client.call("POST", "/v2/messages/correlation", body).status == 200
    assert sdk.search_message_subscriptions(data=wanted).items == []
