"""Boxed expressions in XML to Boxed."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from service.dmn import xml
from service.dmn.model import Boxed, Clause, Entry, Parameter, Rule, Table

MAX_DEPTH = 40
_ITERATORS = {"for": "return", "some": "satisfies", "every": "satisfies"}
_NULL = Boxed(kind="literal", text="null")


def logic(element: etree._Element | None, depth: int = 0) -> Boxed | None:
    """The boxed expression inside an element; None when there is none. Raises DiagramRejected when it nests too deep."""
    found = xml.child(element, *_READERS)
    return None if found is None else boxed(found, depth + 1)


def boxed(element: etree._Element, depth: int) -> Boxed:
    """The boxed expression that an element is."""
    if depth > MAX_DEPTH:
        raise xml.reject(
            f"De uitdrukkingen staan meer dan {MAX_DEPTH} lagen diep in elkaar.",
            "Splits de beslissing.",
            element=element.get("id", ""),
        )
    return _READERS[xml.tag(element)](element, depth)


def _literal(element: etree._Element, _depth: int) -> Boxed:
    id_, type_ = element.get("id", ""), _type(element)
    language = element.get("expressionLanguage", "")
    if language and "FEEL" not in language.upper():
        reason = f"the expression language {language} is not run, only FEEL"
        return Boxed(kind="unknown", id=id_, text=reason, type=type_)
    return Boxed(kind="literal", id=id_, text=xml.text(element), type=type_)


def _context(element: etree._Element, depth: int) -> Boxed:
    entries = []
    for one in xml.children(element, "contextEntry"):
        variable = xml.child(one, "variable")
        name = name_of(variable) if variable is not None else ""
        entries.append(Entry(name=name, value=logic(one, depth) or _NULL, type=_type(variable)))
    return Boxed(kind="context", id=element.get("id", ""), entries=tuple(entries), type=_type(element))


def _list(element: etree._Element, depth: int) -> Boxed:
    entries = tuple(Entry(name="", value=boxed(one, depth + 1)) for one in xml.children(element, *_READERS))
    return Boxed(kind="list", id=element.get("id", ""), entries=entries, type=_type(element))


def _relation(element: etree._Element, depth: int) -> Boxed:
    columns = [(name_of(one), _type(one)) for one in xml.children(element, "column")]
    rows = []
    for row in xml.children(element, "row"):
        cells = [boxed(one, depth + 1) for one in xml.children(row, *_READERS)]
        entries = tuple(
            Entry(name=name, value=cell, type=type_)
            for (name, type_), cell in zip(columns, cells, strict=False)
        )
        rows.append(Entry(name="", value=Boxed(kind="row", entries=entries)))
    return Boxed(kind="list", id=element.get("id", ""), entries=tuple(rows), type=_type(element))


def _function(element: etree._Element, depth: int) -> Boxed:
    id_, kind = element.get("id", ""), element.get("kind", "FEEL")
    if kind != "FEEL":
        return Boxed(kind="unknown", id=id_, text=f"a function of kind {kind} is not run")
    parameters = tuple(
        Parameter(name=name_of(one), type=_type(one)) for one in xml.children(element, "formalParameter")
    )
    return Boxed(
        kind="function", id=id_, parameters=parameters, body=logic(element, depth), type=_type(element)
    )


def _invocation(element: etree._Element, depth: int) -> Boxed:
    entries = []
    for one in xml.children(element, "binding"):
        parameter = xml.child(one, "parameter")
        if parameter is not None:
            value = logic(one, depth) or _NULL
            entries.append(Entry(name=name_of(parameter), value=value, type=_type(parameter)))
    return Boxed(
        kind="invocation",
        id=element.get("id", ""),
        body=logic(element, depth),
        entries=tuple(entries),
        type=_type(element),
    )


def _part(element: etree._Element, name: str, depth: int) -> Entry:
    return Entry(name=name, value=logic(xml.child(element, name), depth) or _NULL)


def _conditional(element: etree._Element, depth: int) -> Boxed:
    parts = tuple(_part(element, name, depth) for name in ("if", "then", "else"))
    return Boxed(kind="conditional", id=element.get("id", ""), entries=parts, type=_type(element))


def _filter(element: etree._Element, depth: int) -> Boxed:
    parts = (_part(element, "in", depth), _part(element, "match", depth))
    return Boxed(kind="filter", id=element.get("id", ""), entries=parts, type=_type(element))


def _iterator(element: etree._Element, depth: int) -> Boxed:
    kind = xml.tag(element)
    source = xml.child(element, "in")
    variable = Parameter(name=element.get("iteratorVariable", "").strip(), type=_type(source))
    parts = (_part(element, "in", depth), _part(element, _ITERATORS[kind], depth))
    return Boxed(
        kind=kind, id=element.get("id", ""), parameters=(variable,), entries=parts, type=_type(element)
    )


def _decision_table(element: etree._Element, _depth: int) -> Boxed:
    return Boxed(kind="table", id=element.get("id", ""), table=_table(element), type=_type(element))


_READERS: dict[str, Callable[[etree._Element, int], Boxed]] = {
    "literalExpression": _literal,
    "decisionTable": _decision_table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "functionDefinition": _function,
    "encapsulatedLogic": _function,
    "invocation": _invocation,
    "conditional": _conditional,
    "filter": _filter,
    "for": _iterator,
    "some": _iterator,
    "every": _iterator,
}


def _table(element: etree._Element) -> Table:
    rules = []
    for number, row in enumerate(xml.children(element, "rule"), 1):
        cells = tuple(xml.text(one) for one in xml.children(row, "inputEntry"))
        results = tuple(xml.text(one) for one in xml.children(row, "outputEntry"))
        rules.append(Rule(id=row.get("id") or f"rij-{number}", inputs=cells, outputs=results))
    return Table(
        id=element.get("id", ""),
        hit_policy=element.get("hitPolicy", "UNIQUE").replace(" ", "_"),
        aggregation=element.get("aggregation", ""),
        inputs=tuple(_input(one) for one in xml.children(element, "input")),
        outputs=tuple(_output(one) for one in xml.children(element, "output")),
        rules=tuple(rules),
    )


def _input(element: etree._Element) -> Clause:
    expression = xml.child(element, "inputExpression")
    return Clause(
        expression=xml.text(expression),
        name=element.get("label", "").strip() or xml.text(expression),
        type=_type(expression),
        allowed=xml.text(xml.child(element, "inputValues")),
    )


def _output(element: etree._Element) -> Clause:
    return Clause(
        name=element.get("name", "").strip(),
        type=_type(element),
        allowed=xml.text(xml.child(element, "outputValues")),
        default=xml.text(xml.child(element, "defaultOutputEntry")),
    )


def name_of(element: etree._Element) -> str:
    """The name of a variable, with single spaces."""
    return " ".join(str(element.get("name", "")).split())


def _type(element: etree._Element | None) -> str:
    return type_reference(element) if element is not None else ""


def type_reference(element: etree._Element) -> str:
    """The type that an element refers to, by attribute or (DMN 1.1) by child element."""
    found = xml.child(element, "typeRef")
    own = element.get("typeRef") or (found.text if found is not None else "") or ""
    prefix, colon, rest = own.strip().partition(":")
    known_prefix = colon and prefix in element.nsmap
    return rest if known_prefix and "<" not in prefix else own.strip()
