"""Real providers for tests: oidc-provider in node, two of them, and our own pages on a port of their own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from service import identity
from service.app import create_app
from service.config import Settings
from service.domain import Actor
from service.operations import runtime
from service.web import federation
from tests.site import Page, Visitor, free_port

FOLDER = Path(__file__).resolve().parent / "oidc_provider"
SECRET = "het geheim van de proef & meer"
PEOPLE = {
    "noor-7f3a": {"name": "Noor W.", "groups": ["adviseur", "anders"]},
    "ruben-91bc": {"name": "Ruben D.", "groups": ["onbekend"]},
    "esther-22de": {"name": "Esther V.", "groups": [], "brin": "01AA"},
}


@dataclass
class Provider:
    """One running provider."""

    key: str
    issuer: str
    port: int
    process: subprocess.Popen[str]

    def answers(self, way: str = "") -> None:
        """From now on its id tokens are wrong in this way; "" for good ones."""
        self._tell("/proef", {"wijze": way})

    def logout_token(self, **claims: object) -> str:
        """A logout token, signed by this provider; further claims as they are, None leaves one out."""
        return self._tell("/proef/uitlogtoken", {"change": json.dumps(claims)})

    def _tell(self, path: str, fields: Mapping[str, str]) -> str:
        body = urllib.parse.urlencode(fields).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", body, timeout=10) as answer:
            return str(answer.read().decode())


@contextlib.contextmanager
def provider(key: str, host: str, ours: str) -> Iterator[Provider]:
    """A provider that knows our service at `ours`; it listens before this returns."""
    port = free_port()
    issuer = f"http://{host}:{port}"
    settings = {
        "issuer": issuer,
        "port": port,
        "client_id": f"sluitend {key}",
        "client_secret": SECRET,
        "redirect_uris": [f"{ours}/aanmelden/{key}/terug"],
        "post_logout_redirect_uris": [f"{ours}/uitgelogd"],
        "backchannel_logout_uri": f"{ours}/aanmelden/{key}/uitgelogd",
        "accounts": PEOPLE,
        "takes_forms": key == "swv",  # the other one is as most: signing out by a link only
    }
    command = ["node", "provider.mjs", json.dumps(settings)]
    environment = {k: v for k, v in os.environ.items() if k != "NODE_OPTIONS"}
    with subprocess.Popen(
        command, cwd=FOLDER, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert any("ready" in line for line in process.stdout), "the provider did not start"
            threading.Thread(target=process.stdout.read, daemon=True).start()  # so that it never waits for us
            yield Provider(key=key, issuer=issuer, port=port, process=process)
        finally:
            process.kill()


def need_node() -> None:
    """Skip, or fail where everything must be there, without node and the locked packages."""
    if shutil.which("node") and (FOLDER / "node_modules" / "oidc-provider").is_dir():
        return
    missing = "node or the locked oidc-provider is not here"
    if os.environ.get("SLUITEND_REQUIRE_ALL") == "1":
        pytest.fail(missing)
    pytest.skip(missing)


def sign_in_file(folder: Path, ours: str, issuers: Mapping[str, str]) -> Path:
    """aanmelden.toml for these providers (key -> issuer)."""
    parts = [f'adres = "{ours}"\n[zekerheid]\nminuten = 30\n']
    for key, issuer in issuers.items():
        parts.append(
            f"""
[[aanbieder]]
sleutel = "{key}"
naam = "Proef {key}"
issuer = "{issuer}"
client_id = "sluitend {key}"
geheim_env = "PROEF_GEHEIM"
scopes = ["openid", "profile", "rollen"]
userinfo = true
bel = "Bel de servicedesk: 088 000 99 99."
acr = {{ substantial = "urn:test:2fa" }}
amr = {{ hwk = "high" }}
uitloggen = "{"link" if key == "scholen" else "formulier"}"
rol = [
  {{ als = {{ groups = "adviseur" }}, rol = "swv_po", organisatie = "samenwijs" }},
  {{ als = {{ brin = "01AA" }}, rol = "school_ib", organisatie = "regenboogbrug" }},
]
"""
        )
    file = folder / "aanmelden.toml"
    file.write_text("".join(parts), encoding="utf-8")
    return file


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: the service logs its own requests."""


@cache
def application() -> Flask:
    """Made once: the blueprints of the API belong to one application in a process."""
    return create_app(runtime.current().settings, connect=False)


@contextlib.contextmanager
def pages(settings: Settings, port: int) -> Iterator[None]:
    """The whole application on a port, in this process: its clock is ours to move."""
    app = application()
    app.config["SLUITEND_SIGN_IN"] = federation.read(settings)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows every redirect, save the one that a test wants to hold in its hands."""

    held = ""

    def redirect_request(self, *given: Any) -> urllib.request.Request | None:
        """None leaves the redirect unfollowed."""
        return None if self.held and self.held in given[-1] else super().redirect_request(*given)


class Browser(Visitor):
    """A visitor that can stop before it comes back to us."""

    def __post_init__(self) -> None:
        self.redirects = _Redirects()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.jar), self.redirects
        )

    def until_back(self, key: str, login: str, **proof: str) -> str:
        """Sign in at the provider; gives the address to which it sends this browser, not opened yet."""
        self.redirects.held = "/terug?"
        try:
            return sign_in(self, key, login, **proof).headers["Location"]
        finally:
            self.redirects.held = ""

    @property
    def token(self) -> str:
        """Of our session; "" without one."""
        return next((one.value or "" for one in self.jar if one.name == "sluitend_sessie"), "")

    @property
    def actor(self) -> Actor | None:
        """Who this browser is for us."""
        return identity.actor_of(self.token)


def sign_in(visitor: Visitor, key: str, login: str, *, acr: str = "", amr: str = "", query: str = "") -> Page:
    """Go to the provider, and give name and proof there when it asks."""
    page = visitor.get(f"/aanmelden/{key}{query}")
    return prove(visitor, page, login, acr=acr, amr=amr) if "/inloggen/" in page.address else page


def prove(visitor: Visitor, page: Page, login: str, *, acr: str = "", amr: str = "") -> Page:
    """Fill in the provider's form."""
    return visitor.post(page.address, [("login", login), ("acr", acr), ("amr", amr)])
