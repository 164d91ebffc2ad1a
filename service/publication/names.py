"""Which variables a process reads, and which something in it writes.

A name that nobody writes is null in FEEL, so that a slip of the pen becomes a wrong decision instead of an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service import dmn, feel, forms
from service.domain import Finding, Json
from service.engine import Definition, Element
from service.errors import DiagramRejected
from service.forms import Component, Form
from service.publication.package import Package, finding

_FROM_THE_CASUS = frozenset({"casus_id"})  # what starting a regional process adds itself
_IN_FORMS = frozenset({"this", "parent", "i"})
_WORK = frozenset(
    {"serviceTask", "sendTask", "callActivity", "receiveTask"}
)  # what they bring is known outside


@dataclass(frozen=True)
class _Read:
    """A formula and the place where it stands."""

    element: str
    formula: str
    file: str


def findings(
    package: Package, definition: Definition, *, functions: Iterable[str], file: str
) -> Iterator[Finding]:
    """Names that are read but never written, each once per place, and formulas in forms that cannot be read."""
    known_functions = frozenset(functions)
    made = written(package, definition)
    used = _forms_of(package, definition)
    for one in _diagram_reads(definition, file):
        yield from _missing(one, made, known_functions)
    for form in used:
        inside = _keys(form) | _IN_FORMS | made
        for one in form_formulas(form):
            yield from _missing(one, inside, known_functions)
    for one, local in _decision_reads(package, definition, known_functions):
        yield from _missing(one, made | local, known_functions)


def unreadable_formulas(form: Form, functions: Iterable[str]) -> Iterator[Finding]:
    """Formulas in a form that are no FEEL."""
    names = tuple(functions)
    for one in form_formulas(form):
        try:
            feel.reads(one.formula, names)
        except feel.FeelSyntaxError as error:
            yield finding(
                "formule-onleesbaar",
                one.element,
                f"De formule ‘{one.formula[:80]}’ kan niet worden gelezen: {error}.",
                "Herstel de formule; docs/formulieren.md geeft voorbeelden.",
                file=one.file,
            )


def _missing(one: _Read, written: frozenset[str], functions: frozenset[str]) -> Iterator[Finding]:
    try:
        names = feel.reads(one.formula, functions)
    except feel.FeelSyntaxError:
        return  # has a finding of its own
    for name in sorted(names - written - functions):
        yield finding(
            "variabele-nooit-geschreven",
            one.element,
            f"‘{name}’ wordt gelezen in ‘{one.formula[:80]}’, maar nergens in het proces ingevuld.",
            "Controleer de spelling. Komt de waarde uit een formulier, geef het veld dan klasse P of uitvoer ja; komt zij van buiten, "
            "noem haar dan in proces.toml onder [start] variabelen.",
            file=one.file,
            warn=True,
        )


def written(package: Package, definition: Definition) -> frozenset[str]:
    manifest = package.manifest
    outside = {*manifest.variables, *_FROM_THE_CASUS} if manifest else set()
    from_forms = {
        name for form in _forms_of(package, definition) for name in _variable_names(form.components)
    }
    called = {mapping.target for element in definition.elements.values() for mapping in _mappings(element)}
    answers = {element.headers.get("resultVariable", "") for element in definition.elements.values()} - {""}
    return definition.names_written | {name.split(".")[0] for name in called} | from_forms | outside | answers


def _mappings(element: Element) -> tuple[Any, ...]:
    return (*element.inputs, *element.outputs)


def _forms_of(package: Package, definition: Definition) -> list[Form]:
    """The forms of the tasks and the start, each once."""
    ids = [element.form_id for element in definition.elements.values()]
    ids += [package.manifest.start_form] if package.manifest else []
    return [package.forms[id_] for id_ in dict.fromkeys(ids) if id_ in package.forms]


def _variable_names(components: tuple[Component, ...]) -> Iterator[str]:
    """The top-level process variables that the answers of a form write."""
    for component in components:
        if component.key:
            inside = component.children and any(True for _ in _variable_names(component.children))
            if inside or (not component.children and forms.is_variable(component)):
                yield component.key
        else:
            yield from _variable_names(component.children)


def _keys(form: Form) -> frozenset[str]:
    return frozenset(component.key for component in form.walk() if component.key)


def _diagram_reads(definition: Definition, file: str) -> Iterator[_Read]:
    for element in definition.elements.values():
        for text in element_texts(element):
            if text.lstrip().startswith("="):
                yield _Read(element.id, text.lstrip()[1:].strip(), file)
        if element.script and not element.script.lstrip().startswith("="):
            yield _Read(element.id, element.script, file)
    for flow in definition.flows.values():
        if flow.condition:
            yield _Read(flow.id, flow.condition.lstrip().removeprefix("=").strip(), file)


def element_texts(element: Element) -> Iterator[str]:
    """The texts of an element that may be formulas over process variables."""
    yield from (element.form_id, element.assignee, element.candidate_groups, element.candidate_users)
    yield from (element.due_date, element.follow_up_date, element.priority)
    yield from (element.called_decision, element.called_element, element.job_type, element.script or "")
    yield from (mapping.source for mapping in element.inputs)
    if element.kind not in _WORK and not (element.event and element.event.kind == "message"):
        yield from (mapping.source for mapping in element.outputs)
    if element.event is not None:
        yield from (element.event.text, element.event.correlation_key)
    if element.loop is not None:
        yield from (element.loop.collection, element.loop.repeat, element.loop.until)


def form_formulas(form: Form) -> Iterator[_Read]:
    """Every formula of a form with the path of its component."""
    for component in form.walk():
        for formula in _formulas(component):
            yield _Read(component.path or form.id, formula, form.path)


def _formulas(component: Component) -> Iterator[str]:
    yield from filter(None, (component.hide, component.expression, component.options_from))
    check = component.named("controle").removeprefix("=").strip()
    if check:
        yield check
    for bound in (component.named("min"), component.named("max"), component.validation.get("min")):
        if _is_formula(bound):
            yield str(bound).lstrip()[1:].strip()
    for text in (component.label, component.description, component.text):
        yield from forms.formulas_in(text)


def _is_formula(text: Json) -> bool:
    return isinstance(text, str) and text.lstrip().startswith("=")


def _decision_reads(
    package: Package, definition: Definition, functions: frozenset[str]
) -> Iterator[tuple[_Read, frozenset[str]]]:
    """What the called decisions need to know, with the names that the calling element gives them itself."""
    for element in definition.elements.values():
        content = package.decisions.get(element.called_decision)
        if content is None:
            continue
        local = frozenset(mapping.target.split(".")[0] for mapping in element.inputs)
        for name in sorted(_needs(content, element.called_decision, set(), functions)):
            file = next(path for path in package.paths(".dmn") if package.files[path] == content)
            yield _Read(element.id, name, file), local


def _needs(content: bytes, decision_id: str, seen: set[str], functions: frozenset[str]) -> frozenset[str]:
    """Names of inputs that a decision and the decisions under it read."""
    try:
        decisions = dmn.read(content).decisions
    except DiagramRejected:
        return frozenset()
    decision = decisions.get(decision_id)
    if decision is None or decision_id in seen:
        return frozenset()
    seen.add(decision_id)
    below = {decisions[id_].name for id_ in decision.requires if id_ in decisions}
    own = set(decision.inputs) | _table_inputs(decision, functions)
    for id_ in decision.requires:
        own |= _needs(content, id_, seen, functions)
    return frozenset(own - below)


def _table_inputs(decision: dmn.Decision, functions: frozenset[str]) -> set[str]:
    if decision.logic is None or decision.logic.table is None:
        return set()
    found: set[str] = set()
    for clause in decision.logic.table.inputs:
        try:
            found |= feel.reads(clause.expression, functions)
        except feel.FeelSyntaxError:
            continue
    return found - functions
