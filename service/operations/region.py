"""The region's registers into the database: organisations, accounts and their roles."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from service.domain import new_key
from service.errors import ConfigurationError
from service.operations import mandates, outside, passwords, runtime
from service.store import accounts, organisations
from service.store.rows import Session
from service.store.scopes import SERVICE
from service.store.session import transaction

DEMO_PASSWORD = "demo"  # noqa: S105  # public by design: demo mode only, printed at its start
_COLUMNS = {"key", "naam", "soort", "gemeente"}


def load(folder: Path, *, must_exist: bool = False) -> tuple[int, int]:
    """Add or change what the registers name; gives how many organisations and accounts. Nothing is removed.

    Demo accounts get the demo password in demo mode; elsewhere an account of the register has no password.
    """
    if must_exist and not (folder / "organisaties.toml").exists():
        raise ConfigurationError(f"Expected organisaties.toml in {folder}, but there is none")
    found = _read(folder / "organisaties.toml").get("organisatie", [])
    people = _read(folder / "accounts.toml").get("account", [])
    refuse(outside.findings(found, people))
    password_hash = passwords.hashed(DEMO_PASSWORD) if runtime.current().settings.demo else ""
    with transaction(SERVICE) as session:
        kept = organisations.edited(session)  # by a page: the file does not undo that
        read = [one for one in found if one["key"] not in kept]
        refuse(outside.left(read, organisations.members(session, outside.keys(read))))
        organisations.put(session, [_organisation(one) for one in found])
        mandates.load(session, _read(folder / "mandaten.toml").get("mandaat", []))
        for one in people:
            _account(session, one, password_hash)
    return len(found), len(people)


def refuse(found: Sequence[str]) -> None:
    """Raises ConfigurationError with every finding, before anything is changed."""
    if found:
        raise ConfigurationError(" ".join(found))


def logins(folder: Path) -> list[tuple[str, str]]:
    """Login and roles of every account in the register."""
    people = _read(folder / "accounts.toml").get("account", [])
    return [(one["login"], ", ".join(role["rol"] for role in one["rollen"])) for one in people]


def _organisation(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": one["key"],
        "name": one["naam"],
        "kind": one["soort"],
        "municipality": one.get("gemeente", ""),
        "data": {name: value for name, value in one.items() if name not in _COLUMNS},
    }


def _account(session: Session, one: dict[str, Any], password_hash: str) -> None:
    now = runtime.now()
    key = accounts.put(session, new_key(now), one["login"].lower(), one["naam"], password_hash, now)
    if accounts.roles_changed(session, key):
        return
    roles = [(role["rol"], role.get("organisatie", "")) for role in one["rollen"]]
    accounts.set_memberships(session, key, roles)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except ValueError as error:
        raise ConfigurationError(f"Expected TOML in {file}, but: {error}") from error
