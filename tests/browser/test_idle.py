"""Before a session ends for lack of use the page warns, and somebody who is still there stays."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCHOOL, OpenDesk

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def waiting(page: Page) -> Page:
    """The page with a clock that the test moves."""
    page.clock.install()
    page.reload()
    return page


def meant(asked: list[str]) -> list[str]:
    """Requests without pictures and styles, which a page may still be fetching."""
    return [url for url in asked if "/static/" not in url]


def test_who_is_still_there_stays_signed_in(desk: OpenDesk) -> None:
    window = desk(width=390)
    page = waiting(window.sign_in(SCHOOL, "/taken"))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward("26:30")
    dialog = page.get_by_role("alertdialog", name="Bent u er nog?")
    expect(dialog).to_have_count(0)
    page.clock.fast_forward("00:35")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Over 3 minuten")
    expect(page.get_by_role("button", name="Blijf ingelogd")).to_be_focused()
    assert meant(asked) == []  # the warning itself keeps no session alive
    assert window.violations() == []
    assert not window.scrolls_sideways()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    page.clock.fast_forward("01:30")
    expect(dialog).to_contain_text("Over 1 minuut")
    page.get_by_role("button", name="Blijf ingelogd").click()
    expect(dialog).to_have_count(0)
    assert [url.rpartition("/")[2] for url in meant(asked)] == ["sessie"]
    page.clock.fast_forward("26:00")
    expect(dialog).to_have_count(0)


def test_who_was_away_reads_that_they_are_signed_out_and_comes_back_where_they_were(desk: OpenDesk) -> None:
    window = desk(width=1280)
    page = waiting(window.sign_in(SCHOOL, "/casus"))
    page.clock.fast_forward("31:00")
    expect(page.get_by_role("heading", name="U bent uitgelogd")).to_be_visible()
    again = page.get_by_role("link", name="Log weer in")
    expect(again).to_be_focused()
    expect(again).to_have_attribute("href", re.compile(r"^/inloggen\?volgende=/casus$"))
    assert window.violations() == []


def test_another_tab_that_is_used_keeps_this_one(desk: OpenDesk) -> None:
    window = desk(width=1280)
    page = waiting(window.sign_in(SCHOOL, "/taken"))
    page.clock.fast_forward("28:00")
    dialog = page.get_by_role("alertdialog", name="Bent u er nog?")
    expect(dialog).to_be_visible()
    other = page.context.new_page()
    other.goto(f"{window.address}/casus")
    expect(dialog).to_have_count(0)
