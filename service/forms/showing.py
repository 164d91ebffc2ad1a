"""A form as a page shows it: values as typed, errors at their field, what is hidden left out."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Any

from service import feel
from service.clock import Clock
from service.domain import Json
from service.forms import dutch
from service.forms.fields import FIELDS, as_moment, kind_of
from service.forms.model import CHOICES, MANY, Component, FieldView, Form, FormView
from service.forms.moment import FormMoment, Place, Surroundings, mapping, rows_of, settle
from service.forms.validation import options

NOT_ANSWERED = "Niet ingevuld"
_EMPTY: Mapping[str, str] = MappingProxyType({})
_FORMULA = re.compile(r"\{\{(.{1,500}?)\}\}", re.DOTALL)
_HELP = {
    "date": "Bijvoorbeeld 14-3-2027",
    "time": "Bijvoorbeeld 9:30",
    "datetime": "Bijvoorbeeld 14-3-2027 9:30",
}
_INPUTMODES = {"email": "email", "telefoon": "tel"}


def view(
    form: Form,
    values: Mapping[str, Json],
    errors: Mapping[str, str] = _EMPTY,
    *,
    context: Mapping[str, Json],
    clock: Clock,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    readonly: bool = False,
) -> FormView:
    """The form ready to show.

    values    nested answers: typed, as a draft, or raw as they were posted
    errors    path -> Dutch sentence, as `validate` gives them
    context   process variables; one with the key of a field fills that field until it is answered
    readonly  show answers as text, to read back, audit or print
    """
    around = Surroundings(context=context, clock=clock, functions=functions or {})
    filled = _filled(form.components, values, {} if readonly else context, fill=not readonly)
    page = _Page(settle(form, filled, around), around, errors, readonly)
    fields = page.fields(form.components, "")
    return FormView(
        id=form.id,
        title=form.title,
        fields=fields,
        errors=page.summary(),
        intro=form.intro,
        readonly=readonly,
    )


def _filled(
    components: tuple[Component, ...], values: Mapping[str, Json], context: Mapping[str, Json], *, fill: bool
) -> dict[str, Json]:
    """The values, and for what was never answered the process variable of that name or the form's default."""
    found: dict[str, Json] = {}
    for component in components:
        given = values.get(component.key) if component.key else None
        known = mapping(context.get(component.key)) if component.key else context
        if component.type == "group":
            inner = mapping(given) if component.key else values
            below = _filled(component.children, inner, known, fill=fill)
            found.update({component.key: below} if component.key else below)
        elif component.key in values:
            found[component.key] = given
        elif component.key and fill:
            found[component.key] = context.get(component.key, _default(component))
    return found


def _default(component: Component) -> Json:
    if component.is_list:
        return [{} for _ in range(max(component.rows, int(component.required)))]
    return component.default


@dataclass
class _Page:
    """Builds the field views of one form at one moment."""

    moment: FormMoment
    around: Surroundings
    errors: Mapping[str, str]
    readonly: bool

    def __post_init__(self) -> None:
        self.places = {(place.prefix, place.component): place for place in self.moment.places()}

    def fields(self, components: tuple[Component, ...], prefix: str) -> tuple[FieldView, ...]:
        found = ((component, self.places.get((prefix, component))) for component in components)
        return tuple(self.field(component, place) for component, place in found if place is not None)

    def empty_row(self, component: Component, prefix: str) -> tuple[FieldView, ...]:
        """What a new row of a list holds."""
        made = []
        for child in component.children:
            place = Place(child, prefix, child.default, {}, ChainMap({}, dict(self.around.context)))
            made.append(self.field(child, place))
        return tuple(made)

    def field(self, component: Component, place: Place) -> FieldView:
        path = place.path if component.key else ""
        shown = self.readonly or component.readonly
        return FieldView(
            path=path,
            name=path,
            type=component.type,
            label=self.text(component.label, place.names),
            help="" if shown else self._help(component, place),
            why="" if shown else component.named("toelichting"),
            required=component.required or component.named("minimaal").strip() not in {"", "0"},
            value=self._value(component, place, shown),
            values=_chosen(place.raw) if component.type in MANY else (),
            options=self._options(component, place),
            error=self.errors.get(path, "") if path else "",
            rows=self._rows(component, place),
            children=self._children(component, place),
            klasse=component.klasse.value,
            eigenaar=component.eigenaar,
            autocomplete=component.named("autocomplete"),
            inputmode=_inputmode(component),
            readonly=shown,
        )

    def _help(self, component: Component, place: Place) -> str:
        return self.text(component.description, place.names) or _HELP.get(component.subtype, "")

    def _value(self, component: Component, place: Place, shown: bool) -> str:
        if component.type in {"text", "html"}:
            text = self.text(component.text, place.names)
            return plain(text) if component.type == "html" else text
        if component.type == "expression" or component.readonly:
            return display(component, place.own.get(component.key))
        field = FIELDS.get(component.type)
        if field is None or not component.key:
            return ""
        return display(component, place.raw) if shown else field(component).text(place.raw)

    def _options(self, component: Component, place: Place) -> tuple[tuple[str, str], ...]:
        if component.type not in CHOICES:
            return ()
        found = options(component, place.names, self.around)
        return tuple((str(option.value), option.label) for option in found)

    def _rows(self, component: Component, place: Place) -> tuple[tuple[FieldView, ...], ...]:
        if not component.is_list:
            return ()
        numbers = range(len(rows_of(place.raw)))
        return tuple(self.fields(component.children, f"{place.path}.{number}") for number in numbers)

    def _children(self, component: Component, place: Place) -> tuple[FieldView, ...]:
        if component.is_list:
            return self.empty_row(component, f"{place.path}.{len(rows_of(place.raw))}")
        return self.fields(component.children, place.path if component.key else place.prefix)

    def text(self, template: str, names: Mapping[str, Any]) -> str:
        """Words for people: as they are, one formula after `=`, or with {{ formulas }} in them."""
        if template.startswith("="):
            return self._said(template[1:], names)
        return _FORMULA.sub(lambda found: self._said(found[1].strip(), names), template)

    def _said(self, formula: str, names: Mapping[str, Any]) -> str:
        value = _words(feel.to_json(self.around.evaluate(formula, names)))
        return value.replace("](", "] (")  # a value never becomes a link

    def summary(self) -> tuple[tuple[str, str, str], ...]:
        """The errors in the order of the page; those of names that are not on the form come last."""
        labels = {place.path: place.component.label for place in self.places.values() if place.component.key}
        known = [(path, label, self.errors[path]) for path, label in labels.items() if path in self.errors]
        other = [(path, path, sentence) for path, sentence in self.errors.items() if path not in labels]
        return tuple(known + other)


def formulas_in(template: str) -> tuple[str, ...]:
    """The formulas in words for people."""
    if template.startswith("="):
        return (template[1:].strip(),)
    return tuple(found.strip() for found in _FORMULA.findall(template))


def display(component: Component, value: Json) -> str:
    """An answer as Dutch people read it: "14 maart 2027", "1.234,5", "Ja", the label of a choice."""
    if component.type == "checkbox":
        return "Ja" if FIELDS["checkbox"](component).text(value) else "Nee"
    if value is None or value in ("", []):
        return NOT_ANSWERED
    if component.type in CHOICES:
        labels = {str(option.value): option.label for option in component.options}
        return ", ".join(labels.get(one, one) for one in _chosen(value))
    if component.type == "datetime":
        return _moment(value, component.subtype)
    if isinstance(value, list) and component.is_list:
        return "; ".join(_row(component, mapping(row)) for row in value)
    return _words(value)


def _row(component: Component, row: Mapping[str, Json]) -> str:
    leaves = (child for child in component.children if child.key)
    return ", ".join(display(child, row.get(child.key)) for child in leaves)


def _moment(value: Json, subtype: str) -> str:
    moment = as_moment(value, subtype)
    if moment is None:
        return str(value)
    if subtype == "time":
        return f"{moment:%H:%M} uur"
    if subtype == "datetime":
        return f"{_day(moment)} om {moment:%H:%M} uur"
    return _day(moment)


def _day(moment: Any) -> str:
    return dutch.show_date(moment)


def _words(value: Json) -> str:
    """Any JSON value in words."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, (int, float)):
        return dutch.show_number(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_words(one)}" for key, one in value.items())
    day = dutch.read_date(str(value)) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else None
    return dutch.show_date(day) if day else str(value)


def _chosen(raw: Json) -> tuple[str, ...]:
    if raw is None or raw == "":
        return ()
    return tuple(str(one) for one in raw) if isinstance(raw, (list, tuple)) else (str(raw),)


def _inputmode(component: Component) -> str:
    if component.type == "number":
        return "numeric" if component.named("decimalen") == "0" else "decimal"
    return _INPUTMODES.get(kind_of(component), "") if component.type == "textfield" else ""


class _Words(HTMLParser):
    """Keeps the words of an html component; blocks become paragraphs, list items get a dash."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        breaks = {"br": "\n", "li": "\n- ", "p": "\n\n", "div": "\n\n", "ul": "\n", "ol": "\n"}
        headings = {f"h{level}": f"\n\n{'#' * min(level, 4)} " for level in range(1, 7)}
        self.parts.append({**breaks, **headings}.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.silent = max(0, self.silent - 1)
        self.parts.append("\n\n" if tag in {"h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol"} else "")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(re.sub(r"\s+", " ", data))


def plain(html: str) -> str:
    """The words of HTML as light Markdown, so that nothing in it can run."""
    words = _Words()
    words.feed(html)
    words.close()
    return re.sub(r"\n{3,}", "\n\n", "".join(words.parts)).strip()
