"""docs/processen.md names elements that exist, for every agreement that the issue of the processes lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "processen.md").read_text(encoding="utf-8")
#: Rows of the list of agreements that have a process now.
ROWS = {1, *range(4, 17), 22, 42}


def named() -> Iterator[tuple[str, str]]:
    """Process and element of everything in the tables; `#element` alone is of the process named before it."""
    for line in (line for line in PAGE.splitlines() if line.startswith("|")):
        process = ""
        for found, element in re.findall(r"`([a-z0-9_]*)#(\w+)`", line):
            process = found or process
            yield process, element


@pytest.mark.parametrize(("process", "element"), sorted(set(named())))
def test_an_element_that_is_named_exists(process: str, element: str) -> None:
    diagram = (ROOT / "processes" / process / "proces.bpmn").read_text(encoding="utf-8")
    assert f'id="{element}"' in diagram


def test_every_agreement_is_named() -> None:
    rows = {int(found) for found in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    assert rows == ROWS
