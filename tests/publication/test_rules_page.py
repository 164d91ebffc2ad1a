"""docs/regels.md explains every rule that a check can name, and no rule that is gone."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("dmn", "engine", "forms", "publication")
RULE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
ELSEWHERE = ("operations/deployments.py",)  # rules that need to know what is deployed
NO_RULES = {"utf-8", "utf-8-sig", "http-json"}  # encodings, and a type of service task


def raised() -> set[str]:
    """Every literal in the checking packages that has the form of a rule id."""
    found: set[str] = set()
    files = [path for package in PACKAGES for path in (ROOT / "service" / package).rglob("*.py")]
    for path in (*files, *(ROOT / "service" / name for name in ELSEWHERE)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        texts = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
        found |= {text for text in texts if RULE.fullmatch(text)}
    return found - NO_RULES


def explained() -> dict[str, list[str]]:
    rows = re.findall(
        r"^\| `([a-z0-9-]+)` \|(.*)\|$", (ROOT / "docs" / "regels.md").read_text(encoding="utf-8"), re.M
    )
    return {rule: [cell.strip() for cell in rest.split("|")] for rule, rest in rows}


def test_every_rule_is_explained() -> None:
    assert raised() - explained().keys() == set()


def test_no_rule_is_explained_that_is_gone() -> None:
    assert explained().keys() - raised() == set()


def test_every_explanation_has_severity_meaning_and_remedy() -> None:
    assert all(len(cells) == 3 and all(cells) for cells in explained().values())
