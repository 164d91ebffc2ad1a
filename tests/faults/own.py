"""An installation on a PostgreSQL that the test stops, starts and cuts: two web processes and a worker."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from service.store import embedded
from service.store.embedded import Embedded
from tests.api.client import Answer, Client
from tests.site import ROOT, free_port, passable

SECRET = "only-for-tests-and-long-enough-to-be-one"
LOGIN, PASSWORD = "koppeling@proef.invalid", "een-lange-zin-42"


@dataclass
class Installation:
    """Everything that runs, and a client that may operate technical processes."""

    server: Embedded
    port: int
    environment: dict[str, str]
    log: Path
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def client(self) -> Client:
        return Client(f"http://127.0.0.1:{self.port}", LOGIN, PASSWORD)

    def start(self, *names: str) -> None:
        """Start `serve` or `worker`."""
        for name in names:
            with self.log.open("ab") as log:
                self.running[name] = subprocess.Popen(
                    [sys.executable, "-m", "service.cli", name.rstrip("0123456789")],
                    cwd=ROOT,
                    env=self.environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def kill(self, name: str) -> None:
        """kill -9 of a process with its children."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything but the database."""
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(25)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.running.clear()

    def command(self, *arguments: str, stdin: str = "") -> str:
        """Run `sluitend …` to its end; gives what it printed."""
        admin = {"SLUITEND_DATABASE_ADMIN_URL": self.server.url_admin}
        done = subprocess.run(
            [sys.executable, "-m", "service.cli", *arguments],
            cwd=ROOT,
            env=self.environment | admin,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_until(self, seen: Callable[[], bool], seconds: float = 60) -> float:
        """Wait for something that other processes do; gives the seconds that it took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with contextlib.suppress(OSError, psycopg.Error):
                if seen():
                    return time.monotonic() - began
            time.sleep(0.05)  # other processes work: what they leave is the only signal
        raise TimeoutError(self.log.read_text(encoding="utf-8")[-4000:])

    def usable(self) -> bool:
        """Whether somebody who operates is answered."""
        return self.client.call("GET", "/v2/topology").status == 200

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Look past every policy."""
        with psycopg.connect(self.server.url_admin) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def begin(self) -> tuple[str, str]:
        """Start an instance of een_taak; gives its key and that of its task."""
        started = self.client.call("POST", "/v2/process-instances", {"processDefinitionId": "een_taak"})
        assert started.status == 200, started.body
        key = started.json()["processInstanceKey"]
        found = self.client.call("POST", "/v2/user-tasks/search", {"filter": {"processInstanceKey": key}})
        return key, found.json()["items"][0]["userTaskKey"]

    def complete(self, task: str, **headers: str) -> Answer:
        """Complete a task."""
        return self.client.call(
            "POST", f"/v2/user-tasks/{task}/completion", {"variables": {"aantal": 3}}, **headers
        )


@contextlib.contextmanager
def installation(folder: Path, **settings: str) -> Iterator[Installation]:
    """An installation with een_taak deployed, ended and thrown away afterwards."""
    server = embedded.start(passable(folder) / "server")
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "SLUITEND_DATABASE_URL": server.url_app,
        "SLUITEND_SECRET_KEY": SECRET,
        "SLUITEND_PORT": str(port),
        "SLUITEND_DATA_DIR": str(folder / "unused"),
        "SLUITEND_WEB_WORKERS": "2",
        **settings,
    }
    made = Installation(server=server, port=port, environment=environment, log=folder / "log.txt")
    try:
        made.command("db", "upgrade")
        made.command("user", "create", LOGIN, "Koppeling", "--role", "api", stdin=PASSWORD + "\n")
        made.start("serve", "worker")
        made.wait_until(made.usable)
        yield made
    finally:
        made.stop()
        server.stop()


def at_once(people: int, attempt: Callable[[int], object]) -> list[object]:
    """Run `attempt` in so many threads that start together; results or errors, in order."""
    barrier, found = threading.Barrier(people), [None] * people

    def run(number: int) -> None:
        barrier.wait()
        try:
            found[number] = attempt(number)  # type: ignore[call-overload]  # a list of whatever comes
        except Exception as error:  # whatever it was belongs in the result
            found[number] = error  # type: ignore[call-overload]  # a list of whatever comes

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(found)
