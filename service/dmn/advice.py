"""What the analysis of a table found, in words for a process owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from service import feel
from service.dmn import analysis
from service.dmn.axes import Effort
from service.dmn.checks import scope_names
from service.dmn.frames import compiled, phrased
from service.dmn.model import Boxed, Clause, Decision, Model, Table
from service.dmn.reader import read
from service.dmn.types import Types
from service.domain import Finding, Severity
from service.feel.running import Run, Scope


def analyse(content: bytes) -> tuple[Finding, ...]:
    """Gaps, overlaps and dead rules of every table in a file, each with an example. Raises DiagramRejected."""
    model = read(content)
    types = Types(model.types)
    effort = Effort()
    found: list[Finding] = []
    for decision in (*model.decisions.values(), *model.knowledge.values()):
        names = phrased((*model.phrases, *scope_names(model, decision)))
        declared = _declared(model, decision)
        for table, where in _tables(decision.logic, decision.id):
            found += _findings(table, where, names, types, declared, effort)
    return tuple(found)


def _declared(model: Model, decision: Decision) -> dict[str, str]:
    found = {one.name: one.type for one in model.inputs.values()}
    found |= {one.name: one.type for one in model.decisions.values()}
    logic = decision.logic
    return found | {one.name: one.type for one in (logic.parameters if logic is not None else ())}


def _tables(boxed: Boxed | None, where: str) -> Iterator[tuple[Table, str]]:
    if boxed is None:
        return
    if boxed.table is not None:
        yield boxed.table, boxed.table.id or where
    yield from _tables(boxed.body, where)
    for entry in boxed.entries:
        yield from _tables(entry.value, where)


def _findings(
    table: Table,
    where: str,
    names: frozenset[str],
    types: Types,
    declared: Mapping[str, str],
    effort: Effort,
) -> Iterator[Finding]:
    report = analysis.examine(table, names, types, declared, effort)
    if report.too_large:
        yield _finding(
            "dmn-tabel-te-groot",
            where,
            "De tabel is te groot om na te gaan of er gaten of overlappingen in zitten.",
            "Splits de tabel in kleinere beslissingen.",
        )
    if not table.rules:
        yield _finding("dmn-gat", where, "De tabel heeft geen regels.", "Voeg regels toe.")
    else:
        yield from _gaps(table, where, report)
    yield from _overlaps(table, report)
    yield from _dead(table, report)
    yield from _outputs(table, names, types)


def _finding(
    rule: str, element: str, reason: str, remedy: str, severity: Severity = Severity.WAARSCHUWING
) -> Finding:
    return Finding(element=element, rule=rule, severity=severity, reason=reason, remedy=remedy)


def _gaps(table: Table, where: str, report: analysis.Report) -> Iterator[Finding]:
    for gap in report.gaps:
        yield _finding(
            "dmn-gat",
            where,
            f"Geen regel past bij {_shown(table, gap)}.",
            "Voeg een regel toe, laat de grenzen op elkaar aansluiten, of geef de uitvoerkolom een standaardwaarde.",
        )


def _overlaps(table: Table, report: analysis.Report) -> Iterator[Finding]:
    # Under UNIQUE the table contradicts itself; outcomes under ANY are compared as they are written, and may be equal.
    severity = Severity.FOUT if table.hit_policy == "UNIQUE" else Severity.WAARSCHUWING
    for one in report.overlaps:
        more = "met een andere uitkomst, " if table.hit_policy == "ANY" else ""
        yield _finding(
            "dmn-overlap",
            table.rules[one.second].id,
            f"Regel {one.first + 1} en regel {one.second + 1} passen allebei, {more}"
            f"bijvoorbeeld bij {_shown(table, one.example)}.",
            "Maak de vakken van een van de regels nauwer, of kies een andere trefregel.",
            severity,
        )


def _dead(table: Table, report: analysis.Report) -> Iterator[Finding]:
    for at in report.never:
        yield _finding(
            "dmn-regel-past-nooit",
            table.rules[at].id,
            f"Regel {at + 1} past bij geen enkele toegestane waarde.",
            "Kijk of er een typefout in een vak staat, of haal de regel weg.",
        )
    for at in report.unreachable:
        yield _finding(
            "dmn-regel-onbereikbaar",
            table.rules[at].id,
            f"Regel {at + 1} komt nooit aan de beurt: eerdere regels passen dan al.",
            "Zet de regel hoger, of haal hem weg.",
        )


def _outputs(table: Table, names: frozenset[str], types: Types) -> Iterator[Finding]:
    """Output cells with a constant that the column does not allow: mostly typing errors."""
    for number, rule in enumerate(table.rules, 1):
        for clause, cell in zip(table.outputs, rule.outputs, strict=False):
            if not _allowed(clause, cell, names, types):
                yield _finding(
                    "dmn-uitkomst-niet-toegestaan",
                    rule.id,
                    f"Regel {number} geeft {cell[:60]}, maar dat is geen toegestane waarde van ‘{clause.name}’.",
                    "Verbeter de uitkomst, of voeg haar toe aan de toegestane waarden.",
                )


def _allowed(clause: Clause, cell: str, names: frozenset[str], types: Types) -> bool:
    tests = clause.allowed or types.allowed(clause.type)
    if not tests or not cell:
        return True
    try:
        if feel.reads(cell, names):
            return True
    except feel.FeelSyntaxError:
        return True  # told already when the model was read
    run = Run(None, {}, [])
    value = compiled(cell, names)(Scope(run, {}))
    return value is None or compiled(tests, names, unary=True)(Scope(run, {"?": value})) is True


def _shown(table: Table, example: analysis.Example) -> str:
    names = {one.expression: one.name or one.expression for one in table.inputs}
    parts = [f"{names[expression]} = {_value(value)}" for expression, value in example.items()]
    return " en ".join(parts) if parts else "welke invoer dan ook"


def _value(value: Any) -> str:
    if value is None:
        return "(leeg)"
    if isinstance(value, str):
        return f"‘{value}’"
    if isinstance(value, bool):
        return "waar" if value else "niet waar"
    if isinstance(value, Decimal):
        return feel.text(value).replace(".", ",")
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return f"{value.day}-{value.month}-{value.year}"
    return feel.text(value)
