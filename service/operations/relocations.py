"""A child moves to another municipality or school: roles go over when the receiving organisation says yes, never before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from service.access import Decision, Permission, Resource
from service.domain import Actor, DataClass, Fact, new_key
from service.errors import BadRequest, BehalfRejected, Conflict, NotAllowed
from service.operations import behalf, chronicle, moves, outbox, participants, runtime, sealing, shown
from service.operations.guard import Work, again, who, working
from service.operations.opening import Opened, open_child
from service.operations.outlooks import RelocationRow, RelocationView
from service.operations.sealing import ChildKey
from service.operations.spoken import Given, Whose
from service.store import casus, facts, instances, organisations, reading, relocations, subjects
from service.store.rows import Found

SHORTEST_REASON = 10  # signs
MOVED = "verhuizing.gemeld"  # the message of a move to another municipality
_SCHOOLS = frozenset({"school_po", "school_vo"})
_UNSETTLED = ("OPEN", "REFUSED")


def view(actor: Actor, number: str) -> RelocationView:
    """What who directs the casus may record, and what waits or was refused."""
    with working(actor) as work:
        opened = _opened(work, number, "R")
        everything = organisations.everything(work.session)
        work.go_on()
        found = relocations.of_casus(work.session, opened.row.key, _UNSETTLED)
        return RelocationView(
            number=opened.row.number,
            schools=tuple((one.key, one.name) for one in everything if one.kind in _SCHOOLS),
            municipalities=tuple((one.key, one.name) for one in everything if one.kind == "gemeente"),
            asked=tuple(_row(work, row, opened.row) for row in found),
        )


def ask(
    actor: Actor, number: str, *, kind: str, to: str, on: date | None, reason: str, pass_on: bool = False
) -> int:
    """Record that the child moves; gives how many organisations are asked. No role goes over yet.

    to       key of the new school or municipality
    pass_on  what was given to the roles that go over is given to who takes them over
    Raises BadRequest (field soort, naar, datum or reden), Conflict when one of these is asked already.
    """
    if on is None:
        raise BadRequest("Expected a day", field="datum")
    _check(reason)
    with working(actor) as work:
        opened, now = _opened(work, number, "C"), runtime.now()
        work.go_on()
        casus.lock(work.session, opened.row.key)
        new = _receiver(work, kind, to)
        groups = _groups(work, opened, kind, new)
        _unasked(work, opened, groups)
        child = _child(opened.row)
        rows = [
            {
                "key": (key := new_key(now)),
                "casus_key": opened.row.key,
                "kind": kind,
                "from_organisation": old,
                "to_organisation": receiver,
                "roles": roles,
                "municipality": new.municipality or new.name if kind == "gemeente" else "",
                "moved_on": on,
                "pass_on": pass_on,
                "reason": sealing.seal(child, reason.strip().encode(), _place(key, "reason")),
                "state": "OPEN",
                "asked_by": actor.account,
                "asked_at": now,
            }
            for (old, receiver), roles in groups.items()
        ]
        relocations.add(work.session, rows)
        for row in rows:
            _tell(work, "relocation:asked", row, who(actor, opened.decision.reason), now)
        if kind == "gemeente":
            outbox.to_casus(work.session, MOVED, opened.row.number, now)
        return len(rows)


def mine(actor: Actor) -> tuple[RelocationRow, ...]:
    """The open questions to the roles of this actor, oldest first; that a child was looked at is logged."""
    with working(actor) as work:
        found = _to_me(work)
        for row, _ in found:
            _may(work, row, "R", row.casus_key)
        return tuple(_row(work, row, head) for row, head in found)


def waiting(actor: Actor) -> int:
    """How many questions there are for this actor."""
    with working(actor) as work:
        return len(_to_me(work))


@again
def accept(actor: Actor, key: int) -> None:
    """Take the roles over: from now on running and coming tasks are for the new organisation."""
    with working(actor) as work:
        row, by = _deciding(work, key)
        _carry_over(work, row, by)


@again
def accept_for(actor: Actor, number: str, key: int, given: Given) -> None:
    """Who directs records that an organisation that does not take part takes the roles over: nobody there can say so.

    given  from which source it is known, and of which day. Raises BehalfRejected with what is wrong in it
    """
    with working(actor) as work:
        opened = _opened(work, number, "U")
        work.go_on()
        found = relocations.of_casus(work.session, opened.row.key, ("OPEN",))
        row = next((one for one in found if one.key == key), None)
        if row is None:
            raise work.missing("relocation", key, "U")
        if not _speaks_for(work, opened, row.to_organisation, row.roles):
            raise NotAllowed
        to = row.to_organisation
        whose = Whose(key=f"organisatie:{to}", role=row.roles[0], name=row.to_name or "", organisation=to)
        said = replace(given, whose=whose.key)
        admitted, wrong = behalf.check(said, [whose], act=False, noted=False)
        if admitted is None:
            raise BehalfRejected(wrong, {})
        work.note(opened.decision, "C", "relocation", opened.row.key, on_behalf=admitted.log)
        _carry_over(work, row, {**who(actor, opened.decision.reason), **admitted.cause()})


def _speaks_for(work: Work, opened: Opened, organisation: str, roles: Sequence[str]) -> bool:
    """Whether the actor may enter what an organisation says that does not take part, in each of these roles."""
    may, held = runtime.current().register.proxies.may, opened.roles(work)
    outside = organisation in organisations.outside(work.session)
    return outside and all(may.get(role, frozenset()) & held for role in roles)


def _carry_over(work: Work, row: Found, by: Mapping[str, object]) -> None:
    now = runtime.now()
    running = [one for one in instances.of_casus(work.session, [row.casus_key]) if one.ended_at is None]
    # Before the casus, as who completes a task does: who comes second waits, nobody for ever.
    for one in running:
        instances.lock(work.session, one.key)
    casus.lock(work.session, row.casus_key)
    _decide(work, row, "ACCEPTED", now)
    for role in row.roles:
        _take_over(work, row, role, [one.key for one in running], by, now)
    if row.municipality:
        head = casus.get(work.session, row.casus_key)
        if head is not None:
            subjects.move(work.session, head.subject_key, row.municipality)
    _tell(work, "relocation:accepted", row._asdict(), by, now)


def refuse(actor: Actor, key: int, reason: str) -> None:
    """Say no, with a reason: it goes back to who directs the casus, and nothing changes."""
    _check(reason)
    with working(actor) as work:
        row, by = _deciding(work, key)
        head = casus.get(work.session, row.casus_key)
        if head is None:
            raise work.missing("relocation", key, "U")
        now = runtime.now()
        answer = sealing.seal(_child(head), reason.strip().encode(), _place(key, "answer"))
        _decide(work, row, "REFUSED", now, answer)
        _tell(work, "relocation:refused", row._asdict(), by, now)


@again
def settle(actor: Actor, number: str, key: int) -> None:
    """Who directs the casus takes an open question back, or notes that a refusal was read."""
    with working(actor) as work:
        opened, now = _opened(work, number, "U"), runtime.now()
        work.go_on()
        found = relocations.of_casus(work.session, opened.row.key, _UNSETTLED)
        row = next((one for one in found if one.key == key), None)
        if row is None:
            raise work.missing("relocation", key, "U")
        _decide(work, row, "WITHDRAWN" if row.state == "OPEN" else "NOTICED", now)
        if row.state == "OPEN":
            _tell(work, "relocation:withdrawn", row._asdict(), who(actor, opened.decision.reason), now)


def _opened(work: Work, number: str, action: str) -> Opened:
    """The casus, for who directs it."""
    opened = open_child(work, number, action=action, kind="relocation")
    work.require(
        Permission.RELOCATION_ASK,
        Resource(start_roles=runtime.current().register.directing & opened.roles(work)),
        action=action,
        kind="relocation",
        key=opened.row.key,
        hidden=False,
    )
    return opened


def _check(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadRequest(f"Expected a reason of at least {SHORTEST_REASON} signs", field="reden")


def _receiver(work: Work, kind: str, to: str) -> Found:
    kinds = {"school": _SCHOOLS, "gemeente": frozenset({"gemeente"})}.get(kind)
    if kinds is None:
        raise BadRequest("Expected a school or a municipality", field="soort")
    found = next((one for one in organisations.everything(work.session) if one.key == to), None)
    if found is None or found.kind not in kinds:
        raise BadRequest("Expected an organisation of that kind", field="naar")
    return found


def _groups(work: Work, opened: Opened, kind: str, new: Found) -> Mapping[tuple[str, str], list[str]]:
    """The roles that go over, by old and new organisation. BadRequest when none does, or nobody could say yes."""
    at_school = kind == "school"
    bound = [
        one
        for one in casus.bindings(work.session, opened.row.key)
        if (one.role in participants.AT_SCHOOL) is at_school
    ]
    child = participants.Child(
        municipality=opened.row.municipality if at_school else new.key,
        school=new.key if at_school else "",
        age=shown.age(opened.row.birth_date, runtime.now()),
        parent_login="",
    )
    found = participants.moved(work.session, bound, child, work.actor)
    staffed = organisations.roles_held(work.session, {receiver for _, receiver in found})
    for (_, receiver), roles in found.items():
        answered = any((role, receiver) in staffed for role in roles)
        if not answered and not _speaks_for(work, opened, receiver, roles):
            raise BadRequest("Expected an organisation where somebody holds the role", field="naar")
    if not found:
        raise BadRequest("Expected a move by which a role goes over", field="naar")
    return found


def _unasked(work: Work, opened: Opened, groups: Iterable[tuple[str, str]]) -> None:
    """One question at a time about the roles of one organisation."""
    waiting = {one.from_organisation for one in relocations.of_casus(work.session, opened.row.key, ("OPEN",))}
    if waiting & {old for old, _ in groups}:
        raise Conflict("Expected no open question about these roles, but there is one")


def _to_me(work: Work) -> list[tuple[Found, Found]]:
    """Open questions that this actor may answer, each with its casus."""
    keys = sorted(work.actor.organisations)
    if not keys:
        return []
    work.go_on()
    found = [
        row
        for row in relocations.for_organisations(work.session, keys)
        if _receivers(row) & work.actor.candidates
    ]
    heads = {row.casus_key: casus.get(work.session, row.casus_key) for row in found}
    return [(row, head) for row in found if (head := heads[row.casus_key]) is not None]


def _receivers(row: Found) -> frozenset[str]:
    return frozenset(f"{role}@{row.to_organisation}" for role in row.roles)


def _deciding(work: Work, key: int) -> tuple[Found, dict[str, object]]:
    row = next((row for row, _ in _to_me(work) if row.key == key), None)
    if row is None:
        raise work.missing("relocation", key, "U")
    return row, who(work.actor, _may(work, row, "U", key).reason)


def _may(work: Work, row: Found, action: str, key: int) -> Decision:
    resource = Resource(candidates=_receivers(row))
    return work.require(Permission.RELOCATION_DECIDE, resource, action=action, kind="relocation", key=key)


def _decide(work: Work, row: Found, state: str, at: datetime, answer: bytes | None = None) -> None:
    made = relocations.decide(
        work.session, row.key, was=row.state, state=state, by=work.actor.account, at=at, answer=answer
    )
    if not made:
        raise Conflict("Expected an open question, but somebody decided it")


def _take_over(
    work: Work, row: Found, role: str, running: Sequence[int], by: Mapping[str, object], at: datetime
) -> None:
    """One role: the binding, what was given to it, and its open tasks, told in every running process."""
    old, new = row.from_organisation, row.to_organisation
    if not relocations.rebind(work.session, row.casus_key, role, old, new, at):
        return
    _pass_on(work, row, role, at)
    offered = relocations.reoffer(work.session, row.casus_key, role, old, new)
    for key in running:
        theirs = [one for one in offered if one.instance_key == key]
        data = {"of_role": role, "from": old, "to": new, "relocation": str(row.key), **by}
        told = [Fact(kind="participant:rebound", data=data)]
        told += [
            Fact(kind="task:reoffered", element=one.element_id, data={"task": str(one.key), **data})
            for one in theirs
        ]
        facts.append(work.session, key, [moves.line(at, fact) for fact in told])


def _pass_on(work: Work, row: Found, role: str, at: datetime) -> None:
    """What was given to the old holder ends; who directs decided whether the new one is given it."""
    held = relocations.disclosures_to(work.session, row.casus_key, f"{role}@{row.from_organisation}")
    reading.end_disclosures(work.session, [one.key for one in held], at)
    if row.pass_on:
        to, by = f"{role}@{row.to_organisation}", row.asked_by
        reading.disclose(
            work.session,
            [
                {**one._asdict(), "key": new_key(at), "to_candidate": to, "given_by": by, "given_at": at}
                for one in held
            ],
        )


def _row(work: Work, row: Found, head: Found) -> RelocationRow:
    child, rights = _child(head), runtime.current().register.rights
    named = any(
        DataClass.IDENTITY in rights.row(role).everything | rights.row(role).own for role in row.roles
    )
    processes = [one.process_name for one in instances.of_casus(work.session, [row.casus_key])]
    return RelocationRow(
        key=row.key,
        kind=row.kind,
        casus_number=head.number,
        child=shown.subject_name(head.first_name, head.last_name) if named else "",
        birth_date=head.birth_date if named else None,
        process_names=tuple(dict.fromkeys(processes)),
        from_name=row.from_name or "",
        to_name=row.to_name or "",
        roles=tuple(row.roles),
        moved_on=row.moved_on,
        reason=sealing.unseal(child, bytes(row.reason), _place(row.key, "reason")).decode(),
        pass_on=row.pass_on,
        state=row.state,
        outside=row.to_organisation in organisations.outside(work.session),
        asked_at=row.asked_at,
        answer=sealing.unseal(child, bytes(row.answer), _place(row.key, "answer")).decode()
        if row.answer
        else "",
    )


def _child(head: Found) -> ChildKey:
    return sealing.child_key(head.subject_key, head.wrapped_key)


def _place(key: int, what: str) -> str:
    return f"relocation/{key}/{what}"


def _tell(work: Work, kind: str, row: Mapping[str, object], by: Mapping[str, object], at: datetime) -> None:
    data = {
        "relocation": str(row["key"]),
        "from": row["from_organisation"],
        "to": row["to_organisation"],
        "roles": row["roles"],
        **by,
    }
    chronicle.tell(work.session, int(str(row["casus_key"])), [Fact(kind=kind, data=data)], at)
