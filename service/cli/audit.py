"""`sluitend audit`: prove the history."""

from __future__ import annotations

import argparse
import sys

from service import config
from service.cli.subcommands import Subcommands
from service.operations import audit, runtime


def add(commands: Subcommands) -> None:
    """Add `audit verify`."""
    command = commands.add_parser("audit", help="verify the history")
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="recompute every chain; name the first break and exit 1")
    verify.set_defaults(run=run_verify)


def run_verify(_arguments: argparse.Namespace) -> int:
    """Recompute all chains against their heads."""
    runtime.start(config.load())
    try:
        outcome = audit.verify()
    finally:
        runtime.stop()
    if outcome.broken is not None:
        sys.stdout.write(
            f"broken: instance {outcome.broken.instance_key} seq {outcome.broken.seq}: {outcome.broken.reason}\n"
        )
        return 1
    sys.stdout.write(f"intact: {outcome.facts} facts in {outcome.chains} chains\n")
    return 0
