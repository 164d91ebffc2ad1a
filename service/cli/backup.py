"""`sluitend backup` and `sluitend restore`: everything of one moment in one file, and back into an empty database."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from service import config
from service.cli.subcommands import Subcommands
from service.operations import backups

_KEYS = "keys: not in this file, and it opens with them only; keep SLUITEND_KEYS (or secret.key) elsewhere"


def add(commands: Subcommands) -> None:
    """Add `backup` and `restore`."""
    making = commands.add_parser(
        "backup",
        help="write everything to one file, while the service works on",
        description="Writes all tables as they are at one moment to one compressed file with checksums, while the "
        "service works on. Connects as the owner (SLUITEND_DATABASE_ADMIN_URL). Master keys are not in the file.",
    )
    making.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    making.set_defaults(run=run_backup)
    putting = commands.add_parser(
        "restore",
        help="put a backup into an empty database and prove it",
        description="Puts a backup of this release, or of one before it, into an empty database, in one transaction. Stays only when the "
        "file is whole, every row came, every chain of the history is intact and the master keys open what is in it.",
    )
    putting.add_argument("file", type=Path, metavar="FILE", help="a file that `sluitend backup` wrote")
    putting.set_defaults(run=run_restore)


def run_backup(arguments: argparse.Namespace) -> int:
    """Write the file, and say what is in it."""
    made = backups.write(config.load(), arguments.file)
    with arguments.file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    sys.stdout.write(
        f"written: {arguments.file} ({arguments.file.stat().st_size} bytes), as of {made.taken_at}\n"
    )
    sys.stdout.write(f"holds: {made.total} rows in {len(made.tables)} tables, migration {made.migration}\n")
    sys.stdout.write(f"sha256: {digest}\n{_KEYS}\n")
    return 0


def run_restore(arguments: argparse.Namespace) -> int:
    """Restore, and say what was proved."""
    done = backups.restore(config.load(), arguments.file)
    made = done.backup
    sys.stdout.write(f"restored: {made.total} rows in {len(made.tables)} tables, as of {made.taken_at}\n")
    sys.stdout.write(f"history: intact, {done.history.facts} facts in {done.history.chains} chains\n")
    sys.stdout.write(f"keys: {done.keys} opened\n")
    return 0
