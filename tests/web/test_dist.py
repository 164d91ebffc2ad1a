"""The built browser files: complete, as their manifest says, light, and what the sources give."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from service.web import assets

FRONTEND = Path(assets.__file__).parent / "frontend"
PAGE_LIMIT = 120_000  # bytes over the wire for the task list and the form
FONTS = (
    "noto-sans-latin-400-normal.woff2",
    "noto-sans-latin-600-normal.woff2",
    "noto-sans-latin-700-normal.woff2",
)


def test_every_file_of_the_manifest_is_there_and_bears_its_own_hash() -> None:
    for name, built in assets.manifest().items():
        content = (assets.DIST / built).read_bytes()
        assert hashlib.sha256(content).hexdigest()[:10] in built, name


def test_nothing_is_built_that_no_page_knows() -> None:
    known = set(assets.manifest().values()) | {"manifest.json", "THIRD-PARTY-NOTICES.md"}
    assert {path.name for path in assets.DIST.iterdir()} == known


def test_the_notices_name_every_package_with_its_licence() -> None:
    notices = (assets.DIST / "THIRD-PARTY-NOTICES.md").read_text(encoding="utf-8")
    for package in ("bpmn-js ", "@fontsource/noto-sans ", "@utrecht/textbox-css ", "zeebe-bpmn-moddle "):
        assert f"## {package}" in notices


def test_the_files_of_list_and_form_stay_light(app: Flask) -> None:
    client = app.test_client()
    names = ("site.css", "site.js", "mark.svg", *FONTS)
    sent = sum(
        len(client.get(assets.address(name), headers={"Accept-Encoding": "gzip"}).data) for name in names
    )
    assert sent < PAGE_LIMIT - 40_000  # what is left is for the page itself


def test_a_built_file_may_be_kept_for_ever(app: Flask) -> None:
    answer = app.test_client().get(assets.address("site.css"), headers={"Accept-Encoding": "gzip"})
    assert "immutable" in answer.headers["Cache-Control"]
    assert gzip.decompress(answer.data) == (assets.DIST / assets.manifest()["site.css"]).read_bytes()


def test_no_other_file_can_be_asked_for(app: Flask) -> None:
    assert app.test_client().get("/static/dist/manifest.json").status_code == 404


def test_every_word_of_the_modeler_has_dutch() -> None:
    words: dict[str, str] = json.loads((FRONTEND / "src" / "nl.json").read_text(encoding="utf-8"))
    assert len(words) > 300
    assert [word for word, dutch in words.items() if not dutch.strip()] == []


def test_the_committed_files_are_what_the_sources_give(tmp_path: Path) -> None:
    if not (shutil.which("node") and (FRONTEND / "node_modules" / "esbuild").is_dir()):
        if os.environ.get("SLUITEND_REQUIRE_ALL") == "1":
            pytest.fail("node or the locked front-end packages are not here")
        pytest.skip("node or the locked front-end packages are not here")
    subprocess.run(
        ["node", "build.mjs", str(tmp_path / "dist")], cwd=FRONTEND, check=True, capture_output=True
    )
    built = {path.name: path.read_bytes() for path in (tmp_path / "dist").iterdir()}
    committed = {path.name: path.read_bytes() for path in assets.DIST.iterdir()}
    assert built.keys() == committed.keys()
    assert [name for name in built if built[name] != committed[name]] == []
