"""From the names and values of an HTML form to nested raw answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.domain import Json
from service.forms.fields import MAX_ROWS
from service.forms.model import MANY, Component, Form

Posted = Mapping[str, Sequence[str]]

MAX_UNKNOWN = 20  # of the names that are not on the form, so many are kept to be refused by name


def collect(form: Form, posted: Posted) -> dict[str, Json]:
    """The raw answers in what a page posted, nested by path; rows of lists close up.

    Browsers send nothing for an unticked box, so a box, radio or checklist that is absent counts as empty; a text
    that is absent was not on the page and stays out. Names that are not on the form stay, to be refused.
    """
    known: set[str] = set()
    raw = _collect(form.components, posted, "", known, _row_numbers(form, posted))
    unknown = [name for name in posted if name not in known]
    for name in unknown[:MAX_UNKNOWN]:
        raw.setdefault(name, posted[name][0] if posted[name] else "")
    return raw


def _row_numbers(form: Form, posted: Posted) -> dict[str, list[int]]:
    """Per list path, with row numbers of lists around it, which rows were posted."""
    lists = {component.path for component in form.walk() if component.is_list}
    found: dict[str, set[int]] = {}
    for name in posted if lists else ():
        parts = name.split(".")
        for at, part in enumerate(parts):
            if part.isdecimal() and len(part) <= 4:
                found.setdefault(".".join(parts[:at]), set()).add(int(part))
    return {path: sorted(numbers)[: MAX_ROWS + 1] for path, numbers in found.items()}


def _collect(
    components: tuple[Component, ...],
    posted: Posted,
    prefix: str,
    known: set[str],
    rows: Mapping[str, list[int]],
) -> dict[str, Json]:
    raw: dict[str, Json] = {}
    for component in components:
        path = f"{prefix}.{component.key}" if prefix else component.key
        if component.is_list and component.key:
            raw[component.key] = [
                _collect(component.children, posted, f"{path}.{number}", known, rows)
                for number in rows.get(path, ())
            ]
        elif component.children:
            inner = _collect(component.children, posted, path if component.key else prefix, known, rows)
            raw.update({component.key: inner} if component.key else inner)
        elif component.key:
            known.add(path)
            raw.update(_answer(component, posted.get(path)))
    return raw


def _answer(component: Component, sent: Sequence[str] | None) -> dict[str, Json]:
    if not component.takes_answer:
        return {}
    if component.type in MANY:
        return {component.key: [value for value in sent or () if value]}
    if component.type == "checkbox":
        return {component.key: bool(sent) and sent[-1] not in {"", "false", "nee"} if sent else False}
    if sent:
        return {component.key: sent[-1]}
    return {component.key: ""} if component.type == "radio" else {}
