"""`sluitend serve` and `sluitend worker`: this process becomes one of the two of an installation."""

from __future__ import annotations

import os
import sys

from service import config
from service.cli.subcommands import Subcommands


def add(commands: Subcommands) -> None:
    """Add `serve` and `worker`."""
    serving = commands.add_parser("serve", help="answer HTTP requests (gunicorn)")
    serving.set_defaults(run=lambda _arguments: become(gunicorn_command()))
    working = commands.add_parser("worker", help="fire timers, run jobs, keep house")
    working.set_defaults(run=lambda _arguments: become(worker_command()))


def gunicorn_command() -> list[str]:
    """How gunicorn is started; it reads the same settings as this process."""
    return [sys.executable, "-m", "gunicorn", "--config", str(config.shipped("config") / "gunicorn.conf.py")]


def worker_command() -> list[str]:
    """How the worker is started."""
    return [sys.executable, "-m", "service.worker"]


def become(command: list[str]) -> int:
    """Replace this process: signals and exit code are those of the program itself."""
    os.execv(command[0], command)  # noqa: S606  # our own interpreter with fixed arguments, no shell
