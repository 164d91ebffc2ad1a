"""A database as an earlier release left it is brought to this one, and everything that waited in it is finished."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.store import embedded
from tests.api.client import Client
from tests.api.test_jobs import wait_for
from tests.faults.frozen import make
from tests.faults.own import Installation
from tests.site import ROOT, free_port, passable

pytestmark = pytest.mark.xdist_group("faults")


@dataclass
class Thawed:
    """The restored installation, and what restoring it said."""

    site: Installation
    told: str

    @property
    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.site.port}")


@pytest.fixture(scope="module")
def thawed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thawed]:
    folder = tmp_path_factory.mktemp("frozen")
    server = embedded.start(passable(folder) / "server")
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "SLUITEND_DATABASE_URL": server.url_app,
        "SLUITEND_SECRET_KEY": (make.FILES / "secret.key").read_text(encoding="ascii").strip(),
        "SLUITEND_PORT": str(port),
        "SLUITEND_DATA_DIR": str(folder / "unused"),
        "SLUITEND_WEB_WORKERS": "1",
    }
    site = Installation(server=server, port=port, environment=environment, log=folder / "log.txt")
    try:
        told = site.command("restore", str(make.FILES / "database.backup"))
        site.start("serve", "worker")
        made = Thawed(site, told)
        site.wait_until(lambda: made.client.call("GET", "/v2/topology").status == 200)
        yield made
    finally:
        site.stop()
        server.stop()


def standing(thawed: Thawed, process: str) -> list[str]:
    body = {"filter": {"processDefinitionId": process, "state": "ACTIVE"}}
    found = thawed.client.call("POST", "/v2/process-instances/search", body).json()["items"]
    return [str(one["processInstanceKey"]) for one in found]


def done(thawed: Thawed, key: str) -> bool:
    return bool(thawed.client.call("GET", f"/v2/process-instances/{key}").json()["state"] == "COMPLETED")


def answer(thawed: Thawed, key: str, variables: dict[str, Any]) -> int:
    """Answer every open task of an instance; gives how many there were."""
    body = {"filter": {"processInstanceKey": key, "state": "CREATED"}}
    tasks = thawed.client.call("POST", "/v2/user-tasks/search", body).json()["items"]
    for one in tasks:
        path = f"/v2/user-tasks/{one['userTaskKey']}/completion"
        sent = thawed.client.call("POST", path, {"variables": variables})
        assert sent.status == 204, sent.body
    return len(tasks)


def test_it_is_restored_with_its_history_intact(thawed: Thawed) -> None:
    assert "history: intact" in thawed.told
    assert thawed.site.command("audit", "verify").startswith("intact: ")


def test_its_tasks_are_answered(thawed: Thawed) -> None:
    for process, variables, count in (
        ("een_taak", {"aantal": 3}, 1),
        ("ieder", {}, 3),
        ("roept", {"aantal": 3}, 1),
    ):
        (key,) = standing(thawed, process)
        assert answer(thawed, key, variables) == count
        assert done(thawed, key)


def test_its_terms_end(thawed: Thawed) -> None:
    wait_for(lambda: standing(thawed, "termijn") == [], 30)


def test_its_job_is_done_and_its_messages_come(thawed: Thawed) -> None:
    client, keys = thawed.client, standing(thawed, "werk_wacht")
    assert len(keys) == 2
    body = {
        "type": "werk_wacht",
        "timeout": 60_000,
        "maxJobsToActivate": 9,
        "requestTimeout": -1,
        "worker": "w",
    }
    (job,) = client.call("POST", "/v2/jobs/activation", body).json()["jobs"]
    assert client.call("POST", f"/v2/jobs/{job['jobKey']}/completion", {}).status == 204
    told = {"name": "werk_wacht-bericht", "correlationKey": "bevroren"}
    for _ in keys:
        assert client.call("POST", "/v2/messages/correlation", told).status == 200
    assert all(done(thawed, key) for key in keys)


def test_its_cases_and_their_tasks_open_for_who_takes_part(thawed: Thawed) -> None:
    """What was sealed is read, and the state of each regional case is understood by this release."""
    rows = thawed.site.rows("SELECT number FROM casus WHERE status = 'LOPEND'")
    seen = subprocess.run(
        [sys.executable, "-m", "tests.faults.frozen.look"],
        cwd=ROOT,
        env={**os.environ, **thawed.site.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert seen.returncode == 0, seen.stderr
    assert rows
    assert {str(number) for (number,) in rows} <= set(seen.stdout.split())


def test_a_file_of_it_is_small_and_holds_no_real_key(thawed: Thawed) -> None:
    assert (make.FILES / "database.backup").stat().st_size < 300_000
    assert Path(make.FILES / "secret.key").is_file()
