"""`sluitend bench`: how fast a running server is, measured from outside with a workload of its own."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict

from service.cli import workload
from service.cli.subcommands import Subcommands
from service.cli.workload import Figure, Target

_PASSWORD = "SLUITEND_BENCH_PASSWORD"  # noqa: S105  # the name of a setting


def add(commands: Subcommands) -> None:
    """Add `bench`."""
    command = commands.add_parser(
        "bench",
        help="measure a running server",
        description="Starts and completes small technical processes of its own on a running server and prints how "
        f"many per second and how long they take. The password comes from {_PASSWORD}, or is asked for. "
        "Compare figures within one run: machines differ, and so do their days.",
    )
    command.add_argument("--address", default="http://127.0.0.1:8000", help="default %(default)s")
    command.add_argument("--login", required=True, help="an account with role api or beheer")
    command.add_argument("--seconds", type=float, default=10.0, help="per measurement; default %(default)s")
    command.add_argument(
        "--clients", default="1,4", help="how many ask at once, e.g. 1,4,16; default %(default)s"
    )
    command.add_argument(
        "--timers", type=int, default=200, help="terms that end at once, 0 for none; default %(default)s"
    )
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    try:
        counts = [int(one) for one in arguments.clients.split(",")]
    except ValueError:
        counts = []
    if (
        not counts
        or min(counts) < 1
        or max(counts) > 64
        or not 0 < arguments.seconds <= 600
        or not 0 <= arguments.timers <= 1000
    ):
        sys.stderr.write(
            "sluitend: expected --clients such as 1,4 (up to 64) --seconds up to 600, --timers up to 1000\n"
        )
        return 2
    password = os.environ.get(_PASSWORD) or getpass.getpass(f"Password of {arguments.login}: ")
    target = Target(address=arguments.address.rstrip("/"), login=arguments.login, password=password)
    with workload.prepared(target):
        figures = list(_measured(target, counts, arguments.seconds, arguments.timers))
    if arguments.json:
        sys.stdout.write(json.dumps([asdict(one) for one in figures], indent=1) + "\n")
    else:
        sys.stdout.writelines(_lines(figures))
    return 0


def _measured(target: Target, counts: Iterable[int], seconds: float, terms: int) -> Iterable[Figure]:
    for clients in counts:
        workload.one_task(target, clients, min(seconds, 2))  # caches and connections are warm from here on
        yield from workload.one_task(target, clients, seconds)
        yield workload.one_task(target, clients, seconds, tasks=3)[0]
        yield workload.listing(target, clients, seconds)
        yield workload.publishing(target, clients, seconds)
    if terms:
        yield workload.timers(target, terms)


def _lines(figures: Iterable[Figure]) -> Iterable[str]:
    yield f"{'':32}{'clients':>8}{'per s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}\n"
    for one in figures:
        cuts = "".join(f"{_milliseconds(value):>9}" for value in (one.p50, one.p95, one.p99))
        yield f"{one.name:32}{one.clients:8}{one.rate:9.1f}{cuts}\n"


def _milliseconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds * 1000:.1f}"
