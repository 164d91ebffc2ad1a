"""Starting a regional process: the start form becomes a casus with its child, its participants and an instance."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service import engine, forms
from service.access import Permission, Resource, decide
from service.domain import Actor, Fact, InstanceKey, Json, new_key
from service.errors import NotFound
from service.forms import Form
from service.operations import (
    catalog,
    dossiers,
    households,
    idempotent,
    matches,
    moves,
    participants,
    runtime,
    sealing,
    shown,
    submissions,
)
from service.operations.catalog import Process
from service.operations.guard import Work, again, who, working
from service.operations.offers import Participant
from service.operations.sealing import ChildKey
from service.operations.views import ProcessCard, Started, StartView
from service.store import casus, definitions, subjects

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A casus that was just made."""

    casus_key: int
    number: str
    child: ChildKey
    bindings: tuple[Participant, ...]


def offered(actor: Actor) -> tuple[ProcessCard, ...]:
    """The processes that this actor may start."""
    with working(actor) as work:
        found = definitions.newest_processes(work.session)
    return tuple(
        ProcessCard(process_id=row.id, name=row.name, purpose=_purpose(row.manifest))
        for row in found
        if decide(actor, Permission.PROCESS_START, _resource(row.manifest)).allowed
    )


def open(actor: Actor, process_id: str) -> StartView:  # reads as starts.open
    """The start form of a process."""
    return rejected_view(actor, process_id, {}, {})


def rejected_view(
    actor: Actor, process_id: str, raw: Mapping[str, Any], errors: Mapping[str, str]
) -> StartView:
    """The start form with what was typed, and what to mend in it."""
    with working(actor) as work:
        process = _startable(work, process_id, "R")
        form = process.start_form()
        values = forms.collect(form, raw) if form and raw else {}
        return StartView(
            process_id=process.id,
            name=process.name,
            purpose=_purpose(process.manifest),
            form=shown.form_view(form, process.name, values, dict(errors), {}),
        )


@again
def start(
    actor: Actor,
    process_id: str,
    raw: Mapping[str, Any],
    *,
    idempotency_key: str = "",
    as_html: bool = True,
) -> Started:
    """Start a process once. Raises NotFound, AnswersRejected, IdempotencyMismatch."""
    asked = idempotent.request(actor, idempotency_key, f"process:start:{process_id}", raw)
    with working(actor) as work:
        idempotent.alone(work.session, asked)
        before = idempotent.earlier(work.session, asked)
        if before is not None:
            return Started(**before)
        process = _startable(work, process_id, "C")
        form = process.start_form()
        answers = submissions.answered(form, raw, {}, html=as_html, technical=False)
        started = begin(work, process, form, answers)
        idempotent.remember(work.session, asked, vars(started))
    return started


def begin(work: Work, process: Process, form: Form | None, answers: Mapping[str, Json]) -> Started:
    """Make the casus and its first instance from validated answers."""
    work.go_on()
    now = runtime.now()
    opening = _open_casus(work, process, answers, now)
    instance_key = new_key(now)
    if form is not None:
        source = dossiers.Source(
            casus_key=opening.casus_key,
            instance_key=instance_key,
            task_key=None,
            child=opening.child,
            bindings=opening.bindings,
            role=next(iter(sorted(work.actor.roles)), ""),
        )
        dossiers.write(work, form, answers, source)
    variables = {**(forms.variables(form, answers) if form else {}), "casus_id": opening.number}
    step = engine.start(process.definition, variables=variables, host=runtime.host())
    place = moves.Place(
        session=work.session,
        process=process,
        instance_key=instance_key,
        casus_key=opening.casus_key,
        bindings=opening.bindings,
        at=now,
    )
    keys = moves.begin(place, step, work.actor.account)
    cause = who(work.actor) | {"answers": sealing.fingerprint(opening.child, answers)}
    opened = Fact(kind="casus:opened", data={"casus": str(opening.casus_key)})
    moves.tell(place, [opened, *step.facts], keys, cause)
    moves.close_casus(place, step)
    return Started(instance_key=InstanceKey(instance_key), casus_number=opening.number)


def _startable(work: Work, process_id: str, action: str) -> Process:
    row = definitions.newest(work.session, "process", process_id)
    if row is None or row.deployment_kind != "regional":
        raise work.missing("process", 0, action)
    process = catalog.process(work.session, row.key)
    work.require(
        Permission.PROCESS_START, _resource(process.manifest), action=action, kind="process", key=row.key
    )
    return process


def _resource(manifest: Mapping[str, Any]) -> Resource:
    return Resource(start_roles=frozenset(manifest.get("start", {}).get("wie", ())))


def _purpose(manifest: Mapping[str, Any]) -> str:
    return str(manifest.get("proces", {}).get("doel", ""))


def _open_casus(work: Work, process: Process, answers: Mapping[str, Json], now: datetime) -> Opening:
    """The child with its own data key, the casus with a number without meaning, and who takes part."""
    told = _Told(answers, process.manifest.get("start", {}))
    about = shown.about(process.manifest)
    subject_key, casus_key, number = new_key(now), new_key(now), _number()
    key = sealing.new_child_key(subject_key)
    subjects.add(
        work.session,
        key=subject_key,
        pseudonym=secrets.token_hex(8),
        first_name=told.text("titel" if about == shown.POLICY else "voornaam"),
        last_name=told.text("achternaam"),
        birth_date=told.birth_date(),
        municipality=told.text("woongemeente"),
        wrapped_key=key.wrapped,
        kind=about,
    )
    child = participants.Child(
        municipality=told.text("woongemeente"),
        school=told.text("school"),
        age=shown.age(told.birth_date(), now),
        parent_login=told.text("contact"),
    )
    if about == shown.POLICY:
        found = participants.bind_policy(work, process, work.actor, now)
    else:
        found = participants.bind(work, process, child, work.actor, now)
    casus.add(
        work.session,
        {
            "key": casus_key,
            "number": number,
            "subject_key": subject_key,
            "status": "LOPEND",
            "created_at": now,
        },
        found,
    )
    households.begin(work.session, casus_key, process.manifest.get("start", {}), answers, work.actor, now)
    matches.look(
        work.session, casus_key, told.text("voornaam"), told.text("achternaam"), told.birth_date(), now
    )
    bindings = tuple(
        Participant(role=p["role"], candidate=p["candidate"], organisation_key=p["organisation_key"])
        for p in found
    )
    return Opening(casus_key=casus_key, number=number, child=key, bindings=bindings)


def _number() -> str:
    signs = [secrets.choice(_CROCKFORD) for _ in range(8)]
    return f"ZB-{''.join(signs[:4])}-{''.join(signs[4:])}"


@dataclass(frozen=True)
class _Told:
    """What the start form said about the child, found by the mapping in proces.toml [start.jeugdige]."""

    answers: Mapping[str, Json]
    start: Mapping[str, Any]

    def text(self, name: str) -> str:
        paths = {**self.start, **self.start.get("jeugdige", {}), **self.start.get("onderwerp", {})}
        value: Json = self.answers
        for part in str(paths.get(name, name)).split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        return value if isinstance(value, str) else ""

    def birth_date(self) -> date | None:
        text = self.text("geboortedatum")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise NotFound from error
