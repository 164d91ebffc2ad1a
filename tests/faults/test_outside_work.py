"""The database goes away under the worker: service tasks and the queue go on when it is back, by themselves and once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors import web
from tests.connectors.web import Site
from tests.faults import own
from tests.faults.own import Installation
from tests.operations import working

pytestmark = pytest.mark.xdist_group("faults")
SOON = 5.0  # seconds after the database is back


@pytest.fixture(scope="module")
def other() -> Iterator[Site]:
    with web.serving(Site()) as site:
        yield site


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    reach = {"SLUITEND_HTTP_HOSTS": "127.0.0.1", "SLUITEND_HTTP_PRIVATE": "127.0.0.1/32"}
    with own.installation(tmp_path_factory.mktemp("outside"), **reach) as made:
        yield made


def call(installed: Installation, site: Site) -> None:
    inputs = {"url": working.feel(site.url)}
    diagram = working.technical("naar_buiten", "http-json", {"method": "POST"}, inputs)
    assert installed.client.deploy(werk_bpmn=diagram).status == 200
    started = installed.client.call("POST", "/v2/process-instances", {"processDefinitionId": "naar_buiten"})
    assert started.status == 200, started.body


def done(installed: Installation) -> int:
    found = installed.rows(
        "SELECT count(*) FROM instance i JOIN definition d ON d.key = i.definition_key"
        " WHERE d.id = 'naar_buiten' AND i.status = 'COMPLETED'"
    )
    return int(str(found[0][0]))


def test_after_a_restart_of_the_database_service_tasks_are_done_soon_and_once(
    installed: Installation, other: Site
) -> None:
    call(installed, other)
    installed.wait_until(lambda: done(installed) == 1)
    installed.server.stop()
    installed.server.ensure()
    installed.wait_until(installed.usable)
    call(installed, other)
    assert installed.wait_until(lambda: done(installed) == 2) < SOON
    assert len(other.asked) == 2


def test_after_a_restart_of_the_database_the_queue_is_worked_off_soon(installed: Installation) -> None:
    installed.server.stop()
    installed.server.ensure()
    installed.wait_until(installed.usable)
    installed.rows(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status, attempts, abort_requested)"
        " VALUES ('default', 'housekeeping', 0, '{\"timestamp\": 0}', 'todo', 0, false) RETURNING id"
    )
    waiting = "SELECT id FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    assert installed.wait_until(lambda: not installed.rows(waiting)) < SOON
