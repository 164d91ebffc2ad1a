"""Setting up a code and signing in with it, in a real browser, on a phone."""

from __future__ import annotations

import base64
import time

import pytest
from playwright.sync_api import expect

from service.operations import totp
from tests.browser.conftest import OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WHO = "mbo.roc@demo.invalid"  # an account that no other test signs in with


def test_somebody_sets_it_up_signs_in_with_it_and_takes_it_away(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = window.sign_in(WHO, "/account/tweede-stap")
    expect(page.locator(".s-qr")).to_be_visible()
    assert (
        page.locator(".s-qr").evaluate("image => image.naturalWidth") > 100
    )  # our policy lets the picture through
    assert window.violations() == []
    assert not window.scrolls_sideways()
    secret = base64.b32decode((page.locator("code.s-secret").text_content() or "").replace(" ", ""))
    page.fill("#code", "000000")
    page.get_by_role("button", name="Zet aan").click()
    expect(page.locator(".s-errors")).to_be_visible()
    page.fill("#code", totp.code(secret, totp.step_at(time.time())))
    page.get_by_role("button", name="Zet aan").click()
    expect(page.get_by_role("heading", name="Bewaar deze codes op papier")).to_be_visible()
    codes = page.locator(".s-codes code").all_text_contents()
    assert len(codes) == 10
    assert window.violations() == []

    other = desk(width=390)
    page = other.go("/inloggen")
    page.fill("#username", WHO)
    page.fill("#password", "demo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vul de code in")).to_be_visible()
    assert other.violations() == []
    page.fill("#code", "111111")
    page.keyboard.press("Enter")
    expect(page.locator(".s-errors")).to_be_visible()
    page.fill("#code", codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/inloggen" not in url)
    page = other.go("/account/tweede-stap")
    expect(page.get_by_text("nog 9 papieren codes")).to_be_visible()
    assert other.violations() == []
    page.fill("#code", codes[1])
    page.get_by_role("button", name="Zet uit").click()
    expect(page.locator(".s-qr")).to_be_visible()
