"""Checks the requirement locks: in step with pyproject.toml, hashed, and without addresses. Run by `make check`."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = re.compile(r"^([A-Za-z0-9._-]+)")


def _normal(requirement: str) -> str:
    found = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found.group(1)).lower() if found else ""


def problems(lock: str, wanted: list[str]) -> list[str]:
    """What is wrong with one lock file, one sentence each."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = {_normal(line) for line in text.splitlines() if "==" in line and not line.startswith((" ", "#"))}
    found = [
        f"{lock}: {name} is in pyproject.toml but not locked; run make locks"
        for name in wanted
        if name not in pins
    ]
    if re.search(r"https?://|file://|--index-url|--find-links", text):
        found.append(f"{lock}: holds an address; requirements are locked by name and hash only")
    if text.count("==") > text.count("--hash=sha256:"):
        found.append(f"{lock}: a requirement has no hash")
    return found


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    run = [_normal(r) for r in [*project["dependencies"], *extras["build"]]]
    found = problems("requirements.lock", run)
    found += problems("requirements-dev.lock", [*run, *(_normal(r) for r in extras["dev"])])
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
