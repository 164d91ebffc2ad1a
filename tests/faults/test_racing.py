"""A person and a timer, or a person and a program, reach one instance in the same moment: it goes one way, once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.api.client import FORM, Answer, one_task
from tests.faults import own
from tests.faults.own import Installation

pytestmark = pytest.mark.xdist_group("faults")

TERM = 1.5  # seconds until the timer is due
RACE = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  id="d" targetNamespace="test">
  <bpmn:process id="wedloop" name="Wedloop" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="vragen" name="Vragen"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
    <bpmn:boundaryEvent id="te_laat" attachedToRef="vragen"><bpmn:outgoing>f3</bpmn:outgoing>
      <bpmn:timerEventDefinition id="t"><bpmn:timeDuration>=termijn</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:endEvent id="gedaan"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="verstreken"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="vragen" /><bpmn:sequenceFlow id="f2" sourceRef="vragen" targetRef="gedaan" />
    <bpmn:sequenceFlow id="f3" sourceRef="te_laat" targetRef="verstreken" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("racing")
    with own.installation(folder, SLUITEND_TIMER_POLL_SECONDS="0.05") as made:
        files = {"wedloop_bpmn": RACE, "een_taak_bpmn": one_task(), "vraag_form": FORM}
        deployed = made.client.deploy(**files)
        assert deployed.status == 200, deployed.body
        yield made


def begin(site: Installation) -> tuple[str, str]:
    body = {"processDefinitionId": "wedloop", "variables": {"termijn": f"PT{TERM}S"}}
    key = site.client.call("POST", "/v2/process-instances", body).json()["processInstanceKey"]
    found = site.client.call("POST", "/v2/user-tasks/search", {"filter": {"processInstanceKey": key}})
    return str(key), str(found.json()["items"][0]["userTaskKey"])


def ways(site: Installation, key: str) -> Counter[object]:
    """How often each of the facts that close the race was written."""
    rows = site.rows(
        "SELECT kind FROM fact WHERE instance_key = %s AND kind IN"
        " ('task:completed', 'timer:fired', 'task:cancelled', 'instance:completed')",
        int(key),
    )
    return Counter(kind for (kind,) in rows)


DONE = Counter({"task:completed": 1, "instance:completed": 1})
LATE = Counter({"timer:fired": 1, "task:cancelled": 1, "instance:completed": 1})


def race(site: Installation, count: int) -> Counter[int]:
    """Complete so many tasks around the moment that their timers are due; gives how the people were answered."""
    seen: Counter[int] = Counter()
    for _ in range(count // 8):
        started = time.monotonic()
        pairs = [begin(site) for _ in range(8)]
        moments = [started + TERM + (place - 3) * 0.04 for place in range(8)]

        def attempt(
            number: int, pairs: list[tuple[str, str]] = pairs, moments: list[float] = moments
        ) -> Answer:
            time.sleep(max(moments[number] - time.monotonic(), 0))
            return site.client.call("POST", f"/v2/user-tasks/{pairs[number][1]}/completion", {})

        found = own.at_once(8, attempt)
        assert all(isinstance(one, Answer) for one in found), found
        for (key, _), one in zip(pairs, found, strict=True):
            assert isinstance(one, Answer)
            seen[one.status] += 1
            site.wait_until(lambda key=key: ways(site, key)["instance:completed"] == 1, 10)  # type: ignore[misc]  # bound now
            assert one.status in {204, 409}, one.body
            assert ways(site, key) == (DONE if one.status == 204 else LATE)
            if one.status == 409:
                assert one.json()["state"] == "CANCELED"
    return seen


def test_a_person_and_a_timer_never_both_win(site: Installation) -> None:
    seen = race(site, 24)
    assert seen[204] + seen[409] == 24


@pytest.mark.long
def test_a_person_and_a_timer_never_both_win_over_and_over(site: Installation) -> None:
    seen = race(site, 400)
    assert min(seen[204], seen[409]) > 20, seen  # else nothing was raced


def test_what_is_written_while_a_task_is_completed_is_kept_or_refused(site: Installation) -> None:
    for _ in range(8):
        key, task = site.begin()

        def attempt(number: int, key: str = key, task: str = task) -> Answer:
            if number == 3:
                return site.complete(task)
            body = {"variables": {f"v{number}": number}}
            return site.client.call("PUT", f"/v2/element-instances/{key}/variables", body)

        found = own.at_once(8, attempt)
        assert all(isinstance(one, Answer) and one.status in {204, 409} for one in found), found
        statuses = [one.status for one in found if isinstance(one, Answer)]
        assert statuses[3] == 204
        wanted = {"filter": {"processInstanceKey": key}}
        told = site.client.call("POST", "/v2/variables/search", wanted).json()["items"]
        assert {one["name"] for one in told} == {"aantal"} | {
            f"v{number}" for number, status in enumerate(statuses) if number != 3 and status == 204
        }
