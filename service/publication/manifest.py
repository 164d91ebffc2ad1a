"""proces.toml: who does what in a regional process, why its data may be used, and who owns it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from service.domain import DataClass, Finding, Json, Severity

FILE = "proces.toml"
MAX_BYTES = 100_000

# DOMAIN section 1.
ROLES = frozenset(
    {
        *(
            "ouder",
            "jeugdige",
            "school_ib",
            "school_dir",
            "ko_pm",
            "cb_jgz",
            "jeugdarts",
            "swv_po",
            "swv_vo",
            "lpa",
        ),
        *("rmc", "wijkteam", "aanspreekpunt", "jh_aanbieder", "mbo", "beleid", "college", "casusregisseur"),
        *("tafel_vz", "doorzetter", "procesregisseur", "auditor", "fg", "beheer"),
    }
)
SECTIONS = frozenset({"proces", "rollen", "start", "gegevens", "bewaren", "monitor", "verstrekking", "casus"})


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Why a role may use the data of this process (AVG art. 5 and 6)."""

    purpose: str = ""
    ground: str = ""
    classes: frozenset[DataClass] = frozenset()  # empty: as the role's own classes


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A read proces.toml. Fields that are missing are empty; `findings` says so."""

    id: str = ""
    name: str = ""
    purpose: str = ""
    owner: str = ""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # lane id -> role keys
    starters: tuple[str, ...] = ()  # role keys that may start it
    start_form: str = ""
    variables: tuple[
        str, ...
    ] = ()  # process variables that come from outside: messages, workers, the service
    subject: Mapping[str, str] = field(
        default_factory=dict
    )  # property of the jeugdige -> field of the start form
    about: str = "jeugdige"  # what a casus of this process is about: jeugdige | beleid
    title: str = ""  # of policy: the field of the start form that holds its title
    basis: Mapping[str, Basis] = field(default_factory=dict)  # role key -> why; "" for every other role
    raw: Mapping[str, Json] = field(default_factory=dict)  # the whole file as JSON
    findings: tuple[Finding, ...] = ()

    @property
    def called_only(self) -> bool:
        """Whether nobody starts it: `wie = []` says that other processes call it."""
        start = self.raw.get("start", {})
        return isinstance(start, Mapping) and start.get("wie") == []

    def basis_of(self, role: str) -> Basis:
        """The purpose and ground of a role: its own, completed by those of the whole process."""
        own, whole = self.basis.get(role, Basis()), self.basis.get("", Basis())
        return Basis(
            purpose=own.purpose or whole.purpose,
            ground=own.ground or whole.ground,
            classes=own.classes or whole.classes,
        )


@dataclass
class _Reader:
    findings: list[Finding] = field(default_factory=list)

    def report(self, rule: str, element: str, reason: str, remedy: str, *, warn: bool = False) -> None:
        severity = Severity.WAARSCHUWING if warn else Severity.FOUT
        self.findings.append(
            Finding(element=element, rule=rule, severity=severity, reason=reason, remedy=remedy, file=FILE)
        )

    def text(self, table: Mapping[str, Json], key: str, where: str) -> str:
        found = table.get(key, "")
        if not isinstance(found, str):
            self.report(
                "manifest-waarde",
                f"{where}.{key}",
                f"[{where}] {key} is geen tekst.",
                "Zet er tekst tussen aanhalingstekens.",
            )
            return ""
        return found.strip()

    def table(self, table: Mapping[str, Json], key: str, where: str = "") -> Mapping[str, Json]:
        found = table.get(key, {})
        if not isinstance(found, Mapping):
            self.report(
                "manifest-waarde",
                f"{where}{key}",
                f"{where}{key} is geen tabel.",
                f"Schrijf het als [{where}{key}] met regels eronder.",
            )
            return {}
        return found

    def names(self, found: Json, where: str) -> tuple[str, ...]:
        names = [found] if isinstance(found, str) else found
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            self.report(
                "manifest-waarde",
                where,
                f"{where} is geen lijst van namen.",
                'Schrijf bijvoorbeeld ["swv_po", "swv_vo"].',
            )
            return ()
        return tuple(names)

    def roles(self, found: Json, where: str) -> tuple[str, ...]:
        names = self.names(found, where)
        for name in names:
            if name not in ROLES:
                self.report(
                    "rol-onbekend",
                    where,
                    f"De rol ‘{name[:40]}’ in {where} bestaat niet.",
                    "Gebruik een rol uit docs/woordenlijst.md.",
                )
        return names


def read_manifest(content: bytes) -> Manifest:
    """The manifest in a proces.toml. What is wrong with it is in `findings`; nothing is raised."""
    reader = _Reader()
    try:
        if len(content) > MAX_BYTES:
            raise ValueError("larger than 100 kB")  # one answer for everything that cannot be read
        raw = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        reader.report(
            "manifest-onleesbaar",
            "",
            f"proces.toml kan niet worden gelezen: {str(error)[:200]}.",
            "Herstel de regel die wordt genoemd.",
        )
        return Manifest(findings=tuple(reader.findings))
    process, start = reader.table(raw, "proces"), reader.table(raw, "start")
    manifest = Manifest(
        id=reader.text(process, "id", "proces"),
        name=reader.text(process, "naam", "proces"),
        purpose=reader.text(process, "doel", "proces"),
        owner=reader.text(process, "eigenaar", "proces"),
        roles={
            lane: reader.roles(found, f"rollen.{lane}") for lane, found in reader.table(raw, "rollen").items()
        },
        starters=reader.roles(start.get("wie", []), "start.wie"),
        start_form=reader.text(start, "formulier", "start"),
        variables=reader.names(start.get("variabelen", []), "start.variabelen"),
        subject={
            key: value
            for key, value in reader.table(start, "jeugdige", "start.").items()
            if isinstance(value, str)
        },
        about=reader.text(reader.table(raw, "casus"), "onderwerp", "casus") or "jeugdige",
        title=reader.text(reader.table(start, "onderwerp", "start."), "titel", "start.onderwerp"),
        basis=_basis(reader.table(raw, "gegevens"), reader),
        raw=_plain(raw),
    )
    _check(manifest, raw, reader)
    return Manifest(**{**manifest.__dict__, "findings": tuple(reader.findings)})


def _basis(table: Mapping[str, Json], reader: _Reader) -> dict[str, Basis]:
    """[gegevens] with doel and grondslag for everyone, and [gegevens.<rol>] for one role."""
    found = {"": _one_basis(table, "gegevens", reader)}
    for role, own in table.items():
        if isinstance(own, Mapping):
            reader.roles(role, "gegevens")
            found[role] = _one_basis(own, f"gegevens.{role}", reader)
    return found


def _one_basis(table: Mapping[str, Json], where: str, reader: _Reader) -> Basis:
    given = table.get("klassen", [])
    names = list(given) if isinstance(given, (list, str)) else []
    known = {str(name) for name in names} & set(DataClass)
    if len(known) != len(names):
        reader.report(
            "veld-klasse-onbekend",
            where,
            f"In [{where}] klassen staat een gegevensklasse die niet bestaat.",
            "Kies uit I, O, Z, M en P.",
        )
    return Basis(
        purpose=reader.text(table, "doel", where),
        ground=reader.text(table, "grondslag", where),
        classes=frozenset(DataClass(name) for name in known),
    )


def _check(manifest: Manifest, raw: Mapping[str, Json], reader: _Reader) -> None:
    wanted = {"id": manifest.id, "naam": manifest.name, "doel": manifest.purpose, "eigenaar": manifest.owner}
    for key, value in wanted.items():
        if not value:
            rule = "doel-ontbreekt" if key == "doel" else "manifest-onvolledig"
            reader.report(rule, f"proces.{key}", f"In [proces] ontbreekt {key}.", f'Voeg toe: {key} = "…".')
    if not manifest.starters and not manifest.called_only:
        reader.report(
            "manifest-onvolledig",
            "start.wie",
            "In [start] staat niet wie het proces mag starten.",
            'Voeg toe: wie = ["ouder"], of wie = [] als alleen andere processen het aanroepen.',
        )
    for name in sorted(set(raw) - SECTIONS):
        reader.report(
            "manifest-onbekend",
            name[:60],
            f"Het onderdeel [{name[:60]}] wordt niet gebruikt.",
            f"Haal het weg, of kies een van: {', '.join(sorted(SECTIONS))}.",
            warn=True,
        )


def _plain(found: object) -> Mapping[str, Json]:
    made = json_of(found)
    return made if isinstance(made, dict) else {}


def json_of(found: object) -> Json:
    """A TOML value as JSON: dates and times become their ISO text."""
    if isinstance(found, Mapping):
        return {str(key): json_of(value) for key, value in found.items()}
    if isinstance(found, list):
        return [json_of(value) for value in found]
    return found.isoformat() if isinstance(found, (datetime, date, time)) else found
