"""Files are read whatever stands in them: refused with a reason, or with findings that say what cannot work."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import dmn
from service.domain import Severity
from service.errors import DiagramRejected
from tests.dmn.models import HOME, SPACE, ask, decision, literal, model, table

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"geen xml",
        b"<definitions>",
        b"<definitions/>",
        f'<definitions xmlns="{SPACE}"><decision>'.encode(),
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        f'<decision xmlns="{SPACE}"/>'.encode(),
        f'<!DOCTYPE d [{BOMB}]><definitions xmlns="{SPACE}" name="&l9;"/>'.encode(),
        f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><definitions xmlns="{SPACE}">&x;</definitions>'.encode(),
        f'<!DOCTYPE d SYSTEM "http://sluitend.example/d.dtd"><definitions xmlns="{SPACE}"/>'.encode(),
        model("<decision>" * 300 + "</decision>" * 300),
        b"\x00\xff\xfe" * 100,
        b'<?xml version="1.0" encoding="bestaat-niet"?><a/>',
    ],
)
def test_what_cannot_be_read_is_refused_with_a_finding(content: bytes) -> None:
    with pytest.raises(DiagramRejected) as refused:
        dmn.read(content)
    (finding,) = refused.value.findings
    assert (finding.rule, finding.severity) == ("dmn-onleesbaar", Severity.FOUT)
    assert "passwd" not in finding.reason
    assert "root:" not in finding.reason


def test_fifty_megabytes_are_refused_before_they_are_parsed() -> None:
    content = model(f"<decision id='d'><description>{'x' * 50_000_000}</description></decision>")
    tracemalloc.start()
    begin = time.perf_counter()
    with pytest.raises(DiagramRejected):
        dmn.read(content)
    assert time.perf_counter() - begin < 0.5
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_more_formulas_than_there_is_an_end_to_are_refused() -> None:
    rows = [["-", "1"]] * 11_000
    with pytest.raises(DiagramRejected, match="vakken en formules"):
        dmn.read(model(decision("d", table(rows))))


def test_expressions_in_expressions_have_an_end() -> None:
    deep = "<list>" * 60 + literal("1") + "</list>" * 60
    with pytest.raises(DiagramRejected, match="lagen diep"):
        dmn.read(model(decision("d", deep)))


@pytest.mark.parametrize(
    "space",
    [
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    ],
)
def test_every_version_of_dmn_is_read(space: str) -> None:
    assert ask(model(decision("d", literal("1 + 1")), space=space)) == 2


def test_prefixes_comments_and_cdata_are_all_the_same() -> None:
    content = f"""<?xml version="1.0" encoding="UTF-8"?>
    <dmn:definitions xmlns:dmn="{SPACE}" namespace="{HOME}"><!-- een opmerking --><?een instructie?>
      <dmn:decision id="d"><dmn:variable name="d"/><dmn:literalExpression><dmn:text><!-- hier ook -->
        <![CDATA[1 < 2]]></dmn:text></dmn:literalExpression></dmn:decision></dmn:definitions>""".encode()
    assert ask(content) is True


def test_a_decision_without_id_goes_by_its_name() -> None:
    content = model('<decision name="zonder id"><variable name="zonder id"/>' + literal("1") + "</decision>")
    assert list(dmn.read(content).decisions) == ["zonder id"]


def test_a_decision_without_logic_is_null() -> None:
    assert ask(model(decision("d", ""))) is None


def test_the_same_bytes_are_read_once() -> None:
    content = model(decision("d", literal("1")))
    assert dmn.read(content) is dmn.read(bytes(bytearray(content)))


@pytest.mark.parametrize(
    ("logic", "rule", "element"),
    [
        (literal("1 +"), "dmn-formule-onleesbaar", "d"),
        (table([["<< 3", "1"]]), "dmn-formule-onleesbaar", "r1"),
        (table([["3", "een twee +"]]), "dmn-formule-onleesbaar", "r1"),
        (table([["3", "1"]], inputs=["x +"]), "dmn-formule-onleesbaar", "t"),
        (table([["3", "1"]], inputs=[""]), "dmn-kolom-leeg", "t"),
        (table([["3", "1"]], policy="SOMETIMES"), "dmn-trefregel-onbekend", "t"),
        (table([["3", "1"]], policy="COLLECT", aggregation="PRODUCT"), "dmn-trefregel-onbekend", "t"),
        (table([["3", "1"]], policy="PRIORITY"), "dmn-volgorde-ontbreekt", "t"),
        (table([["3"]]), "dmn-regel-onvolledig", "r1"),
        (
            '<literalExpression id="l" expressionLanguage="urn:javascript"><text>1</text></literalExpression>',
            "dmn-taal",
            "l",
        ),
    ],
)
def test_what_cannot_work_is_found_when_it_is_read(logic: str, rule: str, element: str) -> None:
    content = model(decision("d", logic))
    assert (rule, element) in {(one.rule, one.element) for one in dmn.read(content).findings}
    ask(content, x=3)  # and does not raise


def test_every_finding_has_a_reason_and_a_remedy() -> None:
    content = model(decision("d", table([["<< 3"]], policy="X", inputs=[""]), "#weg", type_="tWeg"))
    findings = (*dmn.read(content).findings, *dmn.analyse(content))
    assert len(findings) >= 5
    assert all(one.reason.endswith(".") and one.remedy.endswith(".") for one in findings)


def test_shipped_decisions_have_no_findings() -> None:
    folder = Path(__file__).resolve().parents[2] / "processes"
    for path in folder.glob("*/*.dmn"):
        content = path.read_bytes()
        assert (*dmn.read(content).findings, *dmn.analyse(content)) == (), path.name


GOOD = model(decision("d", table([["< 3", "1"], ['"a"', "x"]], allowed=["-"]), "#i_x"))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(GOOD)), st.binary(max_size=8), st.integers(0, 40))
def test_damaged_files_are_refused_or_run(at: int, inserted: bytes, removed: int) -> None:
    content = GOOD[:at] + inserted + GOOD[at + removed :]
    try:
        model_ = dmn.read(content)
    except DiagramRejected:
        return
    dmn.analyse(content)
    for id_ in model_.decisions:
        dmn.evaluate(content, id_, {"x": 1})


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='<>[]().,-"abnot?= 1234x/{}:', max_size=14), st.text(max_size=8))
def test_no_cell_of_any_kind_raises(cell: str, output: str) -> None:
    clean = "".join(one for one in output if one.isprintable())
    content = model(decision("d", table([[cell, clean], ["-", "1"]], policy="FIRST")))
    dmn.analyse(content)
    for x in (1, "a", None, [1]):
        dmn.evaluate(content, "d", {"x": x})
