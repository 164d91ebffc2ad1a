"""One mail to a real SMTP server: taken, delayed or refused, and never a word about anybody."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from service.config import Settings
from service.connectors import mail
from service.connectors.mail import Mail, MailDelayed, MailRefused, NoMailServer
from service.errors import ConfigurationError
from tests.connectors import smtp
from tests.connectors.smtp import PostOffice
from tests.site import free_port

MAIL = Mail(
    id="4711",
    to="sanne@school.example",
    subject="Er staat een taak voor u klaar",
    text="Goedemiddag,\n\nEr staat een taak klaar: https://zilverbeek.example/taken\n",
    at=datetime(2027, 1, 18, 9, 0, tzinfo=UTC),
)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with smtp.serving(PostOffice()) as running:
        yield running


def test_a_mail_arrives_as_it_was_written(office: PostOffice) -> None:
    mail.sender(office.settings())(MAIL)
    (came,) = office.mails
    assert (came["To"], came["Subject"]) == ("sanne@school.example", MAIL.subject)
    assert came["From"] == "Sluitend <sluitend@zilverbeek.example>"
    assert came["Message-ID"] == "<4711@zilverbeek.example>"
    assert came["Auto-Submitted"] == "auto-generated"
    assert came.get_content().splitlines() == MAIL.text.splitlines()


def test_sent_again_it_carries_the_same_id(office: PostOffice) -> None:
    for _ in range(2):
        mail.sender(office.settings())(MAIL)
    assert len({came["Message-ID"] for came in office.mails}) == 1


@pytest.mark.parametrize("at", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("450 4.2.0 Greylisted, come back later", MailDelayed),
        ("452 4.2.2 sanne@school.example is full", MailDelayed),
        ("550 5.1.1 sanne@school.example unknown", MailRefused),
        ("554 5.7.1 no", MailRefused),
    ],
)
def test_what_may_pass_is_delayed_and_what_will_not_is_refused(
    office: PostOffice, at: str, answer: str, expected: type[Exception]
) -> None:
    office.at, office.answers = at, [answer]
    with pytest.raises(expected) as told:
        mail.sender(office.settings())(MAIL)
    assert str(told.value) == f"the mail server answered {answer[:3]}"  # never the address
    assert office.mails == []


def test_a_server_that_dies_in_the_middle_delays(office: PostOffice) -> None:
    office.hang_up = 1
    with pytest.raises(MailDelayed):
        mail.sender(office.settings())(MAIL)
    mail.sender(office.settings())(MAIL)
    assert len(office.mails) == 1


def test_no_answer_at_all_delays() -> None:
    with pytest.raises(MailDelayed):
        mail.sender(
            Settings(mail_host="127.0.0.1", mail_port=free_port(), mail_tls="none", mail_sender="a@b.nl")
        )(MAIL)


def test_a_server_that_stays_silent_delays_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings = Settings(
            mail_host="127.0.0.1",
            mail_port=port,
            mail_tls="none",
            mail_sender="a@b.nl",
            mail_timeout_seconds=0.3,
        )
        with pytest.raises(MailDelayed):
            mail.sender(settings)(MAIL)


@pytest.mark.parametrize("kind", ["starttls", "implicit"])
def test_the_password_goes_over_tls_only(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, context = smtp.certificate(tmp_path)
    with smtp.serving(PostOffice(), tls=context, implicit=kind == "implicit") as office:
        told = {"mail_tls": kind, "mail_user": smtp.USER, "mail_password": smtp.PASSWORD}
        with pytest.raises(MailDelayed):
            mail.sender(office.settings(**told))(MAIL)  # a certificate that nobody vouches for
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        mail.sender(office.settings(**told))(MAIL)
        assert len(office.mails) == 1
        with pytest.raises(MailDelayed, match="535"):
            mail.sender(office.settings(**(told | {"mail_password": "wrong"})))(MAIL)


def test_a_server_without_tls_gets_nothing(office: PostOffice) -> None:
    with pytest.raises(MailDelayed):
        mail.sender(office.settings(mail_tls="starttls"))(MAIL)
    assert office.mails == []


@pytest.mark.parametrize(
    "wrong",
    [{"mail_password": "x"}, {"mail_tls": "ssl"}, {"mail_sender": ""}],
    ids=lambda one: next(iter(one)),
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError):
        mail.sender(PostOffice().settings(**wrong))


@pytest.mark.parametrize("to", ["no address", "a@b.nl\r\nBcc: c@d.nl", ""])
def test_an_address_that_is_none_is_refused_and_adds_no_header(office: PostOffice, to: str) -> None:
    with pytest.raises(MailRefused):
        mail.sender(office.settings())(Mail(id="1", to=to, subject="x", text="x", at=MAIL.at))
    assert office.mails == []


def test_without_a_server_mail_waits_and_in_the_demo_it_goes_to_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NoMailServer):
        mail.sender(Settings())(MAIL)
    mail.sender(Settings(demo=True, data_dir=str(tmp_path)))(MAIL)
    (file,) = (tmp_path / "mail").iterdir()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"] == MAIL.subject
