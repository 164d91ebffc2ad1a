"""`sluitend demo`: the demo region on an embedded database, with web and worker, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from service import config
from service.cli.serve import gunicorn_command, worker_command
from service.cli.subcommands import Subcommands
from service.errors import ConfigurationError
from service.operations import demo, runtime

_LOOK_SECONDS = 0.5
_STOP_SECONDS = 25


def add(commands: Subcommands) -> None:
    """Add `demo`."""
    command = commands.add_parser("demo", help="bring up the demo region; Ctrl-C stops all")
    command.add_argument("--port", type=_port, default=8000, help="port of the site (8000)")
    command.add_argument("--data", default="data", help="data folder (data)")
    command.set_defaults(run=run)


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 65_536:
        raise argparse.ArgumentTypeError("expected a port from 1 to 65535")
    return port


@dataclass
class Child:
    """A process that is kept running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = field(default=None)

    def ensure(self) -> None:
        """Start it, or start it again when it has ended."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            _say(f"{self.name} stopped (exit {self.process.returncode}); starting it again.")
        self.process = subprocess.Popen(self.command)  # noqa: S603  # our own interpreter with fixed arguments

    def stop(self) -> None:
        """Ask it to stop; kill it when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run(arguments: argparse.Namespace) -> int:
    """Set up the database and the region once, then keep database, web and worker alive."""
    if os.environ.get("SLUITEND_DATABASE_URL"):
        raise ConfigurationError("The demo has its own database: expected SLUITEND_DATABASE_URL to be empty")
    data = str(Path(arguments.data).resolve())
    os.environ.update(SLUITEND_DEMO="1", SLUITEND_DATA_DIR=data, SLUITEND_PORT=str(arguments.port))
    stop = threading.Event()

    def stopped(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    settings = config.load()
    _say("Starting the database ...")
    with runtime.embedded(settings) as database:
        runtime.upgrade(settings)
        runtime.start(settings)
        _say("Loading region Zilverbeek and playing its cases ...")
        demo.play()
        runtime.stop()
        children = [
            Child("web", gunicorn_command()),
            Child("worker", worker_command()),
        ]
        try:
            _tend(children, database.ensure, stop, settings)
        finally:
            _say("Stopping ...")
            for child in children:
                child.stop()
    return 0


def _tend(
    children: list[Child], ensure_database: object, stop: threading.Event, settings: config.Settings
) -> None:
    """Look twice a second whether everything lives; say the address once it answers."""
    announced = False
    while not stop.is_set():
        assert callable(ensure_database)  # noqa: S101  # narrows the type for the reader below
        ensure_database()
        for child in children:
            child.ensure()
        if not announced and _answers(settings.port):
            announced = True
            _announce(settings)
        stop.wait(_LOOK_SECONDS)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(settings: config.Settings) -> None:
    lines = [
        "",
        f"Sluitend is ready: http://127.0.0.1:{settings.port}",
        "",
        "Demo logins (password: demo):",
        *(f"  {login:<46} {role}" for login, role in demo.logins()),
        "",
        f"Mail that it would send lies in {Path(settings.data_dir) / 'mail'}",
        "",
        "Ctrl-C stops everything.",
    ]
    _say("\n".join(lines))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
