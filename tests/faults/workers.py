"""Real worker processes on a database of their own, to be killed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from service.clock import PinnedClock
from service.config import Settings
from service.operations import catalog, runtime
from tests.databases import Database
from tests.site import ROOT

SECRET = "only-for-tests-and-long-enough-to-be-one"


@contextlib.contextmanager
def runtime_on(database: Database, folder: Path) -> Iterator[PinnedClock]:
    """This process as a web process of the same installation, with a clock that a test sets."""
    clock = PinnedClock(datetime.now(UTC))
    settings = Settings(database_url=database.url_app, secret_key=SECRET, data_dir=str(folder))
    runtime.start(settings, clock=clock)
    catalog.forget()
    try:
        yield clock
    finally:
        runtime.stop()
        catalog.forget()


@contextlib.contextmanager
def worker(database: Database, folder: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m service.worker` until the end of the block."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SLUITEND_")} | {
        "SLUITEND_DATABASE_URL": database.url_app,
        "SLUITEND_SECRET_KEY": SECRET,
        "SLUITEND_DATA_DIR": str(folder),
        **{f"SLUITEND_{name.upper()}": value for name, value in settings.items()},
    }
    log = (folder / f"worker-{time.monotonic_ns()}.log").open("w", encoding="utf-8")
    with log:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.worker"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            text=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def until(found: Callable[[], bool], seconds: float) -> float:
    """Wait; gives how long it took, in seconds."""
    began = time.monotonic()
    while not found():
        if time.monotonic() - began > seconds:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic() - began


def one(admin: psycopg.Connection, statement: str) -> int:
    """The number that a statement gives."""
    row = admin.execute(statement.encode()).fetchone()
    assert row is not None
    return int(row[0])
