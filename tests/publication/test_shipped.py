"""The shipped process passes its own gate."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from service import periods
from service.clock import SystemClock
from service.publication import Package, check

ROOT = Path(__file__).resolve().parents[2]
REGION = ROOT / "config" / "regio" / "zilverbeek"


def files_of(process: str) -> dict[str, bytes]:
    folder, form_folder = ROOT / "processes" / process, ROOT / "forms" / process
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    return found | {f"forms/{path.name}": path.read_bytes() for path in form_folder.glob("*.form")}


@pytest.mark.parametrize(
    "process", sorted(path.name for path in (ROOT / "processes").iterdir() if path.is_dir())
)
def test_a_shipped_process_has_no_findings(process: str) -> None:
    registers = {
        name: tomllib.loads((REGION / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("kalender", "termijnen")
    }
    functions = periods.functions(
        periods.Calendar.read(registers["kalender"]), periods.Terms.read(registers["termijnen"])
    )
    assert check(Package(files_of(process)), functions=functions, clock=SystemClock()) == ()
