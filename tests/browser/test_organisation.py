"""An administrator invites a colleague, who comes in with the link and the code; on a phone too."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ADMINISTRATOR = "org_beheer.regenboogbrug@demo.invalid"


def test_somebody_is_invited_and_comes_in(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = window.sign_in(ADMINISTRATOR)
    expect(page.get_by_role("heading", name="Mensen van Basisschool De Regenboogbrug")).to_be_visible()
    assert window.violations() == []
    assert not window.scrolls_sideways()
    page.get_by_role("button", name="Maak een uitnodiging").click()
    expect(page.locator(".s-errors")).to_be_visible()
    page.fill("#name", "Bea Q.")
    page.fill("#login", "bea.nieuw@demo.invalid")
    page.locator("label[for=nieuw-school_ib]").click()
    page.get_by_role("button", name="Maak een uitnodiging").click()
    expect(page.locator("code.s-secret")).to_have_count(2)
    link, code = page.locator("code.s-secret").all_text_contents()
    assert window.violations() == []
    assert not window.scrolls_sideways()

    other = desk(width=390)
    page = other.page
    page.goto(link)
    expect(page.get_by_role("heading", name="Welkom bij Sluitend")).to_be_visible()
    assert other.violations() == []
    page.fill("#code", "000 000" if code != "000 000" else "111 111")
    page.fill("#password", "een-lange-zin-42")
    page.get_by_role("button", name="Ga verder").click()
    expect(page.locator(".s-errors")).to_be_visible()
    page.fill("#code", code)
    page.fill("#password", "een-lange-zin-42")
    page.get_by_role("button", name="Ga verder").click()
    page.wait_for_url(lambda url: "/taken" in url)
    page.goto(link)
    expect(page.get_by_role("heading", name="Deze uitnodiging werkt niet meer")).to_be_visible()
    assert other.violations() == []

    page = window.go("/organisatie")
    card = page.locator("li.s-card", has_text="Bea Q.")
    card.locator("summary", has_text="Kan niet meer").click()
    card.get_by_text("Ook de app en de papieren codes").click()
    expect(card.get_by_role("button", name="Laat Bea Q. weer inloggen")).to_be_visible()
    assert window.violations() == []
    card.get_by_role("button", name="Laat Bea Q. weer inloggen").click()
    expect(page.locator(".s-letter__code")).to_be_visible()
    code = page.locator("code.s-secret").all_text_contents()[1]
    letter = page.locator(".s-letter__code").text_content() or ""
    assert window.violations() == []
    assert not window.scrolls_sideways()
    page.emulate_media(media="print")
    expect(page.get_by_text(code)).to_be_hidden()  # on paper stands one half
    expect(page.locator(".s-letter__code")).to_be_visible()
    page.emulate_media(media="screen")

    page = desk(width=390).go("/uitnodiging")
    page.fill("#brief", "ABCDE")
    page.get_by_role("button", name="Ga verder").click()
    expect(page.locator(".s-errors")).to_be_visible()
    page.fill("#brief", letter.replace("-", " ").lower())
    page.get_by_role("button", name="Ga verder").click()
    page.fill("#code", code)
    page.fill("#password", "een-andere-zin-43")
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_text("Log in met uw nieuwe wachtwoord")).to_be_visible()

    page = window.go("/organisatie")
    card = page.locator("li.s-card", has_text="Bea Q.")
    card.locator("summary", has_text="Wijzigen").click()
    card.get_by_role("button", name="Verwijder Bea Q.").click()
    expect(page.locator(".s-flash--goed")).to_be_visible()
    page = other.go("/taken")
    expect(page).to_have_url(f"{other.address}/inloggen?volgende=/taken")


def test_the_region_is_kept_on_pages(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = window.sign_in("beheer.zilverbeek@demo.invalid", "/regio")
    expect(page.get_by_role("heading", name="Organisaties van de regio")).to_be_visible()
    assert window.violations() == []
    assert not window.scrolls_sideways()
    page.get_by_role("link", name="Organisatie toevoegen").click()
    page.fill("#naam", "Proefschool De Brug")
    page.get_by_role("button", name="Bewaar").click()
    expect(page.locator(".s-errors")).to_be_visible()
    expect(page.locator("#naam")).to_have_value("Proefschool De Brug")
    assert window.violations() == []
    assert not window.scrolls_sideways()
    page = window.go("/regio/organisaties/ggd")
    page.get_by_role("button", name="Laat niet meer meedoen").click()
    expect(page.locator(".s-errors")).to_contain_text("werkt nog voor een gemeente")
    assert window.violations() == []
