"""`sluitend check [FILE…]`: the publication gate on files, without a database."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from service.cli.subcommands import Subcommands
from service.domain import Finding, Severity
from service.operations import files


def add(commands: Subcommands) -> None:
    """Add `check`."""
    command = commands.add_parser(
        "check", help="check process folders or single files; 1 when one cannot be published"
    )
    command.add_argument(
        "paths", nargs="*", type=Path, metavar="FILE", help="diagram, decision, form or process folder"
    )
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Without FILE: every process that ships, as regional. With FILE: a folder as regional, a file as technical."""
    found = 0
    refused = False
    for one in files.check(arguments.paths):
        for finding in one.findings:
            found += 1
            told = finding.severity
            refused = refused or told is Severity.FOUT or (one.regional and told is Severity.WAARSCHUWING)
            sys.stdout.write(_line(one.name, finding))
        if not one.findings:
            sys.stdout.write(f"{one.name}: geen bevindingen{_covered(one)}\n")
    return 1 if refused else 0


def _covered(one: files.Checked) -> str:
    if not one.flows:
        return ""
    share = (one.flows - len(one.untaken)) * 100 // one.flows
    missed = f" (nog niet: {', '.join(one.untaken)})" if one.untaken else ""
    return f"; de voorbeelden doorlopen {share} % van de {one.flows} pijlen{missed}"


def _line(name: str, finding: Finding) -> str:
    place = f"{name}/{finding.file}" if finding.file and finding.file != name else name
    return f"{place}: {finding.severity.value}: {finding.element or '-'} [{finding.rule}] {finding.reason} {finding.remedy}\n"
