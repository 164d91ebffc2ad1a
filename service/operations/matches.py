"""One child, two casussen: a likely match is a question for the known casusregisseur, and a secret until it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from service.access import Permission, Resource
from service.domain import Actor, Fact, new_key
from service.errors import BadRequest, Conflict
from service.operations import chronicle, runtime, shown
from service.operations.guard import Work, who, working
from service.operations.outlooks import LinkedRow, MatchRow
from service.store import casus, instances, matches
from service.store.rows import Found, Session

SHORTEST_REASON = 10  # signs


def look(
    session: Session, casus_key: int, first_name: str, last_name: str, born: date | None, at: datetime
) -> None:
    """Ask about running casussen of a child like this one. Who starts a casus is told nothing of it."""
    if not first_name or born is None:
        return
    known = matches.alike(session, casus_key, first_name, last_name, born)
    matches.add(
        session,
        [
            {
                "key": new_key(at),
                "casus_key": casus_key,
                "known_casus_key": key,
                "state": "OPEN",
                "found_at": at,
            }
            for key in known
        ],
    )


def mine(actor: Actor) -> tuple[MatchRow, ...]:
    """The questions for this actor, oldest first."""
    with working(actor) as work:
        return tuple(_row(work, row) for row in _found(work))


def decide(actor: Actor, key: int, *, same: bool, reason: str) -> None:
    """Link or separate, with a reason. From a link on both casussen learn of each other."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadRequest(f"Expected a reason of at least {SHORTEST_REASON} signs", field="reden")
    with working(actor) as work:
        row = next((one for one in _found(work) if one.key == key), None)
        if row is None:
            raise work.missing("match", key, "U")
        decision = work.require(
            Permission.MATCH_DECIDE, Resource(start_roles=_roles()), action="U", kind="match", key=key
        )
        now = runtime.now()
        state = "LINKED" if same else "SEPARATED"
        if not matches.decide(work.session, key, state, actor.account, reason.strip(), now):
            raise Conflict("Expected an open question, but somebody decided it")
        by = who(actor, decision.reason)
        if same:
            for one, other in ((row.casus_key, row.known_casus_key), (row.known_casus_key, row.casus_key)):
                chronicle.tell(
                    work.session, one, [Fact(kind="casus:linked", data={"casus": str(other), **by})], now
                )
        else:
            chronicle.tell(work.session, row.known_casus_key, [Fact(kind="casus:separated", data=by)], now)


def linked(work: Work, casus_key: int) -> tuple[LinkedRow, ...]:
    """Other casussen about the same child, for who takes part in this one: which process, since when, and no more."""
    return tuple(
        LinkedRow(
            process_names=tuple(
                dict.fromkeys(one.process_name for one in instances.of_casus(work.session, [key]))
            ),
            since=row.created_at,
            status=row.status,
            regisseurs=_regisseurs(work, key),
        )
        for key in matches.linked(work.session, casus_key)
        if (row := casus.get(work.session, key)) is not None
    )


def _regisseurs(work: Work, casus_key: int) -> tuple[str, ...]:
    held = [one for one in casus.participants(work.session, casus_key) if one.role in _roles()]
    return tuple(dict.fromkeys(one.organisation_name or "" for one in held if one.organisation_name))


def _found(work: Work) -> Sequence[Found]:
    """Open questions about casussen that this actor directs."""
    roles = sorted(_roles() & work.actor.roles)
    if not roles:
        return ()
    candidates = sorted(work.actor.candidates)
    work.go_on()
    return matches.of_candidates(work.session, roles, candidates)


def _roles() -> frozenset[str]:
    return runtime.current().register.directing


def _row(work: Work, row: Found) -> MatchRow:
    processes = [one.process_name for one in instances.of_casus(work.session, [row.casus_key])]
    return MatchRow(
        key=row.key,
        child=shown.subject_name(row.first_name, row.last_name),
        birth_date=row.birth_date,
        municipality=row.municipality,
        since=row.new_since,
        process_names=tuple(dict.fromkeys(processes)),
        known_number=row.known_number,
        known_child=shown.subject_name(row.known_first_name, row.known_last_name),
        known_municipality=row.known_municipality,
    )
