"""Answers of the dossier as people read them: with the question, in Dutch."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from service import forms
from service.domain import DataClass
from service.operations import catalog
from service.operations.dossiers import Answer
from service.operations.guard import Work
from service.operations.views import DossierRow
from service.store import instances, organisations
from service.store.rows import Found


def rows(work: Work, found: Sequence[Answer]) -> tuple[DossierRow, ...]:
    """Each answer with the label that its form gave it, form by form, in the order of the form."""
    names = {o.key: o.name for o in organisations.everything(work.session, ended=True)} if found else {}
    processes = {key: _process(work, key) for key in {answer.instance_key for answer in found}}
    places = {answer.key: _place(answer, processes[answer.instance_key]) for answer in found}
    ordered = sorted(found, key=lambda answer: (answer.entered_at, answer.form_id, places[answer.key]))
    return tuple(_row(answer, processes[answer.instance_key], names) for answer in ordered)


def labels(work: Work, wanted: Sequence[tuple[int, str, str]]) -> dict[tuple[int, str, str], tuple[str, str]]:
    """The name of the form and the question of each (instance, form, path)."""
    processes = {key: _process(work, key) for key in {instance_key for instance_key, _, _ in wanted}}
    found: dict[tuple[int, str, str], tuple[str, str]] = {}
    for instance_key, form_id, path in wanted:
        process = processes[instance_key]
        form = process.forms.get(form_id) if process else None
        component = form.component(path) if form else None
        found[(instance_key, form_id, path)] = (
            form.title if form else form_id,
            component.label if component else path,
        )
    return found


def _place(answer: Answer, process: catalog.Process | None) -> tuple[int, int]:
    """Where an answer stands in its form: row of a list first, then the question."""
    form = process.forms.get(answer.form_id) if process else None
    questions = [component.path for component in form.walk() if component.key] if form else []
    parts = answer.path.split(".")
    plain = ".".join(part for part in parts if not part.isdigit())
    first = questions.index(plain) if plain in questions else len(questions)
    row = next((int(part) for part in parts if part.isdigit()), None)
    if row is None:
        return first, 0
    head = parts[0]
    start = next((at for at, path in enumerate(questions) if path.startswith(f"{head}.")), first)
    return start, row * 1000 + first


def _process(work: Work, instance_key: int) -> catalog.Process | None:
    instance = instances.get(work.session, instance_key)
    return catalog.process(work.session, instance.definition_key) if instance else None


def _row(answer: Answer, process: catalog.Process | None, names: dict[str, str]) -> DossierRow:
    form = process.forms.get(answer.form_id) if process else None
    component = form.component(answer.path) if form else None
    return DossierRow(
        label=component.label if component else answer.path,
        value=forms.display(component, answer.value) if component else str(answer.value),
        klasse=answer.klasse.value,
        owner=names.get(answer.owner_organisation) or answer.owner_role,
        form_name=form.title if form else answer.form_id,
        entered_at=answer.entered_at,
    )


def hidden(work: Work, steps: Sequence[Found], everything: Collection[DataClass]) -> tuple[str, ...]:
    """The classes that finished forms of this casus ask for and that the actor does not read in full.

    Told by the forms, not by the dossier: what may not be read is not looked at.
    """
    asked: set[DataClass] = set()
    for step in steps:
        if step.state == "COMPLETED":
            process = catalog.process(work.session, step.definition_key)
            form = process.forms.get(step.form_id)
            asked |= {c.klasse for c in form.walk() if c.takes_answer} if form else set()
    return tuple(sorted(k.value for k in asked if k is not DataClass.PROCESS and k not in everything))
