"""`sluitend db`: bring the database to this release, and tell its address."""

from __future__ import annotations

import argparse
import sys

from service import config
from service.cli.subcommands import Subcommands
from service.operations import runtime


def add(commands: Subcommands) -> None:
    """Add `db upgrade` and `db url`."""
    command = commands.add_parser("db", help="upgrade the database; print its address")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    upgrade = actions.add_parser("upgrade", help="bring the database to this release")
    upgrade.set_defaults(run=run_upgrade)
    url = actions.add_parser("url", help="print the address of the database")
    url.add_argument("--admin", action="store_true", help="the owner's address (embedded database only)")
    url.set_defaults(run=run_url)


def run_upgrade(_arguments: argparse.Namespace) -> int:
    """Apply the migrations that are missing."""
    sys.stdout.write(f"{runtime.upgrade(config.load())}\n")
    return 0


def run_url(arguments: argparse.Namespace) -> int:
    """Print a psycopg-style address."""
    sys.stdout.write(f"{runtime.database_url(config.load(), admin=arguments.admin)}\n")
    return 0
