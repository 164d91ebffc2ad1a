"""Two cases from aanmelding to their end, by every role in turn, through the forms that a person sees."""

from __future__ import annotations

import subprocess
import sys

import psycopg

from tests.journeys import people
from tests.site import ROOT, Site


def _story(site: Site, number: str) -> str:
    """The auditor finds the case, says why, and reads its story."""
    auditor = people.sign_in(site, "auditor.zilverbeek")
    found = auditor.get(f"/audit?zoek={number}")
    link = next(
        a for a in found.tree.xpath("//a[starts-with(@href, '/audit/')]") if number in a.text_content()
    )
    page = auditor.get(link.get("href"))
    form = next(f for f in page.forms() if "reden" in f.fields)
    read = auditor.submit(page, form, {"reden": "Steekproef van de kwaliteit in dit kwartaal"})
    assert read.status == 200, read.words()
    return read.words()


def _verify(site: Site) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "SLUITEND_DATA_DIR": str(site.data), "SLUITEND_DEMO": "1"}
    command = [sys.executable, "-m", "service.cli", "audit", "verify"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_case_reaches_vrijstelling_van_rechtswege_through_the_forms(site: Site) -> None:
    number = people.apply(site, "ouder.wilgenveen", "Tess")
    people.receive(site, number)
    people.advise(site, number, "tijdelijk_niet", t05_tot="31-7-2030")
    people.meet(site, number, "nee")
    notice = {
        "t10_kennisgeving_op": people.today(),
        "t10_grond": "art5_onder_a",
        "t10_ouder_ondertekent": "ja",
    }
    people.do(site, "ouder.wilgenveen", number, "Kennisgeving doen", {**notice})
    test = dict.fromkeys(
        [
            "t11_gegevens_compleet",
            "t11_verklaring_aanwezig",
            "t11_arts_juist",
            "t11_gemeente_juist",
            "t11_op_tijd",
        ],
        "ja",
    )
    people.do(site, "lpa.wilgenveen", number, "Kennisgeving toetsen", {**test})
    settled = {
        "t12_brief_op": people.today(),
        "t12_register_op": people.today(),
        "t12_ouders_geinformeerd": "ja",
    }
    people.do(site, "lpa.wilgenveen", number, "Afhandelen: brief en register", {**settled})
    agreed = {
        "t13_doelen.0.doel": "Samen lezen",
        "t13_doelen.0.wie": "School",
        "t13_contact": "Rob W.",
        "t13_ingeschreven": "ja",
    }
    people.wait_for(
        site, "swv_po.samenwijs", number, "Doelen afspreken"
    )  # the worker writes the letter first
    people.do(site, "swv_po.samenwijs", number, "Doelen afspreken", {**agreed})

    parent = people.sign_in(site, "ouder.wilgenveen").get(f"/casus/{number}").words()
    assert "Vrijstelling van rechtswege" in parent
    story = _story(site, number)
    steps = [
        "Ontvangst en route",
        "Sociaal-medisch onderzoek",
        "Tafel agenderen",
        "Kennisgeving doen",
        "Afhandelen: brief en register",
    ]
    places = [story.index(step) for step in steps]
    assert places == sorted(places)
    assert "Vrijstelling van rechtswege" in story
    verified = _verify(site)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_a_case_reaches_plek_gevonden_through_the_forms(site: Site) -> None:
    number = people.apply(site, "ouder.wilgenveen", "Bram")
    people.receive(site, number)
    people.advise(site, number, "deels")
    people.meet(site, number, "ja")
    place: dict[str, str | list[str]] = {
        "t10a_plek": "SBO De Springplank",
        "t10a_vorm": "voltijd",
        "t10a_start": "1 maart 2030",
        "t10a_uren": "12,5",
        "t10a_ouders_akkoord": "ja",
    }
    people.do(site, "swv_po.samenwijs", number, "Plek organiseren", place)
    assert "Plek gevonden" in people.sign_in(site, "ouder.wilgenveen").get(f"/casus/{number}").words()
    assert "Plek gevonden" in _story(site, number)


def test_every_demo_role_signs_in_and_sees_a_page_of_its_own(site: Site) -> None:
    logins = sorted(set(site.logins()))
    assert len(logins) > 40
    for login in logins:
        page = people.sign_in(site, login.removesuffix("@demo.invalid")).get("/")
        assert page.status == 200, (login, page.words())


def test_a_changed_byte_in_the_history_is_found(site: Site) -> None:
    number = people.apply(site, "ouder.wilgenveen", "Mees")
    assert number
    url = subprocess.run(
        [sys.executable, "-m", "service.cli", "db", "url", "--admin"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "SLUITEND_DATA_DIR": str(site.data)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with psycopg.connect(url, autocommit=True) as owner:
        key, seq = owner.execute(
            "SELECT instance_key, max(seq) - 1 FROM fact GROUP BY 1 ORDER BY 1 DESC LIMIT 1"
        ).fetchone() or (0, 0)
        owner.execute(
            "SET session_replication_role = replica"
        )  # what a determined administrator would do: no triggers
        change = "UPDATE fact SET payload = translate(payload, %s, %s) WHERE instance_key = %s AND seq = %s"
        owner.execute(change, ["2", "7", key, seq])
        found = _verify(site)
        owner.execute(change, ["7", "2", key, seq])
    assert found.returncode == 1
    assert f"instance {key} seq {seq}" in found.stdout
