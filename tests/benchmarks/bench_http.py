"""Start and complete one user task over HTTP, everything on: `python -m tests.benchmarks.bench_http [seconds]`.

Runs its own demo with one web process. Prints cycles per second for one and for four clients with keep-alive, and the
median of a completion. Absolute figures are the machine's; compare them within one run.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests import site as sites
from tests.api.client import FORM, Client, one_task


class Caller:
    """One client with one connection that stays open."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
        self.headers = {**Client(address).credentials(), "Content-Type": "application/json"}
        self.completions: list[float] = []

    def call(self, path: str, body: object) -> dict[str, object]:
        """POST and read the whole answer."""
        self.connection.request("POST", path, json.dumps(body), self.headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {content[:200]!r}")
        return json.loads(content) if content else {}

    def cycle(self) -> None:
        """Start, find the task, complete it."""
        started = self.call("/v2/process-instances", {"processDefinitionId": "een_taak"})
        wanted = {"filter": {"processInstanceKey": started["processInstanceKey"]}}
        items = self.call("/v2/user-tasks/search", wanted)["items"]
        assert isinstance(items, list)
        before = time.perf_counter()
        self.call(f"/v2/user-tasks/{items[0]['userTaskKey']}/completion", {"variables": {"aantal": 3}})
        self.completions.append(time.perf_counter() - before)


def measure(address: str, clients: int, seconds: float) -> tuple[float, list[float]]:
    """Cycles per second of so many clients, and the seconds of every completion."""
    callers = [Caller(address) for _ in range(clients)]
    stop = time.perf_counter() + seconds

    def work(caller: Caller) -> None:
        while time.perf_counter() < stop:
            caller.cycle()

    threads = [threading.Thread(target=work, args=(caller,)) for caller in callers]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = [one for caller in callers for one in caller.completions]
    return len(taken) / (time.perf_counter() - began), taken


def main() -> None:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        with sites.demo(
            Path(folder) / "data", SLUITEND_WEB_WORKERS="1", SLUITEND_LOG_LEVEL="WARNING"
        ) as site:
            Client(site.address).deploy(een_taak_bpmn=one_task(), vraag_form=FORM)
            measure(site.address, 1, 2)
            for clients in (1, 4):
                rate, taken = measure(site.address, clients, seconds)
                middle, high = statistics.median(taken) * 1000, statistics.quantiles(taken, n=100)[98] * 1000
                sys.stdout.write(
                    f"{clients} client(s): {rate:6.1f} start+find+complete/s, completion p50 {middle:.1f} ms, p99 {high:.1f} ms\n"
                )


if __name__ == "__main__":
    main()
