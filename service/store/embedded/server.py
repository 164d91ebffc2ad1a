"""Starts, finds, tends and stops the embedded PostgreSQL. Liveness is answered by connecting, not by pid files."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from service.errors import ConfigurationError
from service.store.embedded import binaries
from service.store.embedded.account import Account, choose, home, private_folder, socket_folder

DATABASE = "sluitend"
ADMIN = "sluitend_admin"
APP = "sluitend_app"
_START_SECONDS = 60
_STOP_SECONDS = 30
_ATTEMPTS = 6
_CONFIGURATION = """\
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '128MB'
synchronous_commit = on
fsync = on
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_statement = 'none'
log_min_error_statement = 'panic'
"""
_launched: list[
    tuple[int, Embedded]
] = []  # with the process that started each: children of a fork are not it
_ACCESS = "local all all scram-sha-256\n"


@dataclass
class Embedded:
    """A running server of one data folder."""

    data_dir: Path
    cluster: Path
    account: Account
    passwords: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def sockets(self) -> Path:
        return socket_folder(self.cluster, self.account)

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for a role, password included."""
        password = quote(self.passwords["admin" if role == ADMIN else "app"])
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.sockets), safe='')}"

    @property
    def url_app(self) -> str:
        return self.url(APP)

    @property
    def url_admin(self) -> str:
        return self.url(ADMIN)

    @property
    def app_password(self) -> str:
        return self.passwords["app"]

    def alive(self) -> bool:
        """Whether it answers a connection."""
        try:
            with psycopg.connect(self.url(ADMIN, "postgres"), connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def ensure(self) -> None:
        """Start it again when it does not answer."""
        if not self.alive():
            with _locked(self.data_dir):
                _bring_up(self)

    def stop(self) -> None:
        """Stop it: open transactions are rolled back, what was committed stays."""
        pid = _postmaster(self.cluster)
        if pid:
            _end(pid, signal.SIGINT)
        self.reap()

    def reap(self) -> None:
        """Take leave of the process that was started for it and has ended."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_STOP_SECONDS)
            self.process = None
        _launched[:] = [one for one in _launched if one[1] is not self]


def start(data_dir: Path | str) -> Embedded:
    """The running server of a data folder; started when it is not running, made when there is none yet.

    Several processes may call this at once: one starts it, the others find it.
    """
    folder = Path(data_dir).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    account = choose()
    with _locked(folder):
        cluster = home(folder, account)
        server = Embedded(folder, cluster, account, _passwords(folder))
        if not (cluster / "data" / "PG_VERSION").exists():
            _initialise(server)
        _bring_up(server)
        return server


def leave_running(server: Embedded) -> None:
    """Let a server outlive the process that started it."""
    _launched[:] = [one for one in _launched if one[1] is not server]


def stop_launched() -> None:
    """Stop the servers that this very process started, for commands that end; others keep theirs."""
    for process, server in list(_launched):
        if process == os.getpid():
            server.stop()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time looks after a data folder; the lock goes with its process, even by kill -9."""
    with (folder / ".database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _passwords(folder: Path) -> Mapping[str, str]:
    """Made once, kept in a file that only its owner reads."""
    file = folder / "database.json"
    if not file.exists():
        words = {"admin": secrets.token_urlsafe(24), "app": secrets.token_urlsafe(24)}
        _write_private(file, json.dumps(words))
    known: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return known


def present(data_dir: Path | str) -> bool:
    """Whether a data folder has a database already."""
    return (Path(data_dir).resolve() / "database.json").exists()


def has_secret_key(data_dir: Path | str) -> bool:
    """Whether a data folder has a secret key already."""
    return (Path(data_dir).resolve() / "secret.key").exists()


def secret_key(data_dir: Path | str) -> str:
    """The secret key of a data folder: made once, kept in a file that only its owner reads."""
    folder = Path(data_dir).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret.key"
    with _locked(folder):
        if not file.exists():
            _write_private(file, secrets.token_urlsafe(48))
    return file.read_text(encoding="utf-8").strip()


def _write_private(file: Path, content: str) -> None:
    partial = file.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(content)
    partial.replace(file)


def _run(server: Embedded, program: str, *arguments: str) -> None:
    folder = binaries.folder(server.account, server.cluster)
    finished = subprocess.run(  # noqa: S603  # our own binaries with our own arguments
        [str(folder / program), *arguments],
        cwd=server.cluster,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        user=_user(server.account),
        group=_group(server.account),
    )
    if finished.returncode:
        raise ConfigurationError(
            f"Expected {program} to succeed, but it said: {finished.stderr.strip()[-500:]}"
        )


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}


def _user(account: Account) -> int | None:
    return account.uid if account.switch else None


def _group(account: Account) -> int | None:
    return account.gid if account.switch else None


def _initialise(server: Embedded) -> None:
    """initdb into a folder aside, then move it: a killed initdb leaves nothing that looks like a cluster."""
    partial = server.cluster / "data.partial"
    if partial.exists():
        shutil.rmtree(partial)
    secret = server.cluster / "password.partial"
    secret.unlink(missing_ok=True)
    _write_private(secret, server.passwords["admin"] + "\n")
    if server.account.switch:
        os.chown(secret, server.account.uid, server.account.gid)
    try:
        _run(
            server,
            "initdb",
            *(
                "--pgdata",
                str(partial),
                "--username",
                ADMIN,
                "--pwfile",
                str(secret),
                "--auth",
                "scram-sha-256",
            ),
            *(
                "--encoding",
                "UTF8",
                "--locale-provider",
                "builtin",
                "--locale",
                "C.UTF-8",
                "--data-checksums",
            ),
        )
    finally:
        secret.unlink(missing_ok=True)
    (partial / "pg_hba.conf").write_text(_ACCESS, encoding="utf-8")
    with (partial / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write(_CONFIGURATION)
    partial.rename(server.cluster / "data")


def _bring_up(server: Embedded) -> None:
    """Start the server when it does not answer.

    Right after a kill -9 its children may still hold the shared memory for a moment, so a few tries are made.
    """
    for attempt in range(_ATTEMPTS):
        if server.alive():
            break
        _clear_the_way(server)
        _launch(server)
        if _comes_alive(server):
            break
        time.sleep(0.3 * (attempt + 1))
    else:
        tail = (server.cluster / "server.log").read_text(encoding="utf-8", errors="replace")[-800:]
        raise ConfigurationError(f"Expected PostgreSQL to start, but it did not: {tail}")
    _make_database(server)


def _launch(server: Embedded) -> None:
    folder = binaries.folder(server.account, server.cluster)
    server.reap()  # an earlier try that did not come alive
    _launched.append((os.getpid(), server))
    with (server.cluster / "server.log").open("ab") as log:
        server.process = subprocess.Popen(  # noqa: S603  # our own binary with our own arguments
            [str(folder / "postgres"), "-D", str(server.cluster / "data"), "-k", str(server.sockets)],
            cwd=server.cluster,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=_user(server.account),
            group=_group(server.account),
        )


def _comes_alive(server: Embedded) -> bool:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.alive():
            return True
        if server.process is not None and server.process.poll() is not None:
            return False
        time.sleep(0.05)
    return False


def _make_database(server: Embedded) -> None:
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def _clear_the_way(server: Embedded) -> None:
    """A server that does not answer, or a pid file that a kill or a restart of the machine left behind."""
    pid = _postmaster(server.cluster)
    if pid:
        _end(pid, signal.SIGQUIT)
    (server.cluster / "data" / "postmaster.pid").unlink(missing_ok=True)
    private_folder(server.sockets, server.account)
    for left in server.sockets.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def _postmaster(cluster: Path) -> int:
    """The pid of our own server; 0 when the pid file is stale or its number belongs to another program now."""
    try:
        pid = int((cluster / "data" / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        os.kill(pid, 0)
    except (OSError, ValueError):
        return 0
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists() and os.fsencode(cluster / "data") not in command.read_bytes():
        return 0
    return pid


def _end(pid: int, wanted: signal.Signals) -> None:
    for step in (wanted, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, step)
        deadline = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < deadline:
            if not _running(pid):
                return
            time.sleep(0.05)


def _running(pid: int) -> bool:
    """Whether a process still works; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
