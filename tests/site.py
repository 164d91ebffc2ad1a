"""A whole Sluitend for tests: `sluitend demo` in its own folder and port, and a small browser without scripts."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from lxml import html

from tests.eavesdropping import Ear

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 120
EARS: list[Ear] = []  # who listens to the logs of this test run: what is typed here may not be in one


def passable(folder: Path) -> Path:
    """A temporary folder that the database's own account may go through; as root it runs under another one."""
    folder.chmod(0o711)
    return folder


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Site:
    """A running demo and how to reach its parts."""

    port: int
    data: Path
    process: subprocess.Popen[str]
    output: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def logins(self) -> list[str]:
        """The demo logins that the demo itself printed."""
        return re.findall(r"[\w.-]+@demo\.invalid", self.output.read_text(encoding="utf-8"))

    def pids(self, pattern: str) -> list[int]:
        """Living processes of this demo whose command line matches."""
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                environment = (entry / "environ").read_bytes()
                parent = int((entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
                mine = parent == self.process.pid or f"SLUITEND_DATA_DIR={self.data}".encode() in environment
                if mine and re.search(pattern, command):
                    found.append(int(entry.name))
        return found

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until the site answers that it is ready."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the demo ended: {self.output.read_text(encoding='utf-8')[-4000:]}")
            with (
                contextlib.suppress(OSError, urllib.error.URLError),
                urllib.request.urlopen(f"{self.address}/health/ready", timeout=2) as answer,
            ):
                if answer.status == 200:
                    return
            time.sleep(0.1)  # the demo is another process: there is no signal to wait on but its answer
        raise TimeoutError(self.output.read_text(encoding="utf-8")[-4000:])


@contextlib.contextmanager
def demo(data: Path, **settings: str) -> Iterator[Site]:
    """`sluitend demo` on `data` with further SLUITEND_ settings, stopped with Ctrl-C at the end."""
    data.parent.mkdir(parents=True, exist_ok=True)
    output = data.with_suffix(".log")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SLUITEND_")} | settings
    port = free_port()
    command = [sys.executable, "-m", "service.cli", "demo", "--port", str(port), "--data", str(data)]
    with output.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, text=True)
    site = Site(port=port, data=data, process=process, output=output)
    for ear in EARS:
        ear.elsewhere += [output]
    try:
        site.wait_until_ready()
        yield site
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@dataclass
class Page:
    """An answer: status, address after redirects, and the parsed page."""

    status: int
    path: str
    text: str
    headers: Mapping[str, str]
    address: str = ""  # whole, of wherever the redirects led

    @property
    def tree(self) -> Any:
        return html.fromstring(self.text)

    def words(self) -> str:
        """All visible text with single spaces."""
        return " ".join(self.tree.text_content().split())

    def forms(self) -> list[Any]:
        """The forms of the page."""
        return list(self.tree.forms)


@dataclass
class Visitor:
    """Somebody with a browser that runs no scripts: follows links and redirects, keeps cookies, sends forms."""

    address: str
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._open(urllib.request.Request(self._absolute(path)))

    def post(self, path: str, fields: list[tuple[str, str]]) -> Page:
        """Send form fields."""
        for ear in EARS:
            ear.keep_secret(value for name, value in fields if "csrf" not in name and " " in value)
        body = urllib.parse.urlencode(fields).encode()
        return self._open(urllib.request.Request(self._absolute(path), data=body))

    def sign_in(self, login: str, password: str = "demo") -> Page:
        """Sign in through the form that a person sees."""
        page = self.get("/inloggen")
        form = next(f for f in page.forms() if any(i.get("type") == "password" for i in f.inputs))
        names = {i.get("type"): i.name for i in form.inputs if i.name}
        user = next(i.name for i in form.inputs if i.name and i.get("type") in {"email", "text"})
        return self.submit(page, form, {user: login, names["password"]: password})

    def submit(self, page: Page, form: Any, answers: Mapping[str, str | list[str]], button: str = "") -> Page:
        """Fill in a form of the page and send it, hidden fields and all; refuses answers without a field."""
        known = {i.name for i in form.inputs if i.name}
        unknown = set(answers) - known
        if unknown:
            raise LookupError(f"the page has no field {sorted(unknown)}; it has {sorted(known)}")
        fields = [(name, value) for name, value in form.form_values() if name not in answers]
        for name, value in answers.items():
            fields += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        if button:
            name, _, value = button.partition("=")
            fields.append((name, value))
        return self.post(form.get("action") or page.path, fields)

    def _absolute(self, path: str) -> str:
        return urllib.parse.urljoin(self.address, path)

    def _open(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return self._page(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return self._page(refused)

    @staticmethod
    def _page(answer: Any) -> Page:
        text = answer.read().decode("utf-8")
        path = urllib.parse.urlsplit(answer.url).path
        return Page(
            status=answer.status, path=path, text=text, headers=dict(answer.headers), address=answer.url
        )
