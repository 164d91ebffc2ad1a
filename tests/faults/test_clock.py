"""The clock jumps forwards and backwards, and summer time comes and goes: every term ends once, when it should."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.api.client import Client
from tests.api.test_jobs import wait_for
from tests.site import ROOT, Site, demo, passable

pytestmark = pytest.mark.xdist_group("faults")


def waiting(duration: str) -> bytes:
    """A process that waits so long."""
    timer = f'<bpmn:timerEventDefinition id="t"><bpmn:timeDuration>{duration}</bpmn:timeDuration></bpmn:timerEventDefinition>'
    catch = f"""<bpmn:intermediateCatchEvent id="wacht"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>{timer}</bpmn:intermediateCatchEvent>"""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test">
  <bpmn:process id="wacht_{duration.lower()}" name="Wacht" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>{catch}
    <bpmn:endEvent id="klaar"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="wacht" /><bpmn:sequenceFlow id="f2" sourceRef="wacht" targetRef="klaar" />
  </bpmn:process>
</bpmn:definitions>""".encode()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A demo of this module's own, with its real worker."""
    folder = passable(tmp_path_factory.mktemp("clock"))
    with demo(folder / "data", SLUITEND_TIMER_POLL_SECONDS="0.05") as running:
        files = {f"w{place}_bpmn": waiting(term) for place, term in enumerate(("P1D", "PT24H", "PT5M"))}
        assert Client(running.address).deploy(**files).status == 200
        yield running


@pytest.fixture
def client(site: Site) -> Iterator[Client]:
    made = Client(site.address)
    yield made
    assert made.call("POST", "/v2/clock/reset", {}).status == 204


def pin(client: Client, moment: datetime) -> datetime:
    body = {"timestamp": int(moment.timestamp() * 1000)}
    assert client.call("PUT", "/v2/clock", body).status == 204
    return moment


def begin(client: Client, process: str) -> str:
    answer = client.call("POST", "/v2/process-instances", {"processDefinitionId": process})
    assert answer.status == 200, answer.body
    return str(answer.json()["processInstanceKey"])


def ended(client: Client, key: str) -> datetime | None:
    found = client.call("GET", f"/v2/process-instances/{key}").json()["endDate"]
    return datetime.fromisoformat(found) if found else None


def fired(client: Client, key: str) -> Callable[[], bool]:
    return lambda: ended(client, key) is not None


def looked(client: Client) -> None:
    """The worker fires in order: what began after and is due now shows that it looked at all before."""
    probe = begin(client, "wacht_pt5m")
    before = datetime.fromisoformat(client.call("GET", f"/v2/process-instances/{probe}").json()["startDate"])
    pin(client, before + timedelta(minutes=5))
    wait_for(fired(client, probe))


def times(client: Client, key: str) -> int:
    """How often the term of an instance ended."""
    numbers = client.call("GET", f"/v2/process-instances/{key}/statistics/element-instances").json()["items"]
    return int(next(one["completed"] for one in numbers if one["elementId"] == "wacht"))


def test_a_jump_of_a_year_ends_every_term_once(client: Client) -> None:
    now = pin(client, datetime(2031, 5, 6, 9, tzinfo=UTC))
    keys = [begin(client, "wacht_p1d") for _ in range(20)]
    later = pin(client, now + timedelta(days=365))
    for key in keys:
        wait_for(fired(client, key))
        assert (ended(client, key), times(client, key)) == (later, 1)


def test_a_clock_that_is_set_back_fires_nothing_twice_and_loses_nothing(client: Client, site: Site) -> None:
    now = pin(client, datetime(2032, 8, 3, 9, tzinfo=UTC))
    first, second = begin(client, "wacht_pt5m"), begin(client, "wacht_pt24h")
    pin(client, now + timedelta(minutes=5))
    wait_for(fired(client, first))
    pin(client, now)  # five minutes back
    third = begin(client, "wacht_pt5m")
    assert ended(client, third) is None
    pin(client, now + timedelta(minutes=4))
    looked(client)  # it is nine past now: the third is due as well
    wait_for(fired(client, third))
    assert ended(client, second) is None
    pin(client, now + timedelta(hours=24))
    wait_for(fired(client, second))
    assert [times(client, one) for one in (first, second, third)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("noon", "hours"),
    [
        (datetime(2033, 3, 26, 11, tzinfo=UTC), 23),  # the clock goes an hour forward in the night after
        (datetime(2033, 10, 29, 10, tzinfo=UTC), 25),  # and an hour back
    ],
)
def test_a_day_is_a_day_on_the_calendar_and_24_hours_are_24_hours(
    client: Client, noon: datetime, hours: int
) -> None:
    pin(client, noon)
    day, hour = begin(client, "wacht_p1d"), begin(client, "wacht_pt24h")
    first, last = sorted([(timedelta(hours=hours), day), (timedelta(hours=24), hour)])
    pin(client, noon + first[0] - timedelta(seconds=1))
    assert (ended(client, day), ended(client, hour)) == (None, None)
    pin(client, noon + first[0])
    wait_for(fired(client, first[1]))
    assert ended(client, last[1]) is None
    pin(client, noon + last[0])
    wait_for(fired(client, last[1]))
    assert ended(client, first[1]) == noon + first[0]
    assert ended(client, last[1]) == noon + last[0]
    assert (times(client, day), times(client, hour)) == (1, 1)


def test_the_history_verifies_after_all_that(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "audit", "verify"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "SLUITEND_DATA_DIR": str(site.data), "SLUITEND_DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
