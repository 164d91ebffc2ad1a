"""docs/installeren.md and docs/beheer.md are true: their commands, files and SQL are used as they stand there, on a PostgreSQL of our own."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from service.store import embedded
from service.store.embedded import Embedded
from service.store.embedded.server import ADMIN
from tests.site import ROOT, free_port, passable

PAGE = (ROOT / "docs" / "installeren.md").read_text(encoding="utf-8")
RUNBOOK = (ROOT / "docs" / "beheer.md").read_text(encoding="utf-8")
PASSWORD = "een-lange-zin-42"
pytestmark = pytest.mark.xdist_group("installing")  # one installation for all
CONFIG = ROOT / "config"


def blocks(kind: str, page: str = PAGE) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


@dataclass
class Walk:
    """An installation of the page in a folder of the test: its paths and address become those of the test."""

    folder: Path
    server: Embedded
    port: int

    def here(self, text: str) -> str:
        for there, here in (
            ("/etc/sluitend", str(self.folder / "etc")),
            ("/var/backups/sluitend", str(self.folder / "backups")),
            ("/var/lib/sluitend", str(self.folder / "data")),
            ("/opt/sluitend/bin/python", sys.executable),
            (
                "db.zilverbeek.example/sluitend?sslmode=verify-full",
                f"/sluitend?host={quote(str(self.server.sockets), safe='')}",
            ),
            ("port = 8000", f"port = {self.port}"),
            ("127.0.0.1:8000", f"127.0.0.1:{self.port}"),
        ):
            text = text.replace(there, here)
        return text

    def run(self, *wanted: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLUITEND_")}
        kept["PATH"] = f"{Path(sys.executable).parent}:{kept['PATH']}"
        script = self.folder / "script.sh"
        script.write_text(self.here("set -eu\n" + "\n".join(wanted)), encoding="utf-8")
        return subprocess.run(
            ["bash", str(script)],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(ROOT)},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    @contextmanager
    def started(self) -> Iterator[None]:
        """The two services of systemd, with their own command and environment."""
        (secrets,) = (block for block in blocks("sh") if "EINDE" in block and "geheim.env" in block)
        assert "SLUITEND_DATABASE_URL=" in secrets
        running = []
        with (self.folder / "log.txt").open("ab") as log:
            for name in ("web", "worker"):
                unit = configparser.ConfigParser(strict=False)
                unit.optionxform = str  # type: ignore[assignment,method-assign]  # the documented way to keep capitals
                unit.read(CONFIG / "systemd" / f"sluitend-{name}.service", encoding="utf-8")
                service = unit["Service"]
                told = (self.folder / "etc" / "geheim.env").read_text(encoding="utf-8").split()
                told += self.here(service["Environment"]).split()
                command = service["ExecStart"].split()
                assert command[0] == "/opt/sluitend/bin/sluitend"
                running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "service.cli", *command[1:]],
                        cwd=ROOT,
                        env={"PATH": os.environ["PATH"]} | dict(one.split("=", 1) for one in told),
                        stdout=log,
                        stderr=log,
                    )
                )
        try:
            yield
        finally:
            for process in running:
                process.terminate()
            assert [process.wait(30) for process in running] == [0, 0]


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """Steps 2, 4, 5 and 6 of the page, on a server with nothing of ours."""
    folder = passable(tmp_path_factory.mktemp("installing"))
    server = embedded.start(folder / "server")
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute("DROP DATABASE sluitend")
        for statement in "".join(blocks("sql")).strip().split("\n"):
            admin.execute(statement.encode())
    made = Walk(folder, server, free_port())
    try:
        region, secrets, upgrade, fill, _look = blocks("sh")
        (settings,) = blocks("toml")
        done = made.run(region, secrets)
        assert done.returncode == 0, done.stderr
        (folder / "etc" / "sluitend.toml").write_text(made.here(settings), encoding="utf-8")
        done = made.run(upgrade, fill, stdin=PASSWORD + "\n")
        assert done.returncode == 0, done.stderr
        assert "organisations: 1, accounts: 0" in done.stdout
        assert "beheer@zilverbeek.example\tRobin B." in done.stdout
        yield made
    finally:
        server.stop()


def test_the_steps_of_the_page_lead_to_a_service_that_is_ready(walk: Walk) -> None:
    _region, _secrets, upgrade, _fill, look = blocks("sh")
    load, _ = upgrade.split("\n", 1)
    assert shutil.which("curl")
    with walk.started():
        deadline = time.monotonic() + 40
        while not _all_there(done := walk.run(load, look)) and time.monotonic() < deadline:
            time.sleep(0.3)  # two other processes start: their answer is the only signal
            (walk.folder / "etc" / "eerste.backup").unlink(missing_ok=True)
        assert done.returncode == 0, done.stderr + (walk.folder / "log.txt").read_text(encoding="utf-8")
        assert '"status":"UP"' in done.stdout
        assert _all_there(done), done.stdout
        assert "intact: " in done.stdout
        assert "written: " in done.stdout
        _sign_in(walk)
    lines = (walk.folder / "log.txt").read_text(encoding="utf-8").splitlines()
    assert all(isinstance(json.loads(line), dict) for line in lines)


def _all_there(done: subprocess.CompletedProcess[str]) -> bool:
    return done.returncode == 0 and bool(
        re.search(r"^sluitend_workers_alive [1-9]", done.stdout, re.MULTILINE)
    )


def _sign_in(walk: Walk) -> None:
    """The first administrator comes in through the proxy: the cookie is for https alone."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{walk.port}/inloggen",
        headers={
            "X-Forwarded-For": "203.0.113.7",
            "X-Forwarded-Proto": "https",
            "X-Request-Id": "proxy-0001",
        },
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert "Mijn regio" in answer.read().decode()
        assert answer.headers["X-Request-Id"] == "proxy-0001"
        assert "Secure" in answer.headers["Set-Cookie"]


def test_the_app_role_sees_nothing_by_itself_and_the_owner_is_no_superuser(walk: Walk) -> None:
    urls = re.findall(r"postgresql://\S+", walk.here("".join(blocks("sh"))))
    found = {}
    for url in urls:
        with psycopg.connect(url) as connection:
            row = connection.execute(
                "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            assert row is not None
            found[row[0]] = row[1:]
    assert found == {"sluitend_app": (False, False), "sluitend_beheer": (False, True)}


def test_the_drill_of_the_runbook_is_refused_where_it_should_and_ends_well(walk: Walk) -> None:
    load, backup, drill, verify = blocks("sh", RUNBOOK)
    create, drop = blocks("sql", RUNBOOK)
    (walk.folder / "backups").mkdir()
    with psycopg.connect(walk.server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(create.encode())
        done = walk.run(load, backup, drill, verify)
        assert done.returncode == 0, done.stderr
        admin.execute(drop.encode())
    told = done.stdout
    assert told.count("geweigerd, zoals het hoort") == 1
    assert "does not open what it closed" in done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(r"restored: \d+ rows in \d+ tables", told)
    assert told.count("intact: ") == 2
    assert told.index("geweigerd") < told.index("restored: ")
    written, checked = re.search(r"sha256: (\w+)", told), re.search(r"^(\w{64})  ", told, re.MULTILINE)
    assert written is not None
    assert checked is not None
    assert written[1] == checked[1]


def test_every_alarm_of_the_example_has_its_answer_in_the_runbook() -> None:
    rules = (CONFIG / "prometheus" / "alerts.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"alert: (\w+)", rules)) == set(re.findall(r"`(Sluitend\w+)`", RUNBOOK))


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd to ask")
@pytest.mark.parametrize("name", ["web", "worker"])
def test_systemd_understands_the_units(tmp_path: Path, name: str) -> None:
    text = (CONFIG / "systemd" / f"sluitend-{name}.service").read_text(encoding="utf-8")
    unit = tmp_path / f"sluitend-{name}.service"
    unit.write_text(text.replace("/opt/sluitend/bin/sluitend", sys.executable), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False
    )
    assert unit.name not in done.stderr, done.stderr
