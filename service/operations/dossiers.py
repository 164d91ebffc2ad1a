"""Answers into the dossier, by data class, and out of it for who may read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service import forms
from service.access import Held
from service.access.consent import FAMILY
from service.domain import DataClass, Json, new_key
from service.forms import Entry, Form
from service.operations import proof, runtime, sealing
from service.operations.guard import Work
from service.operations.offers import Bound
from service.operations.sealing import ChildKey
from service.operations.situations import Standing
from service.store import dossier
from service.store.rows import Found


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where answers come from."""

    casus_key: int
    instance_key: int
    task_key: int | None  # None for a start form
    child: ChildKey  # seals classes Z and M
    bindings: Sequence[Bound]
    role: str  # in which it is answered: for components that name no owner, and within the family for all
    given_by: int | None = (
        None  # account of whose answers these are, 0 for nobody's; None: of who enters them
    )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer, opened for who may read it."""

    key: int
    klasse: DataClass
    form_id: str
    path: str
    value: Json
    owner_role: str
    owner_organisation: str
    entered_at: datetime
    instance_key: int


def write(work: Work, form: Form, answers: Mapping[str, Json], source: Source) -> None:
    """Store the answers of a form that belong to the dossier; Z and M sealed."""
    entries = [entry for entry in forms.dossier(form, answers) if entry.klasse is not DataClass.PROCESS]
    if not entries:
        return
    for klasse in sorted({entry.klasse for entry in entries}):
        rows = [_row(work, form, entry, source) for entry in entries if entry.klasse is klasse]
        dossier.add(work.session, klasse.value, rows)


def _row(work: Work, form: Form, entry: Entry, source: Source) -> dict[str, object]:
    now = runtime.now()
    owner = _owner(entry.eigenaar, source)
    row: dict[str, object] = {
        "key": new_key(now),
        "casus_key": source.casus_key,
        "instance_key": source.instance_key,
        "task_key": source.task_key,
        "path": entry.path,
        "form_id": form.id,
        "owner_role": owner,
        "owner_organisation": _organisation(work, owner, source),
        "entered_by": work.actor.account if source.given_by is None else source.given_by,
        "entered_at": now,
    }
    if entry.klasse.value in dossier.SEALED:
        row["sealed"] = sealing.seal(
            source.child,
            json.dumps(entry.value, ensure_ascii=False).encode(),
            _place(source.casus_key, entry.klasse, entry.path),
        )
    else:
        row["value"] = entry.value
    return row


def _place(casus_key: int, klasse: DataClass, path: str) -> str:
    """What a sealed value is bound to: it opens nowhere else."""
    return f"dossier_{klasse.value.lower()}/{casus_key}/{path}"


def _owner(eigenaar: str, source: Source) -> str:
    """Whose the answer is. What one of the family says is theirs, also where the form expects another of them."""
    if eigenaar in FAMILY and source.role in FAMILY:
        return source.role
    return eigenaar or source.role


def _organisation(work: Work, role: str, source: Source) -> str:
    """The controller that supplied it; never the one whose people entered it for another."""
    bound = next((b.organisation_key for b in source.bindings if b.role == role and b.organisation_key), "")
    own = "" if source.given_by is not None else min(work.actor.organisations, default="")
    return bound or own


def read(work: Work, casus_key: int, child: ChildKey, standing: Standing) -> list[Answer]:
    """The answers that the actor may read, oldest first. What may not be read, or asks a surer proof, stays closed."""
    classes = proof.opens(work.actor, {DataClass(letter) for letter in dossier.CLASSES})
    work.open_dossier(
        casus_key, classes & standing.classes
    )  # of other classes the database shows own entries
    answers = [
        _answer(klasse, row, casus_key, child)
        for klasse in sorted(classes)
        for row in dossier.read(work.session, klasse.value, casus_key)
        if standing.reads(held(klasse, row)).allowed
    ]
    return sorted(answers, key=lambda answer: (answer.entered_at, answer.key))


def held(klasse: DataClass, row: Found) -> Held:
    """An answer as the policy looks at it."""
    return Held(
        klasse=klasse,
        owner_role=row.owner_role,
        owner_organisation=row.owner_organisation,
        entered_by=row.entered_by,
        form_id=row.form_id,
        path=row.path,
    )


def _answer(klasse: DataClass, row: Found, casus_key: int, child: ChildKey) -> Answer:
    if klasse.value in dossier.SEALED:
        value = json.loads(sealing.unseal(child, bytes(row.sealed), _place(casus_key, klasse, row.path)))
    else:
        value = row.value
    return Answer(
        key=row.key,
        klasse=klasse,
        form_id=row.form_id,
        path=row.path,
        value=value,
        owner_role=row.owner_role,
        owner_organisation=row.owner_organisation,
        entered_at=row.entered_at,
        instance_key=row.instance_key,
    )
