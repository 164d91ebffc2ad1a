"""Who reads one answer of a dossier, and why: role, supply, disclosure, consent and age in one decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.access.consent import FAMILY, Consent, ConsentMatrix, Rule, parents_read
from service.access.matrix import MATRIX, Readable
from service.access.policy import Decision
from service.domain import DataClass

_NOTHING = Readable(everything=frozenset())
_SENSITIVE = frozenset({DataClass.CARE, DataClass.MEDICAL})


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody in one role in a casus; `account` 0 asks for everybody who holds it."""

    role: str
    organisation: str = ""
    account: int = 0
    emergency: frozenset[DataClass] = frozenset()  # classes that the noodknop opens, while it holds
    former: bool = False  # took part before: reads only what it supplied itself

    @property
    def candidate(self) -> str:
        """The name that bindings and disclosures know this reader by."""
        return f"{self.role}@{self.organisation}" if self.organisation else f"account:{self.account}"


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is known of an answer without opening it."""

    klasse: DataClass
    owner_role: str
    owner_organisation: str
    entered_by: int
    form_id: str = ""
    path: str = ""
    note: bool = False  # written freely, not asked by a form


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """A verstrekking: what a supplier gave to a role in this casus, for a purpose, on a ground."""

    to: str  # candidate
    form_id: str
    path: str  # "" for the whole form
    purpose: str
    ground: str

    def covers(self, held: Held) -> bool:
        """Whether the answer is part of what was given; rows of a list carry their number in the path."""
        plain = ".".join(part for part in held.path.split(".") if not part.isdigit())
        return self.form_id == held.form_id and (not self.path or self.path in {held.path, plain})


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What the region decided: the role by class matrix and the consent rules."""

    rows: Mapping[str, Readable] = field(default_factory=lambda: MATRIX)
    consent: ConsentMatrix = field(default_factory=ConsentMatrix)

    def row(self, role: str) -> Readable:
        """What a role reads; nothing for a role that is not listed."""
        return self.rows.get(role, _NOTHING)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """One casus at one moment, as far as reading depends on it."""

    rights: Rights
    age: int | None
    consents: tuple[Consent, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    substitutes: frozenset[tuple[int, int]] = frozenset()  # (who reads, for whom), as recorded
    absences: frozenset[tuple[int, int, str]] = frozenset()  # (who stands in, for whom, as role@organisation)
    kept: frozenset[str] = frozenset()  # questions that tell where somebody is whose whereabouts are kept
    knowing: frozenset[str] = frozenset()  # roles that read those all the same
    parents: int = 1  # people with gezag: as many answers a consent needs

    def shares(self, from_role: str) -> bool:
        """Whether everybody whose consent sharing of what this role recorded needs has agreed, at this age."""
        domain = self.rights.consent.domain(from_role)
        return self.rights.consent.agreed(domain, self.age, self.consents, parents=self.parents)


def reads(reader: Reader, held: Held, situation: Situation) -> Decision:
    """May this reader read this answer, and why (not)?"""
    if reader.account and held.entered_by == reader.account:
        return Decision(allowed=True, reason="zelf ingevuld")
    if held.path in situation.kept and reader.role not in situation.knowing and not reader.emergency:
        return Decision(allowed=False, reason="verblijf wordt afgeschermd")
    if reader.former:
        return _former(reader, held, situation)
    if held.klasse in reader.emergency:
        return Decision(allowed=True, reason="noodknop")
    if reader.role in FAMILY:
        return _family(reader, held, situation)
    if held.klasse is DataClass.MEDICAL and held.owner_role not in FAMILY:
        return _examination(reader, held, situation)
    return _by_role(reader, held, situation)


def _by_role(reader: Reader, held: Held, situation: Situation) -> Decision:
    """Professionals: the classes of their role, those of their own organisation, and what was given."""
    row = situation.rights.row(reader.role)
    if held.klasse in row.everything:
        return Decision(allowed=True, reason=f"rol {reader.role}")
    if held.klasse in row.own and _supplied(reader, held):
        return Decision(allowed=True, reason="door de eigen organisatie ingevuld")
    return _given(reader, held, situation)


def _supplied(reader: Reader, held: Held) -> bool:
    return bool(held.owner_organisation) and held.owner_organisation == reader.organisation


def _former(reader: Reader, held: Held, situation: Situation) -> Decision:
    """Who took part before keeps what its own organisation supplied, and loses what others gave it."""
    row = situation.rights.row(reader.role)
    may = held.klasse in row.everything | row.own and held.klasse is not DataClass.MEDICAL
    if may and _supplied(reader, held):
        return Decision(allowed=True, reason="door de eigen organisatie ingevuld")
    return Decision(allowed=False, reason="doet niet meer mee")


def _examination(reader: Reader, held: Held, situation: Situation) -> Decision:
    """What a doctor recorded: for that doctor and a recorded substitute, and as far as it was given."""
    if reader.account and (reader.account, held.entered_by) in situation.substitutes:
        return Decision(allowed=True, reason="vastgelegde waarnemer")
    if _stands_in(reader, held, situation):
        return Decision(allowed=True, reason="vastgelegde waarnemer bij afwezigheid")
    return _given(reader, held, situation)


def _stands_in(reader: Reader, held: Held, situation: Situation) -> bool:
    """For an absent colleague, in the very role and organisation in which the answer was given."""
    given_as = f"{held.owner_role}@{held.owner_organisation}"
    asked = (reader.account, held.entered_by, reader.candidate)
    return bool(reader.account) and given_as == reader.candidate and asked in situation.absences


def _family(reader: Reader, held: Held, situation: Situation) -> Decision:
    """Parents and the young person: their own role's classes, then age, consent and the domain of law."""
    if held.klasse not in situation.rights.row(reader.role).everything:
        return Decision(allowed=False, reason="niet voor deze rol")
    own_words = held.note or held.klasse is not DataClass.IDENTITY
    if reader.role == "ouder" and held.owner_role == "jeugdige" and own_words:
        return _story(held, situation)
    if held.owner_role in FAMILY and held.klasse not in _SENSITIVE:
        return Decision(allowed=True, reason=f"rol {reader.role}")
    domain = situation.rights.consent.domain(held.owner_role)
    if held.klasse in _SENSITIVE:
        stage = situation.rights.consent.stage(domain, situation.age)
        if reader.role == "jeugdige":
            allowed = stage.youth is Rule.YES
            why = "het gaat over jou" if allowed else "pas vanaf een hogere leeftijd"
        else:
            allowed, why = parents_read(stage.parents, domain, situation.consents)
        if not allowed:
            return Decision(allowed=False, reason=why)
    else:
        why = f"rol {reader.role}"
    if held.klasse is DataClass.MEDICAL and held.owner_role not in FAMILY:
        given = _given(reader, held, situation)
        return given if not given.allowed else Decision(allowed=True, reason=f"{given.reason}; {why}")
    return Decision(allowed=True, reason=why)


def _story(held: Held, situation: Situation) -> Decision:
    """What the young person wrote: the law lets them choose from an age on whether parents read it."""
    consent = situation.rights.consent
    domain = consent.domain(held.owner_role)
    allowed, why = parents_read(consent.stage(domain, situation.age).parents, domain, situation.consents)
    return Decision(allowed=allowed, reason=why)


def _given(reader: Reader, held: Held, situation: Situation) -> Decision:
    for one in situation.disclosures:
        if one.to == reader.candidate and one.covers(held):
            return Decision(allowed=True, reason=f"verstrekt: {one.purpose}")
    if held.klasse is DataClass.MEDICAL:
        return Decision(allowed=False, reason="alleen wie het onderzoek deed, of een vastgelegde waarnemer")
    return Decision(allowed=False, reason=f"rol {reader.role} ziet deze gegevens niet")


def may_hold(readers: Iterable[Reader], situation: Situation) -> frozenset[DataClass]:
    """The classes in which these readers may find something that others filled in: what has to be looked at."""
    found: set[DataClass] = set()
    for reader in readers:
        row = situation.rights.row(reader.role)
        found |= row.everything | row.own | reader.emergency
        found |= set(DataClass) if any(one.to == reader.candidate for one in situation.disclosures) else set()
        found |= (
            {DataClass.MEDICAL}
            if reader.account in {who for who, *_ in (*situation.substitutes, *situation.absences)}
            else set()
        )
    return frozenset(found)
