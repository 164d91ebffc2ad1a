"""What every template may use: words, dates, the region, the built files, lists in the order people need."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from flask import current_app, g

from service.clock import Clock
from service.forms import FieldView
from service.operations import help as helping
from service.operations import runtime
from service.operations.views import DossierRow, StepRow, TaskRow
from service.web import assets, csrf, dates, prose, region, sources, story, texts

if TYPE_CHECKING:
    from flask import Flask

_GROUPS = (
    ("laat", "Te laat"),
    ("nu", "Deze dagen"),
    ("straks", "Later"),
    ("geen", "Zonder termijn"),
)

_FILE_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("Formulieren", lambda path: path.endswith(".form")),
    ("Schema", lambda path: path.endswith(".bpmn")),
    ("Beslistabellen", lambda path: path.endswith(".dmn")),
    ("Voorbeelden", lambda path: path.startswith("voorbeelden/")),
    ("Brieven", lambda path: path.startswith("brieven/")),
    ("Over dit proces", lambda path: True),
)


def register(app: Flask) -> None:
    """Teach the application's templates our words."""
    app.context_processor(_context)
    app.jinja_env.globals.update(
        asset=assets.address,
        csrf_token=csrf.token,
        number_of=texts.count,
        deadline=_deadline,
        span=dates.span,
    )
    app.jinja_env.filters.update(
        organisatiesoort=lambda kind: texts.ORGANISATION_KINDS.get(kind, kind),
        regioveld=lambda name: texts.REGION_FIELDS.get(name, name),
        dag=dates.day,
        weekdag=dates.weekday,
        kortedag=dates.short_day,
        pad=_path_words,
        tijd=dates.clock_time,
        moment=dates.moment,
        maand=dates.short_month,
        dagnummer=lambda value: dates.local_day(value).day,
        rol=role,
        klasse=lambda key: texts.DATA_CLASSES.get(key, key),
        casusstatus=lambda key: texts.CASUS_STATES.get(key, key.lower()),
        processtatus=lambda key: texts.INSTANCE_STATES.get(key, key.lower()),
        zin=story.sentence,
        hoofdletter=lambda text: text[:1].upper() + text[1:],
        tekst=prose.render,
        stappen=_steps,
        rijvelden=row_fields,
        bron=sources.choice,
        herkomst=sources.origin,
        ingevuld=lambda row, to="": sources.entered(row, role, to),
        namens=lambda row: sources.whom(row, role),
        formulieren=lambda files: _stems(files, ".form"),
        beslistabellen=lambda files: _stems(files, ".dmn"),
        soorten=_kinds,
        procesrollen=_roles_of,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def now() -> datetime:
    """The moment, by the clock of the service; a test without one pins its own."""
    pinned: Clock | None = current_app.config.get("SLUITEND_CLOCK")
    return pinned.now() if pinned else runtime.now()


def by_urgency(rows: Iterable[TaskRow], at: datetime) -> list[tuple[str, str, list[TaskRow]]]:
    """Tasks in groups (tone, heading, rows); empty groups are left out."""
    groups: dict[str, list[TaskRow]] = {tone: [] for tone, _ in _GROUPS}
    for row in rows:
        groups[dates.deadline(row.due_at, at).tone].append(row)
    return [(tone, heading, groups[tone]) for tone, heading in _GROUPS if groups[tone]]


def by_form(rows: Iterable[DossierRow]) -> Mapping[str, list[DossierRow]]:
    """Answers under the form in which they were given."""
    forms: dict[str, list[DossierRow]] = {}
    for row in rows:
        forms.setdefault(row.form_name, []).append(row)
    return forms


def row_fields(field: FieldView) -> list[str]:
    """The names, inside a row, of the fields that one more row of a dynamic list has."""
    row = field.children or (field.rows[0] if field.rows else ())
    inside = re.compile(re.escape(field.name) + r"\.\d+\.")
    return [inside.sub("", leaf.name, count=1) for leaf in _leaves(row)]


def _leaves(fields: Iterable[FieldView]) -> Iterator[FieldView]:
    for field in fields:
        if field.type == "group":
            yield from _leaves(field.children)
        elif field.type not in {"text", "html", "separator", "spacer", "expression"}:
            yield field


def _deadline(due: datetime | None) -> dates.Deadline:
    return dates.deadline(due, now())


def _steps(rows: Iterable[StepRow]) -> list[dict[str, object]]:
    """What the drawing of a casus marks."""
    return [{"element": row.element, "state": row.state, "late": row.late} for row in rows]


def role(key: str) -> str:
    """A role in the region's words; for parents and youth in theirs."""
    words = region.current()
    actor = getattr(g, "actor", None)
    family = bool(actor and actor.roles & texts.FAMILY_ROLES)
    if family and key not in texts.FAMILY_ROLES and key in words.roles_for_families:
        return words.roles_for_families[key]
    return words.roles.get(key) or texts.role(key)


def _path_words(path: str) -> str:
    """A field's path for a reader: "pad.0.naam" is "Pad, 1, naam"."""
    parts = (str(int(part) + 1) if part.isdigit() else part.replace("_", " ") for part in path.split("."))
    words = ", ".join(parts)
    return words[:1].upper() + words[1:]


def _stems(files: Mapping[str, bytes], suffix: str) -> list[str]:
    return sorted(path.rsplit("/", 1)[-1].removesuffix(suffix) for path in files if path.endswith(suffix))


def _roles_of(files: Mapping[str, bytes]) -> list[str]:
    """The roles that the lanes of a process name in its proces.toml; all roles when it cannot be read."""
    try:
        lanes = tomllib.loads(files.get("proces.toml", b"").decode()).get("rollen", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        lanes = {}
    named = {str(role) for roles in lanes.values() if isinstance(roles, list) for role in roles}
    return sorted(named) or sorted(texts.ROLES)


def _kinds(files: Mapping[str, bytes]) -> list[tuple[str, list[str]]]:
    """Files under what they are for, most used first."""
    kinds: dict[str, list[str]] = {heading: [] for heading, _ in _FILE_KINDS}
    for path in sorted(files):
        kinds[next(heading for heading, belongs in _FILE_KINDS if belongs(path))].append(path)
    return [(heading, paths) for heading, paths in kinds.items() if paths]


def _context() -> dict[str, object]:
    actor = getattr(g, "actor", None)
    roles = actor.roles if actor else frozenset()
    return {
        "actor": actor,
        "region": region.current(),
        "family": bool(roles & texts.FAMILY_ROLES),
        "works": bool(roles & texts.WORK_ROLES),
        "owns": "procesregisseur" in roles,
        "counts": bool(roles & {"beleid", "college", "procesregisseur"}),
        "audits": bool(roles & {"auditor", "fg"}),
        "guards": "fg" in roles,
        "helps": bool(actor and helping.contacts(actor)),
        "administers": "org_beheer" in roles,
        "manages": "beheer" in roles,
        "now": now(),
        "idle_seconds": current_app.config.get("SLUITEND_IDLE_SECONDS", 1800),
    }
