"""Who can see, who looked, consent and the noodknop in a real browser, and what its security policy lets pass."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AUDITOR, OWNER, PARENT, PROCESS, SCHOOL, OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DOCTOR = "jeugdarts.ggd@demo.invalid"
FG = "fg.wilgenveen@demo.invalid"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("leaf", ["inzage", "gekeken", "toestemming"])
def test_axe_finds_nothing_on_what_a_parent_asks_about_a_casus(desk: OpenDesk, leaf: str, width: int) -> None:
    window = desk(width=width)
    page = window.sign_in(PARENT, "/casus")
    address = page.locator(".s-task__name a").first.get_attribute("href")
    page = window.go(f"{address}/{leaf}")
    page.locator("details.s-more").evaluate_all("all => all.forEach(one => one.open = true)")
    assert window.violations() == []
    assert not window.scrolls_sideways()
    assert window.complaints == []


@pytest.mark.parametrize(("login", "path"), [(DOCTOR, "/noodknop"), (FG, "/fg")])
def test_axe_finds_nothing_on_the_noodknop(desk: OpenDesk, login: str, path: str) -> None:
    window = desk(width=390)
    window.sign_in(login, path)
    assert window.violations() == []


def test_a_parent_says_yes_and_takes_it_back_with_one_click(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = window.sign_in(PARENT, "/casus")
    address = page.locator(".s-task__name a").last.get_attribute("href")
    page = window.go(f"{address}/toestemming")
    card = page.locator("section.s-card").first
    card.get_by_role("button", name="Ja, dat mag").click()
    expect(page.locator(".s-flash--goed")).to_be_visible()
    card = page.locator("section.s-card").first
    expect(card).to_contain_text("u zei ja")
    card.get_by_role("button", name="Intrekken").click()
    expect(page.locator("section.s-card").first).to_contain_text("u zei nee")


def test_a_reason_that_is_too_short_is_told_and_what_was_typed_stays(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = window.sign_in(DOCTOR, "/noodknop")
    page.fill("#nummer", "ZB-7K3M-9QF2")
    page.fill("#reden", "spoed")
    page.get_by_role("button", name="Open de casus").click()
    expect(page.locator(".s-errors")).to_be_visible()
    assert page.input_value("#nummer") == "ZB-7K3M-9QF2"
    assert page.input_value("#reden") == "spoed"
    assert window.violations() == []


@pytest.mark.parametrize(
    ("login", "path"),
    [
        (PARENT, "/casus"),
        (PARENT, f"/starten/{PROCESS}"),
        (SCHOOL, "/taken"),
        (OWNER, f"/studio/{PROCESS}"),
        (AUDITOR, "/audit"),
        (DOCTOR, "/noodknop"),
    ],
)
def test_a_script_that_somebody_smuggles_in_does_not_run(desk: OpenDesk, login: str, path: str) -> None:
    """The policy is the browser's: inline scripts, handlers, evaluation and other sites are refused on every page."""
    window = desk()
    page = window.sign_in(login, path)
    page.evaluate(
        """() => {
            const script = document.createElement('script'); script.textContent = 'window.smuggled = 1';
            document.body.append(script);
            const image = document.createElement('img'); image.setAttribute('onerror', 'window.smuggled = 2');
            image.src = 'https://elders.invalid/x.png'; document.body.append(image);
            const far = document.createElement('script'); far.src = 'https://elders.invalid/x.js'; document.body.append(far);
        }"""
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.smuggled") is None


def test_no_page_may_be_framed_or_tell_where_it_was(desk: OpenDesk) -> None:
    window = desk()
    page = window.sign_in(PARENT, "/casus")
    answer = page.request.get(f"{window.address}/casus")
    headers = answer.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] in {"same-origin", "no-referrer"}
    assert headers["x-content-type-options"] == "nosniff"
    assert "no-store" in headers["cache-control"]
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["sluitend_sessie"]["httpOnly"]
    assert cookies["sluitend_sessie"]["sameSite"] == "Lax"
