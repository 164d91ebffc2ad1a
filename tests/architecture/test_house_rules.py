"""The house keeps its own rules: sizes, addresses, paths, locks."""

from __future__ import annotations

import itertools
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture import locks

ROOT = Path(__file__).resolve().parents[2]


def _tracked(*patterns: str) -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("this tree is no git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_python_module_grows_past_four_hundred_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _tracked("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 400
    }
    assert long == {}


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    private = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/\w")
    named = [
        f"{path.relative_to(ROOT)}: {found.group(0)}"
        for path in _tracked(
            "*.py", "*.md", "*.toml", "*.mjs", "*.json", "Makefile", "Dockerfile", "*.yaml", "*.yml"
        )
        if "/dist/" not in str(path)
        for found in private.finditer(path.read_text(encoding="utf-8"))
        if path.name != Path(__file__).name
    ]
    assert named == []


def test_the_requirement_locks_are_complete_hashed_and_without_addresses() -> None:
    assert locks.main() == 0


@pytest.mark.parametrize("folder", ["service/web/frontend", "tests/identity/oidc_provider"])
def test_a_lock_of_npm_holds_no_registry_address(folder: str) -> None:
    lock = ROOT / folder / "package-lock.json"
    assert '"resolved"' not in lock.read_text(encoding="utf-8")


def test_every_lint_exception_in_the_service_says_why() -> None:
    bare = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma: no cover)(?:[:\[][\w\-, \]]*)?\s*$")
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked("service/*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line)
    ]
    assert silent == []


def test_nothing_asks_the_machine_which_day_it_is() -> None:
    """A server in UTC is a day behind the people it serves for one or two hours of every night."""
    asks = re.compile(r"\bdate\.today\(\)|\bdatetime\.(?:now|today)\(\)|noqa: DTZ0(?:02|05|11)")
    this = Path(__file__).resolve()
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked("service/*.py") + _tracked("tests/*.py")
        if path != this
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if asks.search(line)
    ]
    assert found == []


def test_no_test_reads_a_page_at_once_after_a_click() -> None:
    """A click may bring another page, which is not there yet: first wait for something that only the new one has."""
    acted, hasty = (
        re.compile(r"(\.click\(\)|\.press\(\"Enter\"\))$"),
        re.compile(r"\bassert |evaluate|\.all_\w+_contents"),
    )
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _tracked("tests/*.py")
        for number, (line, following) in enumerate(
            itertools.pairwise(path.read_text(encoding="utf-8").splitlines()), start=2
        )
        if acted.search(line) and hasty.search(following)
    ]
    assert found == []


def test_every_decision_record_says_context_decision_and_consequences() -> None:
    for record in sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md")):
        text = record.read_text(encoding="utf-8")
        assert all(f"## {part}" in text for part in ("Context", "Decision", "Consequences")), record.name
