"""The clock of a demo is pinned over /v2 by the unmodified SDK: every process of it reads the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from camunda_orchestration_sdk import CamundaClient, models

from tests.api.client import Client
from tests.api.test_jobs import wait_for
from tests.site import Site, demo, passable

WAITING = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="d" targetNamespace="test">
  <bpmn:process id="maand" name="Maand" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateCatchEvent id="wacht"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:timerEventDefinition id="t"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P30D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="klaar"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="wacht" /><bpmn:sequenceFlow id="f2" sourceRef="wacht" targetRef="klaar" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo of this module's own: its clock is moved about."""
    with demo(passable(tmp_path_factory.mktemp("clock")) / "data") as running:
        yield running


@pytest.fixture
def sdk(own: Site) -> Iterator[CamundaClient]:
    made = CamundaClient(
        configuration={
            "CAMUNDA_REST_ADDRESS": f"{own.address}/v2",
            "CAMUNDA_AUTH_STRATEGY": "BASIC",
            "CAMUNDA_BASIC_AUTH_USERNAME": "api.zilverbeek@demo.invalid",
            "CAMUNDA_BASIC_AUTH_PASSWORD": "demo",
        }
    )
    yield made
    made.reset_clock()
    made.close()


def begin(client: Client) -> str:
    body = {"processDefinitionId": "maand"}
    return str(client.call("POST", "/v2/process-instances", body).json()["processInstanceKey"])


def shown(client: Client, key: str) -> dict[str, str]:
    found: dict[str, str] = client.call("GET", f"/v2/process-instances/{key}").json()
    return found


def test_a_pinned_clock_stands_still_fires_what_is_due_and_runs_again(own: Site, sdk: CamundaClient) -> None:
    client = Client(own.address)
    assert client.deploy(maand_bpmn=WAITING).status == 200
    before = begin(client)
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=31)
    sdk.pin_clock(data=models.ClockPinRequest(timestamp=int(moment.timestamp() * 1000)))
    wait_for(lambda: shown(client, before)["state"] == "COMPLETED")
    assert datetime.fromisoformat(shown(client, before)["endDate"]) == moment
    after = begin(client)
    assert datetime.fromisoformat(shown(client, after)["startDate"]) == moment
    assert shown(client, after)["state"] == "ACTIVE"
    sdk.reset_clock()
    later = begin(client)
    assert datetime.fromisoformat(shown(client, later)["startDate"]) < moment - timedelta(days=30)


@pytest.mark.parametrize(
    "body", [{}, {"timestamp": "gisteren"}, {"timestamp": -1}, {"timestamp": 4_000_000_000_000}]
)
def test_a_moment_that_is_none_is_refused(own: Site, body: dict[str, object]) -> None:
    answer = Client(own.address).call("PUT", "/v2/clock", body)
    assert (answer.status, answer.kind) == (400, "application/problem+json")


def test_only_who_operates_the_demo_moves_its_clock(own: Site) -> None:
    parent = Client(own.address, "ouder.wilgenveen@demo.invalid")
    assert parent.call("PUT", "/v2/clock", {"timestamp": 1_800_000_000_000}).status == 403
    assert parent.call("POST", "/v2/clock/reset", {}).status == 403
