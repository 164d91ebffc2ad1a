"""A letter is set as it was written, whatever stands in it."""

from __future__ import annotations

import re
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.connectors.letters import NotSet, Sheet, pdf
from service.publication import documents
from service.publication.letters import NoLetter

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="8" height="4"/></svg>'


def sheet(*texts: str, logo: bytes = b"", subject: str = "Advies") -> Sheet:
    return Sheet(
        sender="Gemeente Wilgenveen",
        address=["Postbus 1"],
        place_and_date="Wilgenveen, 14 maart 2027",
        reference="ZB-1",
        subject=subject,
        blocks=[{"kind": "paragraph", "runs": [{"text": text, "bold": False}]} for text in texts],
        signature=["Groet"],
        contact="Bel ons.",
        logo=logo,
        logo_alt="Logo",
    )


def test_a_letter_is_a_tagged_pdf_in_dutch_with_its_subject_as_title() -> None:
    made = pdf(sheet("Beste ouder,", logo=LOGO))
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    assert b"/Lang" in made
    assert b"pdfuaid:part>1<" in b"".join([made, *_streams(made)])


def _streams(content: bytes) -> list[bytes]:
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            continue
    return found


@settings(deadline=None, max_examples=60)
@given(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=80),
    st.sampled_from(["#panic()", '#read("/etc/passwd")', "$x$", "= kop", "*vet*", "@ref", "<l>", "\\", "`"]),
)
def test_no_word_that_somebody_typed_becomes_markup(text: str, markup: str) -> None:
    assert pdf(sheet(text + markup, subject=markup)).startswith(b"%PDF-")


def test_a_name_in_a_script_that_no_font_has_is_still_a_letter() -> None:
    assert b"/MarkInfo" in pdf(sheet("Beste \U00013000 \ue000,"))


def test_a_logo_that_is_no_picture_is_refused() -> None:
    with pytest.raises(NotSet):
        pdf(sheet("Beste ouder,", logo=b"geen plaatje"))


TEMPLATE = b"""# Advies over {{jeugdige.voornaam}}

Beste ouder,
dit is **belangrijk**: {{ wat }}.

## Wat nu?

- Wij bellen op {{dag}}.
1. Eerst dit
"""


def read(content: bytes = TEMPLATE, **headers: str) -> documents.Document:
    return documents.document({"sjabloon": "brieven/a.md", **headers}, {"brieven/a.md": content})


def test_a_template_is_filled_after_its_markdown_is_read() -> None:
    context = {"jeugdige": {"voornaam": "Noor"}, "wat": "# geen **kop**", "dag": "2027-03-14"}
    subject, blocks = read().filled(context, {})
    assert subject == "Advies over Noor"
    assert [(one.kind, [(run.text, run.bold) for run in one.runs]) for one in blocks] == [
        (
            "paragraph",
            [("Beste ouder, dit is ", False), ("belangrijk", True), (": # geen **kop**.", False)],
        ),
        ("heading", [("Wat nu?", False)]),
        ("bullet", [("Wij bellen op 14 maart 2027.", False)]),
        ("number", [("Eerst dit", False)]),
    ]


def test_a_place_without_a_value_is_told_by_its_name_and_not_its_neighbours() -> None:
    with pytest.raises(documents.Unfilled, match=r"^wat$"):
        read().filled({"jeugdige": {"voornaam": "Noor"}, "wat": None, "dag": "2027-03-14"}, {})


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        (b"Geen kop", {}),
        (b"# Alleen een kop", {}),
        (b"# Kop\n\n{{ 1 + }}", {}),
        (b"# Kop\n\ntekst", {"soort": "uitspraak"}),
        (b"# Kop\n\ntekst", {"sjabloon": "proces.toml"}),
    ],
)
def test_a_template_that_cannot_become_a_letter_is_refused(content: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(NoLetter):
        read(content, **headers)


@pytest.mark.parametrize(
    ("value", "told"),
    [(True, "ja"), (["a", "b"], "a, b"), ("2027-12-01", "1 december 2027"), (3, "3"), ("tekst", "tekst")],
)
def test_values_are_told_as_people_write_them(value: object, told: str) -> None:
    assert documents.told(value) == told
