"""`sluitend token`: make, list and revoke the tokens with which programs come in."""

from __future__ import annotations

import argparse
import sys
from datetime import timedelta

from service import config
from service.cli.subcommands import Subcommands
from service.operations import runtime, tokens

DAYS = 90


def add(commands: Subcommands) -> None:
    """Add `token create`, `token list` and `token revoke`."""
    command = commands.add_parser("token", help="tokens of programs: create, list, revoke")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make a token and print it, once")
    create.add_argument("name", help="what the token is for; also its OAuth client id")
    create.add_argument("--login", required=True, help="the account it speaks for")
    create.add_argument(
        "--scope", action="append", default=[], metavar="PERMISSION", help="e.g. process:start or task:*"
    )
    create.add_argument("--days", type=int, default=DAYS, help=f"how long it lasts (default {DAYS})")
    create.set_defaults(run=run_create)
    listing = actions.add_parser("list", help="list the tokens, without the tokens themselves")
    listing.set_defaults(run=run_list)
    revoke = actions.add_parser("revoke", help="end a token at once")
    revoke.add_argument("name")
    revoke.set_defaults(run=run_revoke)


def run_create(arguments: argparse.Namespace) -> int:
    """Print the token alone on standard output, so that a script can take it."""
    runtime.start(config.load())
    try:
        made = tokens.create(arguments.name, arguments.login, arguments.scope, timedelta(days=arguments.days))
    finally:
        runtime.stop()
    sys.stderr.write("Keep this token now: it is not shown again.\n")
    sys.stdout.write(f"{made}\n")
    return 0


def run_list(_arguments: argparse.Namespace) -> int:
    """A line per token."""
    runtime.start(config.load())
    try:
        for row in tokens.everyone():
            state = "revoked" if row.revoked_at else f"until {row.expires_at:%Y-%m-%d}"
            used = f"{row.used_at:%Y-%m-%d %H:%M}" if row.used_at else "never"
            sys.stdout.write(f"{row.name}\t{row.login}\t{' '.join(row.scopes)}\t{state}\tused {used}\n")
    finally:
        runtime.stop()
    return 0


def run_revoke(arguments: argparse.Namespace) -> int:
    """Revoke; exit 1 when there is none of this name."""
    runtime.start(config.load())
    try:
        done = tokens.revoke(arguments.name)
    finally:
        runtime.stop()
    sys.stdout.write("revoked\n" if done else "")
    if not done:
        sys.stderr.write(f"sluitend: no token {arguments.name!r} is in use\n")
    return 0 if done else 1
