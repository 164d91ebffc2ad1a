"""`sluitend serve` and `sluitend worker`: the two processes of an installation."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from types import FrameType

from service import config, worker
from service.cli.subcommands import Subcommands
from service.operations import runtime


def add(commands: Subcommands) -> None:
    """Add `serve` and `worker`."""
    serving = commands.add_parser("serve", help="answer HTTP requests (gunicorn)")
    serving.set_defaults(run=serve)
    working = commands.add_parser("worker", help="fire timers, run jobs, keep house")
    working.set_defaults(run=work)


def gunicorn_command() -> list[str]:
    """How gunicorn is started; it reads the same settings as this process."""
    return [sys.executable, "-m", "gunicorn", "--config", str(config.shipped("config") / "gunicorn.conf.py")]


def serve(_arguments: argparse.Namespace) -> int:
    """Become gunicorn."""
    command = gunicorn_command()
    os.execv(command[0], command)  # noqa: S606  # our own interpreter with fixed arguments, no shell


def work(_arguments: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C, then finish what is in hand."""
    stop = threading.Event()

    def stopped(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    runtime.start(config.load())
    worker.run(stop)
    return 0
