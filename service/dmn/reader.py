"""DMN XML to a Model."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from service.dmn.model import Boxed, Clause, Decision, Model, Rule, Table, parse_xml, reject


@lru_cache(maxsize=512)
def read(xml: bytes) -> Model:
    """The model of a file; the same bytes give the same object. Raises DiagramRejected."""
    root = parse_xml(xml)
    if _tag(root) != "definitions" or "DMN" not in str(etree.QName(root).namespace).upper():
        raise reject("Dit is geen DMN-bestand.", "Kies een bestand met <definitions> van DMN 1.2 of hoger.")
    ids = {str(one.get("id")): one for one in root.iter() if isinstance(one.tag, str) and one.get("id")}
    decisions = {d.id: d for d in (_decision(one, ids) for one in _children(root, "decision"))}
    knowledge = {k.id: k for k in (_decision(one, ids) for one in _children(root, "businessKnowledgeModel"))}
    return Model(name=root.get("name", ""), decisions=decisions, knowledge=knowledge)


def _tag(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _children(element: etree._Element, *tags: str) -> list[etree._Element]:
    return [child for child in element if _tag(child) in tags]


def _child(element: etree._Element | None, *tags: str) -> etree._Element | None:
    return next(iter(_children(element, *tags)), None) if element is not None else None


def _text(element: etree._Element | None) -> str:
    child = _child(element, "text")
    return (child.text or "").strip() if child is not None else ""


def _decision(element: etree._Element, ids: dict[str, etree._Element]) -> Decision:
    variable = _child(element, "variable")
    name = (
        (variable.get("name") if variable is not None else None)
        or element.get("name")
        or element.get("id", "")
    )
    needs = [
        ref for kind in ("informationRequirement", "knowledgeRequirement") for ref in _children(element, kind)
    ]
    refs = [
        (_tag(ref), str(ref.get("href", "")).rpartition("#")[2])
        for need in needs
        for ref in need
        if _tag(ref)
    ]
    inputs = [_input_name(ids[key]) for tag, key in refs if tag == "requiredInput" and key in ids]
    return Decision(
        id=element.get("id", ""),
        name=str(name),
        logic=_logic(element),
        requires=tuple(key for tag, key in refs if tag == "requiredDecision"),
        knowledge=tuple(key for tag, key in refs if tag == "requiredKnowledge"),
        inputs=tuple(inputs),
    )


def _input_name(element: etree._Element) -> str:
    variable = _child(element, "variable")
    return str((variable.get("name") if variable is not None else None) or element.get("name", ""))


_KINDS = (
    "decisionTable",
    "literalExpression",
    "context",
    "list",
    "relation",
    "functionDefinition",
    "invocation",
    "encapsulatedLogic",
)


def _logic(element: etree._Element | None) -> Boxed | None:
    boxed = _child(element, *_KINDS)
    return None if boxed is None else _boxed(boxed)


def _boxed(element: etree._Element) -> Boxed:
    kind = _tag(element)
    if kind == "decisionTable":
        return Boxed(kind="table", table=_table(element))
    if kind == "context":
        return Boxed(
            kind="context", entries=tuple(_context_entry(one) for one in _children(element, "contextEntry"))
        )
    if kind == "list":
        return Boxed(kind="list", entries=tuple(("", _boxed(one)) for one in element if _tag(one) in _KINDS))
    if kind == "relation":
        return _relation(element)
    if kind in {"functionDefinition", "encapsulatedLogic"}:
        parameters = tuple(one.get("name", "") for one in _children(element, "formalParameter"))
        return Boxed(kind="function", parameters=parameters, body=_logic(element))
    if kind == "invocation":
        bindings = [(_child(one, "parameter"), _logic(one)) for one in _children(element, "binding")]
        entries = tuple((p.get("name", ""), e) for p, e in bindings if p is not None and e is not None)
        return Boxed(kind="invocation", body=_logic(element), entries=entries)
    return Boxed(kind="literal", text=_text(element))


def _context_entry(element: etree._Element) -> tuple[str, Boxed]:
    variable = _child(element, "variable")
    return variable.get("name", "") if variable is not None else "", _logic(element) or Boxed(
        kind="literal", text="null"
    )


def _relation(element: etree._Element) -> Boxed:
    columns = [one.get("name", "") for one in _children(element, "column")]
    rows = []
    for row in _children(element, "row"):
        cells = [_boxed(one) for one in row if _tag(one) in _KINDS]
        rows.append(("", Boxed(kind="context", entries=tuple(zip(columns, cells, strict=False)))))
    return Boxed(kind="list", entries=tuple(rows))


def _table(element: etree._Element) -> Table:
    rules = []
    for number, row in enumerate(_children(element, "rule"), 1):
        cells = tuple(_text(one) for one in _children(row, "inputEntry"))
        results = tuple(_text(one) for one in _children(row, "outputEntry"))
        rules.append(Rule(id=row.get("id", f"rij-{number}"), inputs=cells, outputs=results))
    return Table(
        hit_policy=element.get("hitPolicy", "UNIQUE").replace(" ", "_"),
        aggregation=element.get("aggregation", ""),
        inputs=tuple(_input(one) for one in _children(element, "input")),
        outputs=tuple(_output(one) for one in _children(element, "output")),
        rules=tuple(rules),
    )


def _input(element: etree._Element) -> Clause:
    expression = _child(element, "inputExpression")
    return Clause(
        expression=_text(expression),
        name=element.get("label", "") or _text(expression),
        type=expression.get("typeRef", "") if expression is not None else "",
        allowed=_text(_child(element, "inputValues")),
    )


def _output(element: etree._Element) -> Clause:
    default = _child(element, "defaultOutputEntry")
    return Clause(
        name=element.get("name", ""),
        type=element.get("typeRef", ""),
        allowed=_text(_child(element, "outputValues")),
        default=_text(default),
    )
