"""Form files, good and bad: what becomes of them, and which finding tells why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service import forms
from service.domain import DataClass
from tests.forms.conftest import MakeForm


def text(key: str = "veld", **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": key.capitalize(), **more}


def rules(form: forms.Form) -> list[tuple[str, str]]:
    return [(one.rule, one.element) for one in form.findings]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"components": {}}',
        b"[" * 100_000,
        b'{"components": [], "x": NaN}',
        b'{"components": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)
def test_what_is_no_form_is_a_finding(content: bytes) -> None:
    form = forms.read(content, path="forms/x.form")
    assert form.findings
    assert all(one.file == "forms/x.form" for one in form.findings)


@pytest.mark.parametrize(
    ("component", "finding"),
    [
        ({"type": "filepicker", "key": "bijlage", "label": "Bijlage"}, ("onderdeel-onbekend", "bijlage")),
        ({"type": "textfield", "label": "Naam"}, ("veld-zonder-naam", "")),
        (text("a.b"), ("veld-naam-ongeldig", "a.b")),
        (text("é"), ("veld-naam-ongeldig", "é")),
        (text(label=""), ("veld-zonder-label", "veld")),
        (text(properties={"klasse": "X"}), ("veld-klasse-onbekend", "veld")),
        (text("bsn"), ("veld-bsn", "bsn")),
        (text("leerling_bsn"), ("veld-bsn", "leerling_bsn")),
        ({"type": "radio", "key": "r", "label": "R"}, ("keuze-zonder-opties", "r")),
        (
            {"type": "radio", "key": "r", "label": "R", "values": [{"value": "a"}, {"value": "a"}]},
            ("keuze-dubbel", "r"),
        ),
        ({"type": "dynamiclist", "path": "l", "label": "L", "components": []}, ("lijst-zonder-velden", "l")),
        (text(validate={"pattern": "("}), ("patroon-ongeldig", "veld")),
        (text(validate={"minLength": 9, "maxLength": 3}), ("grens-ongeldig", "veld")),
        (
            {"type": "number", "key": "n", "label": "N", "validate": {"min": 3, "max": 1}},
            ("grens-ongeldig", "n"),
        ),
        (
            {"type": "number", "key": "n", "label": "N", "properties": {"max": "veel"}},
            ("grens-ongeldig", "n"),
        ),
        (
            {
                "type": "datetime",
                "subtype": "date",
                "key": "d",
                "dateLabel": "D",
                "properties": {"max": "ooit"},
            },
            ("grens-ongeldig", "d"),
        ),
        (text(properties={"controle": "veld = 1"}), ("controle-zonder-melding", "veld")),
        (text(properties={"handeling": "zegel"}), ("handeling-onbekend", "veld")),
    ],
)
def test_a_component_that_cannot_work_is_a_finding(
    make: MakeForm, component: dict[str, Any], finding: tuple[str, str]
) -> None:
    assert rules(make(component)) == [finding]


@pytest.mark.parametrize(
    ("top", "finding"),
    [
        ({"id": ""}, "formulier-zonder-id"),
        ({"type": "wizard"}, "formulier-soort"),
        ({"schemaVersion": 20}, "formulier-versie"),
    ],
)
def test_a_form_says_what_it_is(make: MakeForm, top: dict[str, Any], finding: str) -> None:
    assert rules(make(text(), **top)) == [(finding, "")]


def test_a_key_is_used_once_per_place(make: MakeForm) -> None:
    group = {"type": "group", "path": "contact", "label": "Contact", "components": [text()]}
    assert rules(make(text(), group)) == []
    assert rules(make(text(), text())) == [("veld-naam-dubbel", "veld")]


def test_children_take_over_class_and_owner(make: MakeForm) -> None:
    group = {
        "type": "group",
        "path": "arts",
        "label": "Arts",
        "properties": {"klasse": "M", "eigenaar": "jeugdarts"},
        "components": [text("a"), text("b", properties={"klasse": "P", "uitvoer": "ja"})],
    }
    form = make(group)
    a, b = form.component("arts.a"), form.component("arts.b")
    assert a is not None
    assert b is not None
    assert (a.klasse, a.eigenaar, a.uitvoer) == (DataClass.MEDICAL, "jeugdarts", False)
    assert (b.klasse, b.eigenaar, b.uitvoer) == (DataClass.PROCESS, "jeugdarts", True)


def test_the_title_is_given_or_the_first_heading(make: MakeForm) -> None:
    heading = {"type": "text", "text": "# Aanmelding\nWelkom."}
    assert make(heading).title == "Aanmelding"
    assert make(heading, title="Anders").title == "Anders"
    assert make(text()).title == "proef"


def test_a_form_has_an_end(make: MakeForm) -> None:
    assert ("formulier-te-groot", "") in rules(make(*(text(f"v{n}") for n in range(501))))
    assert rules(forms.read(b" " * 1_000_001)) == [("formulier-te-groot", "")]
    deep: dict[str, Any] = text()
    for number in range(12):
        deep = {"type": "group", "path": f"g{number}", "label": "G", "components": [deep]}
    assert "formulier-te-diep" in {rule for rule, _ in rules(make(deep))}


def test_the_same_file_is_read_once() -> None:
    content = json.dumps({"id": "x", "components": []}).encode()
    assert forms.read(content) is forms.read(content)
