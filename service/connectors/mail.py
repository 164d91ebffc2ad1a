"""Sends one mail: to an SMTP server, or into a folder of the demo."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from service.config import Settings
from service.errors import ConfigurationError

_SENDER_NAME = "Sluitend"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail in plain words; it holds a link and nothing about anybody."""

    id: str  # stable: a second sending of the same mail carries it again, so that a reader sees one
    to: str
    subject: str
    text: str
    at: datetime  # when it was written


class MailDelayed(Exception):
    """The server cannot take it now, or did not answer: try again later. Says no address."""


class MailRefused(Exception):
    """The server will never take it. Says no address."""


class NoMailServer(Exception):
    """There is no server yet: the mail waits."""


Send = Callable[[Mail], None]


def sender(settings: Settings) -> Send:
    """How this installation sends; it raises MailDelayed, MailRefused, or NoMailServer while nothing is set."""
    if settings.mail_host:
        _check(settings)
        return lambda mail: _by_smtp(settings, mail)
    if settings.demo:
        folder = Path(settings.mail_folder or Path(settings.data_dir) / "mail")
        return lambda mail: _to_folder(folder, settings, mail)
    return _nowhere


def _nowhere(_mail: Mail) -> None:
    raise NoMailServer


def _check(settings: Settings) -> None:
    if settings.mail_tls not in {"starttls", "implicit", "none"}:
        raise ConfigurationError("Expected mail_tls to be starttls, implicit or none")
    if settings.mail_tls == "none" and settings.mail_password:
        raise ConfigurationError(
            "Expected TLS for mail with a password: set mail_tls to starttls or implicit"
        )
    if "@" not in settings.mail_sender:
        raise ConfigurationError("Expected mail_sender to be an address, for mail_host is set")


def _composed(settings: Settings, mail: Mail) -> EmailMessage:
    """As it goes over the line. Header values hold no line break: the library refuses one."""
    host = (
        urlsplit(settings.public_url).hostname or settings.mail_sender.partition("@")[2] or "sluitend.invalid"
    )
    message = EmailMessage()
    message["From"] = Address(_SENDER_NAME, addr_spec=settings.mail_sender or f"sluitend@{host}")
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence answers back
    message["Content-Language"] = "nl"
    message.set_content(mail.text)
    return message


def _to_folder(folder: Path, settings: Settings, mail: Mail) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = _compose(settings, mail).as_bytes()
    (folder / f"{mail.id}.eml").write_bytes(content)


def _compose(settings: Settings, mail: Mail) -> EmailMessage:
    try:
        return _composed(settings, mail)
    except (ValueError, IndexError) as error:  # an address or a subject that no mail can carry
        raise MailRefused("Expected an address and a subject that a mail can carry") from error


def _by_smtp(settings: Settings, mail: Mail) -> None:
    message = _compose(settings, mail)
    try:
        with _connected(settings) as server:
            if settings.mail_user:
                server.login(settings.mail_user, settings.mail_password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        _judge(next(iter(error.recipients.values()))[0], error)
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError) as error:
        # It refuses us, not this mail: an operator mends that, and nothing is lost meanwhile.
        raise MailDelayed(f"the mail server answered {error.smtp_code}") from error
    except smtplib.SMTPResponseException as error:
        _judge(error.smtp_code, error)
    except (smtplib.SMTPException, OSError) as error:  # gone, silent, no TLS: all may pass
        raise MailDelayed(type(error).__name__) from error


def _judge(code: int, error: Exception) -> None:
    """RFC 5321 section 4.2.1: 4xx may pass, 5xx will not. What the server says is kept out: it names the address."""
    answer = f"the mail server answered {code}"
    raise (MailRefused if 500 <= code < 600 else MailDelayed)(answer) from error


def _connected(settings: Settings) -> smtplib.SMTP:
    wait = settings.mail_timeout_seconds
    if settings.mail_tls == "implicit":
        secure = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.mail_host, settings.mail_port, timeout=wait, context=secure)
    server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=wait)
    if settings.mail_tls == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server
