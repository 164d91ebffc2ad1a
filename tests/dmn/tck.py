"""Runs the DMN Technology Compatibility Kit: every result node of its test cases, compared by type and value.

python -m tests.dmn.tck             the count per folder
python -m tests.dmn.tck --failures  every failing node, by folder, with what was expected, what came, and why
python -m tests.dmn.tck 0068        only folders whose name contains this
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from service import dmn, feel
from service.clock import PinnedClock
from service.errors import ServiceError

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
CLOCK = PinnedClock(dt.datetime(2027, 3, 14, 12, tzinfo=dt.UTC))


@dataclass(frozen=True)
class Node:
    """One result node of one test case."""

    folder: str
    case: str
    name: str
    passed: bool
    expected: Any
    found: Any
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Unrepresentable:
    """A value that Python's own types cannot hold, e.g. a year after 9999; compared by its FEEL text."""

    text: str


def suite() -> Path | None:
    """The folder of the kit: $SLUITEND_SUITES/dmn-tck, or beside the project; None when it is not there."""
    root = os.environ.get("SLUITEND_SUITES", "")
    beside = Path(__file__).resolve().parents[3] / "shared" / "suites"
    folder = (Path(root) if root else beside) / "dmn-tck"
    return folder if folder.is_dir() else None


def run(folder: Path, only: str = "") -> Iterator[Node]:
    """Every result node below a folder."""
    for path in sorted(folder.glob("*/*/*.xml")):
        if only in path.parent.name:
            yield from _file(path)


# -- the files of the kit ---------------------------------------------------------------------------------------------


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _all(element: etree._Element, tag: str) -> list[etree._Element]:
    return [one for one in element if _tag(one) == tag]


def _one(element: etree._Element, tag: str) -> etree._Element | None:
    return next(iter(_all(element, tag)), None)


def _file(path: Path) -> Iterator[Node]:
    root = etree.fromstring(path.read_bytes())
    name = _one(root, "modelName")
    model = path.parent / str(name.text if name is not None else "").strip()
    others = tuple(one.read_bytes() for one in sorted(path.parent.glob("*.dmn")) if one != model)
    for case in _all(root, "testCase"):
        context = {str(one.get("name")): _value(one) for one in _all(case, "inputNode")}
        for wanted in _all(case, "resultNode"):
            yield _node(path, case, wanted, _Question(model.read_bytes(), others, context))


@dataclass(frozen=True)
class _Question:
    model: bytes
    others: tuple[bytes, ...]
    context: Mapping[str, Any]


def _node(path: Path, case: etree._Element, wanted: etree._Element, question: _Question) -> Node:
    name, invocable = str(wanted.get("name")), case.get("invocableName")
    expected_element = _one(wanted, "expected")
    expected = _value(expected_element) if expected_element is not None else None
    reasons: tuple[str, ...] = ()
    try:
        result = dmn.evaluate(
            question.model, invocable or name, question.context, imports=question.others, clock=CLOCK
        )
        found, reasons = result.value, tuple(map(str, result.warnings))
        if invocable and len(_all(case, "resultNode")) > 1:
            found = found[name] if isinstance(found, Mapping) else found
        passed = same(expected, found)
    except (ServiceError, feel.FeelSyntaxError) as error:
        found, passed, reasons = f"{type(error).__name__}: {error}", False, ()
    return Node(path.parent.name, str(case.get("id")), name, passed, expected, found, reasons)


# -- values -----------------------------------------------------------------------------------------------------------


def _value(element: etree._Element) -> Any:
    """The value that an input, expected, component or item element holds."""
    items = _one(element, "list")
    if items is not None:
        return None if _nil(items) else [_value(one) for one in _all(items, "item")]
    parts = _all(element, "component")
    if parts:
        return {str(one.get("name")): _value(one) for one in parts}
    value = _one(element, "value")
    if value is None or _nil(value):
        return None
    return _read(str(value.get(f"{XSI}type", "")).rpartition(":")[2], value.text or "")


def _nil(element: etree._Element) -> bool:
    return element.get(f"{XSI}nil") == "true"


def _read(kind: str, text: str) -> Any:
    if kind in {"decimal", "double", "integer", "int", "long"}:
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() == "true"
    if kind in {"date", "time", "dateTime", "duration"}:
        try:
            return _TEMPORAL[kind](text.strip())
        except (ValueError, OverflowError):
            return Unrepresentable(text.strip())
    return text


_DURATION = re.compile(
    r"(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


def _duration(text: str) -> dt.timedelta | feel.YearMonthDuration:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    sign, *parts = match.groups()
    years, months, days, hours, minutes, seconds = (Decimal(part or 0) for part in parts)
    if parts[0] or parts[1]:
        total = int(years * 12 + months)
        return feel.YearMonthDuration(-total if sign else total)
    micros = int((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000)
    return dt.timedelta(microseconds=-micros if sign else micros)


_TEMPORAL = {
    "date": dt.date.fromisoformat,
    "time": dt.time.fromisoformat,
    "dateTime": dt.datetime.fromisoformat,
    "duration": _duration,
}


def same(expected: Any, found: Any) -> bool:
    """Whether two values are of one type and equal; numbers within 1e-8."""
    if isinstance(expected, Unrepresentable):
        return found is not None and feel.text(found) == expected.text
    if expected is None or isinstance(expected, bool | str):
        return type(expected) is type(found) and bool(expected == found)
    if isinstance(expected, Decimal):
        return isinstance(found, Decimal) and abs(expected - found) < Decimal("1e-8")
    if isinstance(expected, list):
        return (
            isinstance(found, list | tuple)
            and len(expected) == len(found)
            and all(same(a, b) for a, b in zip(expected, found, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(found, Mapping)
            and expected.keys() == found.keys()
            and all(same(value, found[key]) for key, value in expected.items())
        )
    return _same_moment(expected, found)


def _same_moment(expected: Any, found: Any) -> bool:
    if type(expected) is not type(found):
        return False
    if isinstance(expected, dt.datetime | dt.time):
        return bool(
            expected.replace(tzinfo=None) == found.replace(tzinfo=None)
            and expected.utcoffset() == found.utcoffset()
        )
    return bool(expected == found)


# -- the command ------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def results() -> tuple[Node, ...]:
    """All nodes, run once."""
    folder = suite()
    return tuple(run(folder)) if folder else ()


def report(nodes: tuple[Node, ...], *, failures: bool) -> str:
    """What the command prints."""
    lines = []
    for folder in dict.fromkeys(node.folder for node in nodes):
        own = [node for node in nodes if node.folder == folder]
        failed = [node for node in own if not node.passed]
        if failed or not failures:
            lines.append(f"{folder}: {len(own) - len(failed)} of {len(own)}")
        for node in failed if failures else ():
            lines.append(
                f"  {node.case} {node.name}: expected {node.expected!r}, but got {node.found!r:.200}"
            )
            lines += [f"      {reason:.200}" for reason in node.reasons[:3]]
    passed = sum(node.passed for node in nodes)
    lines.append(f"{passed} of {len(nodes)} result nodes pass ({passed / max(len(nodes), 1):.2%})")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """The command."""
    folder = suite()
    if folder is None:
        sys.stderr.write(
            "The DMN TCK is not beside the project; set SLUITEND_SUITES to the folder above it.\n"
        )
        return 2
    only = next((one for one in arguments if not one.startswith("-")), "")
    sys.stdout.write(report(tuple(run(folder, only)), failures="--failures" in arguments) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
