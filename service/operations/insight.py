"""For everybody in a casus: who can see which answers and why, and for the family: who has looked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from service.access import Decision, Held, Permission, Reader, Resource, reads
from service.domain import Actor, DataClass
from service.operations import answers, catalog, dossiers, notes, runtime, safety, shown, situations
from service.operations.guard import Work, working
from service.operations.opening import Opened, open_casus
from service.operations.outlooks import InsightView, LookRow, VisibleGroup, VisibleTo
from service.operations.safety import UNNAMED, Unnamed
from service.store import access_log, accounts, casus, dossier, instances, organisations, relocations, tasks
from service.store.rows import Found
from service.store.scopes import SERVICE
from service.store.session import transaction

_FAMILY = frozenset({"ouder", "jeugdige"})
MOST = 500  # lines of the access log on one page


def who_can(actor: Actor, number: str) -> InsightView:
    """Who can see which answers of a casus, and why. Tells that answers are there, never what they say."""
    with working(actor) as work:
        opened = _with_absences(open_casus(work, number, kind="visibility"))
        participants = casus.participants(work.session, opened.row.key)
        unnamed = safety.unnamed(work.session, actor, [opened.row.key])[opened.row.key]
        readers = {**_readers(participants, unnamed), **_former(work, opened, unnamed)}
        purposes = _purposes(work, opened.row.key)
        found = _described(work, opened)
        labels = answers.labels(work, [(row.instance_key, row.form_id, row.path) for _, row in found])
        groups: dict[VisibleGroup, list[str]] = {}
        for klasse, row in found:
            seen = _seen(work, dossiers.held(klasse, row), readers, opened)
            form_name, label = labels[(row.instance_key, row.form_id, row.path)]
            group = VisibleGroup(
                form_name=form_name,
                klasse=klasse.value,
                owner_role=row.owner_role,
                seen_by=tuple(replace(to, purpose=purposes.get(to.role, "")) for to in seen),
            )
            if label not in groups.setdefault(group, []):
                groups[group].append(label)
        groups |= {group: [] for group in _notes(work, readers, purposes, opened)}
        return InsightView(
            number=opened.row.number,
            subject_name=shown.subject_name(opened.row.first_name, opened.row.last_name)
            if _named(opened)
            else "",
            groups=tuple(replace(group, questions=tuple(asked)) for group, asked in groups.items()),
            family=bool(opened.roles(work) & _FAMILY),
        )


def _with_absences(opened: Opened) -> Opened:
    """Also those who stand in for others: a reader's own transaction shows them only themselves."""
    with transaction(SERVICE) as session:
        held = situations.absences(session, runtime.now())
    situation = replace(opened.standing.situation, absences=held)
    return replace(opened, standing=replace(opened.standing, situation=situation))


def who_looked(actor: Actor, number: str) -> tuple[LookRow, ...]:
    """Who looked at this casus, newest first; for the family, and in what role and for which organisation."""
    with working(actor) as work:
        opened = open_casus(work, number, kind="access-log")
        work.require(
            Permission.LOOKS_READ,
            Resource(start_roles=_FAMILY & opened.roles(work)),
            action="R",
            kind="access-log",
            key=opened.row.key,
            hidden=False,
        )
        work.go_on()
        keys = _objects(work, opened.row.key)
        names = {one.key: one.name for one in organisations.everything(work.session, ended=True)}
        unnamed = safety.unnamed(work.session, actor, [opened.row.key])[opened.row.key]
        return tuple(
            LookRow(
                at=line.at,
                role=line.role,
                organisation_name=unnamed.name(line.organisation_key, names.get(line.organisation_key)),
                own=line.account_key == actor.account,
                what=_what(line),
                classes=line.classes,
                emergency=line.action == "noodknop" or line.ground == "noodknop",
                on_behalf=line.on_behalf.partition("/")[0],
                wrote=line.action == "C",
            )
            for line in access_log.looks(work.session, keys, limit=MOST)
        )


def _objects(work: Work, casus_key: int) -> list[str]:
    """Everything of a casus that a read can be logged on."""
    running = [row.key for row in instances.of_casus(work.session, [casus_key])]
    steps = [row.key for row in tasks.of_casus(work.session, casus_key)]
    return [str(key) for key in (casus_key, *running, *steps)]


def _what(line: Found) -> str:
    """What was looked at: dossier, story, task, or that somebody came in by the noodknop."""
    if line.action == "noodknop":
        return "noodknop"
    return str(line.object_kind)


def _described(work: Work, opened: Opened) -> list[tuple[DataClass, Found]]:
    """Every answer of the dossier without its value."""
    classes = [DataClass(letter) for letter in sorted(dossier.CLASSES)]
    work.open_dossier(opened.row.key, classes, values=False)
    found = [
        (klasse, row)
        for klasse in classes
        for row in dossier.described(work.session, klasse.value, opened.row.key)
    ]
    work.open_dossier(opened.row.key, ())
    return sorted(found, key=lambda one: (one[1].entered_at, one[1].key))


def _notes(
    work: Work,
    readers: Mapping[Reader, tuple[str, str]],
    purposes: Mapping[str, str],
    opened: Opened,
) -> Iterable[VisibleGroup]:
    """Notes by who wrote them and in which class; what they are about is for who reads them."""
    for row in notes.described(work, opened):
        seen = _seen(work, notes.held(row), readers, opened)
        yield VisibleGroup(
            form_name="Notities",
            klasse=row.klasse,
            owner_role=row.owner_role,
            seen_by=tuple(replace(to, purpose=purposes.get(to.role, "")) for to in seen),
        )


def _readers(participants: Sequence[Found], unnamed: Unnamed) -> dict[Reader, tuple[str, str]]:
    """Each role that is held here as everybody who holds it, with organisation and person."""
    found: dict[Reader, tuple[str, str]] = {}
    for row in participants:
        reader = situations.reader(row.role, row.candidate)
        found[reader] = (
            unnamed.name(row.organisation_key, row.organisation_name),
            "" if row.organisation_key in unnamed else row.person_name or "",
        )
    return found


def _former(work: Work, opened: Opened, unnamed: Unnamed) -> dict[Reader, tuple[str, str]]:
    """Who took part before, and still reads what they supplied."""
    return {
        replace(situations.reader(row.role, row.candidate), former=True): (
            unnamed.name(row.organisation_key, row.organisation_name),
            "",
        )
        for row in relocations.former_in(work.session, opened.row.key)
    }


def _purposes(work: Work, casus_key: int) -> Mapping[str, str]:
    """What each role uses data for, as the processes of the casus say."""
    found: dict[str, str] = {}
    for running in instances.of_casus(work.session, [casus_key]):
        manifest = catalog.process(work.session, running.definition_key).manifest
        for role, basis in manifest.get("gegevens", {}).items():
            if isinstance(basis, dict) and basis.get("doel"):
                found.setdefault(role, str(basis["doel"]))
    return found


def _seen(
    work: Work, held: Held, readers: Mapping[Reader, tuple[str, str]], opened: Opened
) -> tuple[VisibleTo, ...]:
    situation = opened.standing.situation
    seen: list[VisibleTo] = []
    for reader, (organisation, person) in readers.items():
        decision = reads(reader, held, situation)
        if decision.allowed:
            seen.append(_to(reader.role, organisation, person, decision))
        elif reader.organisation:
            seen += _persons(work, reader, organisation, held, opened)
    return tuple(dict.fromkeys(seen))


def _persons(
    work: Work, reader: Reader, organisation: str, held: Held, opened: Opened
) -> Iterable[VisibleTo]:
    """People of a role that does not see it as such: who filled it in, and recorded substitutes."""
    situation = opened.standing.situation
    pairs = (*situation.substitutes, *((who, whom) for who, whom, _ in situation.absences))
    substitutes = {who for who, whom in pairs if whom == held.entered_by}
    for account in sorted({held.entered_by, *substitutes} - {0}):
        if (reader.role, reader.organisation) not in _held_by(work, account):
            continue
        decision = reads(replace(reader, account=account), held, situation)
        if decision.allowed:
            known = organisation != UNNAMED
            name = accounts.names(work.session, {account}).get(account, "") if known else ""
            yield _to(reader.role, organisation, name, decision)


def _held_by(work: Work, account: int) -> frozenset[tuple[str, str]]:
    row = accounts.by_key(work.session, account)
    pairs = (pair.partition("@") for pair in row.memberships) if row is not None else ()
    return frozenset((role, organisation) for role, _, organisation in pairs)


def _to(role: str, organisation: str, person: str, decision: Decision) -> VisibleTo:
    return VisibleTo(
        role=role, organisation_name=organisation, person_name=person, reason=decision.reason, purpose=""
    )


def _named(opened: Opened) -> bool:
    return DataClass.IDENTITY in opened.standing.classes
