"""The operating-system account that runs PostgreSQL: our own, or an unprivileged one when we are root."""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from service.errors import ConfigurationError

_CANDIDATES = ("postgres", "nobody")
_MAX_SOCKET_FOLDER = 80  # bytes; a socket's whole path must stay under 108


@dataclass(frozen=True)
class Account:
    """Who the server runs as; `switch` is set when that is not who we are."""

    uid: int
    gid: int
    switch: bool


def choose() -> Account:
    """Our own account; PostgreSQL refuses root, so root hands over to an unprivileged one."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise ConfigurationError(
        "Expected an account 'postgres' or 'nobody': as root, PostgreSQL needs one to run as"
    )


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may go through every folder down to this one."""
    if not account.switch:
        return True
    return all(
        folder.stat().st_mode & stat.S_IXOTH or folder.stat().st_uid == account.uid
        for folder in [path, *path.parents]
        if folder.exists()
    )


def private_folder(path: Path, account: Account) -> Path:
    """A folder of mode 0700 that belongs to the account; refuses one that somebody else made there."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    facts = path.lstat()
    if stat.S_ISLNK(facts.st_mode) or facts.st_uid not in {account.uid, os.geteuid()}:
        raise ConfigurationError(f"Expected {path} to be a folder of this account, but it is somebody else's")
    if account.switch and facts.st_uid != account.uid:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)
    return path


def home(data_dir: Path, account: Account) -> Path:
    """Where the cluster lives: in the data folder, or beside it where the account can come."""
    if not account.switch or reachable(data_dir, account):
        return private_folder(data_dir / "postgresql", account)
    shelter = Path("/var/lib") if Path("/var/lib").is_dir() else Path(tempfile.gettempdir())
    return private_folder(shelter / f"sluitend-{_short(data_dir)}", account)


def socket_folder(cluster: Path, account: Account) -> Path:
    """Where the socket is: in the cluster's folder, or in a short private one when that path is too long."""
    inside = cluster / "socket"
    if len(os.fsencode(inside)) <= _MAX_SOCKET_FOLDER:
        return private_folder(inside, account)
    return private_folder(Path(tempfile.gettempdir()) / f"sluitend-{account.uid}-{_short(cluster)}", account)


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]
