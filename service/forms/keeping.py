"""Where answers go: to the process, to the dossier, or to both."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from service.domain import DataClass, Json
from service.forms.model import Component, Entry, Form
from service.forms.moment import mapping


def variables(form: Form, answers: Mapping[str, Json]) -> dict[str, Json]:
    """The answers that become process variables: class P, and what a component declares as output."""
    return _variables(form.components, answers)


def is_variable(component: Component) -> bool:
    """Whether the answer of this component becomes a process variable."""
    return component.uitvoer or component.klasse is DataClass.PROCESS


def puts_out(form: Form, classes: Collection[DataClass]) -> bool:
    """Whether an answer of one of these classes becomes a process variable."""
    return any(one.uitvoer and one.klasse in classes for one in _all(form.components))


def _all(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _all(component.children)


def _variables(components: tuple[Component, ...], answers: Mapping[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for component in components:
        given = answers.get(component.key)
        if component.type == "group" and not component.key:
            found.update(_variables(component.children, answers))
        elif component.key not in answers or not component.key:
            continue
        elif component.is_list and isinstance(given, list):
            rows = [_variables(component.children, mapping(row)) for row in given]
            if is_variable(component) or any(rows):
                found[component.key] = rows
        elif component.type == "group":
            inner = _variables(component.children, mapping(given))
            found.update({component.key: inner} if inner else {})
        elif is_variable(component):
            found[component.key] = given
    return found


def dossier(form: Form, answers: Mapping[str, Json]) -> tuple[Entry, ...]:
    """The answers that the dossier keeps: all that are personal data, one entry per field and row."""
    return tuple(_entries(form.components, answers, "", ""))


def _entries(
    components: tuple[Component, ...], answers: Mapping[str, Json], prefix: str, heading: str
) -> Iterator[Entry]:
    for component in components:
        given, path = answers.get(component.key), f"{prefix}.{component.key}" if prefix else component.key
        if component.is_list and isinstance(given, list):
            for number, row in enumerate(given):
                above = f"{component.label or component.key} {number + 1}: "
                yield from _entries(component.children, mapping(row), f"{path}.{number}", above)
        elif component.type == "group":
            inner = mapping(given) if component.key else answers
            yield from _entries(component.children, inner, path if component.key else prefix, heading)
        elif component.key and component.key in answers and component.klasse is not DataClass.PROCESS:
            yield Entry(
                path=path,
                label=heading + (component.label or component.key),
                klasse=component.klasse,
                eigenaar=component.eigenaar,
                value=given,
            )
