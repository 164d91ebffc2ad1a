"""What the gate says of decision tables: gaps, overlaps and dead rules, each with an example of an input."""

from __future__ import annotations

import pytest

from service.domain import Severity
from service.publication import refuses
from tests.publication.conftest import Gate

Files = dict[str, bytes]


def table(*rules: tuple[str, str], hit_policy: str = "UNIQUE", default: str = "") -> bytes:
    """A table from `leeftijd` (number) to `route` (text); a rule is an input cell and an output cell."""
    rows = "".join(
        f'<rule id="regel_{n}"><inputEntry id="i{n}"><text>{cell}</text></inputEntry>'
        f'<outputEntry id="o{n}"><text>{result}</text></outputEntry></rule>'
        for n, (cell, result) in enumerate(rules, 1)
    )
    fallback = f"<defaultOutputEntry><text>{default}</text></defaultOutputEntry>" if default else ""
    return f"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="https://sluitend.example/m">
      <decision id="kies_route" name="kies route"><variable name="kies route" typeRef="string"/>
      <decisionTable id="tabel" hitPolicy="{hit_policy}">
        <input id="in" label="Leeftijd"><inputExpression typeRef="number"><text>leeftijd</text></inputExpression></input>
        <output id="uit" name="route" typeRef="string">{fallback}</output>{rows}
      </decisionTable></decision></definitions>""".encode()


HEAVY = frozenset({"dmn-overlap"})  # here always under UNIQUE


@pytest.mark.parametrize(
    ("content", "rule", "element", "says"),
    [
        (table(("&lt; 12", '"po"'), ("&gt; 12", '"vo"')), "dmn-gat", "tabel", "Leeftijd = 12"),
        (table(("&lt;= 12", '"po"'), ("&gt;= 12", '"vo"')), "dmn-overlap", "regel_2", "Leeftijd = 12"),
        (
            table(("-", '"po"'), ("&gt; 12", '"vo"'), hit_policy="FIRST"),
            "dmn-regel-onbereikbaar",
            "regel_2",
            "Regel 2",
        ),
        (
            table(("&lt; 12", '"po"'), ("[5..1]", '"x"'), ("&gt;= 12", '"vo"')),
            "dmn-regel-past-nooit",
            "regel_2",
            "Regel 2",
        ),
    ],
)
def test_a_hole_in_a_table_keeps_a_regional_process_from_being_published(
    files: Files, gate: Gate, content: bytes, rule: str, element: str, says: str
) -> None:
    files["route.dmn"] = content
    found = [one for one in gate(files) if one.rule == rule]
    severity = Severity.FOUT if rule in HEAVY else Severity.WAARSCHUWING
    assert [(one.element, one.severity, one.file) for one in found] == [(element, severity, "route.dmn")]
    assert says in found[0].reason
    assert refuses(gate(files), technical=False)
    assert refuses(gate(files, technical=True), technical=True) is (rule in HEAVY)


def test_an_overlap_under_any_does_not_stop_a_technical_deployment(files: Files, gate: Gate) -> None:
    files["route.dmn"] = table(("&lt;= 12", '"po"'), ("&gt;= 12", '"vo"'), hit_policy="ANY")
    found = gate(files, technical=True)
    assert "dmn-overlap" in {one.rule for one in found}
    assert not refuses(found, technical=True)


@pytest.mark.parametrize(
    "content",
    [
        table(("&lt; 12", '"po"'), ("&gt;= 12", '"vo"'), ("null", '"onbekend"')),
        table(("&lt; 12", '"po"'), ("&gt; 12", '"vo"'), default='"overleg"'),
    ],
)
def test_a_table_that_answers_everything_passes(files: Files, gate: Gate, content: bytes) -> None:
    files["route.dmn"] = content
    assert gate(files) == ()
