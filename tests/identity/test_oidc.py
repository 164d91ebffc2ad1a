"""Signing in at real providers: there and back, wrong and stale answers, two at once, and out on both sides."""

from __future__ import annotations

import logging
import re
import signal
import urllib.parse
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from service import identity
from service.clock import PinnedClock, SystemClock
from service.identity import discovery, oidc
from service.operations import assurance, proof, runtime
from service.store.scopes import SERVICE
from service.store.session import transaction
from service.web import session as web_session
from tests.identity import elsewhere
from tests.identity.elsewhere import Browser, Provider, prove, sign_in
from tests.site import Page

pytestmark = pytest.mark.xdist_group("oidc")  # one pair of providers for all of them

LOGIN = "school_ib.regenboogbrug@demo.invalid"


def accounts() -> int:
    with transaction(SERVICE) as session:
        return int(session.execute(text("SELECT count(*) FROM account")).scalar_one())


def test_the_sign_in_page_has_a_link_for_each_provider_above_the_form(browser: Browser) -> None:
    page = browser.get("/inloggen?volgende=/taken")
    links = {
        link.text_content(): link.get("href")
        for link in page.tree.xpath("//main//a[contains(@href, 'aanmelden')]")
    }
    assert links == {
        "Inloggen met Proef swv": "/aanmelden/swv?volgende=/taken",
        "Inloggen met Proef scholen": "/aanmelden/scholen?volgende=/taken",
    }
    assert page.text.index("Inloggen met Proef scholen") < page.text.index("<form")


@pytest.mark.usefixtures("swv")
def test_somebody_signs_in_with_the_role_that_the_claims_give(browser: Browser) -> None:
    page = sign_in(browser, "swv", "noor-7f3a", query="?volgende=/casus")
    assert (page.status, page.path) == (200, "/casus")
    assert browser.actor is not None
    assert browser.actor.name == "Noor W."
    assert [(m.role, m.organisation) for m in browser.actor.memberships] == [("swv_po", "samenwijs")]
    assert browser.actor.assurance == "low"


def test_two_providers_at_once_know_different_people(browser: Browser, ours: str) -> None:
    other = Browser(ours)
    sign_in(browser, "swv", "noor-7f3a")
    sign_in(other, "scholen", "noor-7f3a")
    assert browser.actor
    assert other.actor
    assert browser.actor.account != other.actor.account
    third = Browser(ours)
    sign_in(third, "scholen", "esther-22de")
    assert third.actor
    assert third.actor.roles == {"school_ib"}


def test_the_next_time_is_the_same_account(browser: Browser, ours: str) -> None:
    again = Browser(ours)
    sign_in(browser, "swv", "noor-7f3a")
    known = accounts()
    sign_in(again, "swv", "noor-7f3a")
    assert browser.actor
    assert again.actor
    assert browser.actor.account == again.actor.account
    assert accounts() == known


def test_claims_that_map_to_nothing_say_whom_to_call_and_make_no_account(browser: Browser) -> None:
    before = accounts()
    page = sign_in(browser, "swv", "ruben-91bc")
    assert page.status == 403
    assert "U heeft hier nog geen rol" in page.words()
    assert "Bel de servicedesk: 088 000 99 99." in page.words()
    assert accounts() == before
    assert browser.actor is None


def departures() -> int:
    with transaction(SERVICE) as session:
        return int(session.execute(text("SELECT count(*) FROM sign_in_request")).scalar_one())


@pytest.mark.usefixtures("swv")
def test_nobody_fills_our_memory_by_leaving_for_a_provider_again_and_again(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "MOST_DEPARTURES", 0)
    before = departures()
    page = browser.get("/aanmelden/swv")
    assert page.status == 429
    assert "te vaak" in page.words()
    assert departures() == before


def refused(page: Page, browser: Browser) -> None:
    assert page.status == 401
    assert "Inloggen is niet gelukt" in page.words()
    assert not re.search("nonce|state|token|signature|handtekening", page.words())
    assert browser.actor is None


def test_an_answer_is_taken_once(browser: Browser) -> None:
    address = browser.until_back("swv", "noor-7f3a")
    assert browser.get(address).status == 200
    browser.jar.clear(domain="127.0.0.1", path="/", name="sluitend_sessie")
    refused(browser.get(address), browser)


def test_a_code_is_taken_once_whatever_the_state(browser: Browser) -> None:
    first = parts(browser.until_back("swv", "noor-7f3a"))
    assert browser.get(back("swv", **first)).status == 200
    browser.jar.clear(domain="127.0.0.1", path="/", name="sluitend_sessie")
    second = parts(browser.until_back("swv", "noor-7f3a"))
    refused(browser.get(back("swv", **(second | {"code": first["code"]}))), browser)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "verzonnen"},
        {"state": ""},
        {"code": "verzonnen"},
        {"code": ""},
        {"iss": "https://een.andere.example"},
        {"iss": ""},
        {"error": "access_denied"},
        {"state": "a" * 3000},
        {"code": "\0é"},
    ],
)
def test_an_answer_that_was_changed_on_the_way_is_refused(browser: Browser, change: dict[str, str]) -> None:
    answer = parts(browser.until_back("swv", "noor-7f3a"))
    refused(browser.get(back("swv", **(answer | change))), browser)


def test_an_answer_without_the_provider_s_own_name_is_refused(browser: Browser) -> None:
    answer = parts(browser.until_back("swv", "noor-7f3a"))
    del answer["iss"]
    refused(browser.get(back("swv", **answer)), browser)


def test_an_answer_to_another_browser_is_refused(browser: Browser, ours: str) -> None:
    stolen = browser.until_back("swv", "noor-7f3a")
    thief = Browser(ours)
    thief.until_back("swv", "noor-7f3a")
    refused(thief.get(stolen), thief)


def test_an_answer_of_one_provider_is_none_of_the_other(browser: Browser) -> None:
    answer = parts(browser.until_back("swv", "noor-7f3a"))
    refused(browser.get(back("scholen", **answer)), browser)


def test_who_stays_away_for_ten_minutes_begins_again(browser: Browser) -> None:
    address = browser.until_back("swv", "noor-7f3a")
    runtime.use_clock(PinnedClock(SystemClock().now() + timedelta(minutes=11)))
    refused(browser.get(address), browser)


@pytest.mark.parametrize("minutes", [6.5, -3])
def test_a_token_that_expired_or_comes_from_tomorrow_is_refused(browser: Browser, minutes: float) -> None:
    address = browser.until_back("swv", "noor-7f3a")
    runtime.use_clock(PinnedClock(SystemClock().now() + timedelta(minutes=minutes)))
    refused(browser.get(address), browser)


@pytest.mark.parametrize("way", ["sleutel", "nonce", "aud", "iss", "sub", "exp", "alg", "geheim"])
def test_a_forged_token_is_refused(browser: Browser, swv: Provider, way: str) -> None:
    swv.answers(way)
    refused(sign_in(browser, "swv", "noor-7f3a"), browser)
    swv.answers()
    assert sign_in(browser, "swv", "noor-7f3a").status == 200


def test_new_keys_of_a_provider_are_found_but_not_asked_for_by_every_forger(
    browser: Browser, swv: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    discovery.forget()
    assert sign_in(browser, "swv", "noor-7f3a").status == 200
    browser.jar.clear()
    swv.answers("later")
    refused(sign_in(browser, "swv", "noor-7f3a"), browser)  # asked a moment ago
    monkeypatch.setattr(discovery, "KEYS_ASKED_AGAIN_SECONDS", 0.0)
    assert sign_in(browser, "swv", "noor-7f3a").status == 200


def test_a_refusal_at_the_provider_leads_to_a_page(browser: Browser) -> None:
    page = browser.get("/aanmelden/swv")
    refused(prove(browser, page, ""), browser)


def test_a_provider_that_does_not_answer_is_told_as_such(browser: Browser, swv: Provider) -> None:
    address = browser.until_back("swv", "noor-7f3a")
    discovery.forget()
    runtime.use(replace(runtime.current(), clock=SystemClock()))
    swv.process.send_signal(signal.SIGSTOP)
    try:
        page = browser.get(address)
    finally:
        swv.process.send_signal(signal.SIGCONT)
    assert page.status == 503
    assert "antwoordt niet" in page.words()


def test_an_unknown_provider_is_not_found(browser: Browser) -> None:
    assert browser.get("/aanmelden/bestaat-niet").status == 404
    assert browser.get("/aanmelden/bestaat-niet/terug?state=x&code=y").status == 404


@pytest.mark.parametrize("wanted", ["//kwaad.example/", "https://kwaad.example/", "/\\kwaad.example"])
def test_nobody_is_led_elsewhere_after_signing_in(browser: Browser, ours: str, wanted: str) -> None:
    page = sign_in(browser, "swv", "noor-7f3a", query=f"?volgende={urllib.parse.quote(wanted)}")
    assert page.address.startswith(ours + "/")


def test_care_data_ask_for_a_surer_proof_that_the_provider_then_gives(browser: Browser) -> None:
    sign_in(browser, "swv", "noor-7f3a")
    before, old = browser.actor, browser.token
    assert before
    page = browser.get("/aanmelden?zekerheid=substantial&volgende=/casus")
    ways = [link.get("href") for link in page.tree.xpath("//main//a[contains(@href, 'zekerheid')]")]
    assert ways[0] == "/aanmelden/swv?zekerheid=substantial&volgende=/casus"
    page = browser.get(ways[0])
    assert "/inloggen/" in page.address  # signed in there already, but not surely enough
    page = prove(browser, page, "noor-7f3a", acr="urn:test:2fa")
    assert (page.status, page.path) == (200, "/casus")
    assert browser.actor
    assert browser.actor.assurance == "substantial"
    assert browser.actor.account == before.account
    assert identity.actor_of(old) is None


def test_a_page_that_opens_care_data_leads_to_the_surer_proof_and_back(browser: Browser) -> None:
    sign_in(browser, "swv", "noor-7f3a")
    assert browser.actor
    assert proof.missing(browser.actor, "IOP") == ""
    assert proof.missing(browser.actor, "IZ") == "substantial"
    with elsewhere.application().test_request_context("/casus/ZB-1?deel=zorg"):
        there = web_session.to_proof("substantial")
    assert there.headers["Location"] == "/aanmelden?zekerheid=substantial&volgende=/casus/ZB-1?deel%3Dzorg"
    sign_in(browser, "swv", "noor-7f3a", acr="urn:test:2fa", query="?zekerheid=substantial")
    assert browser.actor
    assert proof.missing(browser.actor, "IZ") == ""


def test_a_stronger_way_of_signing_in_counts_by_its_name(browser: Browser) -> None:
    sign_in(browser, "swv", "noor-7f3a", amr="hwk")
    assert browser.actor
    assert browser.actor.assurance == "high"


def test_a_proof_that_is_too_weak_opens_nothing(browser: Browser) -> None:
    page = sign_in(browser, "swv", "noor-7f3a", amr="pwd", query="?zekerheid=high")
    assert page.status == 403
    assert "veiligere manier" in page.words()
    assert browser.actor is None


def test_a_proof_of_too_long_ago_is_asked_again(browser: Browser) -> None:
    sign_in(browser, "swv", "noor-7f3a", acr="urn:test:2fa")
    address = browser.until_back("swv", "noor-7f3a", query="?zekerheid=substantial", acr="urn:test:2fa")
    runtime.use_clock(PinnedClock(SystemClock().now() + timedelta(minutes=4)))
    assert browser.get(address).status == 200
    assert browser.actor
    asked = assurance.demands()
    assert not assurance.requires_step_up(
        "Z", browser.actor.assurance, browser.actor.proved_at, runtime.now(), asked
    )
    runtime.use_clock(PinnedClock(SystemClock().now() + timedelta(minutes=31)))
    assert assurance.requires_step_up(
        "Z", browser.actor.assurance, browser.actor.proved_at, runtime.now(), asked
    )


def test_logs_name_nobody(browser: Browser, swv: Provider, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    logging.getLogger("service").propagate = True
    try:
        address = browser.until_back("swv", "noor-7f3a")
        browser.get(address)
        browser.get(address)
        swv.answers("nonce")
        sign_in(browser, "swv", "noor-7f3a")
        sign_in(Browser(browser.address), "swv", "ruben-91bc")
        browser.post("/aanmelden/swv/uitgelogd", [("logout_token", swv.logout_token(sub="noor-7f3a"))])
    finally:
        logging.getLogger("service").propagate = False
    assert "sign_in_refused provider=swv" in caplog.text
    for secret in ("noor-7f3a", "Noor", "ruben", "Ruben", elsewhere.SECRET, *parts(address).values()):
        if secret != swv.issuer:
            assert secret not in caplog.text


def parts(address: str) -> dict[str, str]:
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))


def back(key: str, **answer: str) -> str:
    return f"/aanmelden/{key}/terug?{urllib.parse.urlencode(answer)}"
