"""What parents and young people say about reading and sharing: given, withdrawn with one click, never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.access import READING, SHARING
from service.domain import Actor, Fact, new_key
from service.errors import BadRequest, NotAllowed
from service.operations import chronicle, disclosures, outbox, runtime, shown, situations
from service.operations.guard import Work, again, who, working
from service.operations.opening import open_child
from service.operations.outlooks import ConsentRow
from service.store import reading
from service.store.rows import Found

WITHDRAWN = "toestemming.ingetrokken"  # the message of a yes to sharing that is taken back
_OLD_ENOUGH = 12  # years; from here a young person is asked (the register says what the answer does)


def open_of(actor: Actor, number: str) -> tuple[ConsentRow, ...]:
    """What this actor may say in a casus, with what they said last."""
    with working(actor) as work:
        row, role = _found(work, number, "R")
        return _rows(work, row, role)


@again
def say(actor: Actor, number: str, about: str, domain: str, *, agreed: bool) -> None:
    """Say yes or no. A withdrawal is a no: it ends what was given on consent, from now on."""
    with working(actor) as work:
        row, role = _found(work, number, "U")
        before = {(one.about, one.domain): one.agreed for one in _rows(work, row, role)}
        if (about, domain) not in before:
            raise BadRequest("Expected something that this person is asked", field="over")
        now = runtime.now()
        reading.say(
            work.session,
            {
                "key": new_key(now),
                "casus_key": row.key,
                "about": about,
                "domain": domain,
                "giver_role": role,
                "giver": actor.account,
                "agreed": agreed,
                "said_by": actor.account,
                "said_at": now,
            },
        )
        follow(work, row, about, domain, agreed=agreed)
        if about == SHARING and before[about, domain] and not agreed:
            outbox.to_casus(work.session, WITHDRAWN, row.number, now)
        told = Fact(
            kind="consent:said", data={"about": about, "domain": domain, "agreed": agreed, **who(actor)}
        )
        chronicle.tell(work.session, row.key, [told], now)


def follow(work: Work, row: Found, about: str, domain: str, *, agreed: bool) -> None:
    """What a yes or a no does to what is given on consent, from now on."""
    work.go_on()
    if about == SHARING and agreed:
        disclosures.again(work.session, row, domain, runtime.now())
    elif about == SHARING:
        _end(work, row, domain, runtime.now())


def _end(work: Work, row: Found, domain: str, now: datetime) -> None:
    """What was given on consent of this domain stops being shown; what rests on the law stays."""
    consent = runtime.current().register.rights.consent
    ending = [
        one.key
        for one in reading.disclosures(work.session, row.key, now)
        if one.on_consent and consent.domain(one.from_role) == domain
    ]
    reading.end_disclosures(work.session, ending, now)


def _found(work: Work, number: str, action: str) -> tuple[Found, str]:
    """The casus, and the role of the family that the actor holds in it."""
    opened = open_child(work, number, action=action, kind="consent")
    held = sorted(opened.roles(work) & {"ouder", "jeugdige"})
    if not held:
        raise NotAllowed
    return opened.row, held[0]


def _rows(work: Work, row: Found, role: str) -> tuple[ConsentRow, ...]:
    situation = situations.of(work.session, row)
    age = shown.age(row.birth_date, runtime.now())
    said = {
        (one.about, one.domain): one.agreed
        for one in situation.consents
        if one.giver_role == role and one.giver == work.actor.account
    }
    return tuple(
        ConsentRow(about=about, domain=domain, giver_role=role, agreed=said.get((about, domain)))
        for about, domain in asked(role, age)
    )


def asked(role: str, age: int | None) -> Sequence[tuple[str, str]]:
    """What somebody of the family is asked at this age of the child: about what, in which domain of law."""
    consent = runtime.current().register.rights.consent
    domains = sorted({stage.domain for stage in consent.stages})
    found = [(SHARING, domain) for domain in domains if role in consent.stage(domain, age).agree]
    if role == "jeugdige" and (age is None or age >= _OLD_ENOUGH):
        found += [
            (READING, domain)
            for domain in domains
            if consent.stage(domain, age).parents in {"tenzij_bezwaar", "met_toestemming"}
        ]
    return found
