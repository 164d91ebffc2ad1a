"""What somebody of the family without an account said about sharing, recorded by who directs: a yes from signed paper only."""

from __future__ import annotations

from datetime import date

from service.access import SHARING, Permission, Resource
from service.access.consent import FAMILY
from service.domain import Actor, Fact, new_key
from service.errors import BehalfRejected
from service.operations import behalf, chronicle, consents, givers, runtime, shown
from service.operations.guard import Work, who, working
from service.operations.opening import Opened, open_child
from service.operations.proxies import SOURCES
from service.operations.spoken import BehalfRow, Given, PaperView, Whose
from service.store import reading
from service.store.rows import Found

_SIGNED = "ondertekend"


def view(actor: Actor, number: str) -> PaperView:
    """Whose word this actor may record in a casus, and about what. Raises NotFound, NotAllowed."""
    with working(actor) as work:
        opened = _opened(work, number, "R")
        work.go_on()
        return PaperView(
            choices=_choices(work, opened),
            asked=_asked(opened),
            own_account=bool(givers.loose(work.session, opened.row.key)),
            sources=SOURCES,
        )


def say(actor: Actor, number: str, given: Given, domain: str, *, agreed: bool | None) -> None:
    """Record a yes or a no about sharing. Raises BehalfRejected with all that is wrong.

    A no needs no signature: taking consent back is as easy as giving it (AVG art. 7 lid 3).
    """
    with working(actor) as work:
        opened = _opened(work, number, "U")
        work.go_on()
        admitted = _admitted(work, opened, given, domain, agreed=agreed)
        whose, now = admitted.whose, runtime.now()
        said = {"about": SHARING, "domain": domain, "agreed": bool(agreed)}
        reading.say(
            work.session,
            {
                "key": new_key(now),
                "casus_key": opened.row.key,
                "giver_role": whose.role,
                "giver": whose.giver,
                "said_by": actor.account,
                "source": _source(given.source, admitted.received, signed=given.signed),
                "said_at": now,
                **said,
            },
        )
        work.note(opened.decision, "C", "consent", opened.row.key, on_behalf=admitted.log)
        consents.follow(work, opened.row, SHARING, domain, agreed=bool(agreed))
        cause = {**said, **who(actor, opened.decision.reason), **admitted.cause()}
        chronicle.tell(work.session, opened.row.key, [Fact(kind="consent:said", data=cause)], now)


def _admitted(
    work: Work, opened: Opened, given: Given, domain: str, *, agreed: bool | None
) -> behalf.Admitted:
    known, asked = _choices(work, opened), _asked(opened)
    admitted, found = behalf.check(given, known, act=bool(agreed), noted=False)
    whose = next((one for one in known if one.key == given.whose), None)
    wrong = dict(found)
    if domain not in {one for role, one in asked if whose is None or role == whose.role}:
        wrong["domain"] = "choose"
    if agreed is None:
        wrong["answer"] = "choose"
    if whose is not None and agreed and _doubtful(work, opened, whose, given):
        wrong["other"] = "say"
    if admitted is None or wrong:
        raise BehalfRejected(wrong, {})
    return admitted


def _opened(work: Work, number: str, action: str) -> Opened:
    """The casus, for who may enter what a parent or young person says; anybody else who takes part is refused."""
    opened = open_child(work, number, action=action, kind="consent")
    may = runtime.current().register.proxies.may
    named = frozenset().union(*(may.get(role, frozenset()) for role in FAMILY))
    work.require(
        Permission.CONSENT_RECORD,
        Resource(start_roles=named & opened.roles(work)),
        action=action,
        kind="consent",
        key=opened.row.key,
        hidden=False,
    )
    return opened


def _choices(work: Work, opened: Opened) -> tuple[Whose, ...]:
    """Who is known by name; a parent only with recorded gezag, for whose consent it is depends on that."""
    bindings = [(one.role, one.candidate) for one in opened.bindings]
    where = behalf.setting(work.session, opened.row, bindings)
    found = behalf.choices(work.session, work.actor, opened.row, opened.row.key, where, tuple(FAMILY), None)
    asked = {role for role, _ in _asked(opened)}
    return tuple(one for one in found if one.giver and one.custody in {"", "ja"} and one.role in asked)


def _asked(opened: Opened) -> tuple[tuple[str, str], ...]:
    """In which domains of law who is asked about sharing, at this age."""
    age = shown.age(opened.row.birth_date, runtime.now())
    return tuple(
        (role, domain)
        for role in sorted(FAMILY)
        for about, domain in consents.asked(role, age)
        if about == SHARING
    )


def _doubtful(work: Work, opened: Opened, whose: Whose, given: Given) -> bool:
    """Two parents are two answers: whether a name on paper is another than an account here, somebody has to say."""
    by_name = whose.key == f"persoon:{whose.giver}"
    return by_name and not given.other and bool(givers.loose(work.session, opened.row.key))


def _source(kind: str, received: date, *, signed: bool) -> str:
    """As the table keeps it: "brief 2027-01-18 ondertekend"; never a word of what was said."""
    return " ".join([kind, received.isoformat(), *([_SIGNED] if signed else [])])


def told(row: Found, by_name: str) -> BehalfRow | None:
    """How a consent came about that another recorded; None for who said it themselves."""
    kind, _, rest = row.source.partition(" ")
    day, _, signed = rest.partition(" ")
    if not day:
        return None
    return BehalfRow(
        role=row.giver_role,
        organisation_key="",
        organisation_name="",
        source=kind,
        signed=signed == _SIGNED,
        received=date.fromisoformat(day),
        by_name=by_name,
        by_role="",
        by_organisation_key="",
        by_organisation_name="",
    )
