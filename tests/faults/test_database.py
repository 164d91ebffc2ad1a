"""PostgreSQL restarts, goes away, runs out of connections, cuts a transaction: no 500, no long wait, nothing lost or twice."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest

from tests.api.client import FORM, Answer, one_task
from tests.faults import own
from tests.faults.own import Installation

pytestmark = pytest.mark.xdist_group("faults")
LONGEST_WAIT = 5.0  # seconds, of one request


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with own.installation(tmp_path_factory.mktemp("database")) as made:
        assert made.client.deploy(een_taak_bpmn=one_task(), vraag_form=FORM).status == 200
        yield made


@dataclass
class Load:
    """Somebody who starts and completes without end, and sends again what was refused for a moment."""

    site: Installation
    acknowledged: dict[str, str] = field(default_factory=dict)  # instance -> its one task, completed
    statuses: list[int] = field(default_factory=list)
    longest: float = 0.0
    unreached: int = 0  # connections that the web process itself could not take
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        number = 0
        while not self.stopped.is_set():
            number += 1
            started = self.call("POST", "/v2/process-instances", {"processDefinitionId": "een_taak"})
            if started is None or started.status != 200:
                time.sleep(0.1)  # as Retry-After asks, only sooner
                continue
            key = started.json()["processInstanceKey"]
            found = self.again("/v2/user-tasks/search", {"filter": {"processInstanceKey": key}}, "")
            task = found.json()["items"][0]["userTaskKey"]
            self.again(f"/v2/user-tasks/{task}/completion", {"variables": {"aantal": 3}}, f"klaar-{task}")
            self.acknowledged[key] = task

    def again(self, path: str, body: object, name: str) -> Answer:
        """Until it is acknowledged."""
        while True:
            headers = {"Idempotency-Key": name} if name else {}
            answer = self.call("POST", path, body, **headers)
            if answer is not None and answer.status < 300:
                return answer
            time.sleep(0.1)  # as Retry-After asks, only sooner

    def call(self, method: str, path: str, body: object, **headers: str) -> Answer | None:
        began = time.monotonic()
        try:
            answer = self.site.client.call(method, path, body, **headers)
        except OSError:
            self.unreached += 1
            return None
        self.longest = max(self.longest, time.monotonic() - began)
        self.statuses.append(answer.status)
        return answer


@contextlib.contextmanager
def loaded(site: Installation, clients: int = 4) -> Iterator[list[Load]]:
    """Load from so many clients; afterwards nothing was lost, doubled, refused otherwise, or waited for too long."""
    loads = [Load(site) for _ in range(clients)]
    threads = [threading.Thread(target=one.run, daemon=True) for one in loads]
    for thread in threads:
        thread.start()
    try:
        yield loads
    finally:
        for one in loads:
            one.stopped.set()
        for thread in threads:
            thread.join(30)
    _check(site, loads)


def _check(site: Installation, loads: list[Load]) -> None:
    statuses = {status for one in loads for status in one.statuses}
    assert statuses <= {200, 204, 503}, statuses
    assert max(one.longest for one in loads) < LONGEST_WAIT
    done = {int(key): int(task) for one in loads for key, task in one.acknowledged.items()}
    assert done
    counted = site.rows(
        "SELECT instance_key, count(*) FROM fact WHERE payload::text LIKE '%%task:completed%%' "
        "AND instance_key = ANY (%s) GROUP BY 1",
        list(done),
    )
    assert {key for key, _ in counted} == set(done)
    assert {count for _, count in counted} == {1}
    stuck = site.rows(
        "SELECT i.key FROM instance i WHERE i.state = 'ACTIVE' AND NOT EXISTS "
        "(SELECT FROM user_task t WHERE t.instance_key = i.key AND t.state = 'CREATED')"
    )
    assert stuck == []


def _refused(loads: list[Load]) -> int:
    return sum(status == 503 for one in loads for status in one.statuses)


def test_a_restart_of_the_database_under_load_is_a_pause(site: Installation) -> None:
    with loaded(site) as loads:
        time.sleep(1)
        site.server.stop()
        site.server.ensure()
        before = sum(len(one.acknowledged) for one in loads)
        site.wait_until(lambda: sum(len(one.acknowledged) for one in loads) > before + 8)


@pytest.mark.parametrize("seconds", [3, pytest.param(30, marks=pytest.mark.long)])
def test_a_database_that_is_gone_for_a_while_is_told_at_once_and_waited_for(
    site: Installation, seconds: int
) -> None:
    with loaded(site) as loads:
        time.sleep(0.5)
        site.server.stop()
        time.sleep(seconds)
        assert _refused(loads) > 0
        assert site.client.call("GET", "/health/live").status == 200
        assert site.client.call("GET", "/health/ready").status == 503
        site.server.ensure()
        before = sum(len(one.acknowledged) for one in loads)
        took = site.wait_until(lambda: sum(len(one.acknowledged) for one in loads) > before + 8)
        assert took < LONGEST_WAIT


def test_connections_that_are_cut_in_the_middle_lose_nothing(site: Installation) -> None:
    with loaded(site), psycopg.connect(site.server.url_admin, autocommit=True) as admin:
        for _ in range(20):
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sluitend_app'"
            )
            time.sleep(0.1)


def test_without_free_connections_people_are_asked_to_come_back(site: Installation) -> None:
    """The web processes have theirs cut while somebody else holds all that there are."""
    with contextlib.ExitStack() as held:
        admin = held.enter_context(psycopg.connect(site.server.url_admin, autocommit=True))
        with loaded(site) as loads:
            time.sleep(0.3)
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'sluitend_app'"
            )
            hogs = contextlib.ExitStack()
            for _ in range(500):
                try:
                    hogs.enter_context(psycopg.connect(site.server.url_app))
                except psycopg.OperationalError:
                    break
            time.sleep(1)
            hogs.close()
            before = sum(len(one.acknowledged) for one in loads)
            site.wait_until(lambda: sum(len(one.acknowledged) for one in loads) > before + 8)


def test_a_row_that_somebody_holds_is_not_waited_for_without_end(site: Installation) -> None:
    key, task = site.begin()
    with psycopg.connect(site.server.url_admin) as admin:
        admin.execute("SELECT 1 FROM instance WHERE key = %s FOR UPDATE", [int(key)])
        began = time.monotonic()
        refused = site.complete(task)
        assert refused.status == 503
        assert time.monotonic() - began < LONGEST_WAIT
    assert site.complete(task).status == 204


def test_a_deadlock_that_we_lose_is_tried_again_and_not_shown(site: Installation) -> None:
    """The instance is locked before its facts' chain head; somebody who does it the other way round meets us."""
    key, task = site.begin()
    answers: list[Answer] = []
    with psycopg.connect(site.server.url_admin) as admin:
        admin.execute("SELECT 1 FROM chain_head WHERE instance_key = %s FOR UPDATE", [int(key)])
        thread = threading.Thread(target=lambda: answers.append(site.complete(task)))
        thread.start()
        site.wait_until(
            lambda: bool(
                site.rows(
                    "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')"
                )
            )
        )
        with contextlib.suppress(psycopg.errors.DeadlockDetected):
            admin.execute("SELECT 1 FROM instance WHERE key = %s FOR UPDATE", [int(key)])
    thread.join(20)
    assert [one.status for one in answers] == [204]


def test_no_log_of_all_this_is_full_of_traces(site: Installation) -> None:
    log = site.log.read_text(encoding="utf-8")
    assert "request_failed" not in log
