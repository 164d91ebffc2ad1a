"""Us and the bare app in one run, taking turns: `python -m tests.benchmarks.rivals [seconds] [rounds]`.

One web process with four threads each, durable commits, the same client with connections that stay open. Prints medians of
the rounds and the ratio; figures of different runs are not compared.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from service.cli import workload
from service.cli.workload import Target
from service.store import embedded
from service.store.connection import dialect
from tests.site import ROOT, demo, free_port


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[str]:
    """The bare app behind gunicorn on a PostgreSQL of its own."""
    server = embedded.start(folder / "bare")
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers",
        "1",
        "--threads",
        "4",
        "--worker-class",
        "gthread",
    ]
    command += [
        "--keep-alive",
        "30",
        "--bind",
        f"127.0.0.1:{port}",
        "tests.benchmarks.rivals.bare:create_app()",
    ]
    environment = {**os.environ, "BARE_DATABASE_URL": dialect(server.url_admin)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _answers(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
        server.stop()


def _answers(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(f"{address}/v2/topology", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)  # gunicorn is starting
    raise TimeoutError(address)


def measured(target: Target, clients: int, seconds: float) -> tuple[float, float]:
    """Start + complete per second, and the median of a submit in milliseconds."""
    whole, submit = workload.one_task(target, clients, seconds)
    return whole.rate, (submit.p50 or 0.0) * 1000


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        folder.chmod(0o711)
        with (
            demo(folder / "data", SLUITEND_WEB_WORKERS="1", SLUITEND_LOG_LEVEL="WARNING") as site,
            bare(folder) as address,
        ):
            ours = Target(
                address=site.address, login="api.zilverbeek@demo.invalid", password="demo"
            )  # of the demo
            theirs = Target(address=address, login="x", password="x")  # nobody looks
            with workload.prepared(ours):
                for clients in (1, 4):
                    _compare(ours, theirs, clients, seconds, rounds)


def _compare(ours: Target, theirs: Target, clients: int, seconds: float, rounds: int) -> None:
    found: dict[str, list[tuple[float, float]]] = {"sluitend": [], "bare app": []}
    for _ in range(rounds):
        for name, target in (("sluitend", ours), ("bare app", theirs)):
            found[name].append(measured(target, clients, seconds))
    rates = {name: statistics.median(rate for rate, _ in each) for name, each in found.items()}
    waits = {name: statistics.median(wait for _, wait in each) for name, each in found.items()}
    for name in found:
        ratio = rates[name] / rates["bare app"]
        sys.stdout.write(
            f"{clients} client(s)  {name:10} start+complete {rates[name]:6.1f}/s  submit p50 {waits[name]:5.1f} ms  ratio {ratio:.2f}\n"
        )


if __name__ == "__main__":
    main()
