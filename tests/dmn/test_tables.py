"""Decision tables: which rules match, and what each hit policy makes of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import dmn, feel
from tests.dmn.models import D, ask, decision, model, reasons, table

BANDS = [["< 12", '"po"'], ["[12..18)", '"vo"'], [">= 18", '"mbo"']]
SCORES = [["> 0", "1", '"laag"'], ["> 10", "2", '"midden"'], ["> 20", "3", '"hoog"'], ["> 20", "3", '"hoog"']]


def one(rules: list[list[str]], **more: Any) -> bytes:
    return model(decision("d", table(rules, **more)))


@pytest.mark.parametrize(
    ("x", "found"), [(4, "po"), (12, "vo"), (17.5, "vo"), (18, "mbo"), (None, None), ("4", None)]
)
def test_unique(x: object, found: object) -> None:
    assert ask(one(BANDS), x=x) == found


def test_unique_refuses_two_rules_and_says_which() -> None:
    xml = one([["> 0", "1"], ["> 5", "2"]])
    assert ask(xml, x=3) == 1
    assert ask(xml, x=7) is None
    assert "rules 1, 2 match" in reasons(xml, x=7)


TWO = {"outputs": ("punten", "naam")}


@pytest.mark.parametrize(
    ("policy", "aggregation", "x", "found"),
    [
        ("FIRST", "", 25, {"punten": D(1), "naam": "laag"}),
        ("RULE ORDER", "", 15, [{"punten": D(1), "naam": "laag"}, {"punten": D(2), "naam": "midden"}]),
        ("COLLECT", "", 5, [{"punten": D(1), "naam": "laag"}]),
        ("FIRST", "", 0, None),
        ("RULE ORDER", "", 0, []),
        ("COLLECT", "", 0, []),
    ],
)
def test_several_outputs_are_a_context(policy: str, aggregation: str, x: int, found: object) -> None:
    assert ask(one(SCORES, policy=policy, aggregation=aggregation, **TWO), x=x) == found


@pytest.mark.parametrize(
    ("aggregation", "x", "found"),
    [
        ("SUM", 25, D(9)),  # 1 + 2 + 3 + 3
        ("MIN", 25, D(1)),
        ("MAX", 25, D(3)),
        ("COUNT", 25, D(4)),
        ("SUM", 0, None),
        ("COUNT", 0, 0),
    ],
)
def test_collect_adds_up(aggregation: str, x: int, found: object) -> None:
    rules = [[cells[0], cells[1]] for cells in SCORES]
    assert ask(one(rules, policy="COLLECT", aggregation=aggregation), x=x) == found


def test_any_wants_one_outcome() -> None:
    xml = one([["> 0", '"ja"'], ["> 5", '"ja"'], ["> 9", '"nee"']], policy="ANY")
    assert ask(xml, x=7) == "ja"
    assert ask(xml, x=10) is None
    assert "different outcomes" in reasons(xml, x=10)


ORDER = ['"hoog", "midden", "laag"']


def test_priority_takes_the_first_allowed_outcome() -> None:
    rules = [[cells[0], cells[2]] for cells in SCORES]
    xml = one(rules, policy="PRIORITY", allowed_outputs=ORDER)
    assert [ask(xml, x=x) for x in (5, 15, 25, 0)] == ["laag", "midden", "hoog", None]


def test_output_order_sorts_and_keeps_equals() -> None:
    rules = [[cells[0], cells[2]] for cells in SCORES]
    xml = one(rules, policy="OUTPUT ORDER", allowed_outputs=ORDER)
    assert ask(xml, x=25) == ["hoog", "hoog", "midden", "laag"]


def test_the_leftmost_output_weighs_most() -> None:
    rules = [["-", '"b"', "1"], ["-", '"a"', "2"], ["-", '"a"', "1"]]
    xml = one(rules, policy="OUTPUT ORDER", outputs=("k", "n"), allowed_outputs=['"a","b"', "1,2"])
    assert ask(xml, x=0) == [{"k": "a", "n": 1}, {"k": "a", "n": 2}, {"k": "b", "n": 1}]


def test_a_default_answers_when_no_rule_does() -> None:
    assert ask(one([["1", '"een"']], defaults=['"anders"']), x=2) == "anders"
    several = one([["1", '"een"', "1"]], outputs=("naam", "n"), defaults=['"anders"'])
    assert ask(several, x=2) == {"naam": "anders", "n": None}


def test_a_value_that_is_not_allowed_decides_nothing() -> None:
    xml = one([['"ja"', "1"], ["-", "2"]], policy="FIRST", allowed=['"ja","nee"'])
    assert ask(xml, x="nee") == 2
    assert ask(xml, x="neee") is None
    assert "the value of x is not one that is allowed" in reasons(xml, x="neee")


@pytest.mark.parametrize(
    ("type_", "cell", "x"),
    [
        ("date", '< date("2027-01-01")', "2026-12-31"),
        ("dateTime", '> date and time("2027-01-01T00:00:00Z")', "2027-01-01T02:00:00+01:00"),
        ("dayTimeDuration", 'duration("P1D")', "PT24H"),
        ("date", '< date("2027-01-01")', dt.date(2026, 12, 31)),
    ],
)
def test_a_column_that_is_declared_as_a_date_reads_json(type_: str, cell: str, x: object) -> None:
    assert ask(one([[cell, "true"]], types=[type_]), x=x) is True


def test_cells_see_other_inputs_and_the_question_mark() -> None:
    xml = one([["? > y and ? < y * 2", '"binnen"'], ["not(> y)", '"onder"']])
    assert ask(xml, x=5, y=3) == "binnen"
    assert ask(xml, x=2, y=3) == "onder"


def test_the_result_tells_which_rules_matched_and_on_what() -> None:
    result = dmn.evaluate(one(BANDS), "d", {"x": 17.5})
    (matched,) = result.matched_rules
    assert (matched.table, matched.rule_id, matched.index) == ("d", "r2", 2)
    assert (matched.inputs, matched.outputs) == ({"x": 17.5}, {"uitkomst": "vo"})


def test_a_cell_that_is_no_feel_never_matches_and_says_where() -> None:
    xml = one([["<< 3", "1"], ["> 3", "2"]])
    assert ask(xml, x=4) == 2
    assert "d, r1" in reasons(xml, x=4)


CELLS = st.sampled_from(
    ["-", "< 3", "<= 3", "> 5", ">= 5", "[2..4]", "(2..6)", "3", "1, 7", "not(4)", "null"]
)
RULES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6)
VALUES = st.one_of(st.integers(0, 8), st.none())


@settings(max_examples=150, deadline=None)
@given(RULES, VALUES, VALUES, st.sampled_from(["UNIQUE", "FIRST", "COLLECT", "RULE ORDER"]))
def test_a_table_is_what_its_cells_say_one_by_one(
    rules: list[tuple[str, str]], a: int | None, b: int | None, policy: str
) -> None:
    xml = one([[*cells, str(n)] for n, cells in enumerate(rules)], inputs=("a", "b"), policy=policy)
    values = [None if v is None else Decimal(v) for v in (a, b)]
    hits = [
        Decimal(n)
        for n, cells in enumerate(rules)
        if all(feel.unary_tests(c, v, {}) is True for c, v in zip(cells, values, strict=True))
    ]
    expected: object = hits
    if policy in {"UNIQUE", "FIRST"}:
        expected = hits[0] if len(hits) == 1 or (hits and policy == "FIRST") else None
    assert ask(xml, a=a, b=b) == expected


def test_a_table_without_a_matching_rule_still_tells_what_it_was_asked() -> None:
    result = dmn.evaluate(one([["< 3", '"laag"'], ["> 5", '"hoog"']]), "d", {"x": 4})
    assert result.value is None
    assert result.matched_rules == ()
    assert [(a.table, dict(a.inputs), a.matched) for a in result.asked] == [("d", {"x": 4}, ())]
    assert "no rule matches" in str(result.warnings)


def test_two_columns_on_one_expression_are_told_apart() -> None:
    twice = model(decision("d", table([["> 1", "< 5", '"goed"']], inputs=("x", "x"))))
    (asked,) = dmn.evaluate(twice, "d", {"x": 3}).asked
    assert dict(asked.inputs) == {"x": 3, "x (2)": 3}


def test_reasons_never_repeat_what_somebody_filled_in() -> None:
    closed = model(decision("d", table([["-", '"a"']], allowed=('"rood", "groen"',)), type_="number"))
    assert "Noor" not in reasons(closed, x="Noor B.")
    typed = model(decision("d", "<literalExpression><text>x</text></literalExpression>", type_="number"))
    assert "not of type number" in reasons(typed, x="Noor B.")
    assert "Noor" not in reasons(typed, x="Noor B.")
