"""The shipped process passes its own gate."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from service import periods
from service.access import deciders
from service.clock import SystemClock
from service.publication import Package, check, coverage
from tests.publication import geometry

ROOT = Path(__file__).resolve().parents[2]
REGION = ROOT / "config" / "regio" / "zilverbeek"


def files_of(process: str) -> dict[str, bytes]:
    folder, form_folder = ROOT / "processes" / process, ROOT / "forms" / process
    found = {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
    return found | {f"forms/{path.name}": path.read_bytes() for path in form_folder.glob("*.form")}


PROCESSES = sorted(path.parent.name for path in (ROOT / "processes").glob("*/proces.toml"))


def functions() -> Mapping[str, Callable[..., Any]]:
    registers = {
        name: tomllib.loads((REGION / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("kalender", "termijnen", "doorzettingsmacht")
    }
    calendar, terms = periods.Calendar.read(registers["kalender"]), periods.Terms.read(registers["termijnen"])
    mandates = deciders.Deciders.read(registers["doorzettingsmacht"])
    return {**periods.functions(calendar, terms), **deciders.functions(mandates)}


def package(process: str) -> Package:
    """The process with the others beside it."""
    beside = {name: Package(files_of(name)) for name in PROCESSES if name != process}
    return Package(files_of(process), neighbours=beside)


@pytest.mark.parametrize("process", PROCESSES)
def test_a_shipped_process_has_no_findings(process: str) -> None:
    assert check(package(process), functions=functions(), clock=SystemClock()) == ()


@pytest.mark.parametrize("process", PROCESSES)
def test_the_scenarios_of_a_shipped_process_come_by_every_flow(process: str) -> None:
    flows, untaken = coverage(package(process), functions())
    assert flows > 0
    assert untaken == ()


@pytest.mark.parametrize("process", PROCESSES)
def test_a_shipped_diagram_can_be_read_on_paper(process: str) -> None:
    drawn = geometry.drawing(files_of(process)["proces.bpmn"])
    assert list(geometry.faults(drawn)) == []
    assert geometry.points_on_a3(drawn) >= geometry.SMALLEST
