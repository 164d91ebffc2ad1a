"""A scenario in voorbeelden/: what is answered, how long is waited, and where the case should end."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from service.clock import AMSTERDAM
from service.domain import Json
from service.publication.manifest import json_of

MAX_BYTES = 200_000
MAX_STEPS = 500
ACTIONS = ("taak", "wacht", "tot", "bericht", "opdracht", "aanroep", "open")
_STEP_KEYS = {*ACTIONS, "antwoorden", "geweigerd", "sleutel", "variabelen"}
_TOP_KEYS = {"naam", "omschrijving", "begint_op", "begin", "start", "variabelen", "stap", "verwacht"}
_EXPECTED_KEYS = {"einde", "open", "variabelen", "pad", "niet", "ook"}


class ScenarioUnreadable(Exception):
    """The file is no scenario; the message says why, in Dutch."""


@dataclass(frozen=True, kw_only=True)
class ScenarioStep:
    """One thing that happens. `action` is one of ACTIONS, `target` what it is about."""

    action: str
    target: Any  # element id, ISO duration, moment, message name, or list of element ids
    data: Mapping[str, Json] = field(default_factory=dict)  # answers or variables
    refused: tuple[str, ...] = ()  # fields on which the answers should be refused
    key: str = ""  # correlation key of a message


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What should come of it; None and empty mean: not looked at."""

    end: str = ""
    open: tuple[str, ...] | None = None
    variables: Mapping[str, Json] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)  # process that a message began -> its end, "" any


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One case from start to end."""

    name: str
    file: str
    begins_at: datetime  # aware
    start_element: str | None
    start: Mapping[str, Json]
    variables: Mapping[str, Json]
    steps: tuple[ScenarioStep, ...]
    expected: Expected


def read_scenario(content: bytes, *, path: str = "") -> Scenario:
    """A scenario from TOML. Raises ScenarioUnreadable."""
    if len(content) > MAX_BYTES:
        raise ScenarioUnreadable("Het bestand is groter dan 200 kB.")
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ScenarioUnreadable(f"Het bestand is geen leesbare TOML: {str(error)[:200]}.") from error
    _only(raw, _TOP_KEYS, "het bestand")
    steps = raw.get("stap", [])
    if not isinstance(steps, list) or len(steps) > MAX_STEPS:
        raise ScenarioUnreadable(f"Schrijf de stappen als [[stap]], hoogstens {MAX_STEPS}.")
    return Scenario(
        name=str(raw.get("naam") or path),
        file=path,
        begins_at=_moment(raw.get("begint_op"), "begint_op"),
        start_element=_name(raw.get("begin"), "begin") or None,
        start=_table(raw.get("start"), "[start]"),
        variables=_table(raw.get("variabelen"), "[variabelen]"),
        steps=tuple(_step(one, number) for number, one in enumerate(steps, 1)),
        expected=_expected(_mapping(raw.get("verwacht"), "[verwacht]")),
    )


def _step(found: object, number: int) -> ScenarioStep:
    where = f"stap {number}"
    table = _mapping(found, where)
    _only(table, _STEP_KEYS, where)
    actions = [action for action in ACTIONS if action in table]
    if len(actions) != 1:
        raise ScenarioUnreadable(f"Geef {where} precies één van: {', '.join(ACTIONS)}.")
    action = actions[0]
    return ScenarioStep(
        action=action,
        target=_target(action, table[action], where),
        data=_table(table.get("antwoorden", table.get("variabelen")), f"antwoorden van {where}"),
        refused=_names(table.get("geweigerd", []), f"geweigerd van {where}"),
        key=_name(table.get("sleutel"), f"sleutel van {where}"),
    )


def _target(action: str, found: object, where: str) -> Any:
    if action == "tot":
        return _moment(found, f"tot van {where}")
    if action == "open":
        return _names(found, f"open van {where}")
    return _name(found, f"{action} van {where}")


def _expected(table: Mapping[str, Any]) -> Expected:
    _only(table, _EXPECTED_KEYS, "[verwacht]")
    if not table.get("einde") and "open" not in table:
        raise ScenarioUnreadable(
            "Zet in [verwacht] een einde of een lijst open: anders bewijst het voorbeeld niets."
        )
    return Expected(
        end=_name(table.get("einde"), "einde"),
        open=_names(table["open"], "open") if "open" in table else None,
        variables=_table(table.get("variabelen"), "variabelen van [verwacht]"),
        path=_names(table.get("pad", []), "pad"),
        never=_names(table.get("niet", []), "niet"),
        others={name: str(end) for name, end in _table(table.get("ook"), "ook van [verwacht]").items()},
    )


def _only(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ScenarioUnreadable(
                f"In {where} staat ‘{key[:60]}’. Dat kan niet; kies uit: {', '.join(sorted(known))}."
            )


def _mapping(found: object, where: str) -> Mapping[str, Any]:
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise ScenarioUnreadable(f"Schrijf {where} als een tabel met namen en waarden.")
    return found


def _table(found: object, where: str) -> Mapping[str, Json]:
    made = json_of(_mapping(found, where))
    return made if isinstance(made, dict) else {}


def _names(found: object, where: str) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise ScenarioUnreadable(f"Schrijf {where} als een lijst van namen tussen aanhalingstekens.")
    return tuple(found)


def _name(found: object, where: str) -> str:
    if found is not None and not isinstance(found, str):
        raise ScenarioUnreadable(f"Schrijf {where} als tekst tussen aanhalingstekens.")
    return found or ""


def _moment(found: object, where: str) -> datetime:
    """A moment in Dutch time; a date alone is nine in the morning."""
    if isinstance(found, datetime):
        return found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)
    if isinstance(found, date):
        return datetime.combine(found, time(9), AMSTERDAM)
    if isinstance(found, str):
        try:
            return _moment(datetime.fromisoformat(found), where)
        except ValueError:
            pass
    raise ScenarioUnreadable(
        f"Schrijf {where} als datum of als datum met tijd, bijvoorbeeld 2027-01-18T09:00:00."
    )
