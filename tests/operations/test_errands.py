"""Our own worker does service tasks of the types http-json and mail, and programs outside never get those."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service.clock import PinnedClock
from service.config import HostHeader
from service.domain import SYSTEM, Actor
from service.operations import (
    casussen,
    deployments,
    errands,
    guard,
    incidents,
    instances,
    runtime,
    service_jobs,
    starts,
    tasks,
)
from service.operations.records import InstanceRecord, Query
from service.operations.runtime import Runtime
from service.store.scopes import WORKER
from service.store.session import transaction
from tests.connectors import smtp, web
from tests.connectors.smtp import PostOffice
from tests.connectors.web import Site
from tests.operations import carrying, proef, working


@pytest.fixture
def other(service: Runtime, clock: PinnedClock) -> Iterator[Site]:
    """Another system, which the settings allow to be called."""
    before = runtime.current()
    with web.serving(Site()) as site:
        carrying.use_settings(http_hosts="127.0.0.1", http_private="127.0.0.1/32", http_timeout_seconds=2.0)
        yield site
    _forget_jobs()
    runtime.use(before)


@pytest.fixture
def office(service: Runtime, clock: PinnedClock) -> Iterator[PostOffice]:
    before = runtime.current()
    with smtp.serving(PostOffice()) as running:
        sends = running.settings()
        names = ("mail_host", "mail_port", "mail_tls", "mail_sender", "mail_timeout_seconds", "public_url")
        carrying.use_settings(**{name: getattr(sends, name) for name in names})
        yield running
    _forget_jobs()
    runtime.use(before)


def _forget_jobs() -> None:
    """What a test left failed or waiting is not taken by the next one."""
    with transaction(WORKER) as session:
        session.execute(text("UPDATE job SET state = 'CANCELED' WHERE state = 'CREATED'"))


def begin(
    api: Actor, kind: str, told: dict[str, str], inputs: Mapping[str, object] | None = None, retries: int = 3
) -> InstanceRecord:
    """A technical process with one task of this type; inputs are plain values."""
    given = {name: working.feel(value) for name, value in (inputs or {}).items()}
    deployments.deploy(api, {"werk.bpmn": working.technical("eigen_werk", kind, told, given, retries)})
    return instances.create(api, process_id="eigen_werk", variables={"nummer": 7})


def stands(api: Actor, instance: InstanceRecord) -> tuple[str, bool]:
    found = instances.get(api, instance.key)
    return found.state, found.has_incident


def why(api: Actor, instance: InstanceRecord) -> str:
    page = incidents.search(api, Query(filters={"instance_key": {"$eq": instance.key}}))
    return page.items[-1].message


def variables(api: Actor, instance: InstanceRecord) -> dict[str, Any]:
    page = instances.variables(api, Query(filters={"instance_key": {"$eq": instance.key}}))
    return {one.name: one.value for one in page.items}


def test_the_answer_of_another_system_becomes_a_variable(api: Actor, other: Site) -> None:
    other.answers = [(200, {"Content-Type": "application/json"}, b'{"naam": "caf\xc3\xa9", "getal": 1.5}')]
    instance = begin(
        api,
        "http-json",
        {"method": "POST", "resultVariable": "antwoord"},
        {
            "url": f"{other.url}/zaken",
            "headers": {"X-Van": "ons"},
            "queryParameters": {"soort": "a b"},
            "body": {"nummer": 7, "lijst": [1, None, True]},
        },
    )
    assert errands.run_once() == 1
    assert stands(api, instance) == ("COMPLETED", False)
    answer = variables(api, instance)["antwoord"]
    assert (answer["status"], answer["body"]) == (200, {"naam": "café", "getal": 1.5})
    (asked,) = other.asked
    assert (asked.method, asked.path, json.loads(asked.body)) == (
        "POST",
        "/zaken?soort=a+b",
        {"nummer": 7, "lijst": [1, None, True]},
    )
    assert asked.headers["X-Van"] == "ons"


def test_what_the_operator_says_to_a_host_goes_over_the_diagram_and_to_no_other(
    api: Actor, other: Site
) -> None:
    carrying.use_settings(
        http_headers=(
            HostHeader(host="127.0.0.1", name="Authorization", value="Bearer van-ons"),
            HostHeader(host="elders.example", name="X-Elders", value="geheim"),
        )
    )
    begin(api, "http-json", {}, {"url": other.url, "headers": {"authorization": "Bearer van-hen"}})
    errands.run_once()
    (asked,) = other.asked
    assert {name.lower(): value for name, value in asked.headers.items()}["authorization"] == "Bearer van-ons"
    assert "X-Elders" not in asked.headers


@pytest.mark.parametrize(
    ("headers", "content", "body"),
    [
        ({"Content-Type": "text/plain"}, b"tekst", "tekst"),
        ({"Content-Type": "application/problem+json"}, b"[1]", [1]),
        ({}, b"", None),
    ],
)
def test_text_and_nothing_are_answers_too(
    api: Actor, other: Site, headers: dict[str, str], content: bytes, body: object
) -> None:
    other.answers = [(200, headers, content)]
    instance = begin(api, "http-json", {"resultVariable": "antwoord"}, {"url": other.url})
    errands.run_once()
    assert variables(api, instance)["antwoord"]["body"] == body


def test_an_answer_that_stands_for_a_business_error_is_caught(api: Actor, other: Site) -> None:
    other.answers = [(404, {}, b"")]
    instance = begin(api, "http-json", {"fout-4xx": "geen_adres"}, {"url": other.url})
    errands.run_once()
    assert stands(api, instance) == ("COMPLETED", False)


def test_a_system_that_is_down_is_asked_again_and_then_it_is_an_incident(
    api: Actor, other: Site, clock: PinnedClock
) -> None:
    other.answers = [(503, {}, b"")]
    instance = begin(api, "http-json", {"method": "POST"}, {"url": other.url, "body": {}})
    for minutes in range(3):
        assert errands.run_once() == 1, minutes
        assert errands.run_once() == 0  # not at once
        clock.move(timedelta(minutes=5))
    assert errands.run_once() == 0
    assert stands(api, instance) == ("ACTIVE", True)
    assert why(api, instance) == "Het andere systeem antwoordde met 503"
    assert len({one.headers["Idempotency-Key"] for one in other.asked}) == 1
    other.answers = [(200, {}, b"")]
    (incident,) = incidents.search(api, Query(filters={"instance_key": {"$eq": instance.key}})).items
    incidents.resolve(api, incident.key)
    assert errands.run_once() == 1
    assert stands(api, instance) == ("COMPLETED", False)


def test_a_system_that_asks_for_patience_gets_it(api: Actor, other: Site, clock: PinnedClock) -> None:
    other.answers = [(429, {"Retry-After": "600"}, b""), (200, {}, b"")]
    instance = begin(api, "http-json", {}, {"url": other.url})
    errands.run_once()
    clock.move(timedelta(seconds=599))
    assert errands.run_once() == 0
    clock.move(timedelta(seconds=1))
    errands.run_once()
    assert stands(api, instance) == ("COMPLETED", False)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        (
            {"url": "http://127.0.0.2:9/"},
            "De aanroep is geweigerd: dit adres staat niet in de lijst [http] hosts",
        ),
        ({"url": "file:///etc/passwd"}, "De aanroep is geweigerd: hij kan zo niet"),
        ({}, "Bij 'url' hoort een tekst te staan"),
        ({"url": 7}, "Bij 'url' hoort een tekst te staan"),
        ({"url": "URL", "headers": "x"}, "Bij 'headers' horen namen met een waarde te staan"),
        ({"url": "URL", "headers": {"X": "a\r\nY: b"}}, "De aanroep is geweigerd: hij kan zo niet"),
    ],
)
def test_a_call_that_cannot_be_made_is_an_incident_at_once(
    api: Actor, other: Site, inputs: dict[str, object], told: str
) -> None:
    given = {name: other.url if value == "URL" else value for name, value in inputs.items()}
    instance = begin(api, "http-json", {}, given)
    errands.run_once()
    assert stands(api, instance) == ("ACTIVE", True)
    assert why(api, instance).startswith(told)
    assert other.asked == []


@pytest.mark.parametrize(
    "content", [b"{nope", b"[NaN]", b"[90071992547409930]", b'"\\u0000"', b'"\\ud800"', b"\xff", b"[1e999]"]
)
def test_an_answer_that_no_variable_can_hold_is_an_incident(api: Actor, other: Site, content: bytes) -> None:
    other.answers = [(200, {"Content-Type": "application/json"}, content)]
    instance = begin(api, "http-json", {"resultVariable": "antwoord"}, {"url": other.url})
    errands.run_once()
    assert stands(api, instance) == ("ACTIVE", True)


def test_a_redirect_and_an_answer_that_is_too_large_are_incidents(api: Actor, other: Site) -> None:
    carrying.use_settings(http_max_bytes=10)
    for answer, told in (
        ((302, {"Location": "http://127.0.0.1/"}, b""), "Het andere systeem antwoordde met 302"),
        ((200, {}, b"x" * 11), "De aanroep is geweigerd: het antwoord is te groot"),
    ):
        other.answers = [answer]
        instance = begin(api, "http-json", {}, {"url": other.url})
        errands.run_once()
        assert why(api, instance) == told


def test_programs_outside_do_not_get_our_work(api: Actor, other: Site) -> None:
    begin(api, "http-json", {}, {"url": other.url})
    for kind in service_jobs.OURS:
        taking = service_jobs.Taking(kind=kind, hold=timedelta(minutes=1), most=10)
        assert service_jobs.take(api, taking) == ()


def test_a_job_is_held_while_it_is_worked_on_and_no_longer(
    api: Actor, other: Site, clock: PinnedClock
) -> None:
    instance = begin(api, "http-json", {}, {"url": other.url})
    assert errands.take() is not None  # by a worker that dies now
    assert errands.run_once() == 0
    clock.move(errands.HOLD)
    assert errands.run_once() == 1
    assert stands(api, instance) == ("COMPLETED", False)


def test_the_second_of_two_that_did_the_same_work_changes_nothing(
    api: Actor, other: Site, clock: PinnedClock
) -> None:
    instance = begin(api, "http-json", {}, {"url": other.url})
    first = errands.take()
    clock.move(errands.HOLD)
    second = errands.take()
    assert first is not None
    assert second is not None
    errands.do(second)
    errands.do(first)
    assert stands(api, instance) == ("COMPLETED", False)


def test_the_worker_does_what_waits_and_stops(api: Actor, other: Site, clock: PinnedClock) -> None:
    stop = threading.Event()
    running = threading.Thread(target=errands.work, args=(stop,))
    running.start()
    instance = begin(api, "http-json", {}, {"url": other.url})
    for _ in range(200):
        if stands(api, instance)[0] == "COMPLETED":
            break
        stop.wait(0.05)
    stop.set()
    running.join(20)
    assert stands(api, instance) == ("COMPLETED", False)
    assert len(other.asked) == 1


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
    assert sorted(str(one["To"]) for one in office.mails) == [ouder.login, ib.login]
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
    ("headers", "letter", "told"),
    [
        ({"aan": "rmc"}, LETTER, "Niemand met een mailadres heeft deze rol"),
        (
            {"aan": "ouder"},
            b"# Nieuws\n\nBeste {{voornaam}}",
            "In een mail mag alleen {{link}} worden ingevuld",
        ),
        ({"aan": "ouder"}, b"Geen onderwerp", "De eerste regel van het sjabloon"),
        (
            {"aan": "ouder", "sjabloon": "proces.toml"},
            LETTER,
            "Bij 'sjabloon' hoort een bestand uit de map brieven",
        ),
        ({}, LETTER, "Bij 'aan' hoort een rol te staan"),
    ],
)
def test_a_mail_that_cannot_be_is_an_incident_that_says_why(
    office: PostOffice, people: tuple[Actor, Actor, Actor], headers: dict[str, str], letter: bytes, told: str
) -> None:
    whole = {"sjabloon": "brieven/bericht.md", **headers}
    number = at_the_mail("proef_mail_fout", whole, letter, people)
    errands.run_once()
    with transaction(WORKER) as session:
        message = session.execute(
            text(
                "SELECT i.message FROM incident i JOIN instance n ON n.key = i.instance_key"
                " JOIN casus c ON c.key = n.casus_key WHERE c.number = :number AND i.state = 'ACTIVE'"
            ),
            {"number": number},
        ).scalar_one()
    assert message.startswith(told)
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
