"""`sluitend keys`: which master key closed what, and closing everything under the current one."""

from __future__ import annotations

import argparse
import sys

from service import config
from service.cli.subcommands import Subcommands
from service.operations import keys, runtime


def add(commands: Subcommands) -> None:
    """Add `keys status` and `keys rotate`."""
    command = commands.add_parser("keys", help="count what each master key closed; rotate to the current one")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    status = actions.add_parser("status", help="count per key; exit 1 when one is needed that is not there")
    status.set_defaults(run=run_status)
    rotate = actions.add_parser("rotate", help="close everything under the first key of SLUITEND_KEYS")
    rotate.add_argument("--batch", type=int, default=keys.BATCH, help="values per transaction")
    rotate.set_defaults(run=run_rotate)


def run_status(_arguments: argparse.Namespace) -> int:
    """Print a line per place and key."""
    runtime.start(config.load())
    try:
        return _tell()
    finally:
        runtime.stop()


def _tell() -> int:
    """Tell what is counted, also when the keys do not open it."""
    found = keys.status()
    sys.stdout.write(f"current: {found.current}\nheld: {' '.join(found.held)}\n")
    for one in found.holdings:
        sys.stdout.write(f"{one.place}: {one.count} under {one.key_id or '(no name)'}\n")
    for name in found.missing:
        sys.stderr.write(f"sluitend: key {name!r} is needed, but it is not in SLUITEND_KEYS\n")
    keys.check()
    return 1 if found.missing else 0


def run_rotate(arguments: argparse.Namespace) -> int:
    """Rotate, and say what is left under other keys."""
    runtime.start(config.load())
    try:
        keys.check()
        moved = keys.rotate(max(arguments.batch, 1))
        left = keys.status().to_do
    finally:
        runtime.stop()
    sys.stdout.write(f"rotated: {moved} values; under other keys: {left}\n")
    return 1 if left else 0
