"""The timeline of a casus in Dutch sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from service.operations.outlooks import TimelineRow
from service.web import dates, reasons, sources


def by_day(rows: Iterable[TimelineRow]) -> list[tuple[date, list[TimelineRow]]]:
    """Rows under their day, as they come."""
    days: dict[date, list[TimelineRow]] = {}
    for row in rows:
        days.setdefault(dates.local_day(row.at), []).append(row)
    return list(days.items())


def sentence(row: TimelineRow, role: Callable[[str], str]) -> str:
    """What happened, in one sentence.

    role  the word for a role, for who reads this
    """
    return _SENTENCES[row.kind](row, role)


def _by(row: TimelineRow) -> str:
    return f", door {row.person_name}" if row.person_name else ""


def _who(row: TimelineRow, role: Callable[[str], str]) -> str:
    words = role(row.role)
    named = f"{words[:1].upper()}{words[1:]}"
    return f"{named} ({row.organisation_name})" if row.organisation_name else named


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"


def _disclosed(row: TimelineRow, role: Callable[[str], str]) -> str:
    to = _listed([role(one) for one in row.to]) if row.to else "een deelnemer"
    return f"{_who(row, role)} deelde gegevens met {to}. Doel: {row.detail.rstrip('.')}"


def _ended(row: TimelineRow, role: Callable[[str], str]) -> str:
    to = _listed([role(one) for one in row.to]) if row.to else "een deelnemer"
    return f"{_who(row, role)} deelt deze gegevens niet meer met {to}. Het doel was: {row.detail.rstrip('.')}"


def _said(row: TimelineRow, role: Callable[[str], str]) -> str:
    about = "delen wat is vastgelegd door" if row.detail == "delen" else "laten lezen wat komt van"
    verb = "toestemming gegeven" if row.kind == "agreed" else "geen toestemming gegeven"
    told = f"{_who(row, role)}: {verb} voor het {about} {reasons.domain(row.name)}"
    return f"{told}. {sources.entered(row.behalf, role)}" if row.behalf else told


_SENTENCES: Mapping[str, Callable[[TimelineRow, Callable[[str], str]], str]] = {
    "process-started": lambda row, role: f"{row.name} is begonnen{_by(row)}",
    "process-ended": lambda row, role: (
        f"{row.name} is afgerond: {row.detail}" if row.detail else f"{row.name} is afgerond"
    ),
    "task-done": lambda row, role: (
        f"‘{row.name}’ is klaar. {sources.entered(row.behalf, role)}"
        if row.behalf
        else f"‘{row.name}’ is klaar{_by(row)}"
    ),
    "joined": lambda row, role: f"{_who(row, role)} doet nu mee",
    "left": lambda row, role: f"{_who(row, role)} doet niet meer mee",
    "disclosed": _disclosed,
    "disclosure-ended": _ended,
    "agreed": _said,
    "refused": _said,
    "note": lambda row, role: (
        f"{'Aanvulling' if row.note and row.note.supplements else 'Notitie'} van {row.person_name or role(row.role)}"
    ),
}
