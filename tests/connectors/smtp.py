"""A real SMTP server that says what a test wants it to say."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from service.config import Settings
from tests.site import free_port

_STALL_SECONDS = 60
USER, PASSWORD = "sluitend", "open-sesame"


@dataclass
class PostOffice:
    """Takes mail; `answers` are given in turn to the next recipients or contents, then all is taken."""

    answers: list[str] = field(default_factory=list)
    at: str = "RCPT"  # RCPT | DATA: where the answers are given
    hang_up: int = 0  # so many conversations break off in the middle of a mail
    stalls: int = 0  # so many conversations get no answer to what they sent
    stalled: threading.Event = field(default_factory=threading.Event)
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    came: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(  # aiosmtpd names its hooks so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang_up:
            self.hang_up -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "421 gone"
        if self.at == "RCPT" and self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # as above
        if self.stalls:
            self.stalls -= 1
            self.stalled.set()
            await asyncio.sleep(_STALL_SECONDS)
            return "451 too late"
        if self.at == "DATA" and self.answers:
            return self.answers.pop(0)
        found = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]  # bytes, for decode_data is off
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        self.came.set()
        return "250 OK"

    def settings(self, **more: Any) -> Settings:
        """Settings of an installation that sends here."""
        told: dict[str, Any] = {
            "mail_host": "127.0.0.1",
            "mail_port": self.port,
            "mail_tls": "none",
            "mail_sender": "sluitend@zilverbeek.example",
            "mail_timeout_seconds": 3.0,
            "public_url": "https://zilverbeek.example",
        }
        return Settings(**(told | more))


def _known(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@contextlib.contextmanager
def serving(
    office: PostOffice, *, tls: ssl.SSLContext | None = None, implicit: bool = False
) -> Iterator[PostOffice]:
    """The server on a free port, until the end of the block."""
    office.port = free_port()
    options: dict[str, Any] = {"authenticator": _known, "auth_require_tls": not implicit} if tls else {}
    if tls and implicit:
        controller = Controller(office, hostname="127.0.0.1", port=office.port, ssl_context=tls, **options)
    elif tls:
        controller = Controller(
            office, hostname="127.0.0.1", port=office.port, tls_context=tls, require_starttls=True, **options
        )
    else:
        controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of its own for 127.0.0.1, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "test.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context
