"""The region's fixed contacts: whom to call where, what they may decide themselves, how a municipality works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.access.deciders import Deciders, Mandate
from service.domain import Actor
from service.errors import ConfigurationError
from service.operations import runtime
from service.operations.guard import working
from service.periods.reading import refuse_unknown, the_list
from service.store import organisations

_FILE = "aanspreekpunten.toml"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to call for a kind of place."""

    place: str
    who: str  # a function, never the name of a person
    organisation: str  # key
    phone: str
    mandate: str  # what they may decide themselves; "" for nothing


@dataclass(frozen=True, kw_only=True)
class Municipality:
    """How one municipality works, and its contacts."""

    name: str
    method: str
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, kw_only=True)
class Register:
    """What the page of contacts shows."""

    municipalities: tuple[Municipality, ...]
    mandates: tuple[Mandate, ...]  # for doorzettingsmacht; also those that are not in force
    organisations: Mapping[str, str]  # key -> name


def register(actor: Actor) -> Register:
    """The register, for everybody who signs in: it names no child and no person. Raises ConfigurationError."""
    folder = runtime.current().region
    with working(actor) as work:
        names = {one.key: one.name for one in organisations.everything(work.session)}
    return Register(
        municipalities=read(runtime.read_toml(folder / _FILE)),
        mandates=Deciders.read(runtime.read_toml(folder / "doorzettingsmacht.toml")).mandates,
        organisations=names,
    )


def read(source: Mapping[str, Any]) -> tuple[Municipality, ...]:
    """From aanspreekpunten.toml; raises ConfigurationError naming the municipality and the key."""
    refuse_unknown(_FILE, source, {"gemeente"})
    return tuple(_municipality(one) for one in the_list("gemeente", source.get("gemeente", [])))


def _municipality(source: Mapping[str, Any]) -> Municipality:
    name = _text("gemeente", "naam", source)
    refuse_unknown(f"gemeente {name}", source, {"naam", "werkwijze", "aanspreekpunt"})
    return Municipality(
        name=name,
        method=_text(f"gemeente {name}", "werkwijze", source),
        contacts=tuple(
            _contact(f"aanspreekpunt van {name}", one)
            for one in the_list(f"gemeente {name}.aanspreekpunt", source.get("aanspreekpunt", []))
        ),
    )


def _contact(where: str, source: Mapping[str, Any]) -> Contact:
    refuse_unknown(where, source, {"plek", "wie", "organisatie", "telefoon", "mandaat"})
    return Contact(
        place=_text(where, "plek", source),
        who=_text(where, "wie", source),
        organisation=_text(where, "organisatie", source),
        phone=_text(where, "telefoon", source),
        mandate=str(source.get("mandaat", "")),
    )


def _text(where: str, key: str, source: Mapping[str, Any]) -> str:
    value = source.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConfigurationError(f"Expected {where}.{key} to be a text, but it is {value!r}")
    return value
