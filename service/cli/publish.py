"""`sluitend publish`: bring process folders into the database; nothing happens when the content is known."""

from __future__ import annotations

import argparse
import sys

from service import config
from service.cli.subcommands import Subcommands
from service.domain import SYSTEM
from service.errors import DiagramRejected
from service.operations import deployments, runtime


def add(commands: Subcommands) -> None:
    """Add `publish`."""
    command = commands.add_parser("publish", help="publish process folders (idempotent by content)")
    command.add_argument(
        "processes", nargs="*", metavar="PROCESS", help="process ids; all that ship when none is named"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Publish each named process; a refused one prints its findings."""
    runtime.start(config.load())
    try:
        for process_id in arguments.processes or deployments.shipped():
            published = deployments.publish_folder(SYSTEM, process_id)
            state = "unchanged" if published.unchanged else "published"
            sys.stdout.write(f"{process_id}: version {published.version} {state}\n")
    except DiagramRejected as refusal:
        for finding in refusal.findings:
            sys.stdout.write(
                f"{finding.file}: {finding.element} [{finding.rule}] {finding.reason} {finding.remedy}\n"
            )
        return 1
    finally:
        runtime.stop()
    return 0
