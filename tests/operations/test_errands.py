"""Our own worker does service tasks of the type http-json, and programs outside never get its types."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from service.clock import PinnedClock
from service.config import HostHeader
from service.domain import Actor
from service.operations import (
    errands,
    incidents,
    runtime,
    service_jobs,
)
from service.operations.records import Query
from service.operations.runtime import Runtime
from tests.connectors import web
from tests.connectors.web import Site
from tests.operations import carrying, working
from tests.operations.working import begin, stands, variables, why


@pytest.fixture
def other(service: Runtime, clock: PinnedClock) -> Iterator[Site]:
    """Another system, which the settings allow to be called."""
    before = runtime.current()
    with web.serving(Site()) as site:
        carrying.use_settings(http_hosts="127.0.0.1", http_private="127.0.0.1/32", http_timeout_seconds=2.0)
        yield site
    working.forget_jobs()
    runtime.use(before)


def test_the_answer_of_another_system_becomes_a_variable(api: Actor, other: Site) -> None:
    other.answers = [(200, {"Content-Type": "application/json"}, b'{"naam": "caf\xc3\xa9", "getal": 1.5}')]
    instance = begin(
        api,
        "http-json",
        {"method": "POST", "resultVariable": "antwoord"},
        {
            "url": f"{other.url}/zaken",
            "headers": {"X-Van": "ons"},
            "queryParameters": {"soort": "a b"},
            "body": {"nummer": 7, "lijst": [1, None, True]},
        },
    )
    assert errands.run_once() == 1
    assert stands(api, instance) == ("COMPLETED", False)
    answer = variables(api, instance)["antwoord"]
    assert (answer["status"], answer["body"]) == (200, {"naam": "café", "getal": 1.5})
    (asked,) = other.asked
    assert (asked.method, asked.path, json.loads(asked.body)) == (
        "POST",
        "/zaken?soort=a+b",
        {"nummer": 7, "lijst": [1, None, True]},
    )
    assert asked.headers["X-Van"] == "ons"


def test_what_the_operator_says_to_a_host_goes_over_the_diagram_and_to_no_other(
    api: Actor, other: Site
) -> None:
    carrying.use_settings(
        http_headers=(
            HostHeader(host="127.0.0.1", name="Authorization", value="Bearer van-ons"),
            HostHeader(host="elders.example", name="X-Elders", value="geheim"),
        )
    )
    begin(api, "http-json", {}, {"url": other.url, "headers": {"authorization": "Bearer van-hen"}})
    errands.run_once()
    (asked,) = other.asked
    assert {name.lower(): value for name, value in asked.headers.items()}["authorization"] == "Bearer van-ons"
    assert "X-Elders" not in asked.headers


@pytest.mark.parametrize(
    ("headers", "content", "body"),
    [
        ({"Content-Type": "text/plain"}, b"tekst", "tekst"),
        ({"Content-Type": "application/problem+json"}, b"[1]", [1]),
        ({}, b"", None),
    ],
)
def test_text_and_nothing_are_answers_too(
    api: Actor, other: Site, headers: dict[str, str], content: bytes, body: object
) -> None:
    other.answers = [(200, headers, content)]
    instance = begin(api, "http-json", {"resultVariable": "antwoord"}, {"url": other.url})
    errands.run_once()
    assert variables(api, instance)["antwoord"]["body"] == body


def test_an_answer_that_stands_for_a_business_error_is_caught(api: Actor, other: Site) -> None:
    other.answers = [(404, {}, b"")]
    instance = begin(api, "http-json", {"fout-4xx": "geen_adres"}, {"url": other.url})
    errands.run_once()
    assert stands(api, instance) == ("COMPLETED", False)


def test_a_system_that_is_down_is_asked_again_and_then_it_is_an_incident(
    api: Actor, other: Site, clock: PinnedClock
) -> None:
    other.answers = [(503, {}, b"")]
    instance = begin(api, "http-json", {"method": "POST"}, {"url": other.url, "body": {}})
    for minutes in range(3):
        assert errands.run_once() == 1, minutes
        assert errands.run_once() == 0  # not at once
        clock.move(timedelta(minutes=5))
    assert errands.run_once() == 0
    assert stands(api, instance) == ("ACTIVE", True)
    assert why(api, instance) == "Het andere systeem antwoordde met 503"
    assert len({one.headers["Idempotency-Key"] for one in other.asked}) == 1
    other.answers = [(200, {}, b"")]
    (incident,) = incidents.search(api, Query(filters={"instance_key": {"$eq": instance.key}})).items
    incidents.resolve(api, incident.key)
    assert errands.run_once() == 1
    assert stands(api, instance) == ("COMPLETED", False)


def test_a_system_that_asks_for_patience_gets_it(api: Actor, other: Site, clock: PinnedClock) -> None:
    other.answers = [(429, {"Retry-After": "600"}, b""), (200, {}, b"")]
    instance = begin(api, "http-json", {}, {"url": other.url})
    errands.run_once()
    clock.move(timedelta(seconds=599))
    assert errands.run_once() == 0
    clock.move(timedelta(seconds=1))
    errands.run_once()
    assert stands(api, instance) == ("COMPLETED", False)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        (
            {"url": "http://127.0.0.2:9/"},
            "De aanroep is geweigerd: dit adres staat niet in de lijst [http] hosts",
        ),
        ({"url": "file:///etc/passwd"}, "De aanroep is geweigerd: hij kan zo niet"),
        ({}, "Bij 'url' hoort een tekst te staan"),
        ({"url": 7}, "Bij 'url' hoort een tekst te staan"),
        ({"url": "URL", "headers": "x"}, "Bij 'headers' horen namen met een waarde te staan"),
        ({"url": "URL", "headers": {"X": "a\r\nY: b"}}, "De aanroep is geweigerd: hij kan zo niet"),
    ],
)
def test_a_call_that_cannot_be_made_is_an_incident_at_once(
    api: Actor, other: Site, inputs: dict[str, object], told: str
) -> None:
    given = {name: other.url if value == "URL" else value for name, value in inputs.items()}
    instance = begin(api, "http-json", {}, given)
    errands.run_once()
    assert stands(api, instance) == ("ACTIVE", True)
    assert why(api, instance).startswith(told)
    assert other.asked == []


@pytest.mark.parametrize(
    "content", [b"{nope", b"[NaN]", b"[90071992547409930]", b'"\\u0000"', b'"\\ud800"', b"\xff", b"[1e999]"]
)
def test_an_answer_that_no_variable_can_hold_is_an_incident(api: Actor, other: Site, content: bytes) -> None:
    other.answers = [(200, {"Content-Type": "application/json"}, content)]
    instance = begin(api, "http-json", {"resultVariable": "antwoord"}, {"url": other.url})
    errands.run_once()
    assert stands(api, instance) == ("ACTIVE", True)


def test_a_redirect_and_an_answer_that_is_too_large_are_incidents(api: Actor, other: Site) -> None:
    carrying.use_settings(http_max_bytes=10)
    for answer, told in (
        ((302, {"Location": "http://127.0.0.1/"}, b""), "Het andere systeem antwoordde met 302"),
        ((200, {}, b"x" * 11), "De aanroep is geweigerd: het antwoord is te groot"),
    ):
        other.answers = [answer]
        instance = begin(api, "http-json", {}, {"url": other.url})
        errands.run_once()
        assert why(api, instance) == told


def test_programs_outside_do_not_get_our_work(api: Actor, other: Site) -> None:
    begin(api, "http-json", {}, {"url": other.url})
    for kind in service_jobs.OURS:
        taking = service_jobs.Taking(kind=kind, hold=timedelta(minutes=1), most=10)
        assert service_jobs.take(api, taking) == ()


def test_a_job_is_held_while_it_is_worked_on_and_no_longer(
    api: Actor, other: Site, clock: PinnedClock
) -> None:
    instance = begin(api, "http-json", {}, {"url": other.url})
    assert errands.take() is not None  # by a worker that dies now
    assert errands.run_once() == 0
    clock.move(errands.HOLD)
    assert errands.run_once() == 1
    assert stands(api, instance) == ("COMPLETED", False)


def test_the_second_of_two_that_did_the_same_work_changes_nothing(
    api: Actor, other: Site, clock: PinnedClock
) -> None:
    instance = begin(api, "http-json", {}, {"url": other.url})
    first = errands.take()
    clock.move(errands.HOLD)
    second = errands.take()
    assert first is not None
    assert second is not None
    errands.do(second)
    errands.do(first)
    assert stands(api, instance) == ("COMPLETED", False)


def test_the_worker_does_what_waits_and_stops(api: Actor, other: Site, clock: PinnedClock) -> None:
    stop = threading.Event()
    running = threading.Thread(target=errands.work, args=(stop,))
    running.start()
    instance = begin(api, "http-json", {}, {"url": other.url})
    for _ in range(200):
        if stands(api, instance)[0] == "COMPLETED":
            break
        stop.wait(0.05)
    stop.set()
    running.join(20)
    assert stands(api, instance) == ("COMPLETED", False)
    assert len(other.asked) == 1
