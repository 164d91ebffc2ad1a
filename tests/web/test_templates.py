"""Every page, filled with invented cases: well-formed, labelled, and with its errors tied to its fields."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from flask import Flask, g, render_template
from lxml import html

from service.domain import Actor
from service.errors import TaskNotOpen
from service.operations import views
from service.web import render, story
from tests.web import samples as s

PAGES: dict[str, tuple[Actor | None, str, dict[str, Any]]] = {
    "sign in": (None, "inloggen.html", {"error": "", "username": "", "next_path": ""}),
    "sign in refused": (
        None,
        "inloggen.html",
        {"error": "Klopt niet.", "username": "a@b", "next_path": "/taken"},
    ),
    "sign out": (s.SCHOOL, "uitloggen.html", {}),
    "tasks": (
        s.SCHOOL,
        "taken.html",
        {"page": s.TASKS, "groups": render.by_urgency(s.TASKS.tasks, s.NOW), "offset": 0, "size": 50},
    ),
    "no tasks": (
        s.PARENT,
        "taken.html",
        {"page": views.TaskPage(tasks=(), total=0), "groups": [], "offset": 0, "size": 50},
    ),
    "task": (
        s.SCHOOL,
        "taak.html",
        {"task": s.task_view(), "title_prefix": "", "focus": "", "idempotency_key": "k"},
    ),
    "task with errors": (
        s.PARENT,
        "taak.html",
        {"task": s.task_view(wrong=True), "title_prefix": "Fout: ", "focus": "", "idempotency_key": "k"},
    ),
    "task done by another": (
        s.SCHOOL,
        "taak_gesloten.html",
        {"refusal": TaskNotOpen(by="Kees P.", at=s.NOW), "own": {"pad.0.wat": ["Mijn tekst"]}},
    ),
    "task that stands still": (
        s.SCHOOL,
        "taak_gesloten.html",
        {"refusal": TaskNotOpen(state="SUSPENDED"), "own": {"pad.0.wat": ["Mijn tekst"]}},
    ),
    "task opened again": (
        s.SCHOOL,
        "taak_gesloten.html",
        {"task": s.task_view(state="COMPLETED"), "own": {}},
    ),
    "start forms": (s.PARENT, "starten.html", {"cards": s.CARDS}),
    "start form": (
        s.PARENT,
        "start.html",
        {"start": s.START, "title_prefix": "", "focus": "", "idempotency_key": "k"},
    ),
    "casussen": (s.SCHOOL, "casussen.html", {"heads": s.HEADS}),
    "casus": (s.SCHOOL, "casus.html", {"casus": s.CASUS, "answers": render.by_form(s.CASUS.dossier)}),
    "situation": (s.PARENT, "casus.html", {"casus": s.CASUS, "answers": render.by_form(s.CASUS.dossier)}),
    "studio": (s.OWNER, "studio.html", {"rows": s.PROCESSES}),
    "modeler": (
        s.OWNER,
        "studio_proces.html",
        {
            "concept": s.CONCEPT,
            "findings": s.FINDINGS,
            "checked": True,
            "reason": "",
            "error": "",
            "refused": True,
        },
    ),
    "files": (
        s.OWNER,
        "studio_bestanden.html",
        {"concept": s.CONCEPT, "error": "", "form_id": "", "title": "", "role": ""},
    ),
    "file": (
        s.OWNER,
        "studio_bestand.html",
        {"concept": s.CONCEPT, "path": "proces.bpmn", "text": s.BPMN.decode(), "error": ""},
    ),
    "search": (s.AUDITOR, "audit.html", {"rows": s.CASES, "asked": "", "reach": s.REACH}),
    "search without result": (s.AUDITOR, "audit.html", {"rows": (), "asked": "xyz", "reach": s.REACH}),
    "reason": (s.AUDITOR, "audit_reden.html", {"key": 31, "error": "Schrijf een zin.", "reason": "x"}),
    "story": (
        s.AUDITOR,
        "verhaal.html",
        {
            "story": s.STORY,
            "lines": story.lines(s.STORY),
            "drawing": story.drawing(s.STORY),
            "reason": "Steekproef",
            "technical": story.technical,
            "by_whom": story.by_whom,
            "lasted": "",
        },
    ),
}


def shown(app: Flask, name: str) -> Any:
    """A page of the table above, parsed."""
    who, template, values = PAGES[name]
    with app.test_request_context("/"):
        g.actor, g.session_token = who, "token"
        return html.document_fromstring(render_template(template, **values))


@pytest.fixture(params=sorted(PAGES))
def page(request: pytest.FixtureRequest, app: Flask) -> Any:
    return shown(app, request.param)


def test_a_page_has_one_heading_a_title_and_a_language(page: Any) -> None:
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("string(//title)").endswith("· Sluitend")
    assert page.get("lang") == "nl"


def test_no_two_things_on_a_page_share_an_id(page: Any) -> None:
    assert [name for name, times in Counter(page.xpath("//@id")).items() if times > 1] == []


def test_every_field_has_a_label(page: Any) -> None:
    fields = page.xpath("//main//input[not(@type='hidden')] | //main//select | //main//textarea")
    labelled = set(page.xpath("//label/@for"))
    unlabelled = [
        f.get("name") for f in fields if f.get("id") not in labelled and not f.xpath("ancestor::label")
    ]
    assert unlabelled == []


def test_every_reference_on_a_page_leads_somewhere(page: Any) -> None:
    ids = set(page.xpath("//@id"))
    pointed = {
        name for attribute in ("aria-describedby", "aria-labelledby") for value in page.xpath(f"//@{attribute}") for name in value.split()
    }  # fmt: skip
    links = {href[1:] for href in page.xpath("//a/@href[starts-with(., '#')]")}
    assert (pointed | links) - ids == set()


def test_every_form_that_changes_something_carries_its_token(page: Any) -> None:
    for form in page.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']")


def test_no_page_has_inline_script_or_style(page: Any) -> None:
    assert page.xpath("//script[not(@src)] | //style | //*[@style] | //@*[starts-with(name(), 'on')]") == []


def test_a_wrong_answer_stands_in_the_summary_and_at_its_field(app: Flask) -> None:
    page = shown(app, "task with errors")
    sentence = "31 februari bestaat niet. Vul een datum in zoals 14 maart 2027."
    assert page.xpath("string(//title)").startswith("Fout: ")
    assert sentence in [link.text_content() for link in page.xpath("//*[@id='fouten']//a")]
    field = page.get_element_by_id("veld-gesproken_op")
    assert field.get("aria-invalid") == "true"
    assert field.value == "31 februari"
    described = [
        page.get_element_by_id(name).text_content() for name in field.get("aria-describedby").split()
    ]
    assert any(sentence in text for text in described)


def test_a_lost_race_names_who_and_when_and_keeps_the_text(app: Flask) -> None:
    words = " ".join(shown(app, "task done by another").text_content().split())
    assert "Kees P. heeft deze taak afgerond op 9 maart 2027 om 10:30." in words
    assert "Mijn tekst" in words


def test_a_task_of_a_held_process_says_that_it_comes_back(app: Flask) -> None:
    words = " ".join(shown(app, "task that stands still").text_content().split())
    assert (
        "Het proces is stilgezet. Probeer het later opnieuw. Wat u zelf invulde is niet verstuurd." in words
    )
    assert "Mijn tekst" in words


def test_parents_read_situation_and_professionals_casus(app: Flask) -> None:
    said = {name: shown(app, name).xpath("string(//h1)") for name in ("casus", "situation")}
    assert said == {"casus": "Noor B.", "situation": "De situatie van Noor B."}


def test_hostile_names_are_shown_as_text(app: Flask) -> None:
    hostile = s.task_row(1, "<script>alert(1)</script>", 1, subject_name='"><img src=x>')
    with app.test_request_context("/"):
        g.actor, g.session_token = s.SCHOOL, "token"
        groups = render.by_urgency([hostile], s.NOW)
        page = render_template(
            "taken.html", page=views.TaskPage(tasks=(hostile,), total=1), groups=groups, offset=0, size=50
        )
    assert "<script>alert" not in page
    assert "<img" not in page
