"""Requirements, decision services and imports: what a decision knows, and from where."""

from __future__ import annotations

import datetime as dt

import pytest

from service import dmn
from service.clock import PinnedClock
from service.errors import NotFound
from tests.dmn.models import ask, decision, given, knowledge, literal, model, reasons, table


def test_required_decisions_are_evaluated_first_and_once() -> None:
    xml = model(
        given("leeftijd", "number"),
        decision("soort", table([["< 12", '"po"'], [">= 12", '"vo"']], inputs=["leeftijd"]), "#i_leeftijd"),
        decision("a", literal('soort + "1"'), "#soort"),
        decision("b", literal('soort + "2"'), "#soort"),
        decision("d", literal('a + " " + b'), "#a", "#b"),
    )
    result = dmn.evaluate(xml, "d", {"leeftijd": 9})
    assert result.value == "po1 po2"
    assert [one.table for one in result.matched_rules] == ["soort"]


def test_names_with_spaces_are_known_by_their_requirement() -> None:
    xml = model(
        given("aantal dagen", "number"),
        decision("s", literal("aantal dagen > 3"), "#i_aantal_dagen", name="is te lang"),
        decision("d", literal("is te lang and aantal dagen < 9"), "#s", "#i_aantal_dagen"),
    )
    assert dmn.evaluate(xml, "d", {"aantal dagen": 5}).value is True


def test_a_decision_is_found_by_id_and_by_name() -> None:
    xml = model(decision("d1", literal("1"), name="Eerste besluit"))
    assert ask(xml, "d1") == ask(xml, "Eerste besluit") == 1
    with pytest.raises(NotFound):
        ask(xml, "d2")


def test_variables_of_the_process_are_known_without_a_requirement() -> None:
    assert ask(model(decision("d", literal("a + b.c"))), a=1, b={"c": 2}) == 3


def test_a_requirement_goes_before_a_variable_of_that_name() -> None:
    xml = model(decision("s", literal("1")), decision("d", literal("s"), "#s"))
    assert ask(xml, s=99) == 1


def test_a_circle_ends_and_is_found() -> None:
    xml = model(
        decision("a", literal("b"), "#b"), decision("b", literal("a"), "#a"), decision("c", literal("1"))
    )
    assert ask(xml, "a") is None
    assert {(one.rule, one.element) for one in dmn.read(xml).findings} == {
        ("dmn-kringloop", "a"),
        ("dmn-kringloop", "b"),
    }


def test_a_long_chain_of_decisions_is_no_hazard() -> None:
    chain = [decision("d0", literal("1"))]
    chain += [decision(f"d{n}", literal(f"d{n - 1} + 1"), f"#d{n - 1}") for n in range(1, 2000)]
    xml = model(*chain)
    assert ask(xml, "d20") == 21
    assert ask(xml, "d1999") is None or ask(xml, "d1999") == 2000
    assert dmn.read(xml).findings == ()


def test_the_clock_and_the_functions_of_the_caller_are_used() -> None:
    clock = PinnedClock(dt.datetime(2027, 3, 14, 23, 30, tzinfo=dt.UTC))
    xml = model(decision("d", literal('string(today()) + dubbel keer("x")')))
    found = dmn.evaluate(xml, "d", {}, clock=clock, functions={"dubbel keer": lambda text: text * 2})
    assert found.value == "2027-03-15xx"  # half past midnight in Amsterdam


# -- decision services ------------------------------------------------------------------------------------------------

SERVICE = """<decisionService id="dienst" name="Mijn dienst"><variable name="Mijn dienst"/>
<outputDecision href="#uit"/>{more}<encapsulatedDecision href="#tussen"/><inputDecision href="#vooraf"/><inputData href="#i_x"/></decisionService>"""
PARTS = (
    given("x", "number"),
    decision("vooraf", literal("100"), type_="number"),
    decision("tussen", literal("vooraf + x"), "#vooraf", "#i_x"),
    decision("uit", literal("tussen * 2"), "#tussen"),
)


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("Mijn dienst(1, 2)", 6),  # input data first, then input decisions: (2 + 1) * 2
        ("Mijn dienst(vooraf: 2, x: 1)", 6),
        ('Mijn dienst("1", 2)', None),
        ("Mijn dienst(1)", None),
        ("[Mijn dienst(1, 2), vooraf, uit]", [6, 100, 220]),  # its arguments stay inside
    ],
)
def test_a_service_is_a_function(call: str, found: object) -> None:
    xml = model(
        *PARTS,
        SERVICE.format(more=""),
        decision("d", literal(call), "#vooraf", "#uit", knows=["#dienst"]),
    )
    assert ask(xml, x=10) == found


def test_a_service_is_evaluated_by_itself() -> None:
    xml = model(*PARTS, SERVICE.format(more=""))
    assert dmn.evaluate(xml, "dienst", {"vooraf": 2, "x": 1}).value == 6
    assert dmn.evaluate(xml, "Mijn dienst", {"x": 1}).value is None  # its input decision is not evaluated
    both = model(*PARTS, SERVICE.format(more='<outputDecision href="#tussen"/>'))
    assert dmn.evaluate(both, "dienst", {"vooraf": 2, "x": 1}).value == {"uit": 6, "tussen": 3}


def test_a_knowledge_model_is_evaluated_by_itself() -> None:
    xml = model(knowledge("f", [("n", "number")], literal("n * 2")))
    assert ask(xml, "f", n=4) == 8


# -- imports ----------------------------------------------------------------------------------------------------------

BASE = "https://sluitend.example/basis"


def importing(name: str, *parts: str) -> bytes:
    what = f'<import name="{name}" namespace="{BASE}" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    return model(what, *parts)


OTHER = model(
    '<itemDefinition name="tSoort"><typeRef>string</typeRef><allowedValues><text>"po","vo"</text></allowedValues></itemDefinition>',
    given("leeftijd"),
    decision("s", literal('if leeftijd < 12 then "po" else "vo"'), "#i_leeftijd", name="soort school"),
    knowledge("dubbel", [("n", "")], literal("n * 2")),
    namespace=BASE,
)


def test_elements_of_another_file_are_known_under_its_name() -> None:
    xml = importing(
        "de basis",
        decision(
            "d",
            literal("de basis.soort school + string(de basis.dubbel(4))"),
            f"{BASE}#s",
            knows=[f"{BASE}#dubbel"],
        ),
    )
    assert dmn.evaluate(xml, "d", {"leeftijd": 9}, imports=[OTHER]).value == "po8"
    assert dmn.evaluate(xml, "d", {"de basis": {"leeftijd": 14}}, imports=[OTHER]).value == "vo8"


def test_an_import_without_a_name_is_as_if_it_stood_here() -> None:
    xml = importing("", decision("d", literal('soort school + "!"'), f"{BASE}#s", type_="string"))
    assert dmn.evaluate(xml, "d", {"leeftijd": 9}, imports=[OTHER]).value == "po!"


@pytest.mark.parametrize(("text", "found"), [('"po"', "po"), ('"mbo"', None)])
def test_types_of_another_file_are_known_under_its_name(text: str, found: object) -> None:
    xml = importing("basis", decision("d", literal(text), type_="basis.tSoort"))
    assert dmn.evaluate(xml, "d", {}, imports=[OTHER]).value == found


def test_a_file_that_is_not_there_is_null_with_a_reason() -> None:
    xml = importing("basis", decision("d", literal("basis.soort school"), f"{BASE}#s"))
    result = dmn.evaluate(xml, "d", {"leeftijd": 9})
    assert result.value is None
    assert "there is no s" in str(result.warnings[0])


def test_files_that_import_each_other_end() -> None:
    def file(own: str, other: str, text: str) -> bytes:
        what = f'<import name="{other}" namespace="urn:{other}" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
        item = f'<itemDefinition name="t"><typeRef>{other}.t</typeRef></itemDefinition>'
        return model(
            what, item, decision("d", literal(text), f"urn:{other}#d", type_="t"), namespace=f"urn:{own}"
        )

    found = dmn.evaluate(file("a", "b", "b.d"), "d", {}, imports=[file("b", "a", "a.d")])
    assert found.value is None


def test_an_unknown_requirement_is_found_when_the_file_is_read() -> None:
    xml = model(decision("d", literal("1"), "#weg"))
    assert [(one.rule, one.element) for one in dmn.read(xml).findings] == [("dmn-verwijzing-ontbreekt", "d")]
    assert "there is no weg" in reasons(xml)
