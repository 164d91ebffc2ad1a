"""Other systems are told that something happened to a key: signed, again and again until they took it, never twice new."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.clock import PinnedClock
from service.config import Webhook, shipped
from service.domain import Actor, Fact
from service.errors import BadRequest
from service.operations import (
    casussen,
    deployments,
    events,
    instances,
    outgoing,
    runtime,
    starts,
    tasks,
    user_tasks,
)
from service.operations.records import Query
from service.operations.runtime import Runtime
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.connectors import web
from tests.connectors.web import Site
from tests.operations import carrying, proef
from tests.operations.carrying import carry, waiting

SECRET = "a-secret-of-more-than-thirty-two-signs"


@pytest.fixture
def other(service: Runtime, clock: PinnedClock) -> Iterator[Site]:
    """Another system that asked for tasks and started processes."""
    before = runtime.current()
    carrying.clear()
    with web.serving(Site(answers=[(204, {}, b"")])) as site:
        hooks = (hook("zaken", f"{site.url}/haak", "nl.sluitend.task.*", "nl.sluitend.instance.started"),)
        carrying.use_settings(
            webhooks=hooks,
            http_private="127.0.0.1/32",
            public_url="https://zilverbeek.example",
            webhook_attempts=3,
        )
        yield site
    carrying.clear()
    runtime.use(before)


def hook(name: str, url: str, *types: str) -> Webhook:
    return Webhook(name=name, url=url, types=types, secret=SECRET)


@pytest.fixture
def instance(api: Actor, other: Site) -> int:
    deployments.deploy(api, {"technisch.bpmn": proef.technical()})
    return instances.create(api, process_id="technisch", variables={"geheim": "zeer-geheim-4711"}).key


def told(site: Site) -> list[dict[str, Any]]:
    return [json.loads(one.body) for one in site.asked]


def test_a_system_is_told_of_what_it_asked_for_by_keys_alone(
    other: Site, instance: int, api: Actor, clock: PinnedClock
) -> None:
    assert other.asked == []  # nothing goes out inside the step
    carry()
    first, second = sorted(told(other), key=lambda one: str(one["type"]))
    assert [first["type"], second["type"]] == ["nl.sluitend.instance.started", "nl.sluitend.task.created"]
    (task,) = [
        one.key for one in user_tasks.search(api, Query(filters={"instance_key": {"$eq": instance}})).items
    ]
    assert second == {
        "specversion": "1.0",
        "id": second["id"],
        "source": "https://zilverbeek.example",
        "type": "nl.sluitend.task.created",
        "subject": str(instance),
        "time": clock.now().isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "processDefinitionId": "technisch",
            "processInstanceKey": str(instance),
            "elementId": "t1",
            "userTaskKey": str(task),
        },
    }
    assert other.asked[0].headers["Content-Type"].startswith("application/cloudevents+json")


def test_each_telling_is_signed_with_its_moment(other: Site, instance: int, clock: PinnedClock) -> None:
    clock.move(timedelta(seconds=5))
    carry()
    for asked in other.asked:
        found = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", asked.headers["Sluitend-Signature"])
        assert found is not None
        assert datetime.fromtimestamp(int(found[1]), UTC) == clock.now()
        signed = f"{found[1]}.".encode() + asked.body
        assert hmac.compare_digest(found[2], hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest())


def test_an_event_about_a_child_holds_no_answer_and_no_name(other: Site, ouder: Actor, ib: Actor) -> None:
    number = starts.start(ouder, "proef", proef.started(), as_html=False).casus_number
    key = next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == number)
    tasks.complete(ib, key, {"advies": "geen", "toelichting": proef.MARKER}, as_html=False)
    carry()
    said = " ".join(one.body.decode() for one in other.asked)
    assert "nl.sluitend.task.completed" in said
    assert not re.search(rf"{proef.MARKER}|Noor|Bakker|Wilgenveen|regenboog|school_ib|{number}|account", said)
    assert casussen.view(ouder, number).head.status == "LOPEND"


def test_what_is_rolled_back_tells_nothing(other: Site, clock: PinnedClock) -> None:
    def refused() -> None:
        with transaction(SERVICE) as session:
            events.tell(session, "proef", 7, None, [Fact(kind="task:created")], clock.now())
            raise BadRequest

    with pytest.raises(BadRequest):
        refused()
    assert waiting() == []


def test_a_system_that_is_down_is_told_later_under_the_same_id(
    other: Site, instance: int, clock: PinnedClock
) -> None:
    other.answers = [(503, {}, b"")]
    carry()
    assert {row.attempts for row in waiting()} == {1}
    clock.move(timedelta(seconds=15))
    other.answers = [(200, {}, b"")]
    carry()
    assert waiting() == []
    ids = [one["id"] for one in told(other)]
    assert (len(ids), len(set(ids))) == (4, 2)


def test_what_never_arrives_is_given_up_for_an_operator(
    other: Site, instance: int, clock: PinnedClock
) -> None:
    other.answers = [(410, {}, b"")]
    for _ in range(4):
        carry()
        clock.move(timedelta(hours=1))
    stuck = outgoing.stuck()
    assert {(one.kind, one.channel, one.state, one.attempts, one.reason) for one in stuck} == {
        ("event", "zaken", "DEAD", 3, "the other system answered 410")
    }
    other.answers = [(200, {}, b"")]
    assert outgoing.again(stuck[0].key)
    carry()
    assert len(outgoing.stuck()) == len(stuck) - 1


def test_a_redirect_is_not_followed(other: Site, instance: int) -> None:
    other.answer = lambda asked: (
        (302, {"Location": "/elders"}, b"") if asked.path == "/haak" else (200, {}, b"")
    )
    carry()
    assert {one.path for one in other.asked} == {"/haak"}
    assert len(waiting()) == 2


def test_a_private_address_is_refused_unless_configured(other: Site, instance: int) -> None:
    carrying.use_settings(http_private="")
    carry()
    assert other.asked == []
    assert {one.reason for one in outgoing.stuck()} == {"the address is private, and not in [http] private"}


def test_a_webhook_that_was_taken_out_gets_nothing(other: Site, instance: int) -> None:
    carrying.use_settings(webhooks=())
    carry()
    assert (other.asked, {one.state for one in outgoing.stuck()}) == ([], {"DEAD"})


def test_each_system_gets_what_it_asked_for(other: Site, api: Actor, instance: int) -> None:
    carrying.clear()
    url = f"{other.url}/haak"
    carrying.use_settings(
        webhooks=(
            hook("een", url, "nl.sluitend.task.created"),
            hook("twee", url, "nl.sluitend.*"),
            hook("drie", url, "nl.sluitend.casus.opened"),
        )
    )
    instances.create(api, process_id="technisch", variables={})
    by = {name: [row for row in waiting() if row.channel == name] for name in ("een", "twee", "drie")}
    assert {name: len(rows) for name, rows in by.items()} == {"een": 1, "twee": 2, "drie": 0}
    carry()
    ids = [one["id"] for one in told(other) if one["type"] == "nl.sluitend.task.created"]
    assert len(ids) == 2
    assert len(set(ids)) == 1  # one event, told to two


def test_without_a_webhook_nothing_is_kept(service: Runtime, api: Actor, clock: PinnedClock) -> None:
    carrying.clear()
    deployments.deploy(api, {"technisch.bpmn": proef.technical()})
    instances.create(api, process_id="technisch", variables={})
    assert waiting() == []


def test_every_type_stands_in_the_handbook() -> None:
    page = (shipped("docs") / "koppelingen.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(nl\.sluitend\.[a-z.]+)`", page)) == set(events.TYPES.values())
