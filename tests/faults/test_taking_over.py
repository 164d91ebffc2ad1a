"""Any number of workers: each timer fires once, and what a killed one had in hand another does within five seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from service.clock import PinnedClock
from service.domain import SYSTEM
from service.operations import deployments, instances, outgoing
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.connectors import smtp, web
from tests.connectors.smtp import PostOffice
from tests.connectors.web import Site
from tests.databases import Database
from tests.faults import workers
from tests.operations import working
from tests.site import passable

SOON = 5.0  # seconds

_TIMER = b"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="test">
  <bpmn:process id="wacht" name="Wacht" isExecutable="true">
    <bpmn:startEvent id="begin"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:intermediateCatchEvent id="dag" name="Een dag"><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing>
      <bpmn:timerEventDefinition id="t"><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>
    <bpmn:endEvent id="klaar"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="dag" /><bpmn:sequenceFlow id="f2" sourceRef="dag" targetRef="klaar" />
  </bpmn:process>
</bpmn:definitions>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return passable(tmp_path)


@pytest.fixture
def clock(database: Database, folder: Path) -> Iterator[PinnedClock]:
    with workers.runtime_on(database, folder) as pinned:
        yield pinned


@pytest.fixture
def admin(database: Database) -> Iterator[psycopg.Connection]:
    with database.as_admin() as connection:
        yield connection


def registered(admin: psycopg.Connection, lines: int) -> bool:
    """Whether so many lines of the queue have a worker that beats."""
    alive = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '2 seconds'"
    return workers.one(admin, alive) >= lines


@pytest.mark.parametrize(("count", "kills"), [(1000, False), (1000, True)])
@pytest.mark.xdist_group("faults")
def test_two_workers_fire_each_due_timer_once(
    database: Database, folder: Path, clock: PinnedClock, admin: psycopg.Connection, count: int, kills: bool
) -> None:
    clock.move(-timedelta(days=2))  # so that all are due when the workers begin
    deployments.deploy(SYSTEM, {"wacht.bpmn": _TIMER})
    for _ in range(count):
        instances.create(SYSTEM, process_id="wacht", variables={})
    fired = "SELECT count(*) FROM fact WHERE kind = 'timer:fired'"
    with workers.worker(database, folder) as first, workers.worker(database, folder):
        if kills:
            workers.until(lambda: workers.one(admin, fired) > 0, 30)
            first.kill()
        workers.until(lambda: workers.one(admin, fired) >= count, 60)
        workers.until(
            lambda: workers.one(admin, "SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == count,
            30,
        )
    twice = "SELECT count(*) FROM (SELECT 1 FROM fact WHERE kind = 'timer:fired' GROUP BY instance_key HAVING count(*) > 1) t"
    assert (workers.one(admin, fired), workers.one(admin, twice)) == (count, 0)
    assert workers.one(admin, "SELECT count(*) FROM incident") == 0


@pytest.mark.xdist_group("faults")
def test_a_call_of_a_killed_worker_is_made_by_another_within_five_seconds(
    database: Database, folder: Path, clock: PinnedClock, admin: psycopg.Connection
) -> None:
    with web.serving(Site()) as site, ExitStack() as running:
        site.answer = lambda _asked: _stall(site)
        settings = {"http_hosts": "127.0.0.1", "http_private": "127.0.0.1/32", "http_timeout_seconds": "30"}
        first = running.enter_context(workers.worker(database, folder, **settings))
        inputs = {"url": working.feel(site.url), "body": "{}"}
        deployments.deploy(
            SYSTEM, {"werk.bpmn": working.technical("eigen_werk", "http-json", {"method": "POST"}, inputs)}
        )
        instances.create(SYSTEM, process_id="eigen_werk", variables={})
        assert site.came.wait(30)
        running.enter_context(workers.worker(database, folder, **settings))
        workers.until(lambda: registered(admin, 4), 30)
        assert len(site.asked) == 1  # held for as long as it is worked on
        first.kill()
        assert workers.until(lambda: len(site.asked) == 2, 30) < SOON
        workers.until(
            lambda: workers.one(admin, "SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == 1, 10
        )
    assert len({one.headers["Idempotency-Key"] for one in site.asked}) == 1
    assert workers.one(admin, "SELECT count(*) FROM fact WHERE kind = 'instance:completed'") == 1


def _stall(site: Site) -> tuple[int, dict[str, str], bytes]:
    """Let the first who asks wait until nobody waits any more."""
    if len(site.asked) == 1:
        workers.until(lambda: len(site.asked) > 1, 60)
    return 200, {}, b""


@pytest.mark.xdist_group("faults")
def test_a_mail_of_a_killed_worker_is_sent_by_another_within_five_seconds(
    database: Database, folder: Path, clock: PinnedClock, admin: psycopg.Connection
) -> None:
    office = PostOffice(stalls=1)
    with smtp.serving(office), ExitStack() as running:
        told = office.settings(mail_timeout_seconds=30.0)
        names = ("mail_host", "mail_port", "mail_tls", "mail_sender", "mail_timeout_seconds")
        settings = {name: str(getattr(told, name)) for name in names}
        first = running.enter_context(workers.worker(database, folder, **settings))
        with transaction(SERVICE) as session:
            outgoing.post(session, "taak", ["sanne@school.example"], "/taken", clock.now())
        assert office.stalled.wait(30)
        running.enter_context(workers.worker(database, folder, **settings))
        workers.until(lambda: registered(admin, 4), 30)
        assert office.mails == []
        first.kill()
        assert workers.until(lambda: len(office.mails) == 1, 30) < SOON
        workers.until(
            lambda: workers.one(admin, "SELECT count(*) FROM outgoing WHERE state = 'SENT'") == 1, 10
        )
    assert len(office.mails) == 1
