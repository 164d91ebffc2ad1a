"""docs/draaiboek.md is true: its commands are run as they stand there, in their order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from service.store import embedded
from tests.site import passable

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "draaiboek.md").read_text(encoding="utf-8")
REFUSED = "geweigerd, zoals het hoort"


def walk(data: Path, blocks: list[str]) -> subprocess.CompletedProcess[str]:
    """One shell, as the operator has one open; it stops at the first command that fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLUITEND_")}
    kept["PATH"] = f"{Path(sys.executable).parent}:{kept['PATH']}"
    script = "\n".join(["set -eu", "sluitend db upgrade", *blocks])
    return subprocess.run(
        ["bash", "-c", script],
        cwd=ROOT,
        env={**kept, "SLUITEND_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    data = passable(tmp_path_factory.mktemp("runbook")) / "data"
    try:
        return walk(data, re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
    finally:
        embedded.start(data).stop()


def test_every_step_of_the_page_works(walked: subprocess.CompletedProcess[str]) -> None:
    assert walked.returncode == 0, walked.stderr


def test_a_rotation_moves_everything_and_the_old_key_can_go(walked: subprocess.CompletedProcess[str]) -> None:
    told = walked.stdout
    moved = re.search(r"rotated: (\d+) values; under other keys: 0", told)
    assert moved is not None
    assert int(moved.group(1)) >= 2
    before, after = told[: moved.start()], told[moved.end() :]
    assert "under start" in before
    assert "under k2027" not in before
    assert "under start" not in after
    assert "held: k2027\n" in after


def test_the_drill_is_refused_by_name_and_tells_no_secret(walked: subprocess.CompletedProcess[str]) -> None:
    assert walked.stdout.count(REFUSED) == 2
    assert "'k2027' is needed" in walked.stderr
    assert "'k2027', but it is not in SLUITEND_KEYS" in walked.stderr
    assert "'k2027', but it does not open what it closed" in walked.stderr
    assert "Traceback" not in walked.stderr
    assert not re.search(r"[\w-]{60,}", walked.stdout + walked.stderr)  # a secret has 64 signs


def test_after_the_drill_everything_opens_again(walked: subprocess.CompletedProcess[str]) -> None:
    assert walked.stdout.rindex("current: k2027") > walked.stdout.rindex(REFUSED)
