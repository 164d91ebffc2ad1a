"""What people may answer per kind of question, and what they are told when it does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from service import forms
from service.clock import PinnedClock
from tests.forms.conftest import MakeForm

YES_NO = [{"value": "ja", "label": "Ja"}, {"value": "nee", "label": "Nee"}]


def field(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": "veld", "label": "Veld", **more}


@pytest.mark.parametrize(
    ("component", "given", "kept"),
    [
        (field("textfield"), "  Noor  ", "Noor"),
        (field("textfield"), "een\r\ntwee", "een twee"),
        (field("textarea"), "een\r\ntwee", "een\ntwee"),
        (
            field("textarea"),
            "😀 مرحبا <script>alert(1)</script> =SOM(A1)",
            "😀 مرحبا <script>alert(1)</script> =SOM(A1)",
        ),
        (field("textarea"), "é" * 20_000, "é" * 20_000),
        (field("textfield"), "", None),
        (field("textfield", properties={"soort": "postcode"}), "1234ab", "1234 AB"),
        (field("textfield", validate={"validationType": "email"}), "a.b@voorbeeld.nl", "a.b@voorbeeld.nl"),
        (field("textfield", validate={"validationType": "phone"}), "06-12 34 56 78", "06-12 34 56 78"),
        (field("textfield", validate={"pattern": "^[A-Z]{2}$"}), "AB", "AB"),
        (field("number"), "1.234,5", 1234.5),
        (field("number"), "1.234", 1234),
        (field("number"), 0, 0),
        (field("number"), "-3", -3),
        (field("number"), "", None),
        (field("datetime", subtype="date"), "14-3-2027", "2027-03-14"),
        (field("datetime", subtype="date"), "14 maart 2027", "2027-03-14"),
        (field("datetime", subtype="date"), "14 mrt 2027", "2027-03-14"),
        (field("datetime", subtype="date"), "2027-03-14", "2027-03-14"),
        (field("datetime", subtype="date"), "29-2-2028", "2028-02-29"),
        (field("datetime", subtype="time"), "9u30", "09:30:00"[:5]),
        (field("number", decimalDigits=1), "1,5", 1.5),
        (field("datetime", subtype="date", disallowPassedDates=True), "14-1-2027", "2027-01-14"),
        (field("datetime", subtype="datetime"), "14-3-2027 9:30", "2027-03-14T09:30"),
        (field("checkbox"), "true", True),
        (field("checkbox"), False, False),
        (field("checkbox"), "", False),
        (field("radio", values=YES_NO), "ja", "ja"),
        (field("select", values=[{"value": 3, "label": "Drie"}]), "3", 3),
        (field("checklist", values=YES_NO), ["nee", "ja", "nee"], ["nee", "ja"]),
        (field("checklist", values=YES_NO), "", []),
        (field("taglist", values=YES_NO), ["ja"], ["ja"]),
    ],
)
def test_an_answer_is_kept_as_a_typed_value(
    make: MakeForm, clock: PinnedClock, component: dict[str, Any], given: object, kept: object
) -> None:
    found = forms.validate(make(component), {"veld": given}, context={}, clock=clock)
    assert found.errors == {}
    assert found.answers == {"veld": kept}


@pytest.mark.parametrize(
    ("component", "given", "sentence"),
    [
        (field("textfield", validate={"required": True}), " ", "Vul ‘Veld’ in."),
        (
            field("textfield", label="Wat is er geprobeerd?", validate={"required": True}),
            None,
            "Geef antwoord op de vraag ‘Wat is er geprobeerd?’.",
        ),
        (
            field(
                "textfield",
                label="Postcode",
                validate={"required": True},
                properties={"voorbeeld": "1234 AB"},
            ),
            "",
            "Vul ‘Postcode’ in, bijvoorbeeld 1234 AB.",
        ),
        (
            field(
                "textfield",
                validate={"required": True},
                properties={"melding": "Vul uw postcode in, bijvoorbeeld 1234 AB."},
            ),
            "",
            "Vul uw postcode in, bijvoorbeeld 1234 AB.",
        ),
        (
            field("textfield", label="Postcode", properties={"soort": "postcode"}),
            "12 AB",
            "Vul ‘Postcode’ in als vier cijfers en twee letters, bijvoorbeeld 1234 AB.",
        ),
        (
            field("textfield", validate={"validationType": "email"}),
            "noor(at)x",
            "Vul bij ‘Veld’ een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.",
        ),
        (field("textfield", validate={"pattern": "^[A-Z]{2}$"}), "abc", "Vul ‘Veld’ in de goede vorm in."),
        (
            field("textfield", validate={"minLength": 5}),
            "abc",
            "Schrijf bij ‘Veld’ ten minste 5 tekens. Het zijn er nu 3.",
        ),
        (
            field("textarea", validate={"maxLength": 5}),
            "abcdef",
            "Maak de tekst bij ‘Veld’ korter: hoogstens 5 tekens. Het zijn er nu 6.",
        ),
        (
            field("textarea"),
            "een\x00twee",
            "In de tekst bij ‘Veld’ staan tekens die niet kunnen worden bewaard. Typ de tekst opnieuw.",
        ),
        (
            field("textarea"),
            "\ud800",
            "In de tekst bij ‘Veld’ staan tekens die niet kunnen worden bewaard. Typ de tekst opnieuw.",
        ),
        (field("textfield"), 12, "Vul bij ‘Veld’ gewone tekst in."),
        (field("number"), "veel", "Vul bij ‘Veld’ een getal in, bijvoorbeeld 12 of 1.234,5."),
        (field("number"), "9" * 30, "Vul bij ‘Veld’ een getal in, bijvoorbeeld 12 of 1.234,5."),
        (field("number"), float("nan"), "Vul bij ‘Veld’ een getal in, bijvoorbeeld 12 of 1.234,5."),
        (field("number"), True, "Vul bij ‘Veld’ een getal in, bijvoorbeeld 12 of 1.234,5."),
        (field("number", validate={"min": 1}), "0", "Vul bij ‘Veld’ een getal in van 1 of hoger."),
        (field("number", validate={"max": 10}), "10,5", "Vul bij ‘Veld’ een getal in van 10 of lager."),
        (
            field("number", properties={"decimalen": "0"}),
            "1,5",
            "Vul bij ‘Veld’ een heel getal in, zonder komma.",
        ),
        (field("number", decimalDigits=1), "1,55", "Vul bij ‘Veld’ hoogstens 1 cijfer na de komma in."),
        (
            field("datetime", subtype="date", disallowPassedDates=True),
            "13-1-2027",
            "Vul bij ‘Veld’ een datum in die niet vóór vandaag ligt.",
        ),
        (
            field("datetime", subtype="date"),
            "31-2-2027",
            "Vul bij ‘Veld’ een datum in die bestaat, bijvoorbeeld 14-3-2027.",
        ),
        (
            field("datetime", subtype="date", validate={"required": True}),
            "",
            "Vul bij ‘Veld’ een datum in, bijvoorbeeld 14-3-2027.",
        ),
        (
            field("datetime", subtype="date", properties={"max": "vandaag"}),
            "15-1-2027",
            "Vul bij ‘Veld’ een datum in die niet na vandaag ligt.",
        ),
        (
            field("datetime", subtype="date", properties={"min": '=date("2027-02-01")'}),
            "31-1-2027",
            "Vul bij ‘Veld’ een datum in die niet vóór 1 februari 2027 ligt.",
        ),
        (field("checkbox", validate={"required": True}), "", "Zet een vinkje bij ‘Veld’."),
        (field("checkbox", validate={"required": True}), False, "Zet een vinkje bij ‘Veld’."),
        (field("radio", values=YES_NO, validate={"required": True}), "", "Kies een antwoord bij ‘Veld’."),
        (
            field("radio", values=YES_NO),
            "misschien",
            "Kies bij ‘Veld’ een van de antwoorden die erbij staan.",
        ),
        (field("select", values=YES_NO), ["ja"], "Kies bij ‘Veld’ een van de antwoorden die erbij staan."),
        (
            field("checklist", values=YES_NO, validate={"required": True}),
            [],
            "Kies bij ‘Veld’ ten minste één antwoord.",
        ),
        (field("checklist", values=YES_NO), ["x"], "Kies bij ‘Veld’ een van de antwoorden die erbij staan."),
        (
            field("checklist", values=YES_NO, properties={"minimaal": "2"}),
            ["ja"],
            "Geef bij ‘Veld’ ten minste 2 antwoorden.",
        ),
    ],
)
def test_a_wrong_answer_gets_a_sentence_that_says_how_to_mend_it(
    make: MakeForm, clock: PinnedClock, component: dict[str, Any], given: object, sentence: str
) -> None:
    found = forms.validate(make(component), {"veld": given}, context={}, clock=clock)
    assert found.errors == {"veld": sentence}


def test_today_is_the_day_in_amsterdam(make: MakeForm, clock: PinnedClock) -> None:
    form = make(field("datetime", subtype="date", properties={"max": "vandaag"}))
    assert forms.validate(form, {"veld": "14-1-2027"}, context={}, clock=clock).ok


def test_a_name_that_is_not_on_the_form_is_refused(make: MakeForm, clock: PinnedClock) -> None:
    found = forms.validate(make(field("textfield")), {"veld": "a", "rol": "beheer"}, context={}, clock=clock)
    assert found.errors == {"rol": "Deze vraag staat niet op dit formulier. Haal het antwoord weg."}


def test_keys_that_python_uses_itself_are_ordinary_keys(make: MakeForm, clock: PinnedClock) -> None:
    names = ["Meta", "load", "fields", "validate", "__init__", "context"]
    form = make(*({"type": "textfield", "key": name, "label": name} for name in names))
    given = dict.fromkeys(names, "x")
    assert forms.validate(form, given, context={}, clock=clock).answers == given


def test_a_hidden_field_is_not_validated_and_not_kept(make: MakeForm, clock: PinnedClock) -> None:
    form = make(
        {"type": "radio", "key": "spoed", "label": "Spoed", "values": YES_NO},
        {
            "type": "textarea",
            "key": "reden",
            "label": "Reden",
            "validate": {"required": True},
            "conditional": {"hide": '=spoed != "ja"'},
        },
    )
    calm = forms.validate(form, {"spoed": "nee", "reden": "oud"}, context={}, clock=clock)
    hurried = forms.validate(form, {"spoed": "ja"}, context={}, clock=clock)
    assert calm.answers == {"spoed": "nee"}
    assert hurried.errors == {"reden": "Vul ‘Reden’ in."}


def test_what_depends_on_a_hidden_field_hides_with_it(make: MakeForm, clock: PinnedClock) -> None:
    form = make(
        field("textfield", key="a", conditional={"hide": "=verberg"}),
        field("textfield", key="b", validate={"required": True}, conditional={"hide": '=a != "x"'}),
    )
    shown = forms.validate(form, {"a": "x"}, context={"verberg": False}, clock=clock)
    gone = forms.validate(form, {"a": "x"}, context={"verberg": True}, clock=clock)
    assert list(shown.errors) == ["b"]
    assert gone == forms.Validation(answers={}, errors={})


def test_conditions_that_contradict_each_other_come_to_rest(make: MakeForm, clock: PinnedClock) -> None:
    form = make(
        field("textfield", key="a", conditional={"hide": "=b = null"}),
        field("textfield", key="b", conditional={"hide": "=a != null"}),
    )
    assert forms.validate(form, {"a": "1", "b": "2"}, context={}, clock=clock).ok


def test_a_group_without_answers_still_asks_its_required_questions(
    make: MakeForm, clock: PinnedClock
) -> None:
    form = make(
        {
            "type": "group",
            "path": "contact",
            "label": "Contact",
            "components": [field("textfield", key="naam", label="Naam", validate={"required": True})],
        },
        field("textfield", key="naam", label="Naam"),
    )
    assert forms.validate(form, {"naam": "Sanne"}, context={}, clock=clock).errors == {
        "contact.naam": "Vul ‘Naam’ in."
    }
    given = {"naam": "Sanne", "contact": {"naam": "Bo"}}
    assert forms.validate(form, given, context={}, clock=clock).answers == given


def tried(**properties: str) -> dict[str, Any]:
    return {
        "type": "dynamiclist",
        "path": "geprobeerd",
        "label": "Wat is geprobeerd",
        "properties": properties,
        "components": [
            field("textfield", key="wat", label="Wat", validate={"required": True}),
            field("textfield", key="effect", label="Effect", conditional={"hide": '=wat = "niets"'}),
        ],
    }


def test_empty_rows_fall_away_and_errors_keep_the_rows_of_the_page(
    make: MakeForm, clock: PinnedClock
) -> None:
    form = make(tried())
    rows = [{"wat": "", "effect": ""}, {"wat": "halve dagen", "effect": "goed"}, {"wat": "", "effect": "x"}]
    assert forms.validate(form, {"geprobeerd": rows}, context={}, clock=clock).errors == {
        "geprobeerd.2.wat": "Vul ‘Wat’ in."
    }
    assert forms.validate(form, {"geprobeerd": rows[:2]}, context={}, clock=clock).answers == {
        "geprobeerd": [{"wat": "halve dagen", "effect": "goed"}]
    }


def test_a_condition_in_a_row_looks_at_that_row(make: MakeForm, clock: PinnedClock) -> None:
    rows = [{"wat": "niets", "effect": "vervalt"}, {"wat": "iets", "effect": "blijft"}]
    found = forms.validate(make(tried()), {"geprobeerd": rows}, context={}, clock=clock)
    assert found.answers == {"geprobeerd": [{"wat": "niets"}, {"wat": "iets", "effect": "blijft"}]}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "Geef bij ‘Wat is geprobeerd’ ten minste 1 regel."),
        ([{"wat": ""}], "Geef bij ‘Wat is geprobeerd’ ten minste 1 regel."),
        ([{"wat": "x"}] * 3, "Geef bij ‘Wat is geprobeerd’ hoogstens 2 regels."),
        ("x", "Kies bij ‘Wat is geprobeerd’ een van de antwoorden die erbij staan."),
    ],
)
def test_a_list_tells_how_many_rows_it_wants(
    make: MakeForm, clock: PinnedClock, rows: object, sentence: str
) -> None:
    form = make(tried(minimaal="1", maximaal="2"))
    assert forms.validate(form, {"geprobeerd": rows}, context={}, clock=clock).errors == {
        "geprobeerd": sentence
    }


def test_a_cross_field_check_refuses_what_is_not_true(make: MakeForm, clock: PinnedClock) -> None:
    form = make(
        field("datetime", key="onderzocht", subtype="date", label="Onderzocht op"),
        field(
            "datetime",
            key="verklaard",
            subtype="date",
            properties={
                "controle": "verklaard >= onderzocht",
                "controle_melding": "De verklaring is van voor het onderzoek.",
            },
        ),
    )
    late = {"onderzocht": "14-1-2027", "verklaard": "13-1-2027"}
    assert forms.validate(form, late, context={}, clock=clock).errors == {
        "verklaard": "De verklaring is van voor het onderzoek."
    }
    assert forms.validate(form, {**late, "verklaard": "14-1-2027"}, context={}, clock=clock).ok
    assert forms.validate(form, {"verklaard": "14-1-2027"}, context={}, clock=clock).ok


def test_a_check_that_cannot_be_answered_refuses_when_nothing_is_missing(
    make: MakeForm, clock: PinnedClock
) -> None:
    form = make(field("textfield", properties={"controle": "veld > 3"}))
    assert list(forms.validate(form, {"veld": "a"}, context={}, clock=clock).errors) == ["veld"]


def test_options_may_come_from_a_formula(make: MakeForm, clock: PinnedClock) -> None:
    form = make(field("select", valuesExpression="=scholen"))
    schools = {"scholen": [{"value": "rbb", "label": "De Regenboogbrug"}, "kade"]}
    assert forms.validate(form, {"veld": "kade"}, context=schools, clock=clock).ok
    assert not forms.validate(form, {"veld": "anker"}, context=schools, clock=clock).ok
    shown = forms.view(form, {}, context=schools, clock=clock).fields[0]
    assert shown.options == (("rbb", "De Regenboogbrug"), ("kade", "kade"))


def test_a_computed_field_is_computed_and_never_taken(make: MakeForm, clock: PinnedClock) -> None:
    form = make(field("number", key="a"), {"type": "expression", "key": "dubbel", "expression": "=a * 2"})
    found = forms.validate(form, {"a": "4", "dubbel": 99}, context={}, clock=clock)
    assert found.answers == {"a": 4, "dubbel": 8}


def test_a_readonly_field_is_never_taken(make: MakeForm, clock: PinnedClock) -> None:
    form = make(field("textfield", readonly=True), field("textfield", key="ander"))
    found = forms.validate(form, {"veld": "vals", "ander": "x"}, context={"veld": "echt"}, clock=clock)
    assert found.answers == {"ander": "x"}


def test_answers_that_are_no_object_are_refused(make: MakeForm, clock: PinnedClock) -> None:
    raw: Any = ["veld"]
    assert list(forms.validate(make(field("textfield")), raw, context={}, clock=clock).errors) == [""]
