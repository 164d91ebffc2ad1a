"""`sluitend bench` measures a running server from outside and leaves nothing running."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.api.client import Client
from tests.site import ROOT, Site


def bench(site: Site, *arguments: str, password: str = "demo") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "service.cli",
            "bench",
            "--address",
            site.address,
            "--login",
            "api.zilverbeek@demo.invalid",
            "--seconds",
            "0.2",
            "--clients",
            "1",
            *arguments,
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SLUITEND_BENCH_PASSWORD": password},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_prints_what_it_measured_and_leaves_nothing_running(site: Site) -> None:
    done = bench(site, "--timers", "5", "--json")
    assert done.returncode == 0, done.stderr
    figures = {one["name"]: one for one in json.loads(done.stdout)}
    assert set(figures) == {
        "start + complete one user task",
        "submit",
        "instance of three user tasks",
        "list of 50 tasks",
        "publish a message",
        "due timers, late",
    }
    assert all(one["rate"] > 0 for one in figures.values())
    assert figures["submit"]["p50"] <= figures["submit"]["p99"]
    wanted = {"filter": {"processDefinitionId": {"$like": "sluitend_meting*"}, "state": "ACTIVE"}}
    left = Client(site.address).call("POST", "/v2/process-instances/search", wanted).json()
    assert left["items"] == []


def test_it_prints_a_table(site: Site) -> None:
    done = bench(site, "--timers", "0")
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["clients", "per", "s", "p50", "ms", "p95", "ms", "p99", "ms"]
    assert len(lines) == 5


def test_it_says_what_is_wrong_in_one_line(site: Site) -> None:
    refused = bench(site, password="fout")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "sluitend: Expected an account that may operate technical processes (role api), and its password"
    ]
    away = bench(site, "--address", "http://127.0.0.1:1")
    assert away.returncode == 1
    assert "Expected a server that answers" in away.stderr
    assert bench(site, "--clients", "veel").returncode == 2
