"""What form pages post, and the rows that people add and remove without scripts."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from service.web import posted, render
from tests.web.samples import field

ROWS = {
    "pad.0.wat": ["rustplek"],
    "pad.0.effect": ["beter"],
    "pad.1.wat": ["timer"],
    "pad.2.wat": ["maatje"],
    "naam": ["Noor"],
}


def test_the_fields_of_the_page_itself_are_no_answers() -> None:
    form = MultiDict([("csrf_token", "x"), ("idempotency_key", "y"), ("_actie", "bewaren"), ("naam", "Noor")])
    assert posted.answers(form) == {"naam": ["Noor"]}


def test_every_ticked_box_is_kept() -> None:
    form = MultiDict([("opties", "a"), ("opties", "b")])
    assert posted.answers(form) == {"opties": ["a", "b"]}


def test_adding_a_row_keeps_what_was_typed_and_adds_empty_fields() -> None:
    changed = posted.row_change("rij-erbij:pad:3:wat,effect", ROWS)
    assert changed == {**ROWS, "pad.3.wat": [""], "pad.3.effect": [""]}


def test_removing_a_row_moves_the_later_rows_up() -> None:
    changed = posted.row_change("rij-weg:pad:0", ROWS)
    assert changed == {"pad.0.wat": ["timer"], "pad.1.wat": ["maatje"], "naam": ["Noor"]}


def test_a_list_inside_a_group_is_found_by_its_whole_path() -> None:
    changed = posted.row_change("rij-weg:groep.pad:0", {"groep.pad.0.wat": ["a"], "pad.0.wat": ["b"]})
    assert changed == {"pad.0.wat": ["b"]}


@pytest.mark.parametrize("action", ["", "bewaren", "rij-weg:pad:x", "iets-anders:pad:0"])
def test_other_buttons_change_no_rows(action: str) -> None:
    assert posted.row_change(action, ROWS) is None


def test_one_more_row_has_the_fields_of_a_row_and_of_its_groups() -> None:
    inner = field("pad.0.wie", "group", "Wie", children=(field("pad.0.wie.naam", "textfield", "Naam"),))
    rows = field("pad", "dynamiclist", "Pad", children=(field("pad.0.wat", "textfield", "Wat"), inner))
    assert render.row_fields(rows) == ["wat", "wie.naam"]
