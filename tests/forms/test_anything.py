"""Whatever is sent or typed: forms answer with values or sentences, never with an exception."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service import forms
from service.clock import PinnedClock
from service.forms import dutch
from service.forms.fields import blank

CLOCK = PinnedClock(datetime(2027, 1, 14, 11, tzinfo=UTC))
YES_NO = [{"value": "ja", "label": "Ja"}, {"value": "nee", "label": "Nee"}]
COMPONENTS: list[dict[str, Any]] = [
    {"type": "textfield", "key": "naam", "label": "Naam", "validate": {"required": True}},
    {"type": "textarea", "key": "verhaal", "label": "Verhaal", "conditional": {"hide": '=naam = "x"'}},
    {
        "type": "number",
        "key": "uren",
        "label": "Uren",
        "validate": {"min": 0},
        "properties": {"max": "=40 - 1"},
    },
    {
        "type": "datetime",
        "subtype": "date",
        "key": "dag",
        "dateLabel": "Dag",
        "properties": {"max": "vandaag"},
    },
    {"type": "datetime", "subtype": "datetime", "key": "moment", "dateLabel": "Moment"},
    {"type": "radio", "key": "keuze", "label": "Keuze", "values": YES_NO},
    {"type": "checklist", "key": "veel", "label": "Veel", "values": YES_NO},
    {"type": "checkbox", "key": "ok", "label": "Ok"},
    {
        "type": "dynamiclist",
        "path": "rijen",
        "label": "Rijen",
        "components": [
            {"type": "textfield", "key": "wat", "label": "Wat", "validate": {"required": True}},
            {"type": "number", "key": "n", "label": "N", "conditional": {"hide": '=wat = "geen"'}},
        ],
    },
    {
        "type": "group",
        "path": "g",
        "label": "G",
        "components": [{"type": "textfield", "key": "x", "label": "X"}],
    },
]
FORM = forms.read(json.dumps({"id": "alles", "components": COMPONENTS}).encode())

words = st.text(max_size=40) | st.sampled_from(
    ["ja", "x", "geen", "14-3-2026", "1.234,5", "true", "\x00", "9" * 50]
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)
keys = st.sampled_from(
    ["naam", "verhaal", "uren", "dag", "moment", "keuze", "veel", "ok", "rijen", "g", "vreemd"]
)
names = st.sampled_from(
    ["naam", "uren", "dag", "rijen.0.wat", "rijen.7.n", "rijen.x.n", "g.x", "veel", "rijen", "..", "rijen.0"]
)


def validated(raw: Any) -> forms.Validation:
    return forms.validate(FORM, raw, context={}, clock=CLOCK)


@given(st.dictionaries(keys, json_values))
@settings(max_examples=150, deadline=None)
def test_any_json_gets_answers_or_sentences(raw: dict[str, Any]) -> None:
    found = validated(raw)
    if found.ok:
        json.dumps(found.answers, allow_nan=False).encode()
        assert "\\u0000" not in json.dumps(found.answers)
    assert all(sentence for sentence in found.errors.values())
    forms.view(FORM, raw, found.errors, context={}, clock=CLOCK)


@given(st.dictionaries(names | st.text(max_size=20), st.lists(words, max_size=3)))
@settings(max_examples=150, deadline=None)
def test_any_post_can_be_collected_validated_and_shown_again(posted: dict[str, list[str]]) -> None:
    raw = forms.collect(FORM, posted)
    found = validated(raw)
    forms.view(FORM, raw, found.errors, context={}, clock=CLOCK)


@given(
    st.fixed_dictionaries(
        {
            "naam": st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30).filter(
                str.strip
            ),
            "verhaal": st.none() | st.text(st.characters(exclude_categories=["C"]), max_size=50),
            "uren": st.none() | st.integers(0, 39) | st.decimals(0, 39, places=2).map(float),
            "dag": st.none() | st.dates(datetime(1950, 1, 1).date(), datetime(2027, 1, 14).date()).map(str),  # noqa: DTZ001  # only the day is used
            "keuze": st.sampled_from([None, "ja", "nee"]),
            "veel": st.lists(st.sampled_from(["ja", "nee"]), unique=True),
            "ok": st.booleans(),
            "rijen": st.lists(st.fixed_dictionaries({"wat": st.sampled_from(["geen", "iets"])}), max_size=3),
        }
    )
)
@settings(max_examples=100, deadline=None)
def test_what_is_kept_comes_back_the_same_through_a_page(raw: dict[str, Any]) -> None:
    kept = validated(raw)
    assert kept.errors == {}
    shown = forms.view(FORM, kept.answers, context={}, clock=CLOCK)
    again = validated(forms.collect(FORM, as_posted(shown.fields)))
    assert again == kept


def as_posted(fields: tuple[forms.FieldView, ...]) -> dict[str, list[str]]:
    """What a browser sends for these fields."""
    sent: dict[str, list[str]] = {}
    for field in fields:
        for row in field.rows:
            sent.update(as_posted(row))
        if field.type in {"checklist", "taglist"}:
            sent.update({field.name: list(field.values)} if field.values else {})
        elif field.type in {"checkbox", "radio"}:
            sent.update({field.name: [field.value]} if field.value else {})
        elif field.type == "group":
            sent.update(as_posted(field.children))
        elif field.type != "dynamiclist":
            sent[field.name] = [field.value]
    return sent


@given(st.decimals(-(10**12), 10**12, places=3))
def test_a_number_reads_back_as_it_was_shown(number: Any) -> None:
    assert dutch.read_number(dutch.show_number(number)) == number


@given(st.dates(datetime(1900, 1, 1).date(), datetime(2200, 12, 31).date()))  # noqa: DTZ001  # only the day is used
def test_a_date_reads_back_as_it_was_shown(day: Any) -> None:
    assert dutch.read_date(dutch.show_date(day)) == day
    assert dutch.read_date(dutch.type_date(day)) == day


@given(json_values)
def test_whether_something_is_blank_can_always_be_said(value: Any) -> None:
    assert blank(value) in {True, False}


@given(st.binary(max_size=200) | json_values.map(lambda v: json.dumps(v).encode()))
@settings(deadline=None)
def test_any_file_is_a_form_or_has_findings(content: bytes) -> None:
    form = forms.read(content)
    assert form.findings or form.id


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "key",
                    "path",
                    "label",
                    "values",
                    "validate",
                    "properties",
                    "components",
                    "conditional",
                    "defaultValue",
                ]
            ),
            json_values,
            max_size=5,
        ),
        max_size=3,
    )
)
@settings(deadline=None)
def test_any_components_make_a_form_that_can_be_shown(components: list[dict[str, Any]]) -> None:
    form = forms.read(json.dumps({"id": "x", "components": components}).encode())
    found = forms.validate(form, {}, context={}, clock=CLOCK)
    forms.view(form, {}, found.errors, context={}, clock=CLOCK)
