"""`make sbom` names every component that runs, once, with its version and digests, and the same each time."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def made(file: Path) -> str:
    script = ROOT / "tests" / "architecture" / "sbom.py"
    subprocess.run([sys.executable, str(script), str(file)], check=True, cwd=file.parent)
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(tmp_path_factory.mktemp("sbom") / "one.json")


@pytest.fixture(scope="module")
def bill(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def test_every_locked_package_is_named_once_with_its_version(bill: dict[str, Any]) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = {
        (name.lower(), version)
        for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", lock, re.MULTILINE)
    }
    named = [
        (one["name"], one["version"]) for one in bill["components"] if one["purl"].startswith("pkg:pypi/")
    ]
    assert len(named) == len(set(named)) > 30
    assert set(named) == pins
    assert len({one["bom-ref"] for one in bill["components"]}) == len(bill["components"])


def test_every_component_has_digests_of_the_right_length(bill: dict[str, Any]) -> None:
    lengths = {"SHA-256": 64, "SHA-384": 96, "SHA-512": 128, "SHA-1": 40}
    for one in bill["components"]:
        assert one["hashes"], one["purl"]
        assert all(len(known["content"]) == lengths[known["alg"]] for known in one["hashes"]), one["purl"]


def test_what_browsers_get_is_in_it_and_what_builds_it_is_not(bill: dict[str, Any]) -> None:
    names = {one["name"] for one in bill["components"]}
    assert {"bpmn-js", "@fontsource/noto-sans", "flask", "spiffworkflow"} <= names
    assert not {"esbuild", "axe-core", "pytest", "ruff"} & names


def test_most_components_tell_their_licence(bill: dict[str, Any]) -> None:
    told = sum("licenses" in one for one in bill["components"])
    assert told / len(bill["components"]) > 0.9


def test_the_same_locks_give_the_same_file_without_addresses(text: str, tmp_path: Path) -> None:
    assert made(tmp_path / "two.json") == text
    assert "://" not in text
