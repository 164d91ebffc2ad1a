"""Entering for another in a real browser: nothing to trip over, on a phone too, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenDesk

DIRECTS = "swv_po.samenwijs@demo.invalid"
LINK = "a[href^='/taken/'][href$='/namens']"


def opened(page: Page, address: str) -> None:
    """The first step of the casussen of who directs that may be entered for another."""
    cards = page.eval_on_selector_all("a[href^='/casus/ZB-']", "all => all.map(a => a.getAttribute('href'))")
    for path in dict.fromkeys(cards):
        page.goto(address + path)
        if page.locator(LINK).count():
            page.locator(LINK).first.click()
            page.wait_for_url("**/namens")
            return
    raise AssertionError("no step that may be entered for another")


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_the_form_and_on_its_mistakes(desk: OpenDesk, width: int) -> None:
    one = desk(width=width)
    opened(one.sign_in(DIRECTS, "/casus"), one.address)
    assert not one.scrolls_sideways()
    assert one.violations() == []
    one.page.get_by_role("button", name="Namens deze persoon versturen").click()
    one.page.wait_for_selector("#fouten")
    assert one.page.evaluate("document.activeElement.id") == "fouten"
    assert not one.scrolls_sideways()
    assert one.violations() == []
    one.page.get_by_role("link", name="Kies wiens antwoord dit is.").click()
    expect(one.page.locator("fieldset#namens-wie :focus")).to_be_attached()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_consent_from_paper(desk: OpenDesk, width: int) -> None:
    one = desk(width=width)
    opened(one.sign_in(DIRECTS, "/casus"), one.address)
    one.page.locator(".s-crumbs a").nth(1).click()
    one.page.get_by_role("link", name="Toestemming op papier vastleggen").click()
    expect(one.page.get_by_role("button", name="Leg dit vast")).to_be_visible()
    assert one.violations() == []
    one.page.get_by_role("button", name="Leg dit vast").click()
    one.page.wait_for_selector("#fouten")
    assert not one.scrolls_sideways()
    assert one.violations() == []


def test_without_scripts_every_word_stays_after_a_mistake(desk: OpenDesk) -> None:
    one = desk(scripts=False)
    opened(one.sign_in(DIRECTS, "/casus"), one.address)
    one.page.fill("#namens-ontvangen", "2020-01-01")
    one.page.fill("#namens-notitie", "Ligt in de kast van het secretariaat.")
    one.page.get_by_role("button", name="Namens deze persoon versturen").click()
    expect(one.page.locator("#fouten")).to_contain_text("te lang geleden")
    expect(one.page.locator("#namens-ontvangen")).to_have_value("2020-01-01")
    expect(one.page.locator("#namens-notitie")).to_have_value("Ligt in de kast van het secretariaat.")
