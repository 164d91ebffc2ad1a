"""DMN XML to a Model: the requirements graph, the types, the imports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from lxml import etree

from service.dmn import checks, xml
from service.dmn.expressions import logic, name_of, type_reference
from service.dmn.model import (
    Boxed,
    Decision,
    Import,
    Input,
    ItemDefinition,
    Model,
    Reference,
    Service,
)

_REQUIREMENTS = {
    "requiredDecision": "decision",
    "requiredInput": "input",
    "requiredKnowledge": "knowledge",
}
MAX_FORMULAS = 20_000
_MAX_COMPONENTS = 20  # levels of components in components


@lru_cache(maxsize=512)
def read(content: bytes) -> Model:
    """The model of a file; the same bytes give the same object. Raises DiagramRejected."""
    root = xml.parse(content)
    space = etree.QName(root).namespace or ""
    if xml.tag(root) != "definitions" or "/DMN/" not in space.upper():
        raise xml.reject(
            "Dit is geen DMN-bestand.", "Kies een bestand met <definitions> van DMN 1.2 of hoger."
        )
    _refuse_endless(root)
    home = root.get("namespace", "")
    inputs = {one.id: one for one in map(_input, xml.children(root, "inputData"))}
    model = Model(
        name=root.get("name", ""),
        namespace=home,
        decisions={d.id: d for d in (_decision(one, home, inputs) for one in xml.children(root, "decision"))},
        knowledge={
            k.id: k
            for k in (_decision(one, home, inputs) for one in xml.children(root, "businessKnowledgeModel"))
        },
        services={s.id: s for s in (_service(one, home) for one in xml.children(root, "decisionService"))},
        inputs=inputs,
        types={t.name: t for t in (_item(one) for one in xml.children(root, "itemDefinition"))},
        imports=tuple(
            Import(name=name_of(one), namespace=one.get("namespace", ""))
            for one in xml.children(root, "import")
            if "/DMN/" in one.get("importType", "").upper()
        ),
    )
    model = replace(model, phrases=frozenset(name for name in _parts(model) if not name.isidentifier()))
    return replace(model, findings=tuple(checks.findings(model)))


def _refuse_endless(root: etree._Element) -> None:
    """Every formula is parsed when a model is read; there is an end to how many that may be."""
    formulas = sum(1 for one in root.iter() if xml.tag(one) == "text")
    if formulas > MAX_FORMULAS:
        raise xml.reject(
            f"Het bestand heeft {formulas} vakken en formules; {MAX_FORMULAS} is het meeste.",
            "Splits de beslissing over meer bestanden.",
        )


def _named(element: etree._Element) -> tuple[str, str]:
    variable = xml.child(element, "variable")
    if variable is None:
        return name_of(element) or element.get("id", ""), ""
    return name_of(variable) or name_of(element) or element.get("id", ""), type_reference(variable)


def _input(element: etree._Element) -> Input:
    name, type_ = _named(element)
    return Input(id=element.get("id") or name, name=name, type=type_)


def _reference(element: etree._Element, kind: str, home: str) -> Reference:
    namespace, _, id_ = str(element.get("href", "")).rpartition("#")
    return Reference(kind=kind, id=id_, namespace="" if namespace == home else namespace)


def _decision(element: etree._Element, home: str, inputs: dict[str, Input]) -> Decision:
    name, type_ = _named(element)
    references = tuple(
        _reference(one, _REQUIREMENTS[xml.tag(one)], home)
        for need in xml.children(element, "informationRequirement", "knowledgeRequirement")
        for one in xml.children(need, *_REQUIREMENTS)
    )
    own = [one for one in references if not one.namespace]
    return Decision(
        id=element.get("id") or name,
        name=name,
        logic=logic(element),
        requires=tuple(one.id for one in own if one.kind == "decision"),
        knowledge=tuple(one.id for one in own if one.kind == "knowledge"),
        inputs=tuple(inputs[one.id].name for one in own if one.kind == "input" and one.id in inputs),
        references=references,
        type=type_,
        title=name_of(element),
    )


def _service(element: etree._Element, home: str) -> Service:
    name, type_ = _named(element)
    data = [_reference(one, "input", home) for one in xml.children(element, "inputData")]
    given = [_reference(one, "decision", home) for one in xml.children(element, "inputDecision")]
    outputs = [_reference(one, "decision", home) for one in xml.children(element, "outputDecision")]
    return Service(
        id=element.get("id") or name,
        name=name,
        outputs=tuple(outputs),
        parameters=(*data, *given),
        type=type_,
    )


def _item(element: etree._Element, depth: int = 0) -> ItemDefinition:
    if depth > _MAX_COMPONENTS:
        raise xml.reject("Een type is te diep genest.", "Splits het type.", element=element.get("id", ""))
    function = xml.child(element, "functionItem")
    return ItemDefinition(
        name=name_of(element),
        base=type_reference(element),
        components=tuple(_item(one, depth + 1) for one in xml.children(element, "itemComponent")),
        collection=element.get("isCollection") == "true",
        allowed=xml.text(xml.child(element, "allowedValues")),
        constraint=xml.text(xml.child(element, "typeConstraint")),
        result=function.get("outputTypeRef", "") if function is not None else None,
    )


def _parts(model: Model) -> Iterator[str]:
    """Every name that a part of some value may have."""
    for item in model.types.values():
        yield from _components(item)
    for holder in (*model.decisions.values(), *model.knowledge.values()):
        if holder.logic is not None:
            yield from _keys(holder.logic)


def _components(item: ItemDefinition) -> Iterator[str]:
    for one in item.components:
        yield one.name
        yield from _components(one)


def _keys(boxed: Boxed) -> Iterator[str]:
    for entry in boxed.entries:
        if boxed.kind in {"context", "row"}:
            yield entry.name
        yield from _keys(entry.value)
    if boxed.table is not None:
        yield from (one.name for one in boxed.table.outputs)
    if boxed.body is not None:
        yield from _keys(boxed.body)
