"""A real Chromium before a whole site. Without Chromium these tests skip by name, unless everything is required."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import missing
from tests.site import demo, passable

FRONTEND = Path(__file__).resolve().parents[2] / "service" / "web" / "frontend"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PARENT = "ouder.wilgenveen@demo.invalid"
SCHOOL = "school_ib.regenboogbrug@demo.invalid"
OWNER = "procesregisseur.zilverbeek@demo.invalid"
AUDITOR = "auditor.zilverbeek@demo.invalid"
PROCESS = "vrijstelling_beoordelingstafel"


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo; SLUITEND_TEST_SITE names one that runs already."""
    running = os.environ.get("SLUITEND_TEST_SITE")
    if running:
        yield running
        return
    with demo(passable(tmp_path_factory.mktemp("browser")) / "data") as site:
        yield site.address


@dataclass
class Desk:
    """Somebody's browser window on the site, and what its console complained about."""

    page: Page
    address: str
    complaints: list[str]

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, login: str, path: str = "/") -> Page:
        self.go("/inloggen")
        self.page.fill("#username", login)
        self.page.fill("#password", "demo")
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/inloggen" not in url)
        return self.go(path) if path != "/" else self.page

    def scrolls_sideways(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def violations(self) -> list[str]:
        """What axe-core finds wrong, one line each."""
        if not AXE.exists():
            missing("axe-core (the locked front-end packages)")
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: Any = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", AXE_TAGS)
        wrong = list(found["violations"])
        wrong += [v for v in found["incomplete"] if v["id"].startswith("duplicate-id")]
        return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in wrong]


OpenDesk = Callable[..., Desk]


@pytest.fixture
def desk(chromium: Browser, address: str) -> Iterator[OpenDesk]:
    """Opens a browser window: desk(width=390, scripts=False)."""
    opened = []

    def open_desk(*, width: int = 1280, height: int = 900, scripts: bool = True) -> Desk:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="nl-NL", java_script_enabled=scripts
        )
        opened.append(context)
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "Failed to load resource" not in said.text
                else None
            ),
        )
        return Desk(page=page, address=address, complaints=complaints)

    yield open_desk
    for context in opened:
        context.close()
