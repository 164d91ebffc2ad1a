"""A real Chromium, without JavaScript, there and back: our CSP lets nothing more and nothing less through."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.identity.elsewhere import Provider

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("oidc")]


@pytest.fixture
def page(providers: Mapping[str, Provider]) -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        if os.environ.get("SLUITEND_REQUIRE_ALL") == "1":
            pytest.fail("Chromium is not here")
        pytest.skip("Chromium is not here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--headless=new", "--no-sandbox", "--disable-gpu"]
        )
        yield browser.new_context(java_script_enabled=False).new_page()
        browser.close()


def sign_in(page: Page, ours: str, name: str, login: str) -> None:
    page.goto(f"{ours}/inloggen")
    page.get_by_role("link", name=f"Inloggen met {name}").click()
    page.locator("input[name=login]").fill(login)
    page.get_by_role("button", name="In").click()


def leave(page: Page, ours: str) -> None:
    page.goto(f"{ours}/uitloggen")
    page.get_by_role("button", name="Ja, uitloggen").click()


def test_somebody_signs_in_and_out_on_both_sides(page: Page, ours: str) -> None:
    sign_in(page, ours, "Proef scholen", "esther-22de")
    expect(page).to_have_url(f"{ours}/taken")
    leave(page, ours)
    page.get_by_role("button", name="Ook uitloggen bij Proef scholen").click()
    page.locator("button[value=yes]").click()
    expect(page).to_have_url(f"{ours}/inloggen")
    expect(page.get_by_text("U bent uitgelogd.")).to_be_visible()


def test_the_form_that_names_somebody_reaches_the_provider(
    page: Page, ours: str, providers: Mapping[str, Provider]
) -> None:
    sign_in(page, ours, "Proef swv", "noor-7f3a")
    expect(page).to_have_url(f"{ours}/taken")
    leave(page, ours)
    page.get_by_role("button", name="Ook uitloggen bij Proef swv").click()
    page.wait_for_url(f"{providers['swv'].issuer}/**")
    assert "id_token_hint" not in page.url
