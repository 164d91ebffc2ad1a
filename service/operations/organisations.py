"""The organisations of the region, as its administrator keeps them on pages; each change is in the history."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from service.access import Decision, Permission
from service.domain import Actor, Fact
from service.errors import BadRequest, Conflict
from service.operations import chronicle, people, runtime
from service.operations.guard import Work, who, working
from service.store import accounts, facts, invitations
from service.store import organisations as rows
from service.store import sessions as session_rows
from service.store.rows import Found

#: What may serve a municipality, and the kinds of organisation that do; keys of `bedient` in organisaties.toml.
SERVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "swv_po": ("swv_po",),
        "swv_vo": ("swv_vo",),
        "leerplicht": ("gemeente", "rbl"),
        "wijkteam": ("wijkteam",),
        "jgz": ("jgz",),
    }
)
_KINDS = frozenset(
    {"organisation:added", "organisation:changed", "organisation:ended", "organisation:reopened"}
)
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}")
_PHONE = re.compile(r"[0-9 +()-]{3,20}|")
_MOST_CHANGES = 100


@dataclass(frozen=True, kw_only=True)
class Given:
    """An organisation as somebody describes it."""

    name: str
    kind: str
    municipality: str = ""
    phone: str = ""
    takes_part: bool = True
    serves: Mapping[str, str] = field(
        default_factory=dict
    )  # of a municipality: key of SERVES -> organisation


@dataclass(frozen=True, kw_only=True)
class OrganisationRow(Given):
    """An organisation of the region."""

    key: str
    people: int = 0
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """What changed, when and by whom."""

    at: datetime
    kind: str
    organisation: str
    by: str
    changed: Mapping[str, Sequence[str]]  # field -> old and new


@dataclass(frozen=True, kw_only=True)
class RegionView:
    """The organisations with what changed lately, newest first."""

    rows: tuple[OrganisationRow, ...]
    kinds: tuple[str, ...]
    changes: tuple[ChangeRow, ...]


def view(actor: Actor) -> RegionView:
    """The region. NotFound for who does not administer it."""
    with working(actor) as work:
        _require(work, "R")
        work.go_on()
        found = rows.everything(work.session, ended=True)
        members = rows.members(work.session, [one.key for one in found])
        told = _told(work)
        by = accounts.names(work.session, {int(one["data"]["account"]) for one in told})
        names = {one.key: one.name for one in found}
        return RegionView(
            rows=tuple(
                _row(one, members.get(one.key, 0))
                for one in sorted(found, key=lambda one: (one.ended_at is not None, one.name.casefold()))
            ),
            kinds=tuple(sorted(_kinds(found))),
            changes=tuple(_change(one, by, names) for one in told),
        )


def add(actor: Actor, key: str, given: Given) -> None:
    """Add an organisation. Raises BadRequest with its field."""
    with working(actor) as work:
        decision = _require(work, "C")
        work.go_on()
        found = rows.everything(work.session, ended=True)
        if not _KEY.fullmatch(key):
            raise BadRequest("Expected a short name of small letters, digits and _", field="sleutel")
        if key in {one.key for one in found}:
            raise BadRequest("Expected a short name that is not in use", field="sleutel")
        _check(given, key, found)
        rows.edit(work.session, _values(key, given, {}), runtime.now())
        _tell(work, decision, "organisation:added", key, {})


def change(actor: Actor, key: str, given: Given) -> None:
    """Change an organisation. Raises NotFound, BadRequest with its field."""
    with working(actor) as work:
        decision = _require(work, "U")
        work.go_on()
        found = rows.everything(work.session, ended=True)
        row = _one(work, found, key)
        _check(given, key, found)
        if not given.takes_part and rows.members(work.session, [key]).get(key):
            raise BadRequest(
                "Expected an organisation where nobody has an account any more", field="doet_mee"
            )
        changed = dict(_differences(_row(row, 0), given))
        if changed:
            rows.edit(work.session, _values(key, given, row.data), runtime.now())
            _tell(work, decision, "organisation:changed", key, changed)


def hanging(actor: Actor, key: str) -> tuple[int, int]:
    """What hangs on an organisation: open tasks and running casussen, as numbers."""
    with working(actor) as work:
        _require(work, "R")
        work.go_on()
        _one(work, rows.everything(work.session, ended=True), key)
        return rows.hanging(work.session, key)


def end(actor: Actor, key: str, *, knowing: bool) -> None:
    """An organisation takes part no longer: its people lose access, who directs enters what it still has to answer.

    knowing  who ends it saw what still hangs on it; Conflict without, when something does
    Raises NotFound, and BadRequest when a municipality is still served by it.
    """
    with working(actor) as work:
        decision = _require(work, "U")
        work.go_on()
        found = rows.everything(work.session)
        row = _one(work, found, key)
        serving = [
            one.name for one in found if key in dict(one.data.get("bedient", {})).values() and one.key != key
        ]
        if serving:
            raise BadRequest(
                f"Expected no municipality that it serves, but it serves {', '.join(serving)}", field="einde"
            )
        if any(rows.hanging(work.session, key)) and not knowing:
            raise Conflict("Expected a confirmation, because work still hangs on this organisation")
        now = runtime.now()
        for member in {one.key: one.login for one in invitations.people(work.session, key)}.items():
            _out(work, *member, key, now)
        rows.edit(work.session, {**_stored(row), "ended_at": now}, now)
        _tell(work, decision, "organisation:ended", key, {})


def reopen(actor: Actor, key: str) -> None:
    """It takes part again; its people have to be invited anew."""
    with working(actor) as work:
        decision = _require(work, "U")
        work.go_on()
        row = _one(work, rows.everything(work.session, ended=True), key)
        if row.ended_at is None:
            raise Conflict("Expected an organisation that ended")
        rows.edit(work.session, {**_stored(row), "ended_at": None}, runtime.now())
        _tell(work, decision, "organisation:reopened", key, {})


def exported(actor: Actor) -> str:
    """The organisations as organisaties.toml, which region.load() reads back; those that ended are left out."""
    with working(actor) as work:
        _require(work, "R")
        work.go_on()
        found = rows.everything(work.session)
    return "\n".join(_toml(one) for one in found)


def _told(work: Work) -> list[dict[str, Any]]:
    """What changed of organisations, newest first."""
    found = [one for one in facts.rows(work.session, people.REGION) if one.kind in _KINDS]
    return [json.loads(one.payload) for one in found[: -_MOST_CHANGES - 1 : -1]]


def _out(work: Work, account: int, login: str, key: str, now: datetime) -> None:
    invitations.take_roles(work.session, account, key)
    accounts.mark_roles_changed(work.session, account, now)
    session_rows.end_all(work.session, account)
    people.give_back(work, login, key)


def _require(work: Work, action: str) -> Decision:
    return work.require(Permission.REGION_MANAGE, action=action, kind="region", key=0)


def _one(work: Work, found: Sequence[Found], key: str) -> Found:
    row = next((one for one in found if one.key == key), None)
    if row is None:
        raise work.missing("organisation", key, "U")
    return row


def _kinds(found: Sequence[Found]) -> set[str]:
    return set(runtime.registered().roles_of_kind) | {one.kind for one in found}


def _check(given: Given, key: str, found: Sequence[Found]) -> None:
    others = {one.name.lower() for one in found if one.key != key}
    if not 2 <= len(given.name) <= 120 or not given.name.isprintable() or given.name.lower() in others:
        raise BadRequest("Expected a name of one line that no other has", field="naam")
    if given.kind not in _kinds(found):
        raise BadRequest("Expected a kind of organisation of the region", field="soort")
    if not _PHONE.fullmatch(given.phone):
        raise BadRequest("Expected a telephone number", field="telefoon")
    places = {one.municipality for one in found if one.kind == "gemeente" and one.key != key}
    if given.kind == "gemeente":
        if not given.municipality or given.municipality in places:
            raise BadRequest("Expected the name of a municipality that no other has", field="gemeente")
    elif given.municipality and given.municipality not in places:
        raise BadRequest("Expected a municipality of the region", field="gemeente")
    _check_serving(given, key, found)


def _check_serving(given: Given, key: str, found: Sequence[Found]) -> None:
    if given.kind != "gemeente" and given.serves:
        raise BadRequest("Expected only a municipality to be served", field="bedient")
    kinds = {one.key: one.kind for one in found if one.ended_at is None} | {key: given.kind}
    for kind, serving in given.serves.items():
        if kinds.get(serving) not in SERVES.get(kind, ()):
            raise BadRequest(f"Expected an organisation that can be {kind}", field=f"bedient.{kind}")


def _values(key: str, given: Given, before: Mapping[str, Any]) -> dict[str, Any]:
    own = {"telefoon": given.phone, "bedient": dict(given.serves), "doet_mee": given.takes_part}
    plain = {"telefoon": "", "bedient": {}, "doet_mee": True}
    data = {name: value for name, value in {**before, **own}.items() if plain.get(name) != value}
    return {
        "key": key,
        "name": given.name,
        "kind": given.kind,
        "municipality": given.municipality,
        "data": data,
    }


def _stored(row: Found) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "kind": row.kind,
        "municipality": row.municipality,
        "data": dict(row.data),
    }


def _row(row: Found, members: int) -> OrganisationRow:
    serves = {str(kind): str(key) for kind, key in dict(row.data.get("bedient", {})).items()}
    return OrganisationRow(
        key=row.key,
        name=row.name,
        kind=row.kind,
        municipality=row.municipality,
        phone=str(row.data.get("telefoon", "")),
        takes_part=bool(row.data.get("doet_mee", True)),
        serves=serves,
        people=members,
        ended_at=row.ended_at,
    )


def _differences(old: Given, new: Given) -> Iterator[tuple[str, list[str]]]:
    pairs = {
        "naam": (old.name, new.name),
        "soort": (old.kind, new.kind),
        "gemeente": (old.municipality, new.municipality),
        "telefoon": (old.phone, new.phone),
        "doet_mee": ("ja" if old.takes_part else "nee", "ja" if new.takes_part else "nee"),
        **{f"bedient.{kind}": (old.serves.get(kind, ""), new.serves.get(kind, "")) for kind in SERVES},
    }
    for name, (before, after) in pairs.items():
        if before != after:
            yield name, [before, after]


def _tell(work: Work, decision: Decision, kind: str, key: str, changed: Mapping[str, Sequence[str]]) -> None:
    data: dict[str, Any] = {
        "at_organisation": key,
        "changed": dict(changed),
        **who(work.actor, decision.reason),
    }
    chronicle.tell(work.session, people.REGION, [Fact(kind=kind, data=data)], runtime.now())


def _change(payload: Mapping[str, Any], by: Mapping[int, str], names: Mapping[str, str]) -> ChangeRow:
    data = payload["data"]
    key = data["at_organisation"]
    return ChangeRow(
        at=datetime.fromisoformat(payload["at"]),
        kind=payload["kind"],
        organisation=names.get(key, key),
        by=by.get(int(data["account"]), ""),
        changed=data["changed"],
    )


def _toml(row: Found) -> str:
    """One organisation; JSON text is TOML text too."""
    lines = ["[[organisatie]]", *_pairs({"key": row.key, "naam": row.name, "soort": row.kind})]
    if row.municipality:
        lines += _pairs({"gemeente": row.municipality})
    return "\n".join([*lines, *_pairs(row.data)]) + "\n"


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            inner = ", ".join(f"{key} = {json.dumps(one, ensure_ascii=False)}" for key, one in value.items())
            yield f"{name} = {{ {inner} }}"
        else:
            yield f"{name} = {json.dumps(value, ensure_ascii=False)}"
