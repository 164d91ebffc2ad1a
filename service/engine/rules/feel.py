"""Every expression parses."""

from __future__ import annotations

from collections.abc import Iterator

from service import feel
from service.domain import Finding
from service.engine import timers
from service.engine.expressions import is_feel
from service.engine.expressions import source as expression_of
from service.engine.failure import Failure
from service.engine.rules.diagram import Diagram, fout, name_of
from service.engine.values import Element, Event


def expressions_of(element: Element) -> Iterator[tuple[str, str]]:
    """Where an expression stands in an element, and its FEEL without the equals sign."""
    for what, text in _texts(element):
        if is_feel(text):
            yield what, expression_of(text)
    loop = element.loop
    for what, text in (
        ("script", element.script or ""),
        ("voorwaarde van de lus", loop.repeat if loop else ""),
        ("voorwaarde om te stoppen", loop.until if loop else ""),
    ):
        if text and not is_feel(text):
            yield what, text


def _texts(element: Element) -> Iterator[tuple[str, str]]:
    yield "formulier", element.form_id
    yield "toegewezen persoon", element.assignee
    yield "kandidaatgroepen", element.candidate_groups
    yield "kandidaten", element.candidate_users
    yield "uiterste datum", element.due_date
    yield "opvolgdatum", element.follow_up_date
    yield "prioriteit", element.priority
    yield "beslissing", element.called_decision
    yield "aangeroepen proces", element.called_element
    yield "script", element.script or ""
    yield "taaktype", element.job_type
    yield "aantal pogingen", element.job_retries
    for mapping in (*element.inputs, *element.outputs):
        yield f"koppeling naar '{mapping.target}'", mapping.source
    if element.event is not None:
        yield "timer", element.event.text
        yield "correlatiesleutel", element.event.correlation_key
    if element.loop is not None:
        yield "lijst", element.loop.collection
        yield "uitkomst per keer", element.loop.output_element
        yield "voorwaarde van de lus", element.loop.repeat
        yield "voorwaarde om te stoppen", element.loop.until


def parse(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.elements.values():
        for what, text in expressions_of(element):
            yield from _parsed(element.id, f"{what} van {name_of(element)}", text)
        yield from _static_timer(element, element.event)
    for flow in diagram.flows.values():
        if flow.condition:
            text = expression_of(flow.condition) if is_feel(flow.condition) else flow.condition
            yield from _parsed(flow.id, "voorwaarde van de pijl", text)


def _parsed(element: str, what: str, text: str) -> Iterator[Finding]:
    try:
        feel.parse(text)
    except feel.FeelSyntaxError as error:
        yield fout(
            element,
            "expressie-ongeldig",
            f"De {what} is geen geldige FEEL: {error}",
            "Verbeter de expressie.",
        )


def _static_timer(element: Element, event: Event | None) -> Iterator[Finding]:
    if event is None or event.kind != "timer" or not event.text or is_feel(event.text):
        return
    try:
        _TIMERS[event.timer](event.text)
    except Failure as failure:
        yield fout(
            element.id,
            "timer-ongeldig",
            f"{failure.message}.",
            "Schrijf bijvoorbeeld P14D, 2027-01-31T12:00:00 of R3/PT1H.",
        )


def _duration(text: str) -> None:
    timers.after(timers.read("2026-01-01T00:00:00+00:00"), text)


_TIMERS = {"date": timers.moment, "duration": _duration, "cycle": timers.cycle}
