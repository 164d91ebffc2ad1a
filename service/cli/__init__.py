"""The command `sluitend`: one subcommand per thing an operator does; exit codes 0 done, 1 found wrong, 2 misused."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from service.cli import (
    audit,
    backup,
    bench,
    check,
    database,
    demo,
    keys,
    outgoing,
    publish,
    region,
    serve,
    token,
    user,
)
from service.errors import ServiceError
from service.operations import runtime

COMMANDS = (demo, serve, check, publish, database, backup, region, keys, user, token, outgoing, audit, bench)


def parser() -> argparse.ArgumentParser:
    """All subcommands with their options and help."""
    top = argparse.ArgumentParser(
        prog="sluitend", description="Runs a region's processes between school, care and municipality."
    )
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; a refusal is one sentence on standard error."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except ServiceError as refusal:
        sys.stderr.write(f"sluitend: {refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        runtime.stop_database()
