"""What the claims of a provider mean here: which roles, how sure, which name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.domain import Membership
from service.identity.providers import Provider, Rule
from service.operations.assurance import Assurance

Claims = Mapping[str, Any]
_LONGEST_NAME = 120


def memberships(provider: Provider, claims: Claims) -> tuple[Membership, ...]:
    """Every role whose rule these claims meet; none when they map to nothing."""
    found = {rule.membership: None for rule in provider.rules if _meets(rule, claims)}
    return tuple(found)


def assurance(provider: Provider, claims: Claims) -> Assurance:
    """How sure this provider is, by `acr` and `amr`; what the configuration does not name is low."""
    said = claims.get("acr")
    found = [worth for worth, value in provider.acr.items() if said == value]
    found += [provider.amr[one] for one in _texts(claims.get("amr")) if one in provider.amr]
    return max(found, key=lambda one: one.rank, default=Assurance.LOW)


def display_name(provider: Provider, claims: Claims) -> str:
    """The name that others see."""
    for name in (provider.name_claim, "given_name", "preferred_username"):
        value = _value(claims, name)
        if isinstance(value, str) and value.strip():
            return " ".join(filter(str.isprintable, value.split()))[:_LONGEST_NAME]
    return f"Iemand van {provider.name}"


def _meets(rule: Rule, claims: Claims) -> bool:
    return all(_holds(_value(claims, name), wanted) for name, wanted in rule.claims.items())


def _holds(value: object, wanted: str) -> bool:
    """A list holds each of its values; numbers and yes/no count as they are written in JSON."""
    if isinstance(value, list):
        return any(_holds(one, wanted) for one in value if not isinstance(one, list))
    if isinstance(value, bool):
        return wanted == str(value).lower()
    return isinstance(value, str | int) and str(value) == wanted


def _value(claims: Claims, name: str) -> object:
    """A claim by its whole name, else by its path: "realm_access.roles"."""
    if name in claims:
        return claims[name]
    value: object = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
