"""The one Chromium of a test process. Without it tests skip by name, unless everything is required."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def missing(what: str) -> None:
    """Skip the test by name, or fail it where everything must be there."""
    if os.environ.get("SLUITEND_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is not here")
    pytest.skip(f"{what} is not here")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser; Playwright allows one driver in a process."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
