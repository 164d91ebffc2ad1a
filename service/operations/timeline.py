"""The timeline of a casus: what happened, in one row of time, as far as this actor may see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from service.access import SHARING
from service.operations import notes, paper, runtime
from service.operations.guard import Work
from service.operations.opening import Opened
from service.operations.outlooks import NoteRow, TimelineRow
from service.operations.safety import ALL_NAMED, Unnamed
from service.operations.views import ProcessInCasus
from service.store import accounts, organisations, reading, relocations
from service.store.rows import Found


def of(
    work: Work,
    opened: Opened,
    processes: Sequence[ProcessInCasus],
    participants: Sequence[Found],
    unnamed: Unnamed,
) -> tuple[TimelineRow, ...]:
    """What happened, newest first."""
    found = [
        *_processes(processes),
        *_joined(opened, participants, unnamed),
        *_left(work, opened, unnamed),
        *_disclosed(work, opened, participants, unnamed),
        *_consents(work, opened, unnamed),
        *_notes(work, opened, unnamed),
    ]
    return tuple(sorted(found, key=lambda row: row.at, reverse=True))


def of_former(work: Work, opened: Opened) -> tuple[TimelineRow, ...]:
    """For who took part before: the notes of their own organisation."""
    return tuple(sorted(_notes(work, opened, ALL_NAMED), key=lambda row: row.at, reverse=True))


def _processes(processes: Sequence[ProcessInCasus]) -> Iterator[TimelineRow]:
    for process in processes:
        yield TimelineRow(
            at=process.started_at,
            kind="process-started",
            name=process.name,
            person_name=process.steps[0].ended_by if process.steps else "",
        )
        for step in process.steps[1:]:
            if step.state == "COMPLETED" and step.ended_at:
                yield TimelineRow(
                    at=step.ended_at,
                    kind="task-done",
                    name=step.name,
                    role=step.role,
                    organisation_name=step.organisation_name,
                    person_name=step.ended_by,
                    behalf=step.behalf,
                )
        if process.ended_at:
            yield TimelineRow(
                at=process.ended_at, kind="process-ended", name=process.name, detail=process.outcome
            )


def _joined(opened: Opened, participants: Sequence[Found], unnamed: Unnamed) -> Iterator[TimelineRow]:
    """Who came to take part after the casus was opened."""
    for row in participants:
        if row.since > opened.row.created_at:
            yield TimelineRow(
                at=row.since,
                kind="joined",
                role=row.role,
                organisation_name=unnamed.name(row.organisation_key, row.organisation_name),
                person_name="" if row.organisation_key in unnamed else row.person_name or "",
            )


def _left(work: Work, opened: Opened, unnamed: Unnamed) -> Iterator[TimelineRow]:
    """Whose role went over to another organisation."""
    for row in relocations.former_in(work.session, opened.row.key):
        yield TimelineRow(
            at=row.until,
            kind="left",
            role=row.role,
            organisation_name=unnamed.name(row.organisation_key, row.organisation_name),
        )


def _disclosed(
    work: Work, opened: Opened, participants: Sequence[Found], unnamed: Unnamed
) -> Iterator[TimelineRow]:
    """What was given and stopped being given: who, to whom and for what; never what it says."""
    roles = {row.candidate: row.role for row in participants}
    names = _organisations(work)
    given: dict[TimelineRow, list[str]] = {}
    for row in reading.every_disclosure(work.session, opened.row.key):
        if row.ended_at is not None and row.ended_at <= row.given_at:
            continue  # withheld: it waits for consent and was never given
        for at, kind in ((row.given_at, "disclosed"), (row.ended_at, "disclosure-ended")):
            if at is None:
                continue
            one = TimelineRow(
                at=at,
                kind=kind,
                role=row.from_role,
                organisation_name=unnamed.name(row.from_organisation, names.get(row.from_organisation)),
                detail=row.purpose,
            )
            to = roles.get(row.to_candidate) or row.to_candidate.partition("@")[0]
            if to not in given.setdefault(one, []) and not to.startswith("account:"):
                given[one].append(to)
    for one, to_roles in given.items():
        yield TimelineRow(**{**vars(one), "to": tuple(to_roles)})


def _consents(work: Work, opened: Opened, unnamed: Unnamed) -> Iterator[TimelineRow]:
    """What this actor said; who directs also reads what the family said about sharing.

    Whether a young person lets parents read is for the young person alone.
    """
    directs = bool(opened.roles(work) & runtime.current().register.directing)
    found = reading.every_consent(work.session, opened.row.key)
    names = accounts.names(
        work.session, {row.said_by for row in found if row.source and unnamed.told is None}
    )
    for row in found:
        if row.giver == work.actor.account or (directs and row.about == SHARING):
            yield TimelineRow(
                at=row.said_at,
                kind="agreed" if row.agreed else "refused",
                name=row.domain,
                role=row.giver_role,
                detail=row.about,
                behalf=paper.told(row, names.get(row.said_by, "")) if row.source else None,
            )


def _notes(work: Work, opened: Opened, unnamed: Unnamed) -> Iterator[TimelineRow]:
    found = notes.read(work, opened)
    written = {note.key: note.written_at for note in found}
    people = accounts.names(work.session, {note.written_by for note in found})
    names = _organisations(work) if found else {}
    for note in found:
        organisation = note.owner_organisation
        yield TimelineRow(
            at=note.written_at,
            kind="note",
            role=note.owner_role,
            organisation_name=unnamed.name(organisation, names.get(organisation)),
            person_name="" if organisation in unnamed else people.get(note.written_by, ""),
            note=NoteRow(
                key=note.key,
                klasse=note.klasse.value,
                text=note.text,
                supplements=written.get(note.about_key) if note.about_key else None,
                withdrawn_at=note.withdrawn_at,
                withdrawn_reason=note.withdrawn_reason,
                own=note.written_by == work.actor.account,
            ),
        )


def _organisations(work: Work) -> Mapping[str, str]:
    return {one.key: one.name for one in organisations.everything(work.session, ended=True)}
