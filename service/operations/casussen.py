"""The casus of a child: where it stands, who takes part, and what this actor may read of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from service.domain import Actor, CasusKey, DataClass, DefinitionKey, InstanceKey, TaskKey
from service.operations import (
    answers,
    catalog,
    dossiers,
    entries,
    households,
    letters,
    matches,
    proof,
    runtime,
    safety,
    sealing,
    shown,
    siblings,
    timeline,
)
from service.operations.entries import Entries
from service.operations.guard import Work, working
from service.operations.opening import Opened, open_casus
from service.operations.outlooks import FormerRow, LinkedRow
from service.operations.safety import Unnamed
from service.operations.views import CasusHead, CasusView, ParticipantRow, ProcessInCasus, StepRow
from service.operations.waiting import waiting_for
from service.store import accounts, instances, relocations, tasks
from service.store import casus as rows
from service.store.rows import Found
from service.store.session import allow


def mine(actor: Actor) -> tuple[CasusHead, ...]:
    """The casussen in which this actor takes part, newest first."""
    with working(actor) as work:
        found = rows.of_candidates(work.session, sorted(actor.candidates))
        return _heads(work, found, hidden=_unnamed(work, found))


def _unnamed(work: Work, found: Sequence[Found]) -> frozenset[int]:
    """Casussen whose child this actor may not know by name: no role of theirs there reads identity."""
    held = rows.held_by(work.session, [row.key for row in found], sorted(work.actor.candidates))
    rights = runtime.current().register.rights
    return frozenset(
        row.key
        for row in found
        if row.about != shown.POLICY
        and not any(DataClass.IDENTITY in rights.row(role).own for role, _ in held[row.key])
    )


def view(actor: Actor, number: str) -> CasusView:
    """One casus as far as this actor may see it; the read is logged with the classes shown."""
    with working(actor) as work:
        opened = open_casus(work, number, also_former=True)
        if opened.former:
            return _former(work, opened)
        row, standing = opened.row, opened.standing
        participants = rows.participants(work.session, row.key)
        everything = standing.everything
        child = sealing.child_key(row.subject_key, row.wrapped_key)
        found = dossiers.read(work, row.key, child, standing)
        seen = {answer.klasse for answer in found}
        work.note(opened.decision, "R", "dossier", row.key, classes="".join(sorted(seen)))
        steps = tasks.of_casus(work.session, row.key)
        named = everything | standing.classes
        unnamed = safety.unnamed(work.session, actor, [row.key])[row.key]
        directs = bool(opened.roles(work) & runtime.current().register.directing)
        processes = _processes(work, row.key, steps, unnamed, entries.load(work, opened, unnamed))
        return CasusView(
            head=_heads(
                work, [row], hidden=frozenset() if DataClass.IDENTITY in named else frozenset({row.key})
            )[0],
            policy=row.about == shown.POLICY,
            birth_date=row.birth_date if DataClass.IDENTITY in everything else None,
            processes=processes,
            participants=tuple(_participant(p, unnamed) for p in participants),
            dossier=answers.rows(work, found),
            proof_asked=proof.missing(actor, standing.classes),
            hidden_classes=answers.hidden(work, steps, everything),
            people=households.people(work.session, opened, actor),
            directs=directs,
            timeline=timeline.of(work, opened, processes, participants, unnamed),
            letters=letters.rows(work, opened),
            may_note=row.status == "LOPEND" and bool(opened.roles(work)),
            linked=_linked(work, row.key),
            siblings=siblings.linked(work, row.key) if directs else (),
            may_audit=bool(actor.roles & {"auditor", "fg"}),
        )


def _former(work: Work, opened: Opened) -> CasusView:
    """For who took part before: what they supplied, and nothing else of the casus; not even whose it is."""
    row = opened.row
    found = dossiers.read(work, row.key, sealing.child_key(row.subject_key, row.wrapped_key), opened.standing)
    classes = "".join(sorted({answer.klasse for answer in found}))
    work.note(opened.decision, "R", "dossier", row.key, classes=classes)
    return CasusView(
        head=_head(row, (), "", None, runtime.now(), hidden=True),
        birth_date=None,
        policy=row.about == shown.POLICY,
        processes=(),
        participants=(),
        dossier=answers.rows(work, found),
        proof_asked=proof.missing(work.actor, opened.standing.classes),
        hidden_classes=(),
        timeline=timeline.of_former(work, opened),
        former=True,
        may_audit=False,
    )


def formerly(actor: Actor) -> tuple[FormerRow, ...]:
    """The casussen in which this actor took part before, and no longer does."""
    with working(actor) as work:
        candidates = sorted(actor.candidates)
        found = {
            one.casus_key: one.until for one in reversed(relocations.former_of(work.session, candidates))
        }
        now_in = {key for key, held in rows.held_by(work.session, list(found), candidates).items() if held}
        allow(work.session, casus=found.keys() - now_in)
        return tuple(
            FormerRow(number=row.number, until=found[key])
            for key in sorted(found.keys() - now_in, key=lambda key: found[key], reverse=True)
            if (row := rows.get(work.session, key)) is not None
        )


def _linked(work: Work, key: int) -> tuple[LinkedRow, ...]:
    """Looked up last: it goes on as the service."""
    work.go_on()
    return matches.linked(work, key)


def head(work: Work, key: int) -> CasusHead | None:
    """A casus in one line, for a page about one of its tasks."""
    row = rows.get(work.session, key)
    return _heads(work, [row], hidden=_unnamed(work, [row]))[0] if row is not None else None


def _heads(
    work: Work, found: Sequence[Found], *, hidden: frozenset[int] = frozenset()
) -> tuple[CasusHead, ...]:
    keys = [row.key for row in found]
    if not keys:
        return ()
    names: dict[int, list[str]] = {key: [] for key in keys}
    for instance in instances.of_casus(work.session, keys):
        names[instance.casus_key].append(instance.process_name)
    open_tasks: dict[int, list[Found]] = {key: [] for key in keys}
    for task in tasks.open_of_casussen(work.session, keys):
        open_tasks[task.casus_key].append(task)
    now = runtime.now()
    unnamed = safety.unnamed(work.session, work.actor, keys)
    return tuple(
        _head(
            row,
            names[row.key],
            waiting_for(open_tasks[row.key], unnamed[row.key]),
            min((task.due_at for task in open_tasks[row.key] if task.due_at), default=None),
            now,
            hidden=row.key in hidden,
        )
        for row in found
    )


def _head(
    row: Found, names: Collection[str], waiting: str, due: datetime | None, now: datetime, *, hidden: bool
) -> CasusHead:
    return CasusHead(
        key=CasusKey(row.key),
        number=row.number,
        subject_name="" if hidden else shown.subject_name(row.first_name, row.last_name),
        process_names=tuple(dict.fromkeys(names)),
        status=row.status,
        waiting_for=waiting,
        created_at=row.created_at,
        next_due_at=due,
        late=due is not None and due < now,
    )


def _processes(
    work: Work, casus_key: int, steps: Sequence[Found], unnamed: Unnamed, entered: Entries
) -> tuple[ProcessInCasus, ...]:
    by_instance: dict[int, list[Found]] = {}
    for step in steps:
        by_instance.setdefault(step.instance_key, []).append(step)
    return tuple(
        _process(work, instance, by_instance.get(instance.key, []), unnamed, entered)
        for instance in instances.of_casus(work.session, [casus_key])
    )


def _process(
    work: Work, instance: Found, steps: Sequence[Found], unnamed: Unnamed, entered: Entries
) -> ProcessInCasus:
    process = catalog.process(work.session, instance.definition_key)
    return ProcessInCasus(
        instance_key=InstanceKey(instance.key),
        definition_key=DefinitionKey(instance.definition_key),
        process_id=instance.process_id,
        name=instance.process_name,
        version=instance.version,
        status=instance.status,
        outcome=process.element_name(instance.outcome) if instance.outcome else "",
        started_at=instance.started_at,
        ended_at=instance.ended_at,
        steps=(
            _beginning(work, process, instance, unnamed),
            *(_step(work, step, unnamed, entered) for step in steps),
        ),
    )


def _beginning(work: Work, process: catalog.Process, instance: Found, unnamed: Unnamed) -> StepRow:
    """How it began: what was handed in at the start is a step like any other."""
    form = process.start_form()
    event = next(
        (one for one in process.definition.start_events if form is None or one.form_id == form.id), None
    )
    return StepRow(
        element=event.element if event else "",
        name=(event.name if event else "") or (form.title if form else instance.process_name),
        role="",
        organisation_name="",
        state="COMPLETED",
        since=instance.started_at,
        ended_at=instance.started_at,
        ended_by=_starter(work, instance.started_by, unnamed),
        due_at=None,
        late=False,
        task_key=None,
    )


def _starter(work: Work, key: int, unnamed: Unnamed) -> str:
    """The name of who started it; not where their organisation stays unnamed."""
    row = accounts.by_key(work.session, key)
    if row is None or any(pair.partition("@")[2] in unnamed for pair in row.memberships):
        return ""
    return str(row.name)


def _step(work: Work, row: Found, unnamed: Unnamed, entered: Entries) -> StepRow:
    told = entered.told.get(row.key)
    may_open = row.state == "CREATED" and bool(work.actor.candidates & set(row.candidates))
    return StepRow(
        element=row.element_id,
        name=row.name,
        role=row.role,
        organisation_name=unnamed.name(row.organisation_key, row.organisation_name),
        state=row.state,
        since=row.created_at,
        ended_at=row.ended_at,
        ended_by=told.by_name if told else _ender(row, unnamed),
        due_at=row.due_at,
        late=shown.is_late(row, runtime.now()),
        task_key=TaskKey(row.key) if may_open else None,
        behalf_key=TaskKey(row.key) if entered.may_enter(work, row) else None,
        behalf=told,
    )


def _ender(row: Found, unnamed: Unnamed) -> str:
    return "" if row.organisation_key in unnamed else row.ended_by_name or ""


def _participant(row: Found, unnamed: Unnamed) -> ParticipantRow:
    if row.organisation_key in unnamed:
        return ParticipantRow(role=row.role, organisation_name=safety.UNNAMED, person_name="", contact="")
    contact: Mapping[str, object] = row.organisation_data or {}
    return ParticipantRow(
        role=row.role,
        organisation_name=row.organisation_name or "",
        person_name=row.person_name or "",
        contact=str(contact.get("telefoon", "")),
    )
