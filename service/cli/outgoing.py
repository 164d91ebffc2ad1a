"""`sluitend outgoing`: mail and events that did not arrive: see, send again, forget."""

from __future__ import annotations

import argparse
import sys

from service import config
from service.cli.subcommands import Subcommands
from service.operations import outgoing, runtime


def add(commands: Subcommands) -> None:
    """Add `outgoing list`, `outgoing again` and `outgoing drop`."""
    command = commands.add_parser("outgoing", help="mail and events that did not arrive: list, again, drop")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = actions.add_parser("list", help="what was given up or is tried again, without content")
    listing.set_defaults(run=run_list)
    for name, words in (("again", "let one that was given up go out again"), ("drop", "forget one")):
        action = actions.add_parser(name, help=words)
        action.add_argument("key", type=int, help="as `outgoing list` shows it")
        action.set_defaults(run=run_change, change=getattr(outgoing, name))


def run_list(_arguments: argparse.Namespace) -> int:
    """A line each: key, what, state, tries, since, next try, why."""
    runtime.start(config.load())
    try:
        for row in outgoing.stuck():
            what = f"{row.kind} {row.channel}".strip()
            later = f"{row.next_at:%Y-%m-%dT%H:%MZ}" if row.state == "WAITING" else "-"
            sys.stdout.write(
                f"{row.key}\t{what}\t{row.state}\t{row.attempts}\t{row.created_at:%Y-%m-%dT%H:%MZ}\t{later}\t{row.reason}\n"
            )
    finally:
        runtime.stop()
    return 0


def run_change(arguments: argparse.Namespace) -> int:
    """Exit 1 when nothing of this key was given up."""
    runtime.start(config.load())
    try:
        done = bool(arguments.change(arguments.key))
    finally:
        runtime.stop()
    if not done:
        sys.stderr.write(f"sluitend: nothing with key {arguments.key} was given up\n")
    return 0 if done else 1
