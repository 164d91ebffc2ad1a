"""Somebody without an account asks for help on a phone; who calls back reads it and records what was done."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CONTACT = "aanspreekpunt.wilgenveen@demo.invalid"


def test_a_question_for_help_is_asked_and_answered(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = window.go("/inloggen")
    page.get_by_role("link", name="Vraag het hier").click()
    expect(page.get_by_role("heading", name="Hulp vragen")).to_be_visible()
    assert window.violations() == []
    assert not window.scrolls_sideways()
    expect(page.get_by_text("uiterlijk")).to_be_visible()  # by when is known before anything is asked
    expect(page.locator("a[href^='tel:088']").first).to_be_visible()
    page.select_option("#gemeente", "wilgenveen")
    page.evaluate("document.querySelector('form[data-form]').noValidate = true")
    page.fill("#naam", "Sanne")
    page.get_by_role("button", name="Verstuur mijn vraag").click()
    expect(page.locator(".s-errors")).to_contain_text("telefoonnummer of e-mailadres")
    assert page.locator("#contact").get_attribute("aria-invalid") == "true"
    assert page.input_value("#naam") == "Sanne"  # nothing is lost
    assert window.violations() == []
    page.fill("#contact", "06 0000 0000")
    page.fill("#woorden", "Mijn zoon wil niet meer naar school.")
    page.get_by_role("button", name="Verstuur mijn vraag").click()
    expect(page.get_by_role("heading", name="Uw vraag is binnen")).to_be_visible()
    assert "0600" not in page.url
    assert window.violations() == []

    other = desk(width=1280)
    page = other.sign_in(CONTACT, "/hulpvragen")
    expect(page.get_by_text("Mijn zoon wil niet meer naar school.").first).to_be_visible()
    assert other.violations() == []
    card = page.locator("section.s-card", has_text="Mijn zoon wil niet").first
    card.locator("summary").click()
    card.get_by_role("button", name="Leg vast").click()
    expect(page.locator(".s-errors")).to_contain_text("Kies wat er is gebeurd")
    card = page.locator("section.s-card", has_text="Mijn zoon wil niet").first
    card.get_by_text("Gebeld of gemaild").click()
    card.get_by_label("Toelichting").fill("Gebeld, wij spreken morgen af.")
    card.get_by_role("button", name="Leg vast").click()
    expect(page.get_by_text("Gebeld, wij spreken morgen af.").first).to_be_visible()
    assert other.violations() == []
