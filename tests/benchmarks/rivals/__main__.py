"""Us and others in one run, taking turns: `python -m tests.benchmarks.rivals [seconds] [rounds]`.

One process each (ours and the Python ones with four threads), durable commits on a PostgreSQL of its own, the same
client with connections that stay open. Prints medians of the rounds, percentiles and ratios; figures of different runs
are not compared. Rivals run where they are installed, outside the project:

RIVALS_PYTHON   a Python with django-viewflow, psycopg and gunicorn
RIVALS_NODE     a folder in which npm installed bpmn-engine and pg
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from service.cli import workload
from service.cli.workload import Figure, Target
from service.store import embedded
from service.store.connection import dialect
from tests.site import ROOT, demo, free_port

_HERE = "tests.benchmarks.rivals"
_GUNICORN = [
    "-m",
    "gunicorn",
    "--workers",
    "1",
    "--threads",
    "4",
    "--worker-class",
    "gthread",
    "--keep-alive",
    "30",
    "--bind",
]


def commands(port: int) -> dict[str, list[str]]:
    """How each that is installed is started; says what is not."""
    found = {"bare app": [sys.executable, *_GUNICORN, f"127.0.0.1:{port}", f"{_HERE}.bare:create_app()"]}
    python, node = os.environ.get("RIVALS_PYTHON", ""), os.environ.get("RIVALS_NODE", "")
    if python:
        found["django-viewflow"] = [python, *_GUNICORN, f"127.0.0.1:{port}", f"{_HERE}.viewflow:create_app()"]
    else:
        sys.stdout.write("django-viewflow is left out: RIVALS_PYTHON names no Python that has it\n")
    if node and shutil.which("node"):
        found["bpmn-engine"] = ["node", str(Path(__file__).parent / "bpmn_engine.mjs")]
    else:
        sys.stdout.write("bpmn-engine is left out: RIVALS_NODE names no folder that has it\n")
    return found


@contextlib.contextmanager
def running(name: str, folder: Path) -> Iterator[str]:
    """One rival on a PostgreSQL of its own; gives its address."""
    server, port = embedded.start(folder / name.replace(" ", "_")), free_port()
    environment = {
        **os.environ,
        "BARE_DATABASE_URL": dialect(server.url_admin),
        "PORT": str(port),
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(commands(port)[name], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _answers(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        server.stop()


def _answers(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/v2/topology", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)  # it is starting
    raise TimeoutError(address)


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as temporary, contextlib.ExitStack() as stack:
        folder = Path(temporary)
        folder.chmod(0o711)
        site = stack.enter_context(
            demo(folder / "data", SLUITEND_WEB_WORKERS="1", SLUITEND_LOG_LEVEL="WARNING")
        )
        ours = Target(
            address=site.address, login="api.zilverbeek@demo.invalid", password="demo"
        )  # of the demo
        targets = {"sluitend": ours}
        for name in commands(0):
            address = stack.enter_context(running(name, folder))
            targets[name] = Target(address=address, login="x", password="x")  # nobody looks
        with workload.prepared(ours):
            for clients in (1, 4):
                _compare(targets, clients, seconds, rounds)


def _compare(targets: dict[str, Target], clients: int, seconds: float, rounds: int) -> None:
    found: dict[str, list[tuple[Figure, Figure]]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            found[name].append(workload.one_task(target, clients, seconds))
    rates = {name: statistics.median(whole.rate for whole, _ in each) for name, each in found.items()}
    for name, each in found.items():
        waits = (_ms([getattr(one, part) for _, one in each]) for part in ("p50", "p95", "p99"))
        p50, p95, p99 = waits
        sys.stdout.write(
            f"{clients} client(s)  {name:16} start+complete {rates[name]:6.1f}/s  "
            f"submit p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms  we are {rates['sluitend'] / rates[name]:5.2f} x\n"
        )


def _ms(found: Sequence[float | None]) -> float:
    return statistics.median((one or 0.0) * 1000 for one in found)


if __name__ == "__main__":
    main()
