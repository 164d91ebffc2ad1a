"""Organisations that do not take part (`doet_mee = false`): what organisaties.toml may say about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_KEY = "doet_mee"


def keys(organisations: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Those that do not take part."""
    return frozenset(one["key"] for one in organisations if one.get(_KEY) is False)


def findings(organisations: Sequence[Mapping[str, Any]], people: Iterable[Mapping[str, Any]]) -> list[str]:
    """What the registers cannot say, in Dutch."""
    return [*_not_yes_or_no(organisations), *_with_accounts(keys(organisations), people)]


def left(organisations: Iterable[Mapping[str, Any]], members: Mapping[str, int]) -> list[str]:
    """The organisations that stop taking part while people still work there with an account."""
    return [
        f"organisaties.toml: ‘{one['key']}’ doet niet mee ({_KEY} = false), maar {_people(members[one['key']])} daar nog "
        "een rol. Verwijder die eerst bij Mensen; dan gaan hun taken terug en eindigt hun toegang."
        for one in organisations
        if one.get(_KEY) is False and members.get(one["key"])
    ]


def _not_yes_or_no(organisations: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in organisations:
        if not isinstance(one.get(_KEY, True), bool):
            yield f"organisaties.toml: {_KEY} van ‘{one['key']}’ is true of false, zonder aanhalingstekens."


def _with_accounts(outside: frozenset[str], people: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    held: dict[str, int] = {}
    for one in people:
        for organisation in {role.get("organisatie", "") for role in one["rollen"]} & outside:
            held[organisation] = held.get(organisation, 0) + 1
    for organisation, number in sorted(held.items()):
        yield (
            f"accounts.toml: ‘{organisation}’ doet niet mee ({_KEY} = false in organisaties.toml), maar {_people(number)} "
            "daar een rol. Haal die weg, of laat de organisatie meedoen."
        )


def _people(number: int) -> str:
    return "1 mens heeft" if number == 1 else f"{number} mensen hebben"
