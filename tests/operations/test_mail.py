"""Mail goes out after the step that asks for it, at least once, tells a link and nothing else, and is never lost."""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from service import worker
from service.clock import AMSTERDAM, PinnedClock
from service.domain import Actor, last_key
from service.errors import BadRequest
from service.operations import (
    absences,
    emergencies,
    help,
    invitations,
    inviting,
    notices,
    outgoing,
    people,
    runtime,
    starts,
    tasks,
)
from service.operations.runtime import Runtime
from service.store import notices as rows
from service.store.scopes import SERVICE, WORKER
from service.store.session import transaction
from tests.connectors import smtp
from tests.connectors.smtp import PostOffice
from tests.operations import carrying, proef
from tests.operations.carrying import carry, waiting
from tests.operations.conftest import person

SCHOOL = "regenboogbrug"
_days = itertools.count()


@pytest.fixture
def office(service: Runtime, clock: PinnedClock) -> Iterator[PostOffice]:
    """A mail server that this installation sends to; nothing waits for it yet."""
    before = runtime.current()
    with smtp.serving(PostOffice()) as running:
        sends = running.settings()
        names = ("mail_host", "mail_port", "mail_tls", "mail_sender", "mail_timeout_seconds", "public_url")
        carrying.use_settings(**{name: getattr(sends, name) for name in names}, mail_attempts=3)
        carrying.clear()
        clock.move(timedelta(days=100 + next(_days)))  # a day of its own, without tasks of other tests
        with transaction(WORKER) as session:
            rows.tell(session, {rows.EVERYBODY: last_key(clock.now())})
        clock.move(timedelta(seconds=1))
        yield running
    runtime.use(before)


@pytest.fixture
def wilma(service: Runtime) -> Actor:
    return person("org_beheer.regenboogbrug")


def invite(wilma: Actor, login: str = "esther.mail@school.example") -> None:
    people.invite(wilma, SCHOOL, login, "Esther V.", ["school_ib"])


def told(office: PostOffice) -> list[tuple[str, str]]:
    """To whom and with which subject, in order of address."""
    return sorted((str(one["To"]), str(one["Subject"])) for one in office.mails)


def test_an_invitation_is_mailed_without_its_code_or_any_name(
    office: PostOffice, wilma: Actor, clock: PinnedClock
) -> None:
    made = people.invite(wilma, SCHOOL, "esther.mail@school.example", "Esther V.", ["school_ib"])
    assert made.mailed
    assert office.mails == []  # nothing goes out inside the step
    carry()
    (mail,) = office.mails
    said = f"{mail['Subject']} {mail.get_content()}"
    (link,) = re.findall(r"https://\S+", said)
    assert link == f"https://zilverbeek.example/uitnodiging/{inviting.plain(made.token)}"
    assert invitations.is_open(link.rpartition("/")[2])
    assert not re.search(
        rf"Esther|Regenboogbrug|{made.code}|school|Wilma", said.replace(link, ""), re.IGNORECASE
    )


def test_what_is_rolled_back_sends_nothing(office: PostOffice, clock: PinnedClock) -> None:
    def refused() -> None:
        with transaction(SERVICE) as session:
            outgoing.post(session, "taak", ["sanne@school.example"], "/taken", clock.now())
            raise BadRequest

    with pytest.raises(BadRequest):
        refused()
    assert waiting() == []


def test_a_mail_that_went_is_never_sent_again_and_forgets_what_it_said(
    office: PostOffice, wilma: Actor
) -> None:
    invite(wilma)
    (row,) = waiting()
    for _ in range(3):
        outgoing.send(row.key)
    assert len(office.mails) == 1
    (sent,) = waiting("SENT")
    assert bytes(sent.sealed) == b""


def test_what_waits_cannot_be_read_in_the_database(office: PostOffice, wilma: Actor) -> None:
    made = people.invite(wilma, SCHOOL, "esther.dicht@school.example", "Esther V.", ["school_ib"])
    (row,) = waiting()
    for secret in ("esther.dicht", inviting.plain(made.token)):
        assert secret.encode() not in bytes(row.sealed)


def test_a_greylisted_mail_is_tried_again_later_and_later(
    office: PostOffice, wilma: Actor, clock: PinnedClock
) -> None:
    office.answers = ["450 Greylisted"] * 2
    invite(wilma)
    carry()
    (row,) = waiting()
    assert (row.attempts, row.next_at, row.reason) == (
        1,
        clock.now() + timedelta(seconds=15),
        "the mail server answered 450",
    )
    carry()
    assert len(office.answers) == 1  # too early: it was not even tried
    clock.move(timedelta(seconds=15))
    carry()
    assert waiting()[0].next_at == clock.now() + timedelta(seconds=30)
    clock.move(timedelta(seconds=30))
    carry()
    assert [len(office.mails), len(waiting())] == [1, 0]


def test_pauses_double_up_to_an_hour() -> None:
    assert [outgoing.pause(n).total_seconds() for n in (1, 2, 3, 8, 9, 40)] == [15, 30, 60, 1920, 3600, 3600]


def test_a_server_that_dies_in_the_middle_loses_nothing(
    office: PostOffice, wilma: Actor, clock: PinnedClock
) -> None:
    office.hang_up = 1
    invite(wilma)
    carry()
    clock.move(timedelta(minutes=1))
    carry()
    assert len(office.mails) == 1


@pytest.mark.parametrize(
    ("answers", "tries", "reason"),
    [
        (["550 No such user"], 1, "the mail server answered 550"),
        (["451 Later"] * 3, 3, "the mail server answered 451"),
    ],
)
def test_what_never_arrives_is_given_up_for_an_operator_who_can_send_it_again(
    office: PostOffice, wilma: Actor, clock: PinnedClock, answers: list[str], tries: int, reason: str
) -> None:
    office.answers = list(answers)
    invite(wilma)
    for _ in range(5):
        carry()
        clock.move(timedelta(hours=1))
    (stuck,) = outgoing.stuck()
    assert (stuck.state, stuck.attempts, stuck.reason) == ("DEAD", tries, reason)
    assert outgoing.complaints() == ["1 mails or events were given up: see `sluitend outgoing list`"]
    assert outgoing.again(stuck.key)
    carry()
    assert len(office.mails) == 1
    assert (outgoing.stuck(), outgoing.complaints(), outgoing.again(stuck.key)) == ((), [], False)


def test_a_mail_that_was_given_up_can_be_forgotten(
    office: PostOffice, wilma: Actor, clock: PinnedClock
) -> None:
    office.answers = ["550 No"]
    invite(wilma)
    carry()
    assert outgoing.drop(outgoing.stuck()[0].key)
    assert outgoing.stuck() == ()


def test_without_a_mail_server_mail_waits_and_health_says_so(
    office: PostOffice, wilma: Actor, clock: PinnedClock
) -> None:
    host = runtime.current().settings.mail_host
    carrying.use_settings(mail_host="", demo=False)
    made = people.invite(wilma, SCHOOL, "esther.wacht@school.example", "Esther V.", ["school_ib"])
    assert not made.mailed
    carry()
    clock.move(timedelta(hours=2))
    assert outgoing.resume() == 0
    assert outgoing.complaints() == ["1 mails wait for a mail server: set [mail] in config/sluitend.toml"]
    carrying.use_settings(mail_host=host)
    with transaction(WORKER) as session:  # the worker ran the job meanwhile, for nothing
        session.execute(text("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'send'"))
    assert outgoing.resume() == 1
    carry()
    assert len(office.mails) == 1


def test_what_lost_its_job_is_asked_for_again_once(
    office: PostOffice, wilma: Actor, clock: PinnedClock
) -> None:
    invite(wilma)
    clock.move(timedelta(minutes=5))
    assert outgoing.resume() == 0  # its job still waits, behind others
    with transaction(WORKER) as session:
        session.execute(text("DELETE FROM procrastinate_jobs WHERE task_name = 'send'"))
    assert [outgoing.resume(), outgoing.resume()] == [1, 0]
    carry()
    assert len(office.mails) == 1


def test_a_mail_that_comes_too_late_is_not_sent(office: PostOffice, wilma: Actor, clock: PinnedClock) -> None:
    invite(wilma)
    clock.move(timedelta(days=60))
    carry()
    assert (office.mails, len(waiting("LATE"))) == ([], 1)


def test_the_worker_carries_what_waits(office: PostOffice, wilma: Actor, clock: PinnedClock) -> None:
    stop = threading.Event()
    working = threading.Thread(target=worker.run, args=(stop,))
    working.start()
    try:
        invite(wilma, "esther.worker@school.example")
        assert office.came.wait(10)
    finally:
        stop.set()
        working.join(20)
    assert told(office) == [("esther.worker@school.example", "U bent uitgenodigd")]


ARTS, IB = ("jeugdarts", "ggd"), ("school_ib", SCHOOL)


def holders(*posts: tuple[str, str]) -> list[str]:
    """Who holds these roles now; other tests let people in."""
    with transaction(WORKER) as session:
        return list(rows.logins(session, posts))


def started(ouder: Actor, count: int = 1) -> None:
    for _ in range(count):
        starts.start(ouder, "proef", proef.started(), as_html=False)


def test_ten_tasks_are_one_mail_to_each_who_may_do_them(
    office: PostOffice, ouder: Actor, clock: PinnedClock
) -> None:
    started(ouder, 5)
    clock.move(timedelta(minutes=2))
    started(ouder, 5)
    assert notices.of_tasks() == 0  # some minutes, for what comes with it
    clock.move(timedelta(minutes=3))
    assert notices.of_tasks() == len(holders(ARTS, IB))
    for _ in range(4):
        clock.move(timedelta(minutes=2))
        assert notices.of_tasks() == 0
    carry()
    assert told(office) == [(login, "Er staan taken voor u klaar") for login in holders(ARTS, IB)]
    said = " ".join(one.get_content() for one in office.mails)
    assert "https://zilverbeek.example/taken" in said
    assert not re.search(r"Noor|Bakker|Wilgenveen|Regenboogbrug|Advies|Onderzoek", said)


def test_a_task_that_was_done_or_taken_meanwhile_needs_no_mail(
    office: PostOffice, ouder: Actor, ib: Actor, arts: Actor, clock: PinnedClock
) -> None:
    began = starts.start(ouder, "proef", proef.started(), as_html=False)
    key = next(t.key for t in tasks.mine(ib, limit=500).tasks if t.casus_number == began.casus_number)
    tasks.complete(ib, key, {"advies": "geen", "toelichting": "Nee"}, as_html=False)
    clock.move(timedelta(minutes=6))
    notices.of_tasks()
    carry()
    assert told(office) == [(login, "Er staat een taak voor u klaar") for login in holders(ARTS)]


def test_two_workers_tell_of_a_task_once(office: PostOffice, ouder: Actor, clock: PinnedClock) -> None:
    started(ouder)
    clock.move(timedelta(minutes=6))
    threads = [threading.Thread(target=notices.of_tasks) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(waiting()) == len(holders(ARTS, IB))


def test_who_stands_in_gets_the_mail_of_who_is_absent(
    office: PostOffice, ouder: Actor, wilma: Actor, ib: Actor, clock: PinnedClock
) -> None:
    made = people.invite(wilma, SCHOOL, "roos.mail@school.example", "Roos T.", ["school_ib"])
    invitations.accept(made.token, made.code, "een-lange-zin-42")
    with transaction(SERVICE) as session:
        roos = session.execute(
            text("SELECT key FROM account WHERE login = 'roos.mail@school.example'")
        ).scalar_one()
    absences.record(ib, ib.account, "school_ib", SCHOOL, roos, clock.now(), clock.now() + timedelta(days=5))
    try:
        carrying.carry()
        assert ("roos.mail@school.example", "U vervangt een collega") in told(office)
        office.mails.clear()
        started(ouder)
        clock.move(timedelta(minutes=6))
        notices.of_tasks()
        carry()
        assert {to for to, _ in told(office)} == set(holders(ARTS, IB)) - {ib.login}
    finally:
        absences.revoke(ib, absences.view(ib).rows[0].key)
        people.change(wilma, SCHOOL, roos, [])


def test_the_fg_hears_that_the_noodknop_was_used(
    office: PostOffice, ouder: Actor, clock: PinnedClock
) -> None:
    began = starts.start(ouder, "proef", proef.started(), as_html=False)
    carrying.clear()
    emergencies.use(person("lpa.wilgenveen"), began.casus_number, "Er is acuut gevaar voor het kind, spoed.")
    carry()
    assert told(office) == [("fg.wilgenveen@demo.invalid", "De noodknop is gebruikt")]
    assert began.casus_number not in office.mails[0].get_content()


def test_who_calls_back_hears_of_a_question_for_help(office: PostOffice, clock: PinnedClock) -> None:
    until = help.ask("wilgenveen", "Sanne W.", "06 12345678", "Mijn kind zit thuis.", "192.0.2.7")
    assert {row.until for row in waiting()} == {until}
    carry()
    assert {subject for _, subject in told(office)} == {"Er is een vraag om hulp"}
    assert not re.search(r"Sanne|0612|thuis|Wilgenveen", " ".join(one.get_content() for one in office.mails))


def test_moments_in_mail_are_of_the_step(office: PostOffice, wilma: Actor, clock: PinnedClock) -> None:
    asked = clock.now()
    invite(wilma)
    clock.move(timedelta(seconds=30))
    carry()
    assert datetime.strptime(str(office.mails[0]["Date"]), "%a, %d %b %Y %H:%M:%S %z") == asked.astimezone(
        AMSTERDAM
    )
