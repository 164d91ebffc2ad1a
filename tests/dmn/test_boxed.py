"""Boxed expressions: each kind means what the same thing in FEEL means."""

from __future__ import annotations

import pytest

from tests.dmn.models import D, ask, decision, given, knowledge, literal, model, reasons


def entry(name: str, logic: str, type_: str = "") -> str:
    variable = (
        f'<variable name="{name}"{f" typeRef={chr(34)}{type_}{chr(34)}" if type_ else ""}/>' if name else ""
    )
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def of(logic: str, **context: object) -> object:
    return ask(model(decision("d", logic)), **context)


def test_a_context_sees_its_earlier_entries() -> None:
    logic = (
        f"<context>{entry('mijn getal', literal('x + 1'))}{entry('b', literal('mijn getal * 2'))}</context>"
    )
    assert of(logic, x=2) == {"mijn getal": D(3), "b": D(6)}


def test_the_entry_without_a_name_is_the_result() -> None:
    assert of(f"<context>{entry('a', literal('20'))}{entry('', literal('a + 1'))}</context>") == 21


def test_an_entry_of_another_type_is_null_and_says_so() -> None:
    xml = model(decision("d", f"<context>{entry('a', literal('20'), 'string')}</context>"))
    assert ask(xml) == {"a": None}
    assert "a: a number is not of type string" in reasons(xml)


def test_a_list() -> None:
    assert of(f"<list>{literal('1')}{literal('x')}</list>", x="a") == [D(1), "a"]


def test_a_relation_is_a_list_of_contexts() -> None:
    rows = "".join(f"<row>{literal(a)}{literal(b)}</row>" for a, b in (("1", '"een"'), ("2", '"twee"')))
    logic = f'<relation><column name="nr"/><column name="lange naam"/>{rows}</relation>'
    assert of(logic) == [{"nr": 1, "lange naam": "een"}, {"nr": 2, "lange naam": "twee"}]


def test_a_function_is_called_by_feel_and_by_invocation() -> None:
    function = f'<functionDefinition><formalParameter name="n" typeRef="number"/>{literal("n * y")}</functionDefinition>'
    binding = f'<binding><parameter name="n"/>{literal("3")}</binding>'
    call = f"<invocation>{literal('f')}{binding}</invocation>"
    logic = f"<context>{entry('f', function)}{entry('feel', literal('f(2)'))}{entry('boxed', call)}{entry('fout', literal('f(true)'))}</context>"
    found = of(logic, y=10)
    assert isinstance(found, dict)
    assert (found["feel"], found["boxed"], found["fout"]) == (20, 30, None)


def test_an_invocation_of_a_built_in_function() -> None:
    binding = f'<binding><parameter name="list"/>{literal("[1, 5, 2]")}</binding>'
    assert of(f"<invocation>{literal('max')}{binding}</invocation>") == 5


@pytest.mark.parametrize(("x", "found"), [(1, "laag"), (9, "hoog"), (None, "hoog"), ("a", "hoog")])
def test_a_conditional(x: object, found: str) -> None:
    parts = f"<if>{literal('x < 5')}</if><then>{literal(chr(34) + 'laag' + chr(34))}</then>"
    assert (
        of(f"<conditional>{parts}<else>{literal(chr(34) + 'hoog' + chr(34))}</else></conditional>", x=x)
        == found
    )


@pytest.mark.parametrize(
    ("match", "found"),
    [
        ("item > 1", [2, 3]),
        ("item > grens", [3]),
        ("2", 2),
        ("-1", 3),
        ('"geen boolean"', None),
        ('if item = 1 then true else "geen boolean"', None),
        ("null", []),
    ],
)
def test_a_filter(match: str, found: object) -> None:
    logic = f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal(match)}</match></filter>"
    assert of(logic, grens=2) == found


def test_a_filter_knows_the_fields_of_its_items() -> None:
    logic = f"<filter><in>{literal('kinderen')}</in><match>{literal('leeftijd > 11 and item.naam != null')}</match></filter>"
    children = [{"naam": "Sam", "leeftijd": 12}, {"naam": "Noor", "leeftijd": 4}]
    found = of(logic, kinderen=children)
    assert isinstance(found, list)
    assert [one["naam"] for one in found] == ["Sam"]


def test_for_knows_what_it_returned_before() -> None:
    body = literal("if count(partial) = 0 then i else i + partial[-1]")
    logic = f'<for iteratorVariable="i"><in>{literal("1..4")}</in><return>{body}</return></for>'
    listed = logic.replace("1..4", "[1, 2, 3, 4]")
    assert of(listed) == [1, 3, 6, 10]


@pytest.mark.parametrize(
    ("kind", "items", "found"),
    [
        ("some", "[1, 2, 9]", True),
        ("some", "[1, 2]", False),
        ("every", "[6, 7]", True),
        ("every", "[6, 1]", False),
        ("every", "[]", True),
        ("some", "[]", False),
        ("some", "[null, 9]", True),
        ("every", "[null, 9]", None),
        ("some", "8", True),
    ],
)
def test_some_and_every(kind: str, items: str, found: bool | None) -> None:
    logic = f'<{kind} iteratorVariable="het ding"><in>{literal(items)}</in><satisfies>{literal("het ding > 5")}</satisfies></{kind}>'
    assert of(logic) is found


def test_a_condition_that_is_no_boolean_makes_it_null() -> None:
    logic = (
        f'<some iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i")}</satisfies></some>'
    )
    assert of(logic) is None


@pytest.mark.parametrize(
    ("parameters", "call", "found"),
    [
        ([("n", "number")], "f(2)", 4),
        ([("n", "number")], "f(n: 2)", 4),
        ([("n", "number")], "f(m: 2)", None),
        ([("n", "number")], 'f("2")', None),
        ([("n", "number")], "f()", None),
        ([("n", "number")], "f(1, 2)", None),
        ([("n", "number")], "f([2])", 4),  # a list of one is its item
        ([("n", "")], "f(null)", None),
    ],
)
def test_a_knowledge_model_checks_its_arguments(
    parameters: list[tuple[str, str]], call: str, found: object
) -> None:
    xml = model(knowledge("f", parameters, literal("n * 2")), decision("d", literal(call), knows=["#f"]))
    assert ask(xml) == found


def test_a_knowledge_model_may_call_itself_and_others() -> None:
    xml = model(
        knowledge("keer", [("a", ""), ("b", "")], literal("a * b")),
        knowledge("fac", [("n", "")], literal("if n < 2 then 1 else keer(n, fac(n - 1))"), knows=["#keer"]),
        decision("d", literal("fac(10)"), knows=["#fac"]),
    )
    assert ask(xml) == 3628800


def test_a_knowledge_model_does_not_see_who_calls_it() -> None:
    xml = model(
        given("geheim"),
        knowledge("f", [("n", "")], literal("geheim")),
        decision("d", literal("f(1)"), "#i_geheim", knows=["#f"]),
    )
    assert ask(xml, geheim="x") is None


@pytest.mark.parametrize("body", ["f(n)", "f(n + 1) + f(n + 1)", "count(for i in 1..1000 return f(n + 1))"])
def test_knowledge_models_that_never_end_are_stopped(body: str) -> None:
    xml = model(knowledge("f", [("n", "")], literal(body)), decision("d", literal("f(1)"), knows=["#f"]))
    assert ask(xml) is None
    assert "too deeply" in reasons(xml) or "too many steps" in reasons(xml)


def test_two_that_call_each_other_far_and_wide_share_one_budget() -> None:
    xml = model(
        knowledge("f", [("n", "")], literal("if n = 0 then 1 else f(n - 1) + f(n - 1)")),
        decision("d", literal("f(40)"), knows=["#f"]),
    )
    assert ask(xml) is None
    assert "too many steps" in reasons(xml)


def test_a_function_in_java_is_not_run() -> None:
    body = f'<encapsulatedLogic kind="Java">{literal("{class: 1}")}</encapsulatedLogic>'
    java = f'<businessKnowledgeModel id="f" name="f"><variable name="f"/>{body}</businessKnowledgeModel>'
    xml = model(java, decision("d", literal("f(1)"), knows=["#f"]))
    assert ask(xml) is None
    assert "kind Java is not run" in reasons(xml)
