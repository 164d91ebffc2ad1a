"""Commands on an embedded database start it when they need it, and leave nothing running behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from service.store import embedded
from tests.site import passable

ROOT = Path(__file__).resolve().parents[2]


def sluitend(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLUITEND_")}
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        cwd=ROOT,
        env={**kept, "SLUITEND_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def running(data: Path) -> bool:
    """Whether a PostgreSQL works in this folder or in the one that its account needs."""
    return any(path.exists() for path in data.parent.rglob("postmaster.pid"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return passable(tmp_path) / "data"


def test_a_command_that_starts_the_database_stops_it(data: Path) -> None:
    assert sluitend(data, "db", "upgrade").returncode == 0
    assert not running(data)
    verified = sluitend(data, "audit", "verify")
    assert (verified.returncode, verified.stderr) == (0, "")
    assert not running(data)


def test_the_address_that_is_told_can_be_connected_to(data: Path) -> None:
    absent = sluitend(data, "db", "url")
    assert absent.returncode == 1
    assert "db upgrade" in absent.stderr
    sluitend(data, "db", "upgrade")
    told = sluitend(data, "db", "url", "--admin").stdout.strip()
    try:
        with psycopg.connect(told) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("sluitend",)
    finally:
        embedded.start(data).stop()
    assert not running(data)
