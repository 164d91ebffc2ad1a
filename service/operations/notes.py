"""Notes of a casus: read by the policy of answers, never changed; only supplemented, or withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.access import Decision, Held, Permission, Resource
from service.domain import Actor, DataClass, Fact, new_key
from service.errors import BadRequest, Conflict
from service.operations import chronicle, proof, runtime, sealing, shown
from service.operations.guard import Work, who, working
from service.operations.opening import Opened, open_casus
from service.operations.sealing import ChildKey
from service.store import notes
from service.store.rows import Found

FORM = "notitie"  # what a disclosure calls notes; its path is the key of one
CLASSES = (DataClass.IDENTITY, DataClass.CARE, DataClass.MEDICAL)
LONGEST = 4000  # signs
SHORTEST_REASON = 10  # signs


@dataclass(frozen=True, kw_only=True)
class Note:
    """A note, opened for who may read it."""

    key: int
    about_key: int | None
    klasse: DataClass
    text: str  # "" when withdrawn
    owner_role: str
    owner_organisation: str
    written_by: int
    written_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str


def may_write(actor: Actor, number: str) -> tuple[DataClass, ...]:
    """The classes in which this actor writes notes in this casus. Raises when they write none."""
    with working(actor) as work:
        opened, _ = _writing(work, number, "R")
        return _classes(opened)


def readable(actor: Actor, number: str, key: int) -> Note:
    """One note that still stands, to supplement or withdraw it."""
    with working(actor) as work:
        return _one(work, open_casus(work, number, kind="note"), key, "R")


def write(actor: Actor, number: str, klasse: str, text: str) -> int:
    """Write a note in a data class; gives its key."""
    if klasse not in CLASSES:
        raise BadRequest("Expected a data class that notes may have", field="soort")
    with working(actor) as work:
        opened, decision = _writing(work, number, "C")
        if klasse not in _classes(opened):
            raise BadRequest("Expected no data of a person in a casus about policy", field="soort")
        return _add(work, opened, decision, DataClass(klasse), text, None)


def supplement(actor: Actor, number: str, key: int, text: str) -> int:
    """Add to a note that this actor reads, in its own data class."""
    with working(actor) as work:
        opened, decision = _writing(work, number, "C")
        note = _one(work, opened, key, "C")
        return _add(work, opened, decision, note.klasse, text, note.key)


def withdraw(actor: Actor, number: str, key: int, reason: str) -> None:
    """Hide what one's own note says, with a reason; that it was there stays."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadRequest(f"Expected a reason of at least {SHORTEST_REASON} signs", field="reden")
    with working(actor) as work:
        opened = open_casus(work, number, action="U", kind="note")
        note = _one(work, opened, key, "U")
        decision = work.require(
            Permission.NOTE_WITHDRAW,
            Resource(candidates=frozenset({f"account:{note.written_by}"})),
            action="U",
            kind="note",
            key=key,
            hidden=False,
        )
        now, child = runtime.now(), _child(opened)
        work.open_dossier(opened.row.key, {note.klasse})
        sealed = sealing.seal(child, reason.strip().encode(), _reason_place(opened.row.key, key))
        if not notes.withdraw(work.session, key, sealed, now):
            raise Conflict("Expected a note that stands, but it was withdrawn")
        data = {"note": str(key), **who(actor, decision.reason)}
        _tell(work, opened, Fact(kind="note:withdrawn", data=data), now)


def read(work: Work, opened: Opened) -> list[Note]:
    """The notes that the actor may read, oldest first; what may not be read is not opened."""
    found = _readable(work, opened)
    if found:
        classes = "".join(sorted({row.klasse for row in found}))
        work.note(opened.decision, "R", "dossier", opened.row.key, classes=classes)
    return [_opened_note(row, opened) for row in found]


def described(work: Work, opened: Opened) -> Sequence[Found]:
    """Every note that stands, for telling who can see it; never its text."""
    work.open_dossier(opened.row.key, CLASSES, values=False)
    found = notes.of_casus(work.session, opened.row.key)
    work.open_dossier(opened.row.key, ())
    return [row for row in found if row.withdrawn_at is None]


def held(row: Found) -> Held:
    """A note as the policy looks at it."""
    return Held(
        klasse=DataClass(row.klasse),
        owner_role=row.owner_role,
        owner_organisation=row.owner_organisation,
        entered_by=row.written_by,
        form_id=FORM,
        path=str(row.key),
        note=True,
    )


def _readable(work: Work, opened: Opened) -> list[Found]:
    proven = proof.opens(work.actor, {DataClass(one) for one in CLASSES})
    work.open_dossier(opened.row.key, proven & opened.standing.classes)
    found = [row for row in notes.of_casus(work.session, opened.row.key) if row.klasse in proven]
    return [row for row in found if opened.standing.reads(held(row)).allowed]


def _writing(work: Work, number: str, action: str) -> tuple[Opened, Decision]:
    """A running casus in which this actor takes part: the noodknop opens it, but not for writing."""
    opened = open_casus(work, number, action=action, kind="note")
    decision = work.require(
        Permission.NOTE_WRITE,
        Resource(candidates=frozenset(one.candidate for one in opened.bindings)),
        action=action,
        kind="note",
        key=opened.row.key,
        hidden=False,
    )
    if opened.row.status != "LOPEND":
        raise Conflict("Expected a casus that runs, but it is closed")
    return opened, decision


def _add(
    work: Work, opened: Opened, decision: Decision, klasse: DataClass, text: str, about: int | None
) -> int:
    plain = text.strip()
    if not 0 < len(plain) <= LONGEST:
        raise BadRequest(f"Expected a text of 1 to {LONGEST} signs", field="tekst")
    now, child = runtime.now(), _child(opened)
    key, (role, organisation) = new_key(now), _owner(work, opened)
    notes.add(
        work.session,
        {
            "key": key,
            "casus_key": opened.row.key,
            "about_key": about,
            "klasse": klasse.value,
            "owner_role": role,
            "owner_organisation": organisation,
            "sealed": sealing.seal(child, plain.encode(), _place(opened.row.key, klasse, key)),
            "written_by": work.actor.account,
            "written_at": now,
        },
    )
    data = {
        "note": str(key),
        "class": klasse.value,
        "text": sealing.fingerprint(child, {"tekst": plain}),
        **who(work.actor, decision.reason),
    }
    told = {"kind": "note:supplemented", "about": str(about)} if about else {"kind": "note:written"}
    _tell(work, opened, Fact(kind=told.pop("kind"), data={**data, **told}), now)
    return key


def _classes(opened: Opened) -> tuple[DataClass, ...]:
    return (DataClass.IDENTITY,) if opened.row.about == shown.POLICY else CLASSES


def _owner(work: Work, opened: Opened) -> tuple[str, str]:
    """In which role, for which organisation, the actor writes: a role at an organisation before one as a person."""
    mine = sorted(
        (one.candidate.startswith("account:"), one.role, one.candidate.partition("@")[2])
        for one in opened.bindings
        if one.candidate in work.actor.candidates
    )
    _, role, organisation = mine[0]
    return role, organisation


def _one(work: Work, opened: Opened, key: int, action: str) -> Note:
    """A note that the actor reads. StepUpNeeded for one that they read after a surer proof: it is no secret to them."""
    known = next((row for row in described(work, opened) if row.key == key), None)
    if known is not None and opened.standing.reads(held(known)).allowed:
        proof.require(work.actor, known.klasse)
    row = next((one for one in _readable(work, opened) if one.key == key and not one.withdrawn_at), None)
    if row is None:
        raise work.missing("note", key, action)
    return _opened_note(row, opened)


def _opened_note(row: Found, opened: Opened) -> Note:
    klasse, place, child = DataClass(row.klasse), opened.row.key, _child(opened)
    gone = row.withdrawn_at is not None
    return Note(
        key=row.key,
        about_key=row.about_key,
        klasse=klasse,
        text="" if gone else _text(child, row.sealed, _place(place, klasse, row.key)),
        owner_role=row.owner_role,
        owner_organisation=row.owner_organisation,
        written_by=row.written_by,
        written_at=row.written_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=_text(child, row.withdrawn_reason, _reason_place(place, row.key)) if gone else "",
    )


def _text(child: ChildKey, sealed: bytes, place: str) -> str:
    return sealing.unseal(child, bytes(sealed), place).decode()


def _child(opened: Opened) -> ChildKey:
    return sealing.child_key(opened.row.subject_key, opened.row.wrapped_key)


def _place(casus_key: int, klasse: DataClass, key: int) -> str:
    """What a sealed text is bound to: it opens nowhere else, and in no other class."""
    return f"casus_note/{casus_key}/{klasse.value}/{key}"


def _reason_place(casus_key: int, key: int) -> str:
    return f"casus_note/{casus_key}/withdrawn/{key}"


def _tell(work: Work, opened: Opened, fact: Fact, at: datetime) -> None:
    work.go_on()
    chronicle.tell(work.session, opened.row.key, [fact], at)
