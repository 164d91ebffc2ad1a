"""What an operator sees of an installation that runs: numbers of all its processes, and workers that fall behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator

import psycopg
import pytest

from tests.api.client import FORM, one_task
from tests.faults import own
from tests.faults.own import Installation
from tests.site import ROOT

pytestmark = pytest.mark.xdist_group("faults")
TOKEN = "a-token-of-the-settings"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with own.installation(
        tmp_path_factory.mktemp("operating"),
        SLUITEND_METRICS_TOKEN=TOKEN,
        SLUITEND_READY_LAG_SECONDS="2",
        SLUITEND_LOG_FORMAT="json",
    ) as made:
        assert made.client.deploy(een_taak_bpmn=one_task(), vraag_form=FORM).status == 200
        yield made


def get(site: Installation, path: str, **headers: str) -> tuple[int, str]:
    asked = urllib.request.Request(f"http://127.0.0.1:{site.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def numbers(site: Installation) -> dict[str, float]:
    status, text = get(site, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    told = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in told}


LIVE = 'sluitend_http_requests_total{method="GET",route="/health/live",status="200"}'


def web_processes(site: Installation) -> list[int]:
    arbiter = site.running["serve"].pid
    found = subprocess.run(["pgrep", "-P", str(arbiter)], capture_output=True, text=True, check=True)
    return [int(pid) for pid in found.stdout.split()]


def test_whichever_process_answers_tells_the_requests_of_all(site: Installation) -> None:
    before = numbers(site).get(LIVE, 0)
    for _ in range(60):
        assert get(site, "/health/live")[0] == 200
    assert {numbers(site)[LIVE] - before for _ in range(8)} == {60}


def test_counts_do_not_fall_when_a_web_process_is_killed(site: Installation) -> None:
    assert get(site, "/health/live")[0] == 200
    before = numbers(site)[LIVE]
    known = web_processes(site)
    os.kill(known[0], signal.SIGKILL)
    site.wait_until(lambda: len(set(web_processes(site)) - set(known)) == 1)
    site.wait_until(site.usable)
    for _ in range(30):
        assert get(site, "/health/live")[0] == 200
    assert {numbers(site)[LIVE] for _ in range(8)} == {before + 30}


def test_a_histogram_counts_every_request_once(site: Installation) -> None:
    assert get(site, "/health/live")[0] == 200
    found = numbers(site)
    name = "sluitend_http_request_duration_seconds"
    labels = 'method="GET",route="/health/live"'
    buckets = [value for key, value in found.items() if key.startswith(f"{name}_bucket{{{labels},")]
    assert len(buckets) == 11
    assert buckets == sorted(buckets)
    assert found[f"{name}_count{{{labels}}}"] == buckets[-1] == found[LIVE]


def test_what_waits_is_counted(site: Installation) -> None:
    before = numbers(site)
    _, task = site.begin()
    after = numbers(site)
    for name in ("sluitend_tasks_open", "sluitend_instances_active"):
        assert after[name] == before[name] + 1
    assert site.complete(task).status == 204
    assert numbers(site)["sluitend_tasks_open"] == before["sluitend_tasks_open"]
    assert after["sluitend_workers_alive"] >= 1
    assert {"sluitend_timers_lag_seconds", "sluitend_queue_lag_seconds", "sluitend_incidents_active"} < set(
        after
    )


def test_the_numbers_name_routes_and_nobody(site: Installation) -> None:
    key, task = site.begin()
    assert site.complete(task).status == 204
    get(site, "/casus/12345678?naam=geheim")
    get(site, "/nergens/geheim")
    _, text = get(site, "/metrics", Authorization=f"Bearer {TOKEN}")
    assert 'route="-",status="404"' in text
    assert 'route="/v2/user-tasks/<int:key>/completion"' in text
    for private in ("geheim", "12345678", key, task, own.LOGIN):
        assert private not in text


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer other"}, {"Authorization": f"Basic {TOKEN}"}])
def test_nobody_reads_numbers_without_the_token(site: Installation, sent: dict[str, str]) -> None:
    status, text = get(site, "/metrics", **sent)
    assert status == 401
    assert "sluitend_" not in text


def test_the_alert_rules_ask_for_numbers_that_are_there(site: Installation) -> None:
    site.begin()
    _, text = get(site, "/metrics", Authorization=f"Bearer {TOKEN}")
    rules = (ROOT / "config" / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bsluitend_\w+", rules))
    assert len(asked) >= 7
    assert asked - {"sluitend_outgoing"} <= set(re.findall(r"\bsluitend_\w+", text))


def test_an_odd_method_is_counted_without_its_name(site: Installation) -> None:
    asked = urllib.request.Request(f"http://127.0.0.1:{site.port}/health/live", method="GEHEIM")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(asked, timeout=10)
    assert not any("GEHEIM" in name for name in numbers(site))


def test_a_service_whose_workers_are_behind_is_not_ready_and_says_so(site: Installation) -> None:
    assert get(site, "/health/ready")[0] == 200
    site.kill("worker")
    with psycopg.connect(site.server.url_admin) as admin:
        admin.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args) "
            "VALUES ('default', 'broadcast_of_nobody', NULL, '{}')"
        )
    try:
        site.wait_until(lambda: get(site, "/health/ready")[0] == 503)
        status, text = get(site, "/health/ready")
        assert status == 503
        assert re.search(r"workers: \d+ seconds behind \(0 timers, 1 jobs wait\)", text)
        assert numbers(site)["sluitend_queue_lag_seconds"] > 2
    finally:
        site.start("worker")
    site.wait_until(lambda: get(site, "/health/ready")[0] == 200)
