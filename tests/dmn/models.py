"""Writes small DMN models for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from service import dmn

SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
HOME = "https://sluitend.example/proef"


def model(*parts: str, namespace: str = HOME, space: str = SPACE) -> bytes:
    """A file with these elements."""
    head = f'<definitions xmlns="{space}" id="m" name="proef" namespace={quoteattr(namespace)}>'
    return f"{head}{''.join(parts)}</definitions>".encode()


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(
    id_: str, logic: str, *needs: str, knows: Sequence[str] = (), type_: str = "", name: str = ""
) -> str:
    """A decision; `needs` are "#id" of inputs and decisions (inputs start with i_), `knows` of functions."""
    arrows = "".join(
        f"<informationRequirement><{'requiredInput' if '#i_' in one else 'requiredDecision'} href={quoteattr(one)}/>"
        "</informationRequirement>"
        for one in needs
    )
    arrows += "".join(
        f"<knowledgeRequirement><requiredKnowledge href={quoteattr(one)}/></knowledgeRequirement>"
        for one in knows
    )
    return (
        f"<decision id={quoteattr(id_)} name={quoteattr(name or id_)}>"
        f"<variable name={quoteattr(name or id_)}{typed(type_)}/>{arrows}{logic}</decision>"
    )


def given(name: str, type_: str = "") -> str:
    """Input data; its id is i_ and the name without spaces."""
    id_ = "i_" + name.replace(" ", "_")
    return f'<inputData id="{id_}" name="{name}"><variable name="{name}"{typed(type_)}/></inputData>'


def typed(type_: str) -> str:
    return f" typeRef={quoteattr(type_)}" if type_ else ""


def knowledge(
    id_: str, parameters: Sequence[tuple[str, str]], logic: str, *, knows: Sequence[str] = (), type_: str = ""
) -> str:
    """A business knowledge model."""
    formal = "".join(f"<formalParameter name={quoteattr(n)}{typed(t)}/>" for n, t in parameters)
    arrows = "".join(
        f"<knowledgeRequirement><requiredKnowledge href={quoteattr(one)}/></knowledgeRequirement>"
        for one in knows
    )
    return (
        f"<businessKnowledgeModel id={quoteattr(id_)} name={quoteattr(id_)}><variable name={quoteattr(id_)}/>"
        f"<encapsulatedLogic{typed(type_)}>{formal}{logic}</encapsulatedLogic>{arrows}</businessKnowledgeModel>"
    )


def table(  # the pieces of a table, each optional
    rules: Sequence[Sequence[str]],
    *,
    inputs: Sequence[str] = ("x",),
    outputs: Sequence[str] = ("uitkomst",),
    policy: str = "UNIQUE",
    aggregation: str = "",
    types: Sequence[str] = (),
    allowed: Sequence[str] = (),
    allowed_outputs: Sequence[str] = (),
    defaults: Sequence[str] = (),
) -> str:
    """A decision table; every rule is its input cells followed by its output cells."""
    columns = ""
    for at, expression in enumerate(inputs):
        type_ = typed(types[at]) if at < len(types) else ""
        values = _values("inputValues", allowed, at)
        columns += f"<input><inputExpression{type_}><text>{escape(expression)}</text></inputExpression>{values}</input>"
    for at, name in enumerate(outputs):
        default = _values("defaultOutputEntry", defaults, at)
        columns += (
            f"<output name={quoteattr(name)}>{_values('outputValues', allowed_outputs, at)}{default}</output>"
        )
    rows = ""
    for number, cells in enumerate(rules, 1):
        rows += f'<rule id="r{number}">'
        for at, cell in enumerate(cells):
            kind = "inputEntry" if at < len(inputs) else "outputEntry"
            rows += f"<{kind}><text>{escape(cell)}</text></{kind}>"
        rows += "</rule>"
    extra = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{extra}>{columns}{rows}</decisionTable>'


def _values(tag: str, values: Sequence[str], at: int) -> str:
    return f"<{tag}><text>{escape(values[at])}</text></{tag}>" if at < len(values) and values[at] else ""


def ask(xml: bytes, id_: str = "d", /, **context: Any) -> Any:
    """The value of a decision."""
    return dmn.evaluate(xml, id_, context).value


def reasons(xml: bytes, id_: str = "d", /, **context: Any) -> str:
    """Why it is null."""
    return "; ".join(map(str, dmn.evaluate(xml, id_, context).warnings))


D = Decimal
