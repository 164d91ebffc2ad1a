"""`sluitend region`: read the registers of a region into the database."""

from __future__ import annotations

import argparse
import sys

from service import config
from service.cli.subcommands import Subcommands
from service.operations import region, runtime


def add(commands: Subcommands) -> None:
    """Add `region load`."""
    command = commands.add_parser("region", help="read a region's organisations into the database")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    load = actions.add_parser(
        "load",
        help="add or change what the registers name; nothing is removed",
        description="Reads organisaties.toml, mandaten.toml and accounts.toml of the setting `region`: a folder under "
        "config/regio, or a path of your own. Adds or changes what they name; removes nothing. Run it again after a change.",
    )
    load.set_defaults(run=run_load)


def run_load(_arguments: argparse.Namespace) -> int:
    """Read the registers, and tell how many they name."""
    running = runtime.start(config.load())
    try:
        organisations, accounts = region.load(running.region, must_exist=True)
    finally:
        runtime.stop()
    sys.stdout.write(f"organisations: {organisations}, accounts: {accounts}\n")
    return 0
