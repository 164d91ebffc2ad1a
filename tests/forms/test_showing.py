"""Forms as pages show them and as they come back: values, rows, errors, words."""

from __future__ import annotations

from typing import Any

import pytest

from service import forms
from service.clock import PinnedClock
from service.domain import DataClass
from tests.forms.conftest import MakeForm

YES_NO = [{"value": "ja", "label": "Ja"}, {"value": "nee", "label": "Nee"}]


def text(key: str = "veld", **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": key.capitalize(), **more}


def tried() -> dict[str, Any]:
    rows = [
        text("wat", validate={"required": True}),
        {"type": "checkbox", "key": "nog", "label": "Nog bezig"},
    ]
    return {"type": "dynamiclist", "path": "pad", "label": "Geprobeerd", "components": rows}


def test_posted_names_become_nested_answers(make: MakeForm) -> None:
    form = make(
        {"type": "group", "path": "contact", "label": "C", "components": [text("naam")]},
        {"type": "checklist", "key": "opties", "label": "O", "values": YES_NO},
        {"type": "checkbox", "key": "akkoord", "label": "A"},
        {"type": "radio", "key": "keuze", "label": "K", "values": YES_NO},
        text("weg"),
        tried(),
    )
    posted = {
        "contact.naam": ["Noor"],
        "opties": ["ja", "nee"],
        "pad.0.wat": ["dit"],
        "pad.2.wat": ["dat"],
        "pad.2.nog": ["true"],
        "vreemd.1": ["x"],
    }
    assert forms.collect(form, posted) == {
        "contact": {"naam": "Noor"},
        "opties": ["ja", "nee"],
        "akkoord": False,
        "keuze": "",
        "pad": [{"wat": "dit", "nog": False}, {"wat": "dat", "nog": True}],
        "vreemd.1": "x",
    }


def test_what_was_typed_stays_beside_its_error(make: MakeForm, clock: PinnedClock) -> None:
    form = make({"type": "datetime", "subtype": "date", "key": "d", "dateLabel": "Datum"}, tried())
    raw = {"d": "31-2-2027", "pad": [{"wat": ""}, {"wat": "", "nog": True}]}
    errors = forms.validate(form, raw, context={}, clock=clock).errors
    shown = forms.view(form, raw, errors, context={}, clock=clock)
    day, rows = shown.fields
    assert (day.value, day.label, bool(day.error)) == ("31-2-2027", "Datum", True)
    assert [row[0].name for row in rows.rows] == ["pad.0.wat", "pad.1.wat"]
    assert rows.rows[1][0].error == "Vul ‘Wat’ in."
    assert [path for path, _, _ in shown.errors] == ["d", "pad.1.wat"]
    assert [child.name for child in rows.children] == ["pad.2.wat", "pad.2.nog"]


def test_errors_of_names_that_are_not_on_the_form_come_last(make: MakeForm, clock: PinnedClock) -> None:
    form = make(text(validate={"required": True}))
    errors = forms.validate(form, {"vreemd": "x"}, context={}, clock=clock).errors
    shown = forms.view(form, {}, errors, context={}, clock=clock)
    assert [path for path, _, _ in shown.errors] == ["veld", "vreemd"]


def test_a_field_starts_with_the_variable_of_its_name_or_its_default(
    make: MakeForm, clock: PinnedClock
) -> None:
    form = make(text(defaultValue="standaard"), {"type": "number", "key": "uren", "label": "Uren"})
    assert [f.value for f in forms.view(form, {}, context={"uren": 8.5}, clock=clock).fields] == [
        "standaard",
        "8,5",
    ]
    emptied = forms.view(form, {"veld": "", "uren": ""}, context={"uren": 8.5}, clock=clock)
    assert [f.value for f in emptied.fields] == ["", ""]


def test_what_a_condition_hides_is_not_on_the_page(make: MakeForm, clock: PinnedClock) -> None:
    form = make(text("a"), text("b", conditional={"hide": '=a = "x"'}))
    assert [f.name for f in forms.view(form, {"a": "x"}, context={}, clock=clock).fields] == ["a"]
    assert [f.name for f in forms.view(form, {"a": "y"}, context={}, clock=clock).fields] == ["a", "b"]


def test_words_may_hold_formulas_that_never_become_links(make: MakeForm, clock: PinnedClock) -> None:
    form = make(
        {"type": "text", "text": "Dag {{ naam }}, u was er op {{ dag }}."}, text(label='="Van " + naam')
    )
    context = {"naam": "Noor [klik](https://kwaad.example)", "dag": "2027-03-14"}
    words, field = forms.view(form, {}, context=context, clock=clock).fields
    assert words.value == "Dag Noor [klik] (https://kwaad.example), u was er op 14 maart 2027."
    assert field.label.startswith("Van Noor")


def test_html_keeps_its_words_only(make: MakeForm, clock: PinnedClock) -> None:
    html = "<h2>Let op</h2><p onclick='x()'>Bel <b>ons</b></p><script>alert(1)</script><ul><li>een</li></ul>"
    form = make({"type": "html", "content": html})
    assert forms.view(form, {}, context={}, clock=clock).fields[0].value == "## Let op\n\nBel ons\n\n- een"


@pytest.mark.parametrize(
    ("component", "value", "words"),
    [
        (text(), "", "Niet ingevuld"),
        (text(), "Noor", "Noor"),
        ({"type": "number", "key": "n"}, 1234.5, "1.234,5"),
        ({"type": "datetime", "subtype": "date", "key": "d"}, "2027-03-14", "14 maart 2027"),
        ({"type": "datetime", "subtype": "time", "key": "d"}, "09:30", "09:30 uur"),
        (
            {"type": "datetime", "subtype": "datetime", "key": "d"},
            "2027-03-14T09:30",
            "14 maart 2027 om 09:30 uur",
        ),
        ({"type": "checkbox", "key": "c"}, True, "Ja"),
        ({"type": "checkbox", "key": "c"}, None, "Nee"),
        ({"type": "radio", "key": "r", "values": YES_NO}, "nee", "Nee"),
        ({"type": "checklist", "key": "r", "values": YES_NO}, ["ja", "oud"], "Ja, oud"),
        (tried(), [{"wat": "x", "nog": True}, {"wat": "y"}], "x, Ja; y, Nee"),
    ],
)
def test_an_answer_is_read_back_in_dutch(
    make: MakeForm, component: dict[str, Any], value: Any, words: str
) -> None:
    found = make(component).components[0]
    assert forms.display(found, value) == words


def test_a_form_can_be_read_back_whole(make: MakeForm, clock: PinnedClock) -> None:
    form = make(text(), {"type": "radio", "key": "r", "label": "R", "values": YES_NO}, tried())
    answers = {"veld": "Noor", "r": "ja", "pad": [{"wat": "x", "nog": False}]}
    shown = forms.view(form, answers, context={"veld": "anders"}, clock=clock, readonly=True)
    assert [f.value for f in shown.fields[:2]] == ["Noor", "Ja"]
    assert [f.value for f in shown.fields[2].rows[0]] == ["x", "Nee"]
    assert shown.readonly


def test_a_date_goes_to_the_page_as_one_types_it(make: MakeForm, clock: PinnedClock) -> None:
    form = make({"type": "datetime", "subtype": "date", "key": "d", "dateLabel": "D"})
    assert forms.view(form, {"d": "2027-03-14"}, context={}, clock=clock).fields[0].value == "14-3-2027"


def test_answers_part_between_process_and_dossier(make: MakeForm) -> None:
    form = make(
        text("naam", properties={"klasse": "I", "eigenaar": "ouder"}),
        text("uitkomst", properties={"klasse": "M", "eigenaar": "jeugdarts", "uitvoer": "ja"}),
        text("route"),
        {
            "type": "dynamiclist",
            "path": "hulp",
            "label": "Hulp",
            "properties": {"klasse": "Z", "eigenaar": "wijkteam"},
            "components": [text("wat"), text("status", properties={"klasse": "P"})],
        },
        {"type": "group", "label": "Zonder pad", "components": [text("los")]},
        {
            "type": "group",
            "path": "g",
            "label": "G",
            "components": [text("x", properties={"klasse": "O", "eigenaar": "lpa"})],
        },
    )
    answers = {
        "naam": "Noor",
        "uitkomst": "nooit",
        "route": "tafel",
        "hulp": [{"wat": "gesprek", "status": "loopt"}],
        "los": "a",
        "g": {"x": "b"},
    }
    assert forms.variables(form, answers) == {
        "uitkomst": "nooit",
        "route": "tafel",
        "hulp": [{"status": "loopt"}],
        "los": "a",
    }
    kept = [(entry.path, entry.label, entry.klasse, entry.value) for entry in forms.dossier(form, answers)]
    assert kept == [
        ("naam", "Naam", DataClass.IDENTITY, "Noor"),
        ("uitkomst", "Uitkomst", DataClass.MEDICAL, "nooit"),
        ("hulp.0.wat", "Hulp 1: Wat", DataClass.CARE, "gesprek"),
        ("g.x", "X", DataClass.EDUCATION, "b"),
    ]
