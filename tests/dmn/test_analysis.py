"""The analysis of tables finds every gap and overlap, and only those; its examples are real."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import dmn
from service.dmn import analysis
from service.dmn.types import Types
from tests.dmn.models import ask, decision, model, table
from tests.dmn.models import given as data


def found(*parts: str) -> list[tuple[str, str, str]]:
    return [(one.rule, one.element, one.reason) for one in dmn.analyse(model(*parts))]


def rules_of(xml: str) -> set[str]:
    return {rule for rule, _, _ in found(decision("d", xml))}


@pytest.mark.parametrize(
    ("cells", "gap"),
    [
        (["< 12", "> 12"], "x = 12"),
        (["<= 12", ">= 13"], "x = 12,5"),
        (["<= 12", "[14..20]", "> 20"], "x = 13"),
        (["[0..10]"], "x = -1"),
        (["(12..18)", "<= 12", ">= 20"], "x = 18"),
        (["not(5)"], "x = 5"),
        (["1, 2, 3", "> 3", "< 1"], "x = 1,5"),
        (["? < 5 or ? > 7", "? between 5 and 6"], "x = 7"),
    ],
)
def test_a_gap_between_numbers_is_found_with_an_example(cells: list[str], gap: str) -> None:
    own = found(decision("d", table([[cell, "1"] for cell in cells], policy="FIRST", types=["number"])))
    assert ("dmn-gat", "t", f"Geen regel past bij {gap}.") in own


@pytest.mark.parametrize(
    "cells",
    [
        ["< 12", ">= 12"],
        ["<= 12", "(12..18)", ">= 18"],
        ["not(5)", "5"],
        ["-"],
        ["< 0.1", "[0.1..0.1]", "> 0.1"],
        ["? < 5", "not(? < 5)"],
        ["? in (< 3, >= 3)"],
    ],
)
def test_numbers_that_are_covered_have_no_gap(cells: list[str]) -> None:
    assert "dmn-gat" not in rules_of(table([[cell, "1"] for cell in cells], policy="FIRST"))


@pytest.mark.parametrize(
    ("cells", "gap"),
    [
        (["<= 1000000000000000000000000000000000000000"], True),  # 10**39 + 1 has more than 34 digits
        ([">= 1000000000000000000000000000000000000000"], True),
        (["<= 0.1000000000000000000000000000000001", ">= 0.1000000000000000000000000000000003"], True),
        (
            ["<= 0.1000000000000000000000000000000001", ">= 0.1000000000000000000000000000000002"],
            False,
        ),  # neighbours
        (["<= 0.1000000000000000000000000000000001", "> 0.1000000000000000000000000000000001"], False),
        (["< 10", "[10..10]", "> 10"], False),
        ([f"<= 8{'0' * 6144}", f">= 9{'0' * 6144}"], True),  # their sum is no number of FEEL
    ],
)
def test_numbers_of_34_digits_are_told_apart(cells: list[str], gap: bool) -> None:
    assert ("dmn-gat" in rules_of(table([[cell, "1"] for cell in cells], policy="FIRST"))) is gap


def test_dates_are_days() -> None:
    no_gap = [['<= date("2027-07-31")', "1"], ['>= date("2027-08-01")', "2"]]
    assert rules_of(table(no_gap, types=["date"])) == set()
    gap = [['<= date("2027-07-30")', "1"], ['>= @"2027-08-01"', "2"]]
    (one,) = found(decision("d", table(gap, types=["date"])))
    assert one[2] == "Geen regel past bij x = 31-7-2027."


def test_moments_lie_closer_together_than_days() -> None:
    cells = ['<= date and time("2027-07-31T23:59:59Z")', '>= date and time("2027-08-01T00:00:00Z")']
    assert rules_of(table([[cell, "1"] for cell in cells])) == {"dmn-gat"}


@pytest.mark.parametrize(
    ("cells", "allowed", "expected"),
    [
        (['"ja"', '"nee"'], '"ja","nee"', set()),
        (['"ja"'], '"ja","nee"', {"dmn-gat"}),
        (['"ja"', 'not("ja")'], "", set()),
        (['"ja"', '"nee"'], "", {"dmn-gat"}),  # any other text
        (['"ja"', '"nee"', '"neee"'], '"ja","nee"', {"dmn-regel-past-nooit"}),
        (["true", "false"], "", set()),
        (["true"], "", {"dmn-gat"}),
        (['"ja"', "null"], '"ja"', set()),
        (["> 3"], "[4..10]", set()),
        (["> 4"], "[4..10]", {"dmn-gat"}),
    ],
)
def test_allowed_values_bound_what_can_come(cells: list[str], allowed: str, expected: set[str]) -> None:
    assert rules_of(table([[cell, "1"] for cell in cells], allowed=[allowed])) == expected


def test_types_of_input_data_count_as_allowed_values() -> None:
    item = '<itemDefinition name="tAntwoord"><typeRef>string</typeRef><allowedValues><text>"ja","nee"</text></allowedValues></itemDefinition>'
    logic = table([['"ja"', "1"], ['"nee"', "2"]])
    assert found(item, data("x", "tAntwoord"), decision("d", logic, "#i_x")) == []


@pytest.mark.parametrize(
    ("policy", "outputs", "expected"),
    [
        ("UNIQUE", ["1", "1"], {"dmn-overlap"}),
        ("ANY", ["1", "2"], {"dmn-overlap"}),
        ("ANY", ["1", "1"], set()),
        ("FIRST", ["1", "2"], set()),
        ("COLLECT", ["1", "2"], set()),
    ],
)
def test_overlaps_matter_to_some_policies(policy: str, outputs: list[str], expected: set[str]) -> None:
    rules = [["<= 12", outputs[0]], [">= 12", outputs[1]]]
    assert rules_of(table(rules, policy=policy)) == expected


def test_an_overlap_names_the_rules_and_an_input() -> None:
    rules = [["< 18", '"a"', "1"], [">= 12", "-", "2"], ["< 12", 'not("a")', "3"]]
    own = found(decision("d", table(rules, inputs=("leeftijd", "soort"))))
    assert own == [
        (
            "dmn-overlap",
            "r2",
            "Regel 1 en regel 2 passen allebei, bijvoorbeeld bij leeftijd = 12 en soort = ‘a’.",
        )
    ]


def test_a_rule_behind_others_is_never_reached() -> None:
    rules = [["< 10", "1"], [">= 5", "2"], ["[0..20]", "3"]]
    assert [(r, e) for r, e, _ in found(decision("d", table(rules, policy="FIRST")))] == [
        ("dmn-regel-onbereikbaar", "r3")
    ]


def test_two_columns_on_one_input_are_one() -> None:
    rules = [[">= 0", "< 10", "1"], [">= 10", "-", "2"], ["< 0", "-", "3"]]
    assert rules_of(table(rules, inputs=("x", "x"))) == set()


@pytest.mark.parametrize("cell", ["? > y", "> today()", '< "m"', "count(?) > 2"])
def test_what_cannot_be_analysed_raises_no_alarm(cell: str) -> None:
    assert rules_of(table([[cell, "1"], ["5", "2"]])) == set()


def test_a_default_fills_every_gap() -> None:
    assert rules_of(table([["1", "1"]], defaults=["0"])) == set()


def test_an_outcome_that_is_not_allowed_is_found() -> None:
    own = found(decision("d", table([["-", '"hoogg"']], allowed_outputs=['"hoog","laag"'])))
    assert [one[:2] for one in own] == [("dmn-uitkomst-niet-toegestaan", "r1")]


def test_a_table_without_rules_is_one_gap() -> None:
    assert rules_of(table([])) == {"dmn-gat"}


def test_tables_inside_other_expressions_are_analysed_too() -> None:
    inside = f'<context><contextEntry><variable name="a"/>{table([["1", "1"]])}</contextEntry></context>'
    assert [one[0] for one in found(decision("d", inside))] == ["dmn-gat"]


def test_a_table_beyond_measure_is_said_to_be_so() -> None:
    names = [f"x{n}" for n in range(18)]
    rules = [["1" if n == row else "-" for n in range(18)] + ["1"] for row in range(18)]
    everything = [["-"] * 18 + ["1"]]
    assert rules_of(table([*rules, *everything], inputs=names, policy="FIRST")) == {"dmn-tabel-te-groot"}


@pytest.mark.parametrize(
    "logics",
    [
        [table([[str(n), "1"] for n in range(400)])] * 24,
        [table([[",".join(map(str, range(2000))), "1"]] * 60, policy="FIRST")],
    ],
    ids=["many tables", "long cells"],
)
def test_a_file_has_one_bound_for_all_its_tables_and_cells(logics: list[str]) -> None:
    content = model(*[decision(f"d{n}", logic) for n, logic in enumerate(logics)])
    begin = time.perf_counter()
    assert "dmn-tabel-te-groot" in {one.rule for one in dmn.analyse(content)}
    assert time.perf_counter() - begin < 15


NUMBERS = st.sampled_from(
    ["-", "< 3", "<= 3", "> 3", ">= 3", "3", "[1..3]", "(1..3)", "]3..5]", "not(1)", "1, 5", "null", "? > 4"]
)
TEXTS = st.sampled_from(["-", '"a"', '"b"', '"a", "b"', 'not("a")', "null", "not(null)"])
ROWS = st.lists(st.tuples(NUMBERS, TEXTS, NUMBERS), min_size=1, max_size=7)


def report(rows: list[tuple[str, str, str]], policy: str) -> tuple[bytes, analysis.Report]:
    logic = table([[*row, str(n)] for n, row in enumerate(rows)], inputs=("a", "b", "c"), policy=policy)
    xml = model(decision("d", logic))
    read = dmn.read(xml).decisions["d"].logic
    assert read is not None
    assert read.table is not None
    return xml, analysis.examine(read.table, frozenset(), Types({}), {})


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_the_example_of_a_gap_matches_no_rule(rows: list[tuple[str, str, str]]) -> None:
    xml, own = report(rows, "COLLECT")
    assert own.gaps == []
    xml, own = report(rows, "FIRST")
    collect = xml.replace(b'hitPolicy="FIRST"', b'hitPolicy="COLLECT"')
    for gap in own.gaps:
        assert ask(collect, **{"a": 0, "b": "iets", "c": 0, **gap}) == []


@settings(max_examples=150, deadline=None)
@given(
    ROWS,
    st.sampled_from([None, -1, 0, 1, 2, 3, 3.5, 4, 5, 6]),
    st.sampled_from([None, "a", "b", "z"]),
    st.sampled_from([None, -1, 1, 2, 3, 4.5, 5, 9]),
)
def test_without_a_gap_every_input_that_the_table_knows_of_matches(
    rows: list[tuple[str, str, str]], a: float | None, b: str | None, c: float | None
) -> None:
    xml, own = report(rows, "FIRST")
    columns = list(zip(*rows, strict=True))
    for value, cells in zip((a, b, c), columns, strict=True):
        if value is None and not any("null" in cell for cell in cells):
            return  # a column that never speaks of null promises nothing about it
    collect = xml.replace(b'hitPolicy="FIRST"', b'hitPolicy="COLLECT"')
    if not own.gaps:
        assert ask(collect, a=a, b=b, c=c) != []


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_the_example_of_an_overlap_matches_both_rules(rows: list[tuple[str, str, str]]) -> None:
    xml, own = report(rows, "UNIQUE")
    collect = xml.replace(b'hitPolicy="UNIQUE"', b'hitPolicy="COLLECT"')
    for one in own.overlaps:
        hits = ask(collect, **one.example)
        assert {one.first, one.second} <= {int(hit) for hit in hits}


@settings(max_examples=100, deadline=None)
@given(ROWS, st.sampled_from([1, 3, 4, 5]), st.sampled_from(["a", "b", "z"]), st.sampled_from([1, 2, 3, 5]))
def test_without_an_overlap_at_most_one_rule_matches(
    rows: list[tuple[str, str, str]], a: int, b: str, c: int
) -> None:
    xml, own = report(rows, "UNIQUE")
    if not own.overlaps:
        assert len(ask(xml.replace(b'hitPolicy="UNIQUE"', b'hitPolicy="COLLECT"'), a=a, b=b, c=c)) <= 1
