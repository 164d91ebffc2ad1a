"""Writes the software bill of materials: what runs, of requirements.lock and package-lock.json, as CycloneDX 1.6 JSON.

Run by `make sbom`. The same locks give the same file: it has no moment and no random number.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_ALGORITHMS = {"sha512": "SHA-512", "sha384": "SHA-384", "sha256": "SHA-256", "sha1": "SHA-1"}
_SPDX = re.compile(r"[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*")


def of_python(lock: str) -> list[dict[str, Any]]:
    """The components of requirements.lock, each with the SHA-256 of every file that may be installed for it."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        if pin := _PIN.match(line):
            found.append(_component("pypi", pin[1].lower(), pin[2], _license(pin[1])))
        if found and (digest := _HASH.search(line)):
            found[-1].setdefault("hashes", []).append({"alg": "SHA-256", "content": digest[1]})
    return found


def of_browser(lock: str) -> list[dict[str, Any]]:
    """The components of package-lock.json that end up in the built browser files; not the tools that build them."""
    found = []
    for path, told in json.loads(lock)["packages"].items():
        if not path or told.get("dev"):
            continue
        name = path.rpartition("node_modules/")[2]
        one = _component("npm", name.replace("@", "%40"), told["version"], told.get("license", ""))
        algorithm, _, digest = told["integrity"].partition("-")
        one["name"] = name
        one["hashes"] = [{"alg": _ALGORITHMS[algorithm], "content": base64.b64decode(digest).hex()}]
        found.append(one)
    return list({one["bom-ref"]: one for one in found}.values())


def _component(kind: str, name: str, version: str, terms: str) -> dict[str, Any]:
    address = f"pkg:{kind}/{name}@{version}"
    one: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
    }
    if terms:
        known = _SPDX.fullmatch(terms.strip("()"))
        one["licenses"] = [{"expression": terms}] if known else [{"license": {"name": terms}}]
    return one


def _license(name: str) -> str:
    """As the installed package tells it; "" for one that is for another machine."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if "License-Expression" in told:
        return told["License-Expression"]
    classes = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier") or [] if "License ::" in one]
    lines = told["License"].strip().splitlines() if "License" in told else []
    return ", ".join(classes) or (lines[0] if lines else "")


def bill() -> dict[str, Any]:
    """The whole bill."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    us = _component("pypi", project["name"], project["version"], project["license"]) | {"type": "application"}
    parts = of_python((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    browser = ROOT / "service" / "web" / "frontend" / "package-lock.json"
    parts += of_browser(browser.read_text(encoding="utf-8"))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": us, "lifecycles": [{"phase": "build"}]},
        "components": sorted(parts, key=lambda one: str(one["bom-ref"])),
    }


def main() -> int:
    """Write it to the file that is named, or to standard output."""
    text = json.dumps(bill(), indent=1) + "\n"
    if len(sys.argv) > 1:
        file = Path(sys.argv[1])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
