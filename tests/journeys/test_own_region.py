"""A region of one's own, in a folder outside the release: its organisations are read in, its name is on the pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.app import create_app
from service.config import Settings
from tests.conftest import SECRET
from tests.databases import Database
from tests.site import ROOT

ORGANISATION = """[[organisatie]]
key = "veldoever"
naam = "Gemeente Veldoever"
soort = "gemeente"
gemeente = "Veldoever"
telefoon = "088 000 00 01"
"""


@pytest.fixture
def region(tmp_path: Path) -> Path:
    folder = tmp_path / "regio"
    folder.mkdir()
    (folder / "regio.toml").write_text('[regio]\nnaam = "Veldoever"\n', encoding="utf-8")
    (folder / "organisaties.toml").write_text(ORGANISATION, encoding="utf-8")
    return folder


def load(database: Database, region: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.cli", "region", "load"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "SLUITEND_DATABASE_URL": database.url_app,
            "SLUITEND_SECRET_KEY": SECRET,
            "SLUITEND_REGION": str(region),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_its_organisations_are_read_in_and_again_without_change(database: Database, region: Path) -> None:
    for _ in range(2):
        done = load(database, region)
        assert (done.returncode, done.stdout) == (0, "organisations: 1, accounts: 0\n"), done.stderr
    with database.as_admin() as admin:
        assert admin.execute("SELECT key, name FROM organisation").fetchall() == [
            ("veldoever", "Gemeente Veldoever")
        ]


def test_a_folder_that_is_not_there_is_refused(database: Database, tmp_path: Path) -> None:
    refused = load(database, tmp_path / "nergens")
    assert refused.returncode == 1
    assert "Expected organisaties.toml" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_file_that_is_no_toml_is_refused(database: Database, region: Path) -> None:
    (region / "organisaties.toml").write_text("[[organisatie\n", encoding="utf-8")
    refused = load(database, region)
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr


def test_its_name_is_on_the_pages(database: Database, region: Path) -> None:
    app = create_app(Settings(database_url=database.url_app, secret_key=SECRET, region=str(region)))
    page = app.test_client().get("/inloggen").get_data(as_text=True)
    assert "Veldoever" in page
    assert "Zilverbeek" not in page
