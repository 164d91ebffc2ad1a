"""A real Chromium, without JavaScript, there and back: our CSP lets nothing more and nothing less through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.identity.elsewhere import Provider

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("oidc")]


AXE = Path(__file__).resolve().parents[2] / "service/web/frontend/node_modules/axe-core/axe.min.js"
_AXE = "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"


@pytest.fixture
def page(providers: Mapping[str, Provider], chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


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


def test_the_pages_are_accessible_on_a_telephone(page: Page, ours: str) -> None:
    if not AXE.exists():
        pytest.skip("the locked front-end packages are not here")
    browser = page.context.browser
    assert browser is not None
    small = browser.new_context(viewport={"width": 360, "height": 740}, bypass_csp=True).new_page()

    def faults() -> object:
        small.add_script_tag(path=AXE)
        found = small.evaluate(f"async () => (await {_AXE}).violations")
        wide = small.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return [one["id"] for one in found], wide

    small.goto(f"{ours}/inloggen")
    assert faults() == ([], False)
    sign_in(small, ours, "Proef swv", "ruben-91bc")
    expect(small.get_by_role("heading", name="U heeft hier nog geen rol")).to_be_visible()
    assert faults() == ([], False)
    small.goto(f"{ours}/aanmelden?zekerheid=substantial")
    assert faults() == ([], False)
    sign_in(small, ours, "Proef scholen", "esther-22de")
    leave(small, ours)
    assert faults() == ([], False)
