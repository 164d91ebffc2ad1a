"""Our own worker does service tasks of the type mail: to who holds a role, with a link and no data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from service.clock import PinnedClock
from service.domain import SYSTEM, Actor
from service.errors import DiagramRejected
from service.operations import (
    casussen,
    deployments,
    errands,
    guard,
    runtime,
    starts,
    tasks,
)
from service.operations.runtime import Runtime
from service.store import notices
from service.store.scopes import WORKER
from service.store.session import transaction
from tests.connectors import smtp
from tests.connectors.smtp import PostOffice
from tests.operations import carrying, proef, working
from tests.operations.working import begin, stands, why


@pytest.fixture
def office(service: Runtime, clock: PinnedClock) -> Iterator[PostOffice]:
    before = runtime.current()
    with smtp.serving(PostOffice()) as running:
        sends = running.settings()
        names = ("mail_host", "mail_port", "mail_tls", "mail_sender", "mail_timeout_seconds", "public_url")
        carrying.use_settings(**{name: getattr(sends, name) for name in names})
        yield running
    working.forget_jobs()
    runtime.use(before)


LETTER = b"# Er is nieuws\n\nGoedendag,\n\nEr is nieuws. Kijk op {{link}} wat het is.\n"


def at_the_mail(
    process_id: str, headers: dict[str, str], letter: bytes, people: tuple[Actor, Actor, Actor]
) -> str:
    """A casus of the regional process that waits for its mail to go; gives its number."""
    ouder, ib, arts = people
    with guard.working(SYSTEM) as work:
        deployments.publish(work, process_id, working.regional(process_id, headers, letter), reason="proef")
    number = starts.start(ouder, process_id, proef.started(), as_html=False).casus_number
    for actor, answers in (
        (ib, {"advies": "geen", "toelichting": "Nee"}),
        (arts, {"conclusie": "nooit", "bevinding": "Ja"}),
    ):
        key = next(t.key for t in tasks.mine(actor, limit=500).tasks if t.casus_number == number)
        tasks.complete(actor, key, answers, as_html=False)
    return number


def test_a_process_mails_who_holds_a_role_with_a_link_and_no_name(
    office: PostOffice, ouder: Actor, ib: Actor, arts: Actor, swv: Actor
) -> None:
    headers = {"sjabloon": "brieven/bericht.md", "aan": "ouder school_ib"}
    number = at_the_mail("proef_mail", headers, LETTER, (ouder, ib, arts))
    assert errands.run_once() == 1
    with transaction(WORKER) as session:  # other tests let people in at this school
        school = notices.logins(session, [("school_ib", "regenboogbrug")])
    assert ib.login in school
    assert sorted(str(one["To"]) for one in office.mails) == sorted([ouder.login, *school])
    mail = office.mails[0]
    assert mail["Subject"] == "Er is nieuws"
    assert (
        mail.get_content().split()
        == (f"Goedendag, Er is nieuws. Kijk op https://zilverbeek.example/casus/{number} wat het is.").split()
    )
    assert [t.name for t in tasks.mine(swv, limit=500).tasks if t.casus_number == number] == [
        "Advies vaststellen"
    ]
    assert casussen.view(ouder, number).head.status == "LOPEND"


@pytest.mark.parametrize(
    ("headers", "letter", "rule"),
    [
        ({"aan": "rmc"}, LETTER, "mail-zonder-rol"),
        ({}, LETTER, "mail-zonder-rol"),
        ({"aan": "ouder"}, b"# Nieuws\n\nBeste {{voornaam}}", "mail-met-gegevens"),
        ({"aan": "ouder"}, b"Geen onderwerp", "mail-onvolledig"),
        ({"aan": "ouder", "sjabloon": "proces.toml"}, LETTER, "mail-onvolledig"),
    ],
)
def test_a_mail_that_cannot_go_is_refused_at_publication(
    service: Runtime, headers: dict[str, str], letter: bytes, rule: str
) -> None:
    files = working.regional("proef_fout", {"sjabloon": "brieven/bericht.md", **headers}, letter)
    with pytest.raises(DiagramRejected) as refused, guard.working(SYSTEM) as work:
        deployments.publish(work, "proef_fout", files, reason="proef")
    assert {(one.rule, one.element) for one in refused.value.findings} == {(rule, "Bericht")}


def test_a_mail_to_a_role_that_nobody_holds_in_this_casus_is_an_incident(
    office: PostOffice, people: tuple[Actor, Actor, Actor]
) -> None:
    headers = {"sjabloon": "brieven/bericht.md", "aan": "swv_vo"}
    number = at_the_mail("proef_mail_niemand", headers, LETTER, people)
    errands.run_once()
    with transaction(WORKER) as session:
        message = session.execute(
            text(
                "SELECT i.message FROM incident i JOIN instance n ON n.key = i.instance_key"
                " JOIN casus c ON c.key = n.casus_key WHERE c.number = :number AND i.state = 'ACTIVE'"
            ),
            {"number": number},
        ).scalar_one()
    assert message == "Niemand met een mailadres heeft deze rol"
    assert office.mails == []


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"onderwerp": "Nieuws", "tekst": "Beste {{naam}}", "aan": "API"}, "In een mail mag alleen {{link}}"),
        ({"onderwerp": "Nieuws", "aan": "API"}, "Bij de mail horen 'sjabloon', of 'onderwerp' en 'tekst'"),
        ({"onderwerp": "N", "tekst": "x", "aan": "niemand@demo.invalid"}, "Niemand met een mailadres"),
        ({"onderwerp": "N", "tekst": "x"}, "Bij 'aan' hoort een rol te staan"),
        ({"onderwerp": "N\r\nBcc: x@y.nl", "tekst": "x", "aan": "API"}, "De mailserver weigert de mail"),
    ],
)
def test_a_mail_of_a_technical_process_that_cannot_go_is_an_incident_that_says_why(
    office: PostOffice, api: Actor, headers: dict[str, str], told: str
) -> None:
    given = {name: api.login if value == "API" else value for name, value in headers.items()}
    instance = begin(api, "mail", given)
    errands.run_once()
    assert why(api, instance).startswith(told)
    assert office.mails == []


@pytest.fixture
def people(ouder: Actor, ib: Actor, arts: Actor) -> tuple[Actor, Actor, Actor]:
    return ouder, ib, arts


def test_a_greylisted_mail_of_a_process_goes_some_minutes_later_under_its_id(
    office: PostOffice, api: Actor, clock: PinnedClock
) -> None:
    office.answers = ["450 Greylisted"]
    headers = {"onderwerp": "Nieuws", "tekst": "Er is nieuws.", "aan": api.login}
    instance = begin(api, "mail", headers)
    errands.run_once()
    clock.move(timedelta(minutes=5))
    errands.run_once()
    assert stands(api, instance) == ("COMPLETED", False)
    assert [str(one["Subject"]) for one in office.mails] == ["Nieuws"]


def test_a_mail_that_is_refused_for_good_is_an_incident(office: PostOffice, api: Actor) -> None:
    office.answers = ["550 Unknown"]
    instance = begin(api, "mail", {"onderwerp": "Nieuws", "tekst": "Er is nieuws.", "aan": api.login})
    errands.run_once()
    assert why(api, instance) == "De mailserver weigert de mail (the mail server answered 550)"


def test_without_a_mail_server_the_mail_of_a_process_waits_without_losing_a_retry(
    office: PostOffice, api: Actor, clock: PinnedClock
) -> None:
    host = runtime.current().settings.mail_host
    carrying.use_settings(mail_host="", demo=False)
    instance = begin(api, "mail", {"onderwerp": "Nieuws", "tekst": "x", "aan": api.login}, retries=1)
    for _ in range(3):
        assert errands.run_once() == 1
        clock.move(timedelta(minutes=1))
    assert stands(api, instance) == ("ACTIVE", False)
    carrying.use_settings(mail_host=host)
    errands.run_once()
    assert stands(api, instance) == ("COMPLETED", False)
