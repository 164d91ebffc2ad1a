"""What the pages about access show: who sees and who looked, the family, people of an organisation, emergencies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.operations.spoken import BehalfRow


@dataclass(frozen=True, kw_only=True)
class ConsentRow:
    """Something that somebody of the family is asked, with what they said last."""

    about: str  # inzage_ouders | delen
    domain: str
    giver_role: str  # ouder | jeugdige
    agreed: bool | None  # None: not said yet


@dataclass(frozen=True, kw_only=True)
class VisibleTo:
    """A role, or a person, who can see something, and why."""

    role: str
    organisation_name: str
    person_name: str  # "" for everybody who holds the role there
    reason: str
    purpose: str  # what the role uses it for, as the process says; "" where it says nothing


@dataclass(frozen=True, kw_only=True)
class VisibleGroup:
    """Questions of one form that the same people can see."""

    form_name: str
    klasse: str
    owner_role: str  # who supplied the answers
    seen_by: tuple[VisibleTo, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InsightView:
    """Who can see what of a casus."""

    number: str
    subject_name: str  # "" when this actor may not know it
    groups: tuple[VisibleGroup, ...]
    family: bool  # whether the actor is the parent or the young person


@dataclass(frozen=True, kw_only=True)
class LookRow:
    """One time that somebody looked."""

    at: datetime
    role: str
    organisation_name: str
    own: bool  # by the person who asks
    what: str  # casus dossier task story noodknop ...
    classes: str  # data classes that were shown
    emergency: bool
    on_behalf: str = ""  # role for whom an answer was entered
    wrote: bool = False  # entered it, and did not only look


@dataclass(frozen=True, kw_only=True)
class MatchRow:
    """A new casus that may be about the same child as a known one."""

    key: int
    child: str
    birth_date: date | None
    municipality: str
    since: datetime
    process_names: tuple[str, ...]
    known_number: str
    known_child: str
    known_municipality: str


@dataclass(frozen=True, kw_only=True)
class LinkedRow:
    """Another casus about the same child."""

    process_names: tuple[str, ...]
    since: datetime
    status: str
    regisseurs: tuple[str, ...]  # organisations of who directs it


@dataclass(frozen=True, kw_only=True)
class NoteRow:
    """A note as this actor may read it."""

    key: int
    klasse: str
    text: str  # "" when withdrawn
    supplements: datetime | None  # when the note that this one supplements was written
    withdrawn_at: datetime | None
    withdrawn_reason: str
    own: bool  # written by this actor


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """Something that happened in a casus."""

    at: datetime
    kind: str  # process-started | process-ended | task-done | joined | left | disclosed | disclosure-ended | agreed | refused | note
    name: str = ""  # of the process or task; of a consent the domain of law
    role: str = ""
    organisation_name: str = ""
    person_name: str = ""
    to: tuple[str, ...] = ()  # roles that something was given to
    detail: str = ""  # outcome, purpose; of a consent what it is about
    note: NoteRow | None = None
    behalf: BehalfRow | None = None  # of a task that was answered for another


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """Somebody around the child."""

    key: int
    name: str
    relation: str
    custody: str  # ja | nee | onbekend
    contact: str  # "" when this actor may not know it
    kept: bool
    told: frozenset[str]  # organisations that other parents may know of, while kept
    source: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class RelocationRow:
    """A child that moves: what the receiving organisation is asked."""

    key: int
    kind: str  # school | gemeente
    casus_number: str
    child: str
    birth_date: date | None  # as far as the roles that go over read identity
    process_names: tuple[str, ...]
    from_name: str
    to_name: str
    roles: tuple[str, ...]
    moved_on: date
    reason: str
    pass_on: bool
    state: str  # OPEN | REFUSED
    asked_at: datetime
    answer: str  # why it was refused
    outside: bool = False  # the receiving organisation takes no part: who directs records its word


@dataclass(frozen=True, kw_only=True)
class RelocationView:
    """What who directs a casus may record about a child that moves."""

    number: str
    schools: tuple[tuple[str, str], ...]  # key and name
    municipalities: tuple[tuple[str, str], ...]
    asked: tuple[RelocationRow, ...]  # that wait, or were refused


@dataclass(frozen=True, kw_only=True)
class SiblingRow:
    """The casus of a brother or sister, linked or asked about; for who directs."""

    key: int
    number: str
    child: str  # "" where this actor does not direct that casus; in a question: the child it comes from
    directs: bool  # whether this actor directs that casus too
    regisseurs: tuple[str, ...]  # organisations of who directs it; () where that is not told
    reason: str
    at: datetime
    state: str  # ASKED | LINKED | REFUSED
    answer: str  # why it was refused


@dataclass(frozen=True, kw_only=True)
class SiblingView:
    """Brothers and sisters of a casus."""

    number: str
    linked: tuple[SiblingRow, ...]
    asked: tuple[SiblingRow, ...]  # from this casus: waiting or refused
    questions: tuple[SiblingRow, ...]  # to this casus


@dataclass(frozen=True, kw_only=True)
class FormerRow:
    """A casus in which somebody took part before."""

    number: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class MemberRow:
    """Somebody of an organisation."""

    account: int
    login: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PendingRow:
    """An invitation that nobody accepted yet."""

    key: int
    name: str
    roles: tuple[str, ...]
    until: datetime
    again: bool = False  # of somebody who comes in again


@dataclass(frozen=True, kw_only=True)
class FamilyRow:
    """Somebody of the family with an account in a casus."""

    account: int
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class GuestRow:
    """Somebody from outside who may do one task, or is invited to."""

    key: int  # of the account, or of the invitation
    name: str
    until: datetime | None  # None for who is in


@dataclass(frozen=True, kw_only=True)
class GuestsView:
    """The guests of one task."""

    task_key: int
    task_name: str
    child: str
    inside: tuple[GuestRow, ...]
    invited: tuple[GuestRow, ...]


@dataclass(frozen=True, kw_only=True)
class OrganisationView:
    """An organisation for its administrator."""

    key: str
    name: str
    roles: tuple[str, ...]  # that its people may hold
    people: tuple[MemberRow, ...]
    pending: tuple[PendingRow, ...]


@dataclass(frozen=True, kw_only=True)
class Invited:
    """A new invitation: both halves, shown once."""

    token: str
    code: str
    name: str
    until: datetime
    mailed: bool = False  # the link is on its way; without a mail server it waits


@dataclass(frozen=True, kw_only=True)
class ColleagueRow:
    """Somebody whose place may be taken."""

    account: int
    name: str


@dataclass(frozen=True, kw_only=True)
class EmergencyRow:
    """One use of the noodknop, for the FG."""

    key: int
    casus_number: str
    account_name: str
    role: str
    organisation_name: str
    reason: str
    opened_at: datetime
    until: datetime
    seen_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LetterRow:
    """A letter as the casus lists it."""

    key: int
    subject: str
    sort: str  # brief | besluit
    made_at: datetime
