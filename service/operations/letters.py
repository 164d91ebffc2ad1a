"""The task type `brief`: a letter of the process folder as PDF in the casus, for the roles that it is meant for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from service.clock import AMSTERDAM
from service.connectors import letters as connector
from service.connectors.letters import NotSet, Sheet
from service.domain import Actor, DataClass, Fact
from service.errors import ConfigurationError
from service.operations import chronicle, proof, runtime, sealing
from service.operations.errand import Errand, Outcome, Useless
from service.operations.guard import Work, working
from service.operations.opening import Opened, open_casus
from service.operations.outlooks import LetterRow
from service.operations.sealing import ChildKey
from service.publication import documents
from service.publication.letters import NoLetter
from service.store import casus, letters
from service.store.rows import Found
from service.store.scopes import WORKER
from service.store.session import transaction

FILE = "brieven.toml"
_KEYS = {"afzender", "adres", "plaats", "ondertekening", "telefoon", "logo", "logo_tekst", "rechtsmiddel"}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter to read."""

    name: str  # of the file; tells nobody's name
    content: bytes


def do(errand: Errand) -> Outcome:
    """Make the letter.

    sjabloon  header: brieven/<naam>.md
    aan       header: roles that may read it, with spaces between
    soort     header: brief, or besluit: then the words about objection of the municipality are added
    klasse    header: the most sensitive class of what it says; I when there is none
    """
    try:
        template = documents.document(errand.headers, errand.files)
    except NoLetter as error:
        return Useless(reason=str(error))
    roles = errand.headers.get("aan", "").split()
    if not roles or not errand.casus_number:
        return Useless(reason="Een brief hoort bij een casus, en bij 'aan' hoort een rol te staan")
    with transaction(WORKER) as session:
        head = casus.by_number(session, errand.casus_number)
    if head is None:
        return Useless(reason="De casus van deze brief is er niet meer")
    try:
        subject, content = _made(errand, template, head)
    except documents.Unfilled as error:
        return Useless(reason=f"In de brief is '{error}' nog leeg")
    except NotSet:
        return Useless(reason="De brief kon niet worden opgemaakt: controleer het logo in brieven.toml")
    _keep(errand, head, roles, subject, content)
    return {"brief": str(errand.key)}


def _made(errand: Errand, template: documents.Document, head: Found) -> tuple[str, bytes]:
    house = _house(runtime.current().region, head.municipality)
    today = errand.made_at.astimezone(AMSTERDAM).date()
    given = {
        "jeugdige": {"voornaam": head.first_name, "achternaam": head.last_name},
        "organisatie": house["afzender"],
        "datum": today.isoformat(),
        "casusnummer": head.number,
        "telefoon": house["telefoon"],
    }
    subject, blocks = template.filled({**errand.variables, **given}, runtime.current().functions)
    if errand.headers.get("soort") == "besluit":
        blocks = (*blocks, *documents.Document(subject="", body=house["rechtsmiddel"]).filled({}, {})[1])
    logo = house["logo"]
    sheet = Sheet(
        sender=house["afzender"],
        address=house["adres"],
        place_and_date=f"{house['plaats']}, {documents.day(today)}",
        reference=head.number,
        subject=subject,
        blocks=[asdict(one) for one in blocks],
        signature=house["ondertekening"],
        contact=f"Vragen, of liever een gesprek of een tolk? Bel {house['telefoon']}.",
        logo=(runtime.current().region / "logo" / logo).read_bytes() if logo else b"",
        logo_alt=house["logo_tekst"],
    )
    return subject, connector.pdf(sheet)


def _keep(errand: Errand, head: Found, roles: Sequence[str], subject: str, content: bytes) -> None:
    child, now = sealing.child_key(head.subject_key, head.wrapped_key), runtime.now()
    klasse = DataClass(errand.headers.get("klasse", DataClass.IDENTITY.value))
    row = {
        "key": errand.key,
        "casus_key": head.key,
        "process_id": errand.process_id,
        "element_id": errand.element,
        "sort": errand.headers.get("soort", "brief"),
        "klasse": klasse.value,
        "roles": list(roles),
        "subject": sealing.seal(child, subject.encode(), _place(head.key, errand.key, "subject")),
        "content": sealing.seal(child, content, _place(head.key, errand.key, "content")),
        "made_at": now,
    }
    told = {
        "letter": str(errand.key),
        "element": errand.element,
        "sort": row["sort"],
        "text": sealing.fingerprint(child, {"subject": subject}),
    }
    with transaction(WORKER) as session:
        if letters.add(session, row):  # else a worker died between this and finishing the job
            chronicle.tell(session, head.key, [Fact(kind="letter:made", data=told)], now)


def rows(work: Work, opened: Opened) -> tuple[LetterRow, ...]:
    """The letters that are meant for this actor, newest first."""
    found = _readable(work, opened)
    child = _child(opened)
    return tuple(
        LetterRow(key=row.key, subject=_subject(child, row), sort=row.sort, made_at=row.made_at)
        for row in found
    )


def read(actor: Actor, number: str, key: int) -> Letter:
    """One letter as PDF; the read is logged. NotFound for one that is meant for others."""
    with working(actor) as work:
        opened = open_casus(work, number, kind="letter")
        row = next((one for one in _readable(work, opened, later=True) if one.key == key), None)
        if row is None:
            raise work.missing("letter", key, "R")
        proof.require(actor, row.klasse)
        whole = letters.content(work.session, opened.row.key, key)
        if whole is None:
            raise work.missing("letter", key, "R")
        work.note(opened.decision, "R", "letter", key, classes=row.klasse)
        place = _place(opened.row.key, key, "content")
        day = row.made_at.astimezone(AMSTERDAM).date()
        return Letter(
            name=f"brief-{number}-{day.isoformat()}.pdf",
            content=sealing.unseal(_child(opened), bytes(whole.content), place),
        )


def _readable(work: Work, opened: Opened, *, later: bool = False) -> list[Found]:
    """Letters for a role that the actor holds here; `later` also those that a surer proof would open."""
    mine = opened.roles(work)
    classes = frozenset(DataClass) if later else proof.opens(work.actor, frozenset(DataClass))
    work.open_dossier(opened.row.key, classes)
    return [row for row in letters.of_casus(work.session, opened.row.key) if mine & set(row.roles)]


def _subject(child: ChildKey, row: Found) -> str:
    return sealing.unseal(child, bytes(row.subject), _place(row.casus_key, row.key, "subject")).decode()


def _child(opened: Opened) -> ChildKey:
    return sealing.child_key(opened.row.subject_key, opened.row.wrapped_key)


def _place(casus_key: int, key: int, part: str) -> str:
    return f"letter/{casus_key}/{key}/{part}"


def _house(folder: Path, municipality: str) -> dict[str, Any]:
    """How this municipality writes: its own words over those of the region."""
    found = read_house(folder)
    own = found.get("gemeente", {}).get(municipality.strip().lower(), {})
    return {**_EMPTY, **found.get("standaard", {}), **own}


_EMPTY: Mapping[str, Any] = {
    "afzender": "",
    "adres": [],
    "plaats": "",
    "ondertekening": [],
    "telefoon": "",
    "logo": "",
    "logo_tekst": "",
    "rechtsmiddel": "Bent u het niet eens met dit besluit? Dan kunt u binnen zes weken bezwaar maken.",
}


def read_house(folder: Path) -> Mapping[str, Any]:
    """brieven.toml of a region, checked. Raises ConfigurationError naming the key."""
    file = folder / FILE
    found = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    tables = {"standaard": found.get("standaard", {}), **found.get("gemeente", {})}
    for name, table in tables.items():
        unknown = sorted(set(table) - _KEYS)
        if unknown:
            raise ConfigurationError(f"Expected keys of {FILE} in {name}, but not {unknown[0]}")
        for key, value in table.items():
            if not isinstance(value, type(_EMPTY[key])):
                raise ConfigurationError(f"Expected {FILE} {name}.{key} to be like {_EMPTY[key]!r}")
        logo = table.get("logo", "")
        if logo and (Path(logo).name != logo or not (folder / "logo" / logo).is_file()):
            raise ConfigurationError(f"Expected {FILE} {name}.logo to be a file in the folder logo")
    return found
