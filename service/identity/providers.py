"""The OpenID Connect providers of this installation, as its administrator wrote them down."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.domain import Membership
from service.errors import ConfigurationError
from service.operations.assurance import Assurance, level

_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_NAMES = {
    "sleutel", "naam", "issuer", "client_id", "geheim_env", "scopes", "userinfo", "bel", "acr", "amr", "rol",
    "naam_claim", "actief", "uitloggen",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the mapping: who carries all these claims has this role."""

    claims: Mapping[str, str]  # claim, or path into nested claims with dots -> value that it must hold
    membership: Membership


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One party where people prove who they are."""

    key: str  # in our addresses
    name: str  # on the button
    issuer: str
    client_id: str
    secret_env: str = ""  # name of the environment variable; "" for a client without a secret
    scopes: tuple[str, ...] = ("openid", "profile")
    userinfo: bool = False  # ask for claims that the token does not carry
    call: str = ""  # Dutch sentence: whom to call when the claims map to nothing
    name_claim: str = "name"
    logout: str = "hint"  # hint: by a form that says whose session ends; plain: by a link that does not; none
    acr: Mapping[Assurance, str] = field(
        default_factory=dict
    )  # asked for, and worth this level when answered
    amr: Mapping[str, Assurance] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    @property
    def secret(self) -> str:
        """The secret of our client; raises ConfigurationError when its variable is empty."""
        found = os.environ.get(self.secret_env, "") if self.secret_env else ""
        if self.secret_env and not found:
            raise ConfigurationError(f"Expected a client secret in {self.secret_env}, but it is empty")
        return found

    @property
    def strongest(self) -> Assurance:
        """The highest level that this provider can prove."""
        levels = (Assurance.LOW, *self.acr, *self.amr.values())
        return max(levels, key=lambda one: one.rank)


@dataclass(frozen=True, kw_only=True)
class Providers:
    """All of them, and our own address."""

    address: str = ""  # "" takes the address of the request
    by_key: Mapping[str, Provider] = field(default_factory=dict)


def check(found: Providers, known: Collection[str]) -> None:
    """Every secret is there, and every rule names a role that the region has. Raises ConfigurationError.

    A slip of the pen must not wait for a visitor, nor let people in to nothing.
    """
    for provider in found.by_key.values():
        _ = provider.secret
        for rule in provider.rules:
            if known and rule.membership.role not in known:
                raise ConfigurationError(
                    f"Expected a role of rollen.toml for provider {provider.key}, but {rule.membership.role!r} is none"
                )


@lru_cache(maxsize=8)
def load(file: Path) -> Providers:
    """Read aanmelden.toml; without one there are no providers. Raises ConfigurationError."""
    return read(tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {})


def read(given: Mapping[str, Any]) -> Providers:
    """From the tables [[aanbieder]]. Raises ConfigurationError naming provider and field."""
    found = [_provider(one) for one in given.get("aanbieder", []) if one.get("actief", True)]
    by_key = {one.key: one for one in found}
    if len(by_key) < len(found):
        raise ConfigurationError("Expected every provider in aanmelden.toml to have a key of its own")
    return Providers(address=str(given.get("adres", "")).rstrip("/"), by_key=by_key)


def _provider(one: Mapping[str, Any]) -> Provider:
    key = str(one.get("sleutel", ""))
    if not _KEY.fullmatch(key):
        raise ConfigurationError(f"Expected sleutel to be lower case letters and digits, but it is {key!r}")
    for name in sorted(set(one) - _NAMES):
        raise ConfigurationError(f"Expected a known field in provider {key}, but {name!r} is not one")
    return Provider(
        key=key,
        name=_text(one, key, "naam"),
        issuer=secure_address(_text(one, key, "issuer"), key),
        client_id=_text(one, key, "client_id"),
        secret_env=str(one.get("geheim_env", "")),
        scopes=tuple(one.get("scopes", ("openid", "profile"))),
        userinfo=bool(one.get("userinfo", False)),
        call=str(one.get("bel", "")),
        name_claim=str(one.get("naam_claim", "name")),
        logout=_logout(one.get("uitloggen", "formulier"), key),
        acr={level(f"{key}.acr", name): str(value) for name, value in one.get("acr", {}).items()},
        amr={name: level(f"{key}.amr.{name}", value) for name, value in one.get("amr", {}).items()},
        rules=tuple(_rule(rule, key) for rule in one.get("rol", [])),
    )


def secure_address(address: str, place: str) -> str:
    """An https address, or plain http on this very machine. Raises ConfigurationError."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL):
        return address
    raise ConfigurationError(f"Expected an https address at {place}, but it is {address!r}")


def _rule(rule: Mapping[str, Any], key: str) -> Rule:
    claims = {str(name): str(value) for name, value in rule.get("als", {}).items()}
    if not claims or not rule.get("rol"):
        raise ConfigurationError(f"Expected every rol of provider {key} to have `als` and `rol`")
    return Rule(
        claims=claims, membership=Membership(role=rule["rol"], organisation=rule.get("organisatie", ""))
    )


def _logout(way: object, key: str) -> str:
    ways = {"formulier": "hint", "link": "plain", "nee": "none"}
    if way not in ways:
        raise ConfigurationError(f"Expected uitloggen of provider {key} to be one of {', '.join(ways)}")
    return ways[str(way)]


def _text(one: Mapping[str, Any], key: str, name: str) -> str:
    value = one.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"Expected {name} of provider {key} to be a text, but it is {value!r}")
    return value
