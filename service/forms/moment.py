"""A form at one moment: what its answers mean so far, and what conditions hide because of them."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError, missing

from service import feel
from service.clock import Clock
from service.domain import Json
from service.forms.fields import HIDDEN, MAX_ROWS, blank
from service.forms.model import Component, Form
from service.forms.schema import Compiled, compiled

Functions = Mapping[str, Callable[..., Any]]
Names = ChainMap[str, Any]
_ROUNDS = 8  # conditions that keep contradicting each other stop here; the last answer stands


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What formulas may use beside the answers."""

    context: Mapping[str, Json]  # process variables in the scope of the task
    clock: Clock
    functions: Functions

    def evaluate(self, formula: str, names: Mapping[str, Any]) -> Any:
        """The value of a formula; None when it cannot be read, which the check at publication refuses."""
        try:
            return feel.evaluate(formula, names, clock=self.clock, functions=self.functions)
        except feel.FeelSyntaxError:
            return None


@dataclass(frozen=True)
class Place:
    """One component where it stands on the page; rows of a list repeat it."""

    component: Component
    prefix: str  # path of what is around it, with row numbers
    raw: Json  # what was sent for it; None for nothing
    own: dict[str, Any]  # the typed values that it stands among
    names: Names  # what its formulas see: own values first, then everything around them

    @property
    def path(self) -> str:
        return _joined(self.prefix, self.component.key)


@dataclass
class FormMoment:
    """The meaning of one set of raw answers."""

    form: Form
    around: Surroundings
    raw: Mapping[str, Json]
    compiled: Compiled
    values: dict[str, Any] = field(default_factory=dict)  # typed; None for hidden, missing or unreadable
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)  # typed rows of lists by path, "pad.0"
    hidden: frozenset[tuple[str, Component]] = frozenset()

    def hides(self, prefix: str, component: Component) -> bool:
        return (prefix, component) in self.hidden

    def places(self, *, hidden_too: bool = False) -> Iterator[Place]:
        """Every component that shows now, each row of a list apart, in the order of the page."""
        root = Place(_ROOT, "", None, self.values, ChainMap(self.values, dict(self.around.context)))
        yield from self._below(self.form.components, root, self.raw, hidden_too)

    def _below(
        self, components: tuple[Component, ...], parent: Place, raw: Mapping[str, Json], hidden_too: bool
    ) -> Iterator[Place]:
        for component in components:
            if self.hides(parent.prefix, component) and not hidden_too:
                continue
            sent = raw.get(component.key) if component.key else None
            place = Place(component, parent.prefix, sent, parent.own, parent.names)
            yield place
            if component.is_list:
                for number, row in enumerate(rows_of(sent)):
                    inner = self._inside(place, self.rows.get(f"{place.path}.{number}", {}), number)
                    yield from self._below(component.children, inner, row, hidden_too)
            elif component.type == "group" and component.key:
                own = parent.own.get(component.key)
                inner = self._inside(place, own if isinstance(own, dict) else {}, None)
                yield from self._below(component.children, inner, mapping(sent), hidden_too)
            elif component.children:
                yield from self._below(component.children, parent, raw, hidden_too)

    def _inside(self, place: Place, own: dict[str, Any], row: int | None) -> Place:
        numbered = {} if row is None else {"i": row + 1}
        path = place.path if row is None else f"{place.path}.{row}"
        special = {"this": own, "parent": place.own, **numbered}
        return Place(place.component, path, None, own, ChainMap(own, special, *place.names.maps))

    def read(self) -> None:
        """Type every answer, and compute what formulas add to them."""
        self.rows = {}
        self.values = self._typed(self.form.components, self.raw, "")
        for place in self.places():
            component = place.component
            if component.type == "expression" and component.expression and component.key:
                value = self.around.evaluate(component.expression, place.names)
                place.own[component.key] = feel.to_json(value)

    def _typed(
        self, components: tuple[Component, ...], raw: Mapping[str, Json], prefix: str
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for component in components:
            shown = not self.hides(prefix, component)
            if component.type == "group" and not component.key:
                found.update(self._typed(component.children, raw if shown else {}, prefix))
            elif component.key:
                sent = raw.get(component.key)
                found[component.key] = self._typed_one(component, sent, prefix) if shown else None
        return found

    def _typed_one(self, component: Component, sent: Json, prefix: str) -> Any:
        path = _joined(prefix, component.key)
        if component.is_list:
            return list(self._typed_rows(component, rows_of(sent), path))
        if component.type == "group":
            return self._typed(component.children, mapping(sent), path)
        answer = self.compiled.answers.get(component)
        if answer is None:  # shown, not asked: a process variable; a formula is computed later
            return self.around.context.get(component.key)
        try:
            value = answer.deserialize(sent)
        except ValidationError:
            return None
        return None if value is missing else value

    def _typed_rows(self, component: Component, rows: list[Mapping[str, Json]], path: str) -> Iterator[Any]:
        for number, row in enumerate(rows):
            typed = self._typed(component.children, row, f"{path}.{number}")
            self.rows[f"{path}.{number}"] = typed
            if not blank(row):
                yield typed


_ROOT = Component(type="group")


def settle(form: Form, raw: Mapping[str, Json], around: Surroundings) -> FormMoment:
    """The form with these raw answers: conditions are evaluated until nothing changes any more.

    A hidden field counts as empty in the conditions of others.
    """
    moment = FormMoment(form, around, raw, compiled(form))
    moment.read()
    for _ in range(_ROUNDS):
        hidden = frozenset(
            (place.prefix, place.component)
            for place in moment.places(hidden_too=True)
            if place.component.hide and around.evaluate(place.component.hide, place.names) is True
        )
        if hidden == moment.hidden:
            break
        moment.hidden = hidden
        moment.read()
    return moment


def pruned(moment: FormMoment) -> dict[str, Json]:
    """The raw answers with a mark where a condition hides a field, and without what is only shown."""
    return _pruned(moment, moment.form.components, moment.raw, "")


def _pruned(
    moment: FormMoment, components: tuple[Component, ...], raw: Mapping[str, Json], prefix: str
) -> dict[str, Json]:
    kept = dict(raw)
    for component in components:
        if moment.hides(prefix, component):
            kept.update(dict.fromkeys(_keys(component), HIDDEN))
            _drop_shown(component, kept)
        elif component.type == "group" and not component.key:
            kept = _pruned(moment, component.children, kept, prefix)
        elif component.key:
            _prune_one(moment, component, kept, prefix)
    return kept


def _prune_one(moment: FormMoment, component: Component, kept: dict[str, Json], prefix: str) -> None:
    path, sent = _joined(prefix, component.key), kept.get(component.key)
    if component.is_list and isinstance(sent, list):
        kept[component.key] = [
            _pruned(moment, component.children, row, f"{path}.{number}") if _real_row(row) else row
            for number, row in enumerate(sent)
        ]
    elif component.type == "group" and (sent is None or isinstance(sent, Mapping)):
        kept[component.key] = _pruned(moment, component.children, mapping(sent), path)
    else:
        _drop_shown(component, kept)


def _drop_shown(component: Component, kept: dict[str, Json]) -> None:
    """Computed and read-only fields may come along in what is sent; they are never taken from it."""
    if component.children and not component.key:
        for child in component.children:
            _drop_shown(child, kept)
    elif component.key and not component.takes_answer and not component.children:
        kept.pop(component.key, None)


def _keys(component: Component) -> list[str]:
    if component.key:
        return [component.key]
    return [key for child in component.children for key in _keys(child)]


def _real_row(row: Json) -> bool:
    return isinstance(row, Mapping) and not blank(row)


def rows_of(sent: Json) -> list[Mapping[str, Json]]:
    """The rows of a list as sent; something that is no row counts as an empty one."""
    return [mapping(row) for row in sent[:MAX_ROWS]] if isinstance(sent, list) else []


def mapping(found: Any) -> Mapping[str, Any]:
    """The thing itself when it is a mapping, else an empty one."""
    return found if isinstance(found, Mapping) else {}


def _joined(prefix: str, key: str) -> str:
    return f"{prefix}.{key}" if prefix and key else key or prefix
