"""`sluitend user`: local accounts, made, listed, closed and given another password or other roles."""

from __future__ import annotations

import argparse
import getpass
import sys

from service import config
from service.cli.subcommands import Subcommands
from service.operations import runtime, users


def add(commands: Subcommands) -> None:
    """Add `user create|list|password|codes|roles|disable`."""
    command = commands.add_parser(
        "user", help="local accounts: create, list, password, codes, roles, disable"
    )
    actions = command.add_subparsers(title="actions", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make an account; the password is asked, or read from a pipe")
    create.add_argument("login", help="an e-mail address")
    create.add_argument("name", help="as others see it, e.g. 'Sanne de W.'")
    create.add_argument("--role", action="append", default=[], metavar="ROLE[@ORGANISATION]")
    create.set_defaults(run=run_create)
    listing = actions.add_parser("list", help="list the accounts with their roles")
    listing.set_defaults(run=run_list)
    password = actions.add_parser("password", help="give an account another password; its sessions end")
    password.add_argument("login")
    password.set_defaults(run=run_password)
    codes = actions.add_parser(
        "codes", help="take the second factor away of who lost the app and the paper codes"
    )
    codes.add_argument("login")
    codes.set_defaults(run=run_codes)
    roles = actions.add_parser("roles", help="give an account these roles and no others; its sessions end")
    roles.add_argument("login")
    roles.add_argument("roles", nargs="*", metavar="ROLE[@ORGANISATION]")
    roles.set_defaults(run=run_roles)
    disable = actions.add_parser("disable", help="close an account at once")
    disable.add_argument("login")
    disable.set_defaults(run=run_disable)


def _password() -> str:
    """Asked twice on a terminal; the first line of a pipe elsewhere. Never an argument: others could read it."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise users.passwords_differ()
    return first


def run_create(arguments: argparse.Namespace) -> int:
    """Make an account."""
    password = _password()
    runtime.start(config.load())
    try:
        users.create(arguments.login, arguments.name, arguments.role, password)
    finally:
        runtime.stop()
    sys.stdout.write(f"{arguments.login.lower()} created\n")
    return 0


def run_list(_arguments: argparse.Namespace) -> int:
    """A line per account."""
    runtime.start(config.load())
    try:
        for row in users.everyone():
            closed = " (closed)" if row.closed else ""
            sys.stdout.write(f"{row.login}\t{row.name}\t{' '.join(row.roles)}{closed}\n")
    finally:
        runtime.stop()
    return 0


def run_password(arguments: argparse.Namespace) -> int:
    """Give another password."""
    password = _password()
    runtime.start(config.load())
    try:
        users.set_password(arguments.login, password)
    finally:
        runtime.stop()
    sys.stdout.write(f"{arguments.login.lower()}: password changed, sessions ended\n")
    return 0


def run_codes(arguments: argparse.Namespace) -> int:
    """Take the second factor away."""
    runtime.start(config.load())
    try:
        users.drop_codes(arguments.login)
    finally:
        runtime.stop()
    sys.stdout.write(f"{arguments.login.lower()}: codes removed, sessions ended\n")
    return 0


def run_roles(arguments: argparse.Namespace) -> int:
    """Give other roles."""
    runtime.start(config.load())
    try:
        users.set_roles(arguments.login, arguments.roles)
    finally:
        runtime.stop()
    sys.stdout.write(f"{arguments.login.lower()}: roles changed, sessions ended\n")
    return 0


def run_disable(arguments: argparse.Namespace) -> int:
    """Close an account."""
    runtime.start(config.load())
    try:
        users.disable(arguments.login)
    finally:
        runtime.stop()
    sys.stdout.write(f"{arguments.login.lower()} closed\n")
    return 0
