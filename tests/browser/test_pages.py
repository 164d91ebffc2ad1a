"""What people do on the pages, in a real browser: sign in, meet errors, use the keyboard, a phone, no scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import AUDITOR, OWNER, PARENT, PROCESS, SCHOOL, OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

START = f"/starten/{PROCESS}"


def test_a_wrong_password_is_told_and_the_address_stays(desk: OpenDesk) -> None:
    page = desk().go("/inloggen")
    page.fill("#username", SCHOOL)
    page.fill("#password", "verkeerd")
    page.keyboard.press("Enter")
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.locator("#username")).to_have_value(SCHOOL)
    assert page.title().startswith("Fout: ")


def test_signing_in_leads_to_where_one_wanted_to_go(desk: OpenDesk) -> None:
    page = desk().go("/casus")
    page.fill("#username", SCHOOL)
    page.fill("#password", "demo")
    page.keyboard.press("Enter")
    page.wait_for_url("**/casus")


def test_the_first_tab_leads_past_the_menu(desk: OpenDesk) -> None:
    page = desk().sign_in(SCHOOL, "/taken")
    page.keyboard.press("Tab")
    expect(page.locator(".s-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#inhoud")).to_be_focused()


@pytest.mark.parametrize("width", [390, 1280])
def test_an_empty_form_tells_what_to_mend_and_leads_there(desk: OpenDesk, width: int) -> None:
    window = desk(width=width)
    page = window.sign_in(PARENT, START)
    page.locator(".s-send .nl-button--primary").click()
    summary = page.locator("#fouten")
    expect(summary).to_be_focused()
    assert page.title().startswith("Fout: ")
    assert page.locator("[aria-invalid=true]").count() > 0
    assert not window.scrolls_sideways()
    link = summary.locator("a").first
    sentence = link.inner_text()
    link.click()
    field = page.locator(".s-field--wrong").first
    expect(field).to_contain_text(sentence)
    assert field.evaluate("field => field.contains(document.activeElement)")
    assert window.complaints == []


def test_what_was_typed_stays_when_something_else_is_wrong(desk: OpenDesk) -> None:
    page = desk().sign_in(PARENT, START)
    area = page.locator("form[data-form] textarea").first
    area.fill("Een lange uitleg met é, 😀 en <b>haken</b>.")
    page.locator(".s-send .nl-button--primary").click()
    expect(page.locator("#fouten")).to_be_visible()
    expect(page.locator("form[data-form] textarea").first).to_have_value(
        "Een lange uitleg met é, 😀 en <b>haken</b>."
    )


def test_the_pages_work_without_scripts(desk: OpenDesk) -> None:
    page = desk(scripts=False).sign_in(PARENT, START)
    page.locator(".s-send .nl-button--primary").click()
    expect(page.locator("#fouten")).to_be_visible()
    adding = page.locator("button[value^='rij-erbij:']")
    if adding.count():
        rows = page.locator(".s-row").count()
        adding.first.click()
        expect(page.locator(".s-row")).to_have_count(rows + 1)


@pytest.mark.parametrize(
    ("login", "path"),
    [
        (SCHOOL, "/taken"),
        (SCHOOL, "/casus"),
        (PARENT, START),
        (PARENT, "/casus"),
        (OWNER, "/studio"),
        (AUDITOR, "/audit"),
    ],
)
def test_nothing_scrolls_sideways_on_the_smallest_screen(desk: OpenDesk, login: str, path: str) -> None:
    window = desk(width=320, height=640)
    window.sign_in(login, path)
    assert not window.scrolls_sideways()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_on_the_page_for_programmers(desk: OpenDesk, width: int) -> None:
    window = desk(width=width)
    page = window.go("/handleiding/api")
    page.locator("summary", has_text="POST /v2/process-instances").first.click()
    expect(page.get_by_role("rowheader", name="awaitCompletion").first).to_be_visible()
    assert window.violations() == []
    assert not window.scrolls_sideways()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(
    ("login", "path"),
    [
        (SCHOOL, "/taken"),
        (SCHOOL, "/casus"),
        (PARENT, "/starten"),
        (PARENT, START),
        (OWNER, "/studio"),
        (OWNER, f"/studio/{PROCESS}"),
        (OWNER, f"/studio/{PROCESS}/bestanden"),
        (AUDITOR, "/audit"),
    ],
)
def test_axe_finds_nothing_on_a_page(desk: OpenDesk, login: str, path: str, width: int) -> None:
    window = desk(width=width)
    window.sign_in(login, path)
    assert window.violations() == []


def test_axe_finds_nothing_on_a_form_with_errors(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = window.sign_in(PARENT, START)
    page.locator(".s-send .nl-button--primary").click()
    expect(page.locator("#fouten")).to_be_visible()
    assert window.violations() == []


def test_axe_finds_nothing_on_a_casus_with_everything_open(desk: OpenDesk) -> None:
    window = desk()
    page = window.sign_in(SCHOOL, "/casus")
    page.locator(".s-task__name a").first.click()
    expect(page.locator("details.s-more").first).to_be_attached()
    page.locator("details.s-more").evaluate_all("all => all.forEach(one => one.open = true)")
    expect(page.locator(".s-diagram svg").first).to_be_visible()
    assert window.violations() == []
    assert window.complaints == []
