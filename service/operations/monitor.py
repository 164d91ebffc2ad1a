"""Figures without names: what an ended process tells the region, and the overview of exemptions that rests on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from service.access import Permission
from service.clock import AMSTERDAM
from service.domain import Actor
from service.engine import Step
from service.errors import ConfigurationError
from service.operations import runtime, shown
from service.operations.catalog import Process
from service.operations.guard import working
from service.operations.offers import Bound
from service.operations.participants import SECONDARY_FROM
from service.store import casus, monitor, organisations
from service.store.rows import Session

THRESHOLD = 10  # fewer cases than this are not counted out loud; `[monitor] k_drempel` of regio.toml
ESCALATION = "escalatie_doorzettingsmacht"
EXEMPTIONS = "vrijstelling_beoordelingstafel"

#: What the overview tells of an exemption's process, and the ends that count for it.
COLUMNS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Plek gevonden", frozenset({"Einde_plek_gevonden"})),
    ("Deeltijd of onderwijs met zorg", frozenset({"Einde_deeltijd"})),
    ("Vrijstelling, tijdelijk", frozenset({"Einde_vrijstelling"})),
    ("Vrijstelling, blijvend", frozenset({"Einde_blijvend"})),
    ("Voldoet niet", frozenset({"Einde_voldoet_niet", "Einde_thuiszitter"})),
    ("Na escalatie", frozenset({"Einde_geescaleerd", "Einde_escalatie_plek"})),
)


class Where(Protocol):
    """Where a process ended; a Place of `moves`."""

    @property
    def session(self) -> Session: ...
    @property
    def process(self) -> Process: ...
    @property
    def instance_key(self) -> int: ...
    @property
    def casus_key(self) -> int | None: ...
    @property
    def bindings(self) -> Sequence[Bound]: ...
    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True, kw_only=True)
class Line:
    """One municipality and partnership in the overview; None is too few to tell."""

    municipality: str
    partnership: str
    counts: tuple[int | None, ...]
    total: int | None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """How the questions for an exemption ended in a school year, per municipality and partnership."""

    year: int  # in which the school year begins
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    threshold: int


def record(where: Where, step: Step) -> None:
    """Add the figures of a regional process that ended now; what was broken off tells nothing."""
    if step.ended != "COMPLETED" or where.casus_key is None or "monitor" not in where.process.manifest:
        return
    head = casus.get(where.session, where.casus_key)
    if head is None:
        return
    age = shown.age(head.birth_date, where.at) if head.birth_date else None
    sector = "" if age is None else "vo" if age >= SECONDARY_FROM else "po"
    partnerships = [one.organisation_key for one in where.bindings if one.role == f"swv_{sector}"]
    met, missed = monitor.terms(where.session, where.instance_key)
    monitor.add(
        where.session,
        {
            "process_id": where.process.id,
            "version": where.process.version,
            "municipality": head.municipality or "",
            "partnership": next(iter(partnerships), ""),
            "sector": sector,
            "started_on": _day(monitor.started_at(where.session, where.instance_key) or where.at),
            "ended_on": _day(where.at),
            "outcome": step.outcome,
            "escalations": monitor.activated(where.session, where.instance_key, _escalating(where.process)),
            "terms_met": met,
            "terms_missed": missed,
            "parents_agree": _agreed(where.process.manifest, step.variables),
        },
    )


def overview(actor: Actor, year: int | None = None) -> Overview:
    """The exemptions of a school year (August to July). Raises NotAllowed, BadRequest never: a year without cases is empty.

    Counts below the threshold are left out, and with them the total that would give them away.
    """
    with working(actor) as work:
        work.require(Permission.MONITOR_READ, action="R", kind="monitor", key=0, hidden=False)
        work.go_on()
        today = runtime.now().astimezone(AMSTERDAM).date()
        begins = year if year is not None else today.year if today.month >= 8 else today.year - 1
        names = {one.key: one.name for one in organisations.everything(work.session, ended=True)}
        rows = monitor.outcomes(work.session, EXEMPTIONS, date(begins, 8, 1), date(begins + 1, 7, 31))
        found: dict[tuple[str, str], dict[str, int]] = {}
        for row in rows:
            found.setdefault((row.municipality, names.get(row.partnership, "")), {})[row.outcome] = row.number
        least = threshold()
        return Overview(
            year=begins,
            columns=tuple(name for name, _ in COLUMNS),
            lines=tuple(_line(key, counts, least) for key, counts in sorted(found.items())),
            threshold=least,
        )


def threshold() -> int:
    """From how many on a number is told. Raises ConfigurationError for one that is no whole number above zero."""
    given = runtime.read_toml(runtime.current().region / "regio.toml")
    least = given.get("monitor", {}).get("k_drempel", THRESHOLD)
    if not isinstance(least, int) or isinstance(least, bool) or least < 1:
        raise ConfigurationError(f"Expected [monitor] k_drempel to be 1 or more, but it is {least!r}")
    return least


def _line(key: tuple[str, str], counts: Mapping[str, int], least: int) -> Line:
    told = [sum(number for end, number in counts.items() if end in ends) for _, ends in COLUMNS]
    hidden = [None if 0 < number < least else number for number in told]
    total = None if None in hidden else sum(told)
    return Line(municipality=key[0], partnership=key[1], counts=tuple(hidden), total=total)


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


def _escalating(process: Process) -> list[str]:
    return [key for key, one in process.definition.elements.items() if one.called_element == ESCALATION]


def _agreed(manifest: Mapping[str, Any], variables: Mapping[str, Any]) -> str:
    """What the parents said last, in the variable that `[monitor] ouders_eens_uit` names."""
    said = variables.get(str(manifest["monitor"].get("ouders_eens_uit", "")))
    return {"ja": "ja", "nee": "nee", "deels": "nee"}.get(str(said), "onbekend")
