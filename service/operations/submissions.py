"""A submitted form becomes a step: the one path that the pages and /v2 share (DESIGN section 4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service import engine, forms
from service.access import Decision, Permission, Resource, decide
from service.domain import Actor, Json
from service.errors import AnswersRejected, BadRequest, BehalfRejected, TaskNotOpen
from service.forms import Form
from service.operations import (
    behalf,
    catalog,
    disclosures,
    dossiers,
    idempotent,
    moves,
    offers,
    proof,
    runtime,
    sealing,
)
from service.operations.catalog import Process
from service.operations.guard import Work, again, who, working
from service.operations.offers import Participant
from service.operations.spoken import Given, Whose
from service.store import absences, accounts, instances, tasks
from service.store.rows import Found


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What a completion led to."""

    task_key: int
    instance_key: int
    casus_key: int | None
    casus_number: str
    ended: bool


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A task with all that belongs to it, locked or just read."""

    row: Found
    process: Process  # in whose diagram the task stands; a called process may be another than the instance's
    bindings: tuple[Participant, ...]
    resource: Resource
    asked: tuple[str, ...] = ()  # the roles that the task is for, whoever holds them

    @property
    def form(self) -> Form | None:
        return self.process.forms.get(self.row.form_id)


@again
def complete(
    actor: Actor,
    key: int,
    raw: Mapping[str, Any],
    *,
    html: bool,
    idempotency_key: str = "",
    then: Callable[[Work, Submitted], None] | None = None,
    on_behalf: Given | None = None,
) -> Submitted:
    """Complete a task once. Raises NotFound, TaskNotOpen, AnswersRejected, IdempotencyMismatch.

    raw        posted form fields by path when `html`, else nested JSON answers
    then       what is looked up for the answer before the transaction ends
    on_behalf  of whom, and from which source, the answer is; None: it is the actor's own. May raise BehalfRejected
    """
    told = {} if on_behalf is None else {"on_behalf": vars(on_behalf)}
    asked = idempotent.request(actor, idempotency_key, f"task:complete:{key}", {**raw, **told})
    with working(actor) as work:
        locked = lock(work, key)
        before = idempotent.earlier(work.session, asked)
        if before is not None:
            submitted = Submitted(**before)
        else:
            opened = find(work, key, entered=True)
            answer = _Answer(raw=raw, html=html, given=on_behalf)
            decision = _may_complete(work, opened) if on_behalf is None else may_enter(work, opened, "U")
            proof.require(actor, proof.asked_by(opened.form))
            submitted = _move(work, opened, locked, answer, decision)
            idempotent.remember(work.session, asked, vars(submitted))
        if then is not None:
            then(work, submitted)
    return submitted


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """What was sent."""

    raw: Mapping[str, Any]
    html: bool
    given: Given | None  # for an answer of another


def enter(work: Work, key: int, action: str = "R") -> int:
    """The instance of a task that row-level security shows to this actor; from here its process can be read."""
    instance_key = tasks.enter(work.session, key)
    if instance_key is None:
        raise work.missing("task", key, action)
    work.kind = "service"
    return instance_key


def lock(work: Work, key: int) -> Found:
    """Lock the instance of a task; who comes second reads what the first one left."""
    locked = instances.lock(work.session, enter(work, key, "U"))
    if locked is None:
        raise work.missing("task", key, "U")
    return locked


def find(work: Work, key: int, *, entered: bool = False) -> Opened:
    """A task with its process and the participants of its casus; nothing is decided yet."""
    if not entered:
        enter(work, key)
    row = tasks.get(work.session, key)
    if row is None:
        raise work.missing("task", key)
    process = catalog.process(work.session, row.definition_key)
    bindings = tuple(Participant(*one) for one in row.bindings)
    element = process.definition.elements.get(row.element_id)
    lane = element.lane if element else ""
    offer = offers.offers(
        process,
        lane,
        bindings,
        groups=row.candidate_groups,
        users=row.candidate_users,
        assignee=row.assignee,
    )
    resource = Resource(
        technical=process.technical,
        candidates=frozenset(offer.candidates),
        assignee=row.assignee,
        stands_in=_stands_in(work, row.assignee),
        started_by=row.started_by,
    )
    asked = () if process.technical else offers.asked(process, lane, row.candidate_groups)
    return Opened(row=row, process=process, bindings=bindings, resource=resource, asked=asked)


def _stands_in(work: Work, assignee: str) -> frozenset[str]:
    """As what the actor stands in for who took the task; looked up only where a colleague took it."""
    if assignee in {"", work.actor.login} or work.actor.service:
        return frozenset()
    held = absences.standing_in(work.session, work.actor.account, runtime.now())
    return frozenset(f"{one.role}@{one.organisation_key}" for one in held if one.login == assignee)


def _may_complete(work: Work, opened: Opened) -> Decision:
    row = opened.row
    readable = decide(work.actor, Permission.TASK_READ, opened.resource)
    if not readable.allowed:
        work.require(Permission.TASK_READ, opened.resource, action="U", kind="task", key=row.key)
    if row.state != "CREATED":
        raise TaskNotOpen(by=row.ended_by_name or "", at=row.ended_at, state=row.state)
    if work.actor.service:
        return readable
    return work.require(
        Permission.TASK_COMPLETE, opened.resource, action="U", kind="task", key=row.key, hidden=False
    )


def may_enter(work: Work, opened: Opened, action: str) -> Decision:
    """The decision to enter an answer for another; who takes no part in the casus finds nothing."""
    row, bindings = opened.row, {one.candidate for one in opened.bindings}
    if row.casus_key is None or not bindings & work.actor.candidates:
        raise work.missing("task", row.key, action)
    wanted = behalf.resource(opened.resource, setting(work, opened), opened.asked, opened.form)
    decision = work.require(
        Permission.TASK_COMPLETE_ON_BEHALF,
        wanted,
        action=action,
        kind="task",
        key=row.key,
        hidden=False,
        on_behalf=row.role,
    )
    if row.state != "CREATED":
        raise TaskNotOpen(by=row.ended_by_name or "", at=row.ended_at, state=row.state)
    return decision


def setting(work: Work, opened: Opened) -> behalf.Setting:
    """The casus of a task as entering for another looks at it."""
    return behalf.setting(work.session, opened.row, [(one.role, one.candidate) for one in opened.bindings])


def choices(work: Work, opened: Opened) -> tuple[Whose, ...]:
    """Whose answer the actor may enter in a task."""
    where, row = setting(work, opened), opened.row
    return behalf.choices(work.session, work.actor, row, row.casus_key, where, opened.asked, opened.form)


def _move(work: Work, opened: Opened, locked: Found, answer: _Answer, decision: Decision) -> Submitted:
    row, process = opened.row, catalog.running(work.session, locked)
    now = runtime.now()
    child = sealing.child_key(row.subject_key, row.wrapped_key)
    context = engine.visible(
        process.definition, bytes(locked.state), row.token, host=runtime.host(locked.key)
    )
    admitted = _admitted(work, opened, answer, context)
    answers = answered(opened.form, answer.raw, context, html=answer.html, technical=process.technical)
    if opened.form is not None and row.casus_key is not None:
        source = dossiers.Source(
            casus_key=row.casus_key,
            instance_key=locked.key,
            task_key=row.key,
            child=child,
            bindings=opened.bindings,
            role=_answers_as(work, opened) if admitted is None else admitted.whose.role,
            given_by=None if admitted is None else admitted.whose.account,
        )
        dossiers.write(work, opened.form, answers, source)
    variables = _variables(opened, answers)
    step = engine.complete(
        process.definition, bytes(locked.state), row.token, variables, host=runtime.host(locked.key)
    )
    place = moves.Place(
        session=work.session,
        process=process,
        instance_key=locked.key,
        casus_key=row.casus_key,
        bindings=opened.bindings,
        at=now,
    )
    keys = moves.save(
        place,
        step,
        moves.standing(locked, dict(row.open_tasks)),
        done=row.token,
        by=work.actor,
    )
    cause = who(work.actor, decision.reason) | {"answers": sealing.fingerprint(child, answers)}
    if opened.resource.stands_in and admitted is None:
        cause |= {"for": str(accounts.by_login_any(work.session, row.assignee))}
    if admitted is not None:
        behalf.record(work, row, child, admitted, decision.reason)
        work.note(decision, "C", "task", row.key, on_behalf=admitted.log)
        cause |= admitted.cause()
    given = disclosures.after(place, opened.process, row.element_id, work.actor)
    moves.tell(place, [*step.facts, *given], keys, cause, done=row.token)
    moves.close_casus(place, step)
    return Submitted(
        task_key=row.key,
        instance_key=locked.key,
        casus_key=row.casus_key,
        casus_number=row.casus_number or "",
        ended=step.ended is not None,
    )


def _answers_as(work: Work, opened: Opened) -> str:
    """The role of the lane in which the actor takes part; the role that the task shows for who does it otherwise."""
    held = {one.role for one in opened.bindings if one.candidate in work.actor.candidates}
    return next((role for role in opened.asked if role in held), str(opened.row.role))


def _admitted(
    work: Work, opened: Opened, answer: _Answer, context: Mapping[str, Json]
) -> behalf.Admitted | None:
    """Whose answer is entered; None for one's own. Raises BehalfRejected with all that has to be mended at once."""
    if answer.given is None:
        return None
    known = choices(work, opened)
    act = opened.form is not None and forms.is_act(opened.form)
    admitted, wrong = behalf.check(answer.given, known, act=act)
    if admitted is not None:
        return admitted
    errors: Mapping[str, str] = {}
    try:
        answered(opened.form, answer.raw, context, html=answer.html, technical=opened.process.technical)
    except AnswersRejected as error:
        errors = error.errors
    raise BehalfRejected(wrong, errors)


def answered(
    form: Form | None, raw: Mapping[str, Any], context: Mapping[str, Json], *, html: bool, technical: bool
) -> dict[str, Json]:
    """The validated answers; raises AnswersRejected, or BadRequest for answers where nothing is asked."""
    if form is None:
        if raw and not technical:
            raise BadRequest("Expected no answers: this step has no form", field=min(raw))
        return dict(raw)
    given = forms.collect(form, raw) if html else raw
    run = runtime.current()
    checked = forms.validate(form, given, context=context, clock=run.clock, functions=run.functions)
    if checked.errors:
        raise AnswersRejected(checked.errors)
    return checked.answers


def _variables(opened: Opened, answers: Mapping[str, Json]) -> dict[str, Json]:
    """What the process gets: declared outputs only in a casus, all answers in a technical process."""
    if opened.process.technical or opened.form is None:
        return dict(answers)
    return forms.variables(opened.form, answers)
