"""Answers checked against their form: the schema first, then the rules that need other answers or the clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from service import feel
from service.clock import AMSTERDAM, Clock
from service.domain import Json
from service.forms import dutch, texts
from service.forms.fields import as_moment, as_number
from service.forms.model import CHOICES, Component, Form, Option, Validation
from service.forms.moment import FormMoment, Place, Surroundings, pruned, settle
from service.forms.reading import option_from
from service.forms.schema import load


def validate(
    form: Form,
    raw: Mapping[str, Json],
    *,
    context: Mapping[str, Json],
    clock: Clock,
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> Validation:
    """What these raw answers mean for this form: typed answers, or what to mend per field.

    raw      nested by path, from a page (`collect`) or from JSON; dates and numbers as text or as JSON
    context  process variables that the task sees
    """
    around = Surroundings(context=context, clock=clock, functions=functions or {})
    if not isinstance(raw, Mapping):
        return Validation(answers={}, errors={"": texts.NOT_AN_OBJECT})
    moment = settle(form, raw, around)
    answers, errors = load(form, pruned(moment))
    for place in moment.places():
        below = f"{place.path}."
        if place.component.key and place.path not in errors:
            sentence = (
                "" if any(path.startswith(below) for path in errors) else _against_others(place, around)
            )
            if sentence:
                errors[place.path] = sentence
    if not errors:
        _add_computed(moment, answers)
    return Validation(answers=answers, errors=errors)


def _against_others(place: Place, around: Surroundings) -> str:
    """What is wrong with a typed answer in the light of other answers, the variables and the clock; "" for nothing."""
    component, value = place.component, place.own.get(place.component.key)
    if value is not None and component.takes_answer:
        sentence = _option_given(place, value, around) or _within_bounds(place, value, around)
        if sentence:
            return sentence
    return "" if _check_holds(place, around) else texts.check_failed(component)


def _option_given(place: Place, value: Json, around: Surroundings) -> str:
    component = place.component
    if component.type not in CHOICES or not component.options_from:
        return ""
    allowed = {str(option.value) for option in options(component, place.names, around)}
    given = value if isinstance(value, list) else [value]
    return "" if all(str(one) in allowed for one in given) else texts.not_a_choice(component)


def options(component: Component, names: Mapping[str, Any], around: Surroundings) -> tuple[Option, ...]:
    """The options of a choice: those in the form, or those that its formula gives now."""
    if not component.options_from:
        return component.options
    found = feel.to_json(around.evaluate(component.options_from, names))
    made = [option_from(one) for one in found[:1000]] if isinstance(found, list) else []
    return tuple(option for option in made if option is not None)


def _within_bounds(place: Place, value: Json, around: Surroundings) -> str:
    component = place.component
    if component.type not in {"number", "datetime"}:
        return ""
    answer = _comparable(value, component)
    low, high = (bound(component, which, place.names, around) for which in ("min", "max"))
    if low is not None and answer < low:
        return texts.too_low(component, show_bound(component, "min", low))
    if high is not None and answer > high:
        return texts.too_high(component, show_bound(component, "max", high))
    return ""


def bound(component: Component, which: str, names: Mapping[str, Any], around: Surroundings) -> Any:
    """The lowest ("min") or highest ("max") value allowed now; None when there is no bound."""
    given: Any = component.named(which) or component.validation.get(which)
    if given == "vandaag":
        return _comparable(around.clock.now().astimezone(AMSTERDAM).replace(tzinfo=None), component)
    if isinstance(given, str) and given.startswith("="):
        given = around.evaluate(given[1:], names)
    return _comparable(given, component)


def _comparable(value: Any, component: Component) -> Any:
    """A number, date, time or moment that can be compared with an answer of this component; None for anything else."""
    if component.type == "number":
        return as_number(value)
    if isinstance(value, datetime):
        value = value.astimezone(AMSTERDAM).replace(tzinfo=None) if value.tzinfo else value
        parts: dict[str, Any] = {"date": value.date(), "time": value.time()}
        return parts.get(component.subtype, value)
    if isinstance(value, date):
        return value if component.subtype == "date" else None
    return as_moment(value, component.subtype)


def show_bound(component: Component, which: str, value: Any) -> str:
    """A bound as a sentence names it: "vandaag", "14 maart 2027" or "1.234,5"."""
    if component.named(which) == "vandaag":
        return "vandaag"
    if isinstance(value, datetime):
        return f"{dutch.show_date(value)} {value:%H:%M}"
    if isinstance(value, date):
        return dutch.show_date(value)
    return dutch.show_number(value) if isinstance(value, Decimal) else f"{value:%H:%M}"


def _check_holds(place: Place, around: Surroundings) -> bool:
    """Whether the cross-field check of a component is true.

    A check that says neither true nor false because an answer that it reads is empty holds nobody up: whether that
    answer is required is for that field to say.
    """
    formula = place.component.named("controle").removeprefix("=")
    if not formula:
        return True
    outcome = around.evaluate(formula, place.names)
    if outcome is None:
        return any(place.names.get(name) is None for name in _reads(formula, place.names, around))
    return outcome is True


def _reads(formula: str, names: Mapping[str, Any], around: Surroundings) -> frozenset[str]:
    try:
        return frozenset(feel.reads(formula, [*names, *around.functions])) - set(around.functions)
    except feel.FeelSyntaxError:
        return frozenset()


def _add_computed(moment: FormMoment, answers: dict[str, Json]) -> None:
    for place in moment.places():
        component = place.component
        if component.type == "expression" and component.key and not _in_list(place):
            at: Any = answers
            for part in filter(None, place.prefix.split(".")):
                at = at.setdefault(part, {})
            at[component.key] = place.own.get(component.key)


def _in_list(place: Place) -> bool:
    return any(part.isdigit() for part in place.prefix.split("."))
