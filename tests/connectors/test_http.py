"""Calls to other systems: to public or configured addresses only, never elsewhere by a redirect, bounded in all."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.config import Settings
from service.connectors import addresses, http
from service.connectors.addresses import AddressRefused, AddressUnknown, Guard
from service.connectors.http import Call, CallFailed, CallRefused
from service.errors import ConfigurationError
from tests.connectors import smtp, web
from tests.connectors.web import Site
from tests.site import free_port

HOME = addresses.guard(
    Settings(http_hosts="127.0.0.1 localhost *.example", http_private="127.0.0.0/8 ::1/128")
)
PUBLIC = Guard(hosts=None)


@pytest.fixture
def site() -> Iterator[Site]:
    with web.serving(Site()) as running:
        yield running


def asking(url: str, **more: Any) -> Call:
    return replace(Call(method="GET", url=url, timeout_seconds=3, max_bytes=1000), **more)


def test_a_call_carries_method_headers_and_body_and_gives_the_answer(site: Site) -> None:
    site.answers = [(201, {"X-Nummer": "7"}, b"gemaakt")]
    answer = http.call(
        asking(f"{site.url}/zaken?soort=a%20b", method="POST", headers={"X-Van": "ons"}, body=b"{}"), HOME
    )
    assert (answer.status, answer.headers["x-nummer"], answer.body) == (201, "7", b"gemaakt")
    (asked,) = site.asked
    assert (asked.method, asked.path, asked.body) == ("POST", "/zaken?soort=a%20b", b"{}")
    assert (asked.headers["X-Van"], asked.headers["Host"]) == ("ons", f"127.0.0.1:{site.port}")


def test_a_redirect_is_an_answer_and_is_not_followed(site: Site) -> None:
    site.answers = [(302, {"Location": f"{site.url}/elders"}, b"")]
    assert http.call(asking(site.url), HOME).status == 302
    assert [one.path for one in site.asked] == ["/"]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.8.8.8", "localhost", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *(
            "0.0.0.0",  # noqa: S104  # refused here, not listened on
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "2130706433",
            "0x7f.1",
            "127.1",
        ),
        *("[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[::ffff:10.0.0.1]", "[::ffff:7f00:1]"),
        *("[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[64:ff9b::a9fe:a9fe]"),
    ],
)
def test_an_address_that_is_not_public_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(CallRefused):
        http.call(asking(f"http://{host}:{free_port()}/"), PUBLIC)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_a_public_address_is_allowed(address: str) -> None:
    assert PUBLIC.resolve(address, 443)


def test_only_hosts_of_the_list_are_called() -> None:
    listed = addresses.guard(Settings(http_hosts="api.brp.nl *.kadaster.nl"))
    for host in ("evil.nl", "kadaster.nl", "api.brp.nl.evil.nl", "8.8.8.8", ""):
        with pytest.raises(AddressRefused, match="hosts"):
            listed.resolve(host, 443)
    with pytest.raises(AddressRefused, match="hosts"):
        addresses.guard(Settings()).resolve("8.8.8.8", 443)  # nothing is listed: nothing is called


def _answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let the name service say these addresses in turn for every name of .example; gives the names that it was asked."""
    real, said, told = socket.getaddrinfo, list(answers), list[str]()

    def fake(host: str, port: int, *rest: Any, **named: Any) -> Any:
        if not str(host).endswith(".example"):
            return real(host, port, *rest, **named)
        told.append(host)
        return [one for address in said.pop(0) for one in real(address, port, *rest, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return told


def test_a_name_that_moves_after_it_was_judged_leads_nowhere(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = _answering(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    assert http.call(asking(f"http://rebind.example:{site.port}/"), HOME).status == 200
    assert told == ["rebind.example"]
    assert site.asked[0].headers["Host"] == f"rebind.example:{site.port}"


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _answering(monkeypatch, ["8.8.8.8", "192.168.0.7"])
    with pytest.raises(CallRefused):
        http.call(asking("https://mixed.example/"), PUBLIC)


def test_a_name_that_nobody_knows_may_be_known_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_rest: Any, **_named: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(AddressUnknown):
        PUBLIC.resolve("nobody.example", 443)
    with pytest.raises(CallFailed):
        http.call(asking("https://nobody.example/"), PUBLIC)


def test_the_proxy_of_the_environment_sees_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert http.call(asking(site.url), HOME).status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://a.example/"},
        {"url": "file:///etc/passwd"},
        {"url": "http://"},
        {"url": "http://a.example:99999/"},
        {"url": "http://user:pass@a.example/"},
        {"url": "http://a.example/\r\nX: y"},
        {"url": "http://a.example/ x"},
        {"url": "http://[::1"},
        {"method": "CONNECT"},
        {"method": "GET / HTTP/1.1\r\nX:"},
        {"headers": {"X": "a\r\nY: b"}},
        {"headers": {"X Y": "a"}},
        {"headers": {"": "a"}},
        {"headers": {"Host": "elders"}},
        {"headers": {"Transfer-Encoding": "chunked"}},
    ],
    ids=str,
)
def test_what_no_call_can_carry_is_refused_before_anything_is_sent(site: Site, wrong: dict[str, Any]) -> None:
    with pytest.raises(CallRefused):
        http.call(replace(asking(site.url), **wrong), HOME)
    assert site.asked == []


def test_an_answer_that_is_too_large_is_refused(site: Site) -> None:
    site.answers = [(200, {}, b"x" * 1000)]
    assert len(http.call(asking(site.url), HOME).body) == 1000
    site.answers = [(200, {}, b"x" * 1001)]
    with pytest.raises(CallRefused, match="larger"):
        http.call(asking(site.url), HOME)


@contextlib.contextmanager
def raw(*parts: bytes, pause: float) -> Iterator[int]:
    """A server that sends these bytes with pauses, to one visitor."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                visitor, _ = listening.accept()
                with visitor:
                    visitor.recv(65_536)
                    for part in parts:
                        visitor.sendall(part)
                        time.sleep(pause)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(30)


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "parts",
    [
        [b""] * 6,
        [HEAD + b"Content-Length: 9\r\n\r\n", *[b"x"] * 9],
        [HEAD + b"\r\n", *[b"x"] * 9],  # no length: cut off it looks whole
        [bytes([one]) for one in HEAD],
    ],
    ids=["silent", "drips", "drips without length", "drips its head"],
)
def test_the_time_is_of_the_whole_call(parts: list[bytes]) -> None:
    with raw(*parts, pause=0.15) as port:
        began = time.monotonic()
        with pytest.raises(CallFailed, match="in time"):
            http.call(asking(f"http://127.0.0.1:{port}/", timeout_seconds=0.4), HOME)
        assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("parts", [[b"nonsense\r\n\r\n"], [HEAD + b"Content-Length: 9\r\n\r\nxx"], [b""]])
def test_an_answer_that_breaks_off_may_come_later(parts: list[bytes]) -> None:
    with raw(*parts, pause=0) as port, pytest.raises(CallFailed):
        http.call(asking(f"http://127.0.0.1:{port}/"), HOME)


def test_nobody_listens_now() -> None:
    with pytest.raises(CallFailed):
        http.call(asking(f"http://127.0.0.1:{free_port()}/"), HOME)


def test_tls_is_of_the_name_and_vouched_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, context = smtp.certificate(tmp_path)
    with web.serving(Site(), tls=context) as site:
        with pytest.raises(CallFailed):
            http.call(asking(site.url), HOME)
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert http.call(asking(site.url), HOME).status == 200
        assert http.call(asking(f"https://localhost:{site.port}/"), HOME).status == 200
        _answering(monkeypatch, ["127.0.0.1"])
        with pytest.raises(CallFailed):
            http.call(asking(f"https://other.example:{site.port}/"), HOME)


def test_networks_that_are_none_are_told() -> None:
    with pytest.raises(ConfigurationError):
        addresses.guard(Settings(http_private="10.20.0.0/99"))
