"""Verstrekkingen: when a step is done, what a supplier gives to other roles of the casus, for a purpose, on a ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from service.access import Situation
from service.domain import Actor, Fact, new_key
from service.operations import chronicle, situations
from service.operations.catalog import Process
from service.operations.moves import Place
from service.operations.offers import Bound
from service.store import casus, reading
from service.store.rows import Found, Session


def after(place: Place, process: Process, element: str, actor: Actor) -> list[Fact]:
    """Give what proces.toml says is given when this step is done; gives the facts that tell it, without content."""
    due = [one for one in process.manifest.get("verstrekking", ()) if one.get("bij") == element]
    if not due or place.casus_key is None:
        return []
    row = casus.get(place.session, place.casus_key)
    if row is None:
        return []
    situation = situations.of(place.session, row)
    facts: list[Fact] = []
    rows: list[dict[str, Any]] = []
    for one in due:
        made = _rows(place, one, actor)
        if not _agreed(one, situation):
            facts.append(_fact("dossier:withheld", element, one, []))
            rows += [{**row, "ended_at": place.at} for row in made]  # kept for when everybody agrees
            continue
        rows += made
        facts.append(_fact("dossier:disclosed", element, one, sorted({row["to_candidate"] for row in made})))
    reading.disclose(place.session, rows)
    return facts


def _agreed(one: Mapping[str, Any], situation: Situation) -> bool:
    """A disclosure on consent waits for everybody whom the region's matrix names; one on the law does not."""
    if not one.get("toestemming"):
        return True
    return situation.shares(str(one.get("van", "")))


def again(session: Session, row: Found, domain: str, at: datetime) -> None:
    """Give what was withheld or ended in this domain of law, once everybody whose consent it needs has agreed."""
    situation = situations.of(session, row)
    holding = {_what(one) for one in reading.disclosures(session, row.key, at)}
    waiting = {
        _what(one): one
        for one in reading.lapsed(session, row.key, at)
        if situation.rights.consent.domain(one.from_role) == domain and situation.shares(one.from_role)
    }
    due = [one for what, one in waiting.items() if what not in holding]
    reading.disclose(
        session, [{**one._asdict(), "key": new_key(at), "given_at": at, "ended_at": None} for one in due]
    )
    facts = [
        Fact(
            kind="dossier:disclosed",
            data={
                "form": one.form_id,
                "paths": [one.path],
                "from": one.from_role,
                "roles": [one.to_candidate.partition("@")[0]],
                "to": [one.to_candidate],
                "purpose": one.purpose,
                "ground": one.ground,
            },
        )
        for one in due
    ]
    if facts:
        chronicle.tell(session, row.key, facts, at)


def _what(row: Found) -> tuple[str, str, str, str]:
    return (row.form_id, row.path, row.from_role, row.to_candidate)


def _rows(place: Place, one: Mapping[str, Any], actor: Actor) -> list[dict[str, Any]]:
    return [
        {
            "key": new_key(place.at),
            "casus_key": place.casus_key,
            "form_id": one["formulier"],
            "path": path,
            "from_role": one["van"],
            "from_organisation": _supplier(place.bindings, one["van"]),
            "to_candidate": to,
            "purpose": one["doel"],
            "ground": one["grondslag"],
            "on_consent": bool(one.get("toestemming")),
            "given_by": actor.account,
            "given_at": place.at,
        }
        for to in _candidates(place.bindings, one["aan"])
        for path in one["wat"]
    ]


def _candidates(bindings: Sequence[Bound], roles: Sequence[str]) -> list[str]:
    return sorted({bound.candidate for bound in bindings if bound.role in roles})


def _supplier(bindings: Sequence[Bound], role: str) -> str:
    return next((bound.organisation_key for bound in bindings if bound.role == role), "")


def _fact(kind: str, element: str, one: Mapping[str, Any], to: Sequence[str]) -> Fact:
    data = {
        "form": one["formulier"],
        "paths": list(one["wat"]),
        "from": one["van"],
        "roles": list(one["aan"]),
        "to": list(to),
        "purpose": one["doel"],
        "ground": one["grondslag"],
    }
    return Fact(kind=kind, element=element, data=data)
