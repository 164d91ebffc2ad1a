"""A form compiled to a marshmallow schema, once per form: types, required answers, lengths, patterns, options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing

from service.domain import Json
from service.forms import texts
from service.forms.fields import FIELDS, HIDDEN, MAX_ROWS, Answer, blank, bounds
from service.forms.model import Component, Form


class _Answers(Schema):
    """The answers of a form, or of a group in it. Names that are not on the form are refused."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": texts.UNKNOWN, "type": texts.NOT_AN_OBJECT}  # noqa: RUF012  # marshmallow's own shape


class _Group(fields.Nested):
    """A group with a path of its own: nothing sent is an empty group, so that its required fields still speak."""

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        if value is HIDDEN:
            return missing
        return super().deserialize({} if value is missing or value is None else value, attr, data, **kwargs)


class _Rows(fields.List[Any]):
    """A dynamic list. Rows without any answer fall away, and errors keep the row numbers of the page."""

    def __init__(self, component: Component, row: _Group) -> None:
        super().__init__(row, data_key=component.key, attribute=component.key)
        self.component = component

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        if value is HIDDEN:
            return missing
        given = [] if value is missing or value is None or value == "" else value
        if not isinstance(given, list):
            raise ValidationError(texts.not_a_choice(self.component))
        self._check_number(sum(not blank(row) for row in given))
        rows = super().deserialize([HIDDEN if blank(row) else row for row in given], attr, data, **kwargs)
        return [row for row in rows if row is not missing]

    def _check_number(self, number: int) -> None:
        least, most = bounds(self.component)
        if self.component.required and not number:
            raise ValidationError(texts.required(self.component))
        if number < least:
            raise ValidationError(texts.too_few(self.component, least))
        most = min(most or MAX_ROWS, MAX_ROWS)
        if number > most:
            raise ValidationError(texts.too_many(self.component, most))


@dataclass(frozen=True)
class Compiled:
    """A schema with the field of each component."""

    schema: Schema
    answers: Mapping[Component, Answer]


@lru_cache(maxsize=512)
def compiled(form: Form) -> Compiled:
    """The schema of a form; `read` gives one Form per file, so this compiles once per file."""
    answers: dict[Component, Answer] = {}
    return Compiled(_schema(form.components, answers), answers)


def _schema(components: tuple[Component, ...], answers: dict[Component, Answer]) -> Schema:
    # The keys of a form are anything an author typed ("Meta", "load"), so marshmallow gets numbered names instead.
    found = {f"f{number}": field for number, field in enumerate(_fields(components, answers))}
    return _Answers.from_dict(found)()


def _fields(
    components: tuple[Component, ...], answers: dict[Component, Answer]
) -> Iterator[fields.Field[Any]]:
    for component in components:
        if component.takes_answer:
            answers[component] = FIELDS[component.type](component)
            yield answers[component]
        elif component.is_list and component.key:
            yield _Rows(component, _Group(_schema(component.children, answers)))
        elif component.type == "group" and component.key:
            inner = _schema(component.children, answers)
            yield _Group(inner, data_key=component.key, attribute=component.key)
        elif component.type == "group":
            yield from _fields(component.children, answers)


def load(form: Form, raw: Mapping[str, Json]) -> tuple[dict[str, Json], dict[str, str]]:
    """Typed answers and, per path, what to mend."""
    try:
        return dict(compiled(form).schema.load(raw)), {}
    except ValidationError as error:
        kept = error.valid_data if isinstance(error.valid_data, dict) else {}
        return kept, dict(_flat(error.messages, ""))


def _flat(messages: Any, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            inner = prefix if key == "_schema" else f"{prefix}.{key}" if prefix else str(key)
            yield from _flat(below, inner)
    elif messages:
        yield prefix, str(messages[0] if isinstance(messages, list) else messages)
