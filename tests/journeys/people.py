"""What the people of the demo region answer, and how they find the task that is theirs."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from typing import Any

from service.clock import AMSTERDAM
from tests.site import Page, Site, Visitor

PROCESS = "vrijstelling_beoordelingstafel"


def today() -> str:
    """The date on the wall of people in the Netherlands, as they type it."""
    return f"{datetime.now(AMSTERDAM):%-d-%-m-%Y}"


def tomorrow() -> str:
    """The day after: what still lies ahead when midnight falls between typing and sending."""
    return f"{datetime.now(AMSTERDAM) + timedelta(days=1):%-d-%-m-%Y}"


def sign_in(site: Site, login: str) -> Visitor:
    """Somebody with a browser of their own, signed in."""
    visitor = Visitor(site.address)
    page = visitor.sign_in(f"{login}@demo.invalid")
    assert page.status == 200, page.words()
    assert page.path != "/inloggen", page.words()
    return visitor


def the_form(page: Page) -> Any:
    """The form of a task or start page: the one with an idempotency key."""
    return next(form for form in page.forms() if any(i.name == "idempotency_key" for i in form.inputs))


def apply(site: Site, login: str, first_name: str, **changes: str) -> str:
    """Somebody fills in the Aanmelding; gives the number of the casus."""
    visitor = sign_in(site, login)
    page = visitor.get(f"/starten/{PROCESS}")
    answers = {
        "voornaam": first_name,
        "achternaam": "T.",
        "geboortedatum": "18 maart 2018",
        "postcode": "1234ab",
        "woongemeente": "Wilgenveen",
        "school": "regenboogbrug",
        "gezag.0.naam": "Ouder T.",
        "gezag.0.relatie": "moeder",
        "gezag.0.heeft_gezag": "ja",
        "schooljaar": "nu",
        "waarom": "Een hele dag school lukt nu niet, ook niet met hulp in de klas.",
        "wens": "hulp",
        "eerdere_vrijstelling": "nee",
        "zevmb": "nee",
        "ouders_geinformeerd": "ja",
        **changes,
    }
    done = visitor.submit(page, the_form(page), answers)
    assert done.status == 200, done.words()
    found = re.search(r"ZB-[0-9A-Z]{4}-[0-9A-Z]{4}", done.text)
    assert found, done.words()
    return found.group(0)


def find_task(visitor: Visitor, number: str, name: str) -> str:
    """The address of an open task in somebody's list, by its name and casus."""
    page = visitor.get("/taken")
    for link in page.tree.xpath("//a[starts-with(@href, '/taken/')]"):
        row = next(iter(link.xpath("ancestor-or-self::*[self::li or self::tr or self::article][1]")), link)
        if name in row.text_content() and number in row.text_content():
            return str(link.get("href"))
    raise LookupError(f"{name} of {number} is not in this list: {page.words()}")


def do(site: Site, login: str, number: str, name: str, answers: dict[str, str | list[str]]) -> Page:
    """Somebody finds their task, fills in its form and sends it."""
    visitor = sign_in(site, login)
    page = visitor.get(find_task(visitor, number, name))
    shown = {i.name for i in the_form(page).inputs if i.name}
    if (
        not answers.keys() <= shown
    ):  # a question that an earlier answer brings up: the page asks it after sending
        page = visitor.submit(page, the_form(page), {k: v for k, v in answers.items() if k in shown})
        assert page.status == 422, page.words()
    done = visitor.submit(page, the_form(page), answers)
    assert done.status == 200, done.words()
    return done


def wait_for(site: Site, login: str, number: str, name: str) -> None:
    """Until a task is there that the worker brings."""
    visitor = sign_in(site, login)
    until = time.monotonic() + 60
    while name not in visitor.get(f"/casus/{number}").words():
        assert time.monotonic() < until, name
        time.sleep(0.5)  # the worker is another process: its page can only be asked again


def receive(site: Site, number: str) -> None:
    """The partnership finds the application complete."""
    answers: dict[str, str | list[str]] = {"t02_compleet": "ja", "t02_casusregisseur": "Marloes T."}
    do(site, "swv_po.samenwijs", number, "Ontvangst en route", answers)


def advise(site: Site, number: str, conclusion: str, **more: str) -> None:
    """Partnership, school, doctor and social team advise, each on their own."""
    for login, name, prefix in (
        ("swv_po.samenwijs", "Advies van het SWV", "t04b"),
        ("school_ib.regenboogbrug", "Advies van de school", "t04a"),
    ):
        advice: dict[str, str | list[str]] = {
            f"{prefix}_onderwijsbehoeften": "Rust, korte taken en een vaste begeleider.",
            f"{prefix}_geprobeerd.0.wat": "Halve dagen",
            f"{prefix}_geprobeerd.0.periode": "dit najaar",
            f"{prefix}_geprobeerd.0.effect": "Ging iets beter",
            f"{prefix}_opties": ["deeltijd", "oza"],
            f"{prefix}_advies": "Onderzoek een kleine setting dicht bij huis.",
        }
        do(site, login, number, name, advice)
    examination: dict[str, str | list[str]] = {
        "t05_onderzocht_op": today(),
        "t05_geschiktheid": conclusion,
        "t05_behandelend_arts": "nee",
        "t05_datum_verklaring": today(),
        **more,
    }
    do(site, "jeugdarts.ggd", number, "Sociaal-medisch onderzoek", examination)
    needs: dict[str, str | list[str]] = {"t06_wat_nodig": "Rust in het gezin en een vast gezicht."}
    do(site, "wijkteam.sociaalteam", number, "Zienswijze zorg", needs)
    own: dict[str, str | list[str]] = {"t07_verhaal": "Thuis gaat het goed.", "t07_erbij": "ja"}
    do(site, "ouder.wilgenveen", number, "Uw eigen verhaal", own)
    do(site, "ouder.wilgenveen", number, "Uitslag als eerste lezen", {"t05u_delen": "ja"})


def meet(site: Site, number: str, place: str) -> None:
    """The table is planned and gives its advice."""
    plan: dict[str, str | list[str]] = {
        "t08_datum": tomorrow(),
        "t08_deelnemers": ["jeugdarts", "swv", "school"],
        "t08_ouders_uitgenodigd": "ja",
    }
    do(site, "swv_po.samenwijs", number, "Tafel agenderen", plan)
    advice: dict[str, str | list[str]] = {
        "t09_plek_mogelijk": place,
        "t09_ontwikkelplan_nodig": "ja",
        "t09_motivering": "De tafel heeft met de ouders alle mogelijkheden bekeken.",
        "t09_ouders_eens": "ja",
    }
    do(site, "tafel_vz.samenwijs", number, "Advies van de tafel vastleggen", advice)
