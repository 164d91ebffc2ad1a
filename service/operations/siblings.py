"""Brothers and sisters: who directs a casus links the casus of a sibling; nobody else learns that there is one."""

from __future__ import annotations

from collections.abc import Mapping

from service.access import Binding, Permission, Resource
from service.domain import Actor, Fact, new_key
from service.errors import BadRequest, Conflict
from service.operations import chronicle, runtime, shown
from service.operations.guard import Work, again, who, working
from service.operations.opening import Opened, open_child
from service.operations.outlooks import SiblingRow, SiblingView
from service.store import casus, siblings
from service.store.rows import Found

SHORTEST_REASON = 10  # signs


def view(actor: Actor, number: str) -> SiblingView:
    """The links and questions of a casus, for who directs it."""
    with working(actor) as work:
        opened = _opened(work, number, "R")
        work.go_on()
        key = opened.row.key
        return SiblingView(
            number=opened.row.number,
            linked=linked(work, key),
            asked=tuple(_asked(row) for row in siblings.asked(work.session, key, ("ASKED", "REFUSED"))),
            questions=tuple(
                _question(work, row)
                for row in siblings.of_casus(work.session, key, "ASKED")
                if row.other_key == key
            ),
        )


def linked(work: Work, casus_key: int) -> tuple[SiblingRow, ...]:
    """The linked casussen of siblings; the caller knows that the actor directs this casus, and works as the service."""
    return tuple(
        _linked(work, row, row.other_key if row.casus_key == casus_key else row.casus_key)
        for row in siblings.of_casus(work.session, casus_key, "LINKED")
    )


def waiting(actor: Actor) -> tuple[str, ...]:
    """The numbers of casussen about which this actor is asked something."""
    roles = _directing() & actor.roles
    if not roles:
        return ()
    with working(actor) as work:
        work.go_on()
        return tuple(siblings.numbers_asked(work.session, sorted(roles), sorted(actor.candidates)))


def ask(actor: Actor, number: str, other: str, reason: str) -> bool:
    """Link the casus of a sibling; True when that is done: the actor directs both. Else who directs it is asked.

    Whether there is a casus of that number is told to nobody: a question about none waits for ever.
    """
    _check(reason)
    wanted = other.strip().upper()
    with working(actor) as work:
        opened, now = _opened(work, number, "C"), runtime.now()
        if not wanted or wanted == opened.row.number:
            raise BadRequest("Expected the number of another casus", field="nummer")
        work.go_on()
        casus.lock(work.session, opened.row.key)
        found = casus.by_number(work.session, wanted)
        _once(work, opened, wanted, found)
        directs = found is not None and _directs(work, found.key)
        row = {
            "key": new_key(now),
            "casus_key": opened.row.key,
            "other_key": found.key if found is not None else None,
            "number": wanted[:40],
            "state": "LINKED" if directs else "ASKED",
            "asked_by": actor.account,
            "asked_at": now,
            "reason": reason.strip(),
            "decided_by": actor.account if directs else None,
            "decided_at": now if directs else None,
        }
        siblings.add(work.session, row)
        _tell(work, row, opened, both=directs)
        return directs


@again
def answer(actor: Actor, number: str, key: int, *, agreed: bool, reason: str = "") -> None:
    """Confirm that it is a sibling, or refuse with a reason; for who directs the casus that was asked about."""
    if not agreed:
        _check(reason)
    with working(actor) as work:
        opened = _opened(work, number, "U")
        row = _one(work, opened, key, "ASKED")
        if row.other_key != opened.row.key:
            raise work.missing("sibling", key, "U")
        _decide(work, opened, row, "LINKED" if agreed else "REFUSED", "" if agreed else reason)


def separate(actor: Actor, number: str, key: int, reason: str) -> None:
    """End a link or take one's question back, with a reason; either side may end a link."""
    _check(reason)
    with working(actor) as work:
        opened = _opened(work, number, "U")
        row = _one(work, opened, key, "LINKED", "ASKED")
        if row.state == "ASKED" and row.casus_key != opened.row.key:
            raise work.missing("sibling", key, "U")
        _decide(work, opened, row, "SEPARATED", reason)


def _opened(work: Work, number: str, action: str) -> Opened:
    opened = open_child(work, number, action=action, kind="sibling")
    work.require(
        Permission.SIBLING_LINK,
        Resource(start_roles=_directing() & opened.roles(work)),
        action=action,
        kind="sibling",
        key=opened.row.key,
        hidden=False,
    )
    return opened


def _directing() -> frozenset[str]:
    return runtime.current().register.directing


def _check(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadRequest(f"Expected a reason of at least {SHORTEST_REASON} signs", field="reden")


def _directs(work: Work, casus_key: int) -> bool:
    bound = (Binding(role=b.role, candidate=b.candidate) for b in casus.bindings(work.session, casus_key))
    return any(b.role in _directing() and b.candidate in work.actor.candidates for b in bound)


def _once(work: Work, opened: Opened, number: str, found: Found | None) -> None:
    """One question or link between two casussen, whichever side it came from.

    A question that waits from the other side counts only for who may know of it, which the page shows.
    """
    mine = siblings.asked(work.session, opened.row.key, ("ASKED", "LINKED"))
    if any(row.number == number for row in mine):
        raise Conflict("Expected no question about these two, but there is one")
    theirs = siblings.asked(work.session, found.key, ("ASKED", "LINKED")) if found is not None else ()
    if any(row.other_key == opened.row.key for row in theirs):
        raise Conflict("Expected no question about these two, but there is one")


def _one(work: Work, opened: Opened, key: int, *states: str) -> Found:
    work.go_on()
    rows = (row for state in states for row in siblings.of_casus(work.session, opened.row.key, state))
    row = next((one for one in rows if one.key == key), None)
    if row is None:
        raise work.missing("sibling", key, "U")
    return row


def _decide(work: Work, opened: Opened, row: Found, state: str, reason: str) -> None:
    made = siblings.decide(
        work.session,
        row.key,
        was=row.state,
        state=state,
        by=work.actor.account,
        at=runtime.now(),
        answer=reason.strip(),
    )
    if not made:
        raise Conflict("Expected a link or question that stands, but somebody decided it")
    _tell(work, {**row._asdict(), "state": state}, opened, both=row.other_key is not None)


def _tell(work: Work, row: Mapping[str, object], opened: Opened, *, both: bool) -> None:
    """In the chain of the casus, and of the sibling's once there is a link or an answer."""
    kind = f"sibling:{str(row['state']).lower()}"
    data = {"sibling": str(row["key"]), **who(work.actor, opened.decision.reason)}
    chains = {opened.row.key} | ({row["casus_key"], row["other_key"]} if both else set())
    for key in sorted(int(str(one)) for one in chains if one is not None):
        chronicle.tell(work.session, key, [Fact(kind=kind, data=data)], runtime.now())


def _linked(work: Work, row: Found, key: int) -> SiblingRow:
    head, directs = casus.get(work.session, key), _directs(work, key)
    return SiblingRow(
        key=row.key,
        number=head.number if head is not None else row.number,
        child=shown.subject_name(head.first_name, head.last_name) if head is not None and directs else "",
        directs=directs,
        regisseurs=_regisseurs(work, key),
        reason=row.reason,
        at=row.decided_at or row.asked_at,
        state=row.state,
        answer="",
    )


def _asked(row: Found) -> SiblingRow:
    return SiblingRow(
        key=row.key,
        number=row.number,
        child="",
        directs=False,
        regisseurs=(),
        reason=row.reason,
        at=row.asked_at,
        state=row.state,
        answer=row.answer,
    )


def _question(work: Work, row: Found) -> SiblingRow:
    """What another casusregisseur asks: about which child, and why they think so."""
    head = casus.get(work.session, row.casus_key)
    return SiblingRow(
        key=row.key,
        number=head.number if head is not None else "",
        child=shown.subject_name(head.first_name, head.last_name) if head is not None else "",
        directs=False,
        regisseurs=_regisseurs(work, row.casus_key),
        reason=row.reason,
        at=row.asked_at,
        state=row.state,
        answer="",
    )


def _regisseurs(work: Work, casus_key: int) -> tuple[str, ...]:
    held = [one for one in casus.participants(work.session, casus_key) if one.role in _directing()]
    return tuple(dict.fromkeys(one.organisation_name for one in held if one.organisation_name))
