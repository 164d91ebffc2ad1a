"""The unmodified SDK asks for the value of an expression, and for the files that were deployed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from camunda_orchestration_sdk import CamundaClient, models
from camunda_orchestration_sdk.errors import NotFoundError

from tests.api.client import FORM, Client, one_task
from tests.api.test_jobs import diagram, start
from tests.site import Site

KIND = "werk_vragen"


@pytest.fixture(scope="module")
def client(site: Site) -> Client:
    made = Client(site.address)
    files = {f"{KIND}_bpmn": diagram(KIND), "gevraagd_bpmn": one_task("gevraagd"), "vraag_form": FORM}
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


def evaluated(client: Client, expression: str, **more: object) -> Any:
    """The SDK itself cannot ask without a scope."""
    answer = client.call("POST", "/v2/expression/evaluation", {"expression": expression, **more})
    assert answer.status == 200, answer.body
    return answer.json()


@pytest.mark.parametrize(
    ("expression", "variables", "value"),
    [
        ("=x + y", {"x": 10, "y": 20}, 30),
        ("= for i in 1..3 return i * x", {"x": 2}, [2, 4, 6]),
        ('=date("2027-03-14") + duration("P1D")', {}, "2027-03-15"),
        ("x + y", {"x": 1, "y": 2}, "x + y"),
        ("=null", {}, None),
    ],
)
def test_the_value_of_an_expression(
    client: Client, expression: str, variables: dict[str, object], value: object
) -> None:
    found = evaluated(client, expression, variables=variables)
    assert (found["expression"], found["result"], found["warnings"]) == (expression, value, [])


def test_a_value_that_became_null_says_why(client: Client) -> None:
    found = evaluated(client, '=number("drie")')
    assert found["result"] is None
    assert found["warnings"]


def test_an_expression_sees_the_variables_of_an_instance(sdk: CamundaClient, client: Client) -> None:
    asked = {"expression": '=nummer + "-" + naam', "scopeKey": start(client, KIND, "12")}
    found = sdk.evaluate_expression(data=models.ExpressionEvaluationRequest.from_dict(asked))
    assert found.result == "12-x"
    own = {**asked, "variables": {"naam": "y"}}
    found = sdk.evaluate_expression(data=models.ExpressionEvaluationRequest.from_dict(own))
    assert found.result == "12-y"
    nowhere = client.call("POST", "/v2/expression/evaluation", {**asked, "scopeKey": "1"})
    assert (nowhere.status, nowhere.kind) == (404, "application/problem+json")


def test_an_expression_that_cannot_be_read_is_refused_and_an_endless_one_ends(
    client: Client,
) -> None:
    refused = client.call("POST", "/v2/expression/evaluation", {"expression": "=1 +"})
    assert (refused.status, refused.json()["field"]) == (400, "expression")
    assert evaluated(client, "=count(for a in 1..100000, b in 1..100000 return a)")["result"] is None
    stranger = Client(client.address, "ouder.wilgenveen@demo.invalid")
    assert stranger.call("POST", "/v2/expression/evaluation", {"expression": "=1"}).status == 403


def test_a_deployed_file_is_found_by_the_key_of_what_it_became(sdk: CamundaClient, client: Client) -> None:
    wanted = {"filter": {"processDefinitionId": KIND}}
    process: Any = client.call("POST", "/v2/process-definitions/search", wanted).json()["items"][0]
    key = process["processDefinitionKey"]
    found = sdk.get_resource(key)
    assert (found.resource_name, found.resource_id, found.version_tag) == (f"{KIND}.bpmn", KIND, None)
    assert client.call("GET", f"/v2/resources/{key}/content/binary").body == diagram(KIND)
    refused = client.call("GET", f"/v2/resources/{key}/content")
    assert (refused.status, refused.kind) == (406, "application/problem+json")


def test_a_form_is_content_that_is_json(sdk: CamundaClient, client: Client) -> None:
    task = client.call("POST", "/v2/process-instances", {"processDefinitionId": "gevraagd"}).json()
    wanted = {"filter": {"processInstanceKey": task["processInstanceKey"]}}
    form: Any = client.call("POST", "/v2/user-tasks/search", wanted).json()["items"][0]["formKey"]
    assert sdk.get_resource_content(form).to_dict()["id"] == "vraag"
    nowhere: Any = "1"
    with pytest.raises(NotFoundError):
        sdk.get_resource(nowhere)
