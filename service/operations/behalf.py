"""Answers that are entered for another (namens): whose they may be, from which source, and the record of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from service.access import Resource
from service.access.consent import FAMILY
from service.clock import AMSTERDAM
from service.domain import Actor, DataClass, Json, new_key
from service.forms import Form
from service.operations import proof, runtime, sealing, shown
from service.operations.guard import Work, capacity
from service.operations.people import YOUTH_FROM
from service.operations.proxies import SOURCES
from service.operations.spoken import BehalfRow, Given, Whose
from service.store import accounts, behalf, households, organisations
from service.store.rows import Found, Session

LONGEST = 2000  # signs of the note
SHORTEST = 10  # signs of a note that says where the signed paper is


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """An answer for another that may be entered."""

    whose: Whose
    given: Given
    received: date

    @property
    def log(self) -> str:
        """As the access log and the history name them: never by name."""
        return f"{self.whose.role}/{self.whose.key}"

    def cause(self) -> dict[str, Json]:
        """What the fact tells; the note is not in it."""
        return {
            "on_behalf": self.log,
            "source": self.given.source,
            "received": self.received.isoformat(),
            "signed": self.given.signed,
        }


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A casus as entering for another looks at it."""

    bindings: Sequence[tuple[str, str]]  # role and candidate
    outside: frozenset[str]  # organisations that do not take part
    age: int | None
    policy: bool

    def speakers(self, asked: Collection[str]) -> frozenset[str]:
        """The roles, of those that are asked, whose answer may come by another."""
        held = {
            role for role, candidate in self.bindings if candidate.partition("@")[2] in self.outside - {""}
        }
        family = set() if self.policy else {"ouder"}
        if not self.policy and self.age is not None and self.age >= YOUTH_FROM:
            family.add("jeugdige")
        return frozenset((held - FAMILY | family) & set(asked))


def setting(session: Session, row: Found, bindings: Iterable[tuple[str, str]]) -> Setting:
    """From a task or casus row that tells birth date and what it is about."""
    return Setting(
        bindings=tuple(bindings),
        outside=organisations.outside(session),
        age=shown.age(row.birth_date, runtime.now()),
        policy=row.about == shown.POLICY,
    )


def resource(own: Resource, where: Setting, asked: Collection[str], form: Form | None) -> Resource:
    """What the policy decides about: the task as it is offered, with who may enter it for another."""
    entering = frozenset().union(*(_entering(role, form) for role in asked))
    return replace(
        own,
        enters=frozenset(candidate for role, candidate in where.bindings if role in entering),
        spoken_for=bool(where.speakers(asked)),
    )


def _entering(role: str, form: Form | None) -> frozenset[str]:
    """The roles that enter what somebody in this role answers.

    A doctor's secrecy (art. 7:457 BW) goes with the answer: what a form asks of class M of an organisation is entered
    only in a role that holds such data itself.
    """
    register = runtime.current().register
    named = register.proxies.may.get(role, frozenset())
    if role in FAMILY or DataClass.MEDICAL.value not in proof.asked_by(form):
        return named
    return frozenset(one for one in named if DataClass.MEDICAL in register.rights.row(one).own)


def choices(
    session: Session,
    actor: Actor,
    row: Found,
    casus_key: int,
    where: Setting,
    asked: Collection[str],
    form: Form | None,
) -> tuple[Whose, ...]:
    """Whose answer this actor may enter in this casus.

    row  of the task or the casus: it tells the name of the child
    """
    held = {role for role, candidate in where.bindings if candidate in actor.candidates}
    speakers = {role for role in where.speakers(asked) if held & _entering(role, form)}
    found: list[Whose] = []
    if "ouder" in speakers:
        found += _parents(session, casus_key, where)
    if "jeugdige" in speakers:
        own = next((key for role, key in _accounts(where) if role == "jeugdige"), 0)
        name = shown.subject_name(row.first_name, row.last_name)
        found.append(Whose(key="kind", role="jeugdige", name=name, account=own, giver=own or row.subject_key))
    names = {one.key: one.name for one in organisations.everything(session, ended=True)}
    for role, candidate in where.bindings:
        organisation = candidate.partition("@")[2]
        if role in speakers - FAMILY and organisation in where.outside:
            key = f"organisatie:{organisation}"
            found.append(Whose(key=key, role=role, name=names[organisation], organisation=organisation))
    return tuple(found)


def _accounts(where: Setting) -> list[tuple[str, int]]:
    return [
        (role, int(candidate.removeprefix("account:")))
        for role, candidate in where.bindings
        if candidate.startswith("account:")
    ]


def _parents(session: Session, casus_key: int, where: Setting) -> list[Whose]:
    """The people around the child who may have gezag, then who takes part as a parent, else the parent unnamed."""
    taking_part = {key for role, key in _accounts(where) if role == "ouder"}
    people = [one for one in households.of_casus(session, casus_key) if one.custody != "nee"]
    found = [
        Whose(
            key=f"persoon:{one.key}",
            role="ouder",
            name=one.name,
            account=one.account_key if one.account_key in taking_part else 0,
            custody=one.custody,
            giver=one.account_key or one.key,
        )
        for one in people
    ]
    names = accounts.names(session, taking_part - {one.account for one in found})
    found += [
        Whose(key=f"account:{key}", role="ouder", name=name, account=key, giver=key)
        for key, name in sorted(names.items())
    ]
    return found or [Whose(key="rol:ouder", role="ouder", name="")]


def check(
    given: Given, known: Sequence[Whose], *, act: bool, noted: bool = True
) -> tuple[Admitted | None, Mapping[str, str]]:
    """What may be entered, or per field what is wrong with it.

    act    it is a consent or a signature
    noted  a note is kept with it
    """
    whose = next((one for one in known if one.key == given.whose), None)
    received = _day(given.received)
    wrong = {
        "whose": "" if whose is not None else "choose",
        "source": "" if given.source in SOURCES else "choose",
        "received": _wrong_day(received),
        "asked": "say" if whose is not None and whose.account and not given.asked else "",
        "signed": _wrong_signature(given, act=act),
        "note": _wrong_note(given) if noted else "",
    }
    wrong = {name: why for name, why in wrong.items() if why}
    if wrong or whose is None or received is None:
        return None, wrong
    return Admitted(whose=whose, given=given, received=received), {}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _wrong_day(received: date | None) -> str:
    today = runtime.now().astimezone(AMSTERDAM).date()
    if received is None:
        return "choose"
    if received > today:
        return "future"
    longest = timedelta(days=runtime.current().register.proxies.days)
    return "long-ago" if received < today - longest else ""


def _wrong_signature(given: Given, *, act: bool) -> str:
    """Consent must be shown to have been given (AVG art. 7 lid 1) and a signature is the person's own.

    So neither is entered from what somebody said: there has to be paper that they signed.
    """
    carries = given.source in runtime.current().register.proxies.signed
    if given.signed and not carries:
        return "unsigned-source"
    return "needed" if act and not given.signed else ""


def _wrong_note(given: Given) -> str:
    length = len(given.note.strip())
    if length > LONGEST:
        return "long"
    return "where" if given.signed and length < SHORTEST else ""


def record(work: Work, row: Found, child: sealing.ChildKey, admitted: Admitted, ground: str) -> None:
    """Keep whose answers these are, who entered them and from which source; the note sealed."""
    now, note = runtime.now(), admitted.given.note.strip()
    role, organisation = capacity(work.actor, ground)
    behalf.add(
        work.session,
        {
            "key": new_key(now),
            "casus_key": row.casus_key,
            "task_key": row.key,
            "role": admitted.whose.role,
            "whose": admitted.whose.key,
            "account_key": admitted.whose.account or None,
            "organisation_key": admitted.whose.organisation,
            "source": admitted.given.source,
            "signed": admitted.given.signed,
            "received_on": admitted.received,
            "sealed": sealing.seal(child, note.encode(), place(row.casus_key, row.key)) if note else None,
            "entered_by": work.actor.account,
            "entered_role": role,
            "entered_organisation": organisation,
            "entered_at": now,
        },
    )


def shown_row(row: Found, note: str = "") -> BehalfRow:
    """How an answer came about that was entered for another."""
    return BehalfRow(
        role=row.role,
        organisation_key=row.organisation_key,
        organisation_name=row.organisation_name or "",
        source=row.source,
        signed=row.signed,
        received=row.received_on,
        by_name=row.entered_by_name or "",
        by_role=row.entered_role,
        by_organisation_key=row.entered_organisation,
        by_organisation_name=row.entered_organisation_name or "",
        note=note,
    )


def place(casus_key: int, task_key: int) -> str:
    """What a sealed note is bound to: it opens nowhere else."""
    return f"on_behalf/{casus_key}/{task_key}"
