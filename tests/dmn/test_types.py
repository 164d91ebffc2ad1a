"""Types: a value that is not of the declared type is null, except for the conversions that DMN names."""

from __future__ import annotations

import datetime as dt

import pytest

from service import dmn, feel
from tests.dmn.models import D, ask, decision, given, literal, model, reasons

ITEMS = """
<itemDefinition name="tPunten"><typeRef>number</typeRef><allowedValues><text>[0..10]</text></allowedValues></itemDefinition>
<itemDefinition name="tLijst" isCollection="true"><typeRef>tPunten</typeRef></itemDefinition>
<itemDefinition name="tKind"><itemComponent name="naam"><typeRef>string</typeRef></itemComponent>
<itemComponent name="de punten" isCollection="true"><typeRef>tPunten</typeRef></itemComponent></itemDefinition>
<itemDefinition name="tPaar" isCollection="true"><typeRef>number</typeRef><typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>
<itemDefinition name="tRond"><itemComponent name="ik"><typeRef>tRond</typeRef></itemComponent></itemDefinition>
"""


@pytest.mark.parametrize(
    ("type_", "text", "found"),
    [
        ("number", "1", 1),
        ("number", '"1"', None),
        ("number", "true", None),
        ("string", '"1"', "1"),
        ("boolean", "null", None),
        ("date", 'date("2027-03-14")', dt.date(2027, 3, 14)),
        ("date", 'date and time("2027-03-14T12:00:00")', None),
        ("time", 'time("12:00:00")', dt.time(12)),
        ("dateTime", 'date("2027-03-14")', dt.datetime(2027, 3, 14, tzinfo=dt.UTC)),  # midnight UTC
        ("dayTimeDuration", 'duration("P1D")', dt.timedelta(1)),
        ("dayTimeDuration", 'duration("P1M")', None),
        ("yearMonthDuration", 'duration("P1M")', feel.YearMonthDuration(1)),
        ("Any", "1", 1),
        ("feel:number", "1", 1),
        ("number", "[1]", 1),  # a list of one
        ("number", "[1, 2]", None),
        ("string", "[1]", None),
        ("list<number>", "[1, 2]", [1, 2]),
        ("list<number>", '[1, "2"]', None),
        ("range<number>", "[1..2]", feel.Range(D(1), D(2))),
        ("range<string>", "[1..2]", None),
        ("tPunten", "10", 10),
        ("tPunten", "11", None),
        ("tLijst", "[1, 10]", [1, 10]),
        ("tLijst", "[1, 11]", None),
        ("tLijst", "5", [5]),  # one becomes a list
        ("tLijst", "11", None),
        ("tLijst", "[]", []),
        ("tKind", '{naam: "Sam", de punten: [1]}', {"naam": "Sam", "de punten": [1]}),
        ("tKind", '{naam: "Sam", de punten: [1], meer: 2}', {"naam": "Sam", "de punten": [1], "meer": 2}),
        ("tKind", "{naam: null, de punten: null}", {"naam": None, "de punten": None}),
        ("tKind", '{naam: "Sam", de punten: [99]}', None),
        ("tKind", "{naam: 1, de punten: []}", None),
        ("tKind", '{naam: "Sam"}', None),
        ("tKind", '"Sam"', None),
        ("tPaar", "[1, 2]", [1, 2]),
        ("tPaar", "[1, 2, 3]", None),
        ("tRond", "{ik: {ik: null}}", {"ik": {"ik": None}}),
        ("tRond", "{ik: {ik: 1}}", None),
    ],
)
def test_the_result_of_a_decision(type_: str, text: str, found: object) -> None:
    assert ask(model(ITEMS, decision("d", literal(text), type_=type_))) == found


def test_a_result_of_another_type_says_so() -> None:
    xml = model(decision("d", literal('"veel"'), type_="number"))
    assert "d: d: a string is not of type number" in reasons(xml)


@pytest.mark.parametrize(
    ("x", "found"), [(4, 5), ("4", None), (11, None), (True, None), ([4], 5), (None, None)]
)
def test_input_data(x: object, found: object) -> None:
    xml = model(ITEMS, given("x", "tPunten"), decision("d", literal("x + 1"), "#i_x"))
    assert ask(xml, x=x) == found


def test_numbers_of_python_become_numbers_of_feel_all_the_way_down() -> None:
    xml = model(ITEMS, given("kind", "tKind"), decision("d", literal("sum(kind.de punten) + 0.1"), "#i_kind"))
    assert ask(xml, kind={"naam": "Sam", "de punten": [0.2, 1]}) == D("1.3")


def test_an_unknown_type_is_found_and_checks_nothing() -> None:
    xml = model(decision("d", literal("1"), type_="tWeg"))
    assert ask(xml) == 1
    assert [(one.rule, one.element) for one in dmn.read(xml).findings] == [("dmn-type-onbekend", "d")]
