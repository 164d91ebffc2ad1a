"""An installation on a PostgreSQL of its own, as compose.yaml sets it up: upgrade as owner, serve as the app role."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from service.store import embedded
from tests.site import ROOT, free_port, passable

SECRET = "only-for-tests-and-long-enough-to-be-one"


@pytest.fixture
def addresses(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The app role's and the owner's address of an empty database on somebody's own server."""
    server = embedded.start(passable(tmp_path) / "server")
    try:
        host = f"?host={quote(str(server.sockets), safe='')}"
        yield f"postgresql://sluitend_app:app-word@/sluitend{host}", server.url_admin
    finally:
        server.stop()


def test_upgrade_serve_and_refuse_on_an_external_database(addresses: tuple[str, str], tmp_path: Path) -> None:
    app, admin = addresses
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "SLUITEND_DATABASE_URL": app,
        "SLUITEND_SECRET_KEY": SECRET,
        "SLUITEND_PORT": str(port),
        "SLUITEND_DATA_DIR": str(tmp_path / "unused"),
    }
    command = [sys.executable, "-m", "service.cli"]
    upgrade = {**environment, "SLUITEND_DATABASE_ADMIN_URL": admin}
    done = subprocess.run(
        [*command, "db", "upgrade"], cwd=ROOT, env=upgrade, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    published = subprocess.run(
        [*command, "publish"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert "version 1 published" in published.stdout, published.stderr
    refused = subprocess.run(
        [*command, "demo"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "SLUITEND_DATABASE_URL" in refused.stderr
    with subprocess.Popen(
        [*command, "serve"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    ) as serving:
        try:
            assert _ready(port)
        finally:
            serving.terminate()
    assert not (tmp_path / "unused").exists()
    with psycopg.connect(app) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False)


def _ready(port: int) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)  # another process is starting: its answer is the only signal
    return False
