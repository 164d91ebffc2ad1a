"""Where an actor stands in a casus: the roles held, and everything else that reading depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.access import (
    Binding,
    Consent,
    Decision,
    Disclosure,
    Held,
    Readable,
    Reader,
    Rights,
    Situation,
    may_hold,
    reads,
)
from service.domain import Actor, DataClass
from service.operations import givers, runtime, shown
from service.store import absences as absence_rows
from service.store import casus, definitions, households, instances, reading
from service.store.rows import Found, Session


@dataclass(frozen=True, kw_only=True)
class Standing:
    """An actor in a casus: one reader for each role held."""

    readers: tuple[Reader, ...]
    situation: Situation

    @property
    def classes(self) -> frozenset[DataClass]:
        """The classes in which there may be something to read."""
        return may_hold(self.readers, self.situation)

    @property
    def everything(self) -> frozenset[DataClass]:
        """The classes that a role held reads, whoever supplied them."""
        rows = (self.situation.rights.row(reader.role) for reader in self.readers)
        opened = (reader.emergency for reader in self.readers)
        return frozenset().union(*(row.everything for row in rows), *opened)

    def reads(self, held: Held) -> Decision:
        """Whether any of the roles held reads an answer; the first that does tells why."""
        refused = Decision(allowed=False, reason="geen rol in deze casus")
        for reader in self.readers:
            decision = reads(reader, held, self.situation)
            if decision.allowed:
                return decision
            refused = decision
        return refused


def of(session: Session, row: Found) -> Situation:
    """The situation of a casus with its child."""
    now = runtime.now()
    people = households.of_casus(session, row.key)
    said = [
        Consent(about=c.about, domain=c.domain, giver_role=c.giver_role, agreed=c.agreed, giver=c.giver)
        for c in givers.counting(session, row.key, reading.consents(session, row.key), people)
    ]
    standing = Situation(
        rights=_rights(session, row),
        age=shown.age(row.birth_date, now),
        consents=tuple(said),
        kept=_kept(session, row.key, people),
        knowing=runtime.current().register.directing,
        parents=max(sum(one.custody == "ja" for one in people), 1),
        substitutes=frozenset(
            (s.account_key, s.for_account) for s in reading.substitutes(session, row.key, now)
        ),
        absences=absences(session, now),
    )
    # Consent is judged now, not when it was given: a birthday or a change of gezag may ask somebody else.
    given = [
        Disclosure(to=d.to_candidate, form_id=d.form_id, path=d.path, purpose=d.purpose, ground=d.ground)
        for d in reading.disclosures(session, row.key, now)
        if not d.on_consent or standing.shares(d.from_role)
    ]
    return replace(standing, disclosures=tuple(given))


def _rights(session: Session, row: Found) -> Rights:
    """The region's; in a casus about policy, where there is no person to guard, whoever takes part reads I and P."""
    rights = runtime.current().register.rights
    if row.about != shown.POLICY:
        return rights
    open_ = Readable(everything=frozenset({DataClass.IDENTITY, DataClass.PROCESS}))
    return replace(rights, rows={one.role: open_ for one in casus.bindings(session, row.key)})


def absences(session: Session, now: datetime) -> frozenset[tuple[int, int, str]]:
    """Who stands in for whom now, as far as this transaction sees it: a person sees their own."""
    held = absence_rows.holding(session, now)
    return frozenset(
        (one.replacement_key, one.account_key, f"{one.role}@{one.organisation_key}") for one in held
    )


def _kept(session: Session, casus_key: int, people: Sequence[Found]) -> frozenset[str]:
    """Questions of start forms whose answers tell where somebody is whose whereabouts are kept."""
    hidden = [one for one in people if one.kept]
    if not hidden:
        return frozenset()
    found: set[str] = set()
    for running in instances.of_casus(session, [casus_key]):
        row = definitions.get(session, running.definition_key)
        start = row.manifest.get("start", {}) if row is not None else {}
        contact = start.get("gezag", {}).get("contact", "contact")
        found |= {*start.get("verblijf", ()), *(f"{one.form_path}.{contact}" for one in hidden)}
    return frozenset(found)


def standing(actor: Actor, bindings: Iterable[Binding], situation: Situation) -> Standing:
    """Where an actor stands: a reader for each binding that is theirs."""
    offers = actor.candidates
    held = sorted({(b.role, b.candidate) for b in bindings if b.candidate in offers})
    return Standing(
        readers=tuple(reader(role, candidate, actor.account) for role, candidate in held), situation=situation
    )


def in_emergency(actor: Actor, emergency: Found, situation: Situation) -> Standing:
    """Where somebody stands who used the noodknop: in the role they used it in, with what it opens."""
    one = Reader(
        role=emergency.role,
        organisation=emergency.organisation_key,
        account=actor.account,
        emergency=runtime.current().register.emergency.classes,
    )
    return Standing(readers=(one,), situation=situation)


def formerly(actor: Actor, bindings: Iterable[Binding], situation: Situation) -> Standing:
    """Where somebody stands who took part before: as then, for what they supplied."""
    before = standing(actor, bindings, situation)
    return replace(before, readers=tuple(replace(one, former=True) for one in before.readers))


def reader(role: str, candidate: str, account: int = 0) -> Reader:
    """A binding as a reader."""
    organisation = candidate.partition("@")[2]
    own = int(candidate.partition(":")[2]) if candidate.startswith("account:") else account
    return Reader(role=role, organisation=organisation, account=own)


def without_names(readers: Sequence[Reader]) -> tuple[Reader, ...]:
    """Readers as everybody who holds the role, for explaining who can see what."""
    return tuple(replace(one, account=0) if one.organisation else one for one in readers)
