"""Answers of every class that can be told apart on a page."""

from __future__ import annotations

from tests.operations import proef

ANSWERS: dict[str, dict[str, str]] = {
    "start": {"voornaam": "Merel", "achternaam": "Identiteitskenmerk"},
    "Advies geven": {"advies": "plek", "toelichting": "onderwijskenmerk-11", "zorgen": "zorgkenmerk-22"},
    "Onderzoek doen": {
        "conclusie": "nooit",
        "bevinding": "onderzoekskenmerk-33",
        "verklaring": "verklaringkenmerk-44",
    },
}
#: Question -> what stands on a page that shows its answer.
MARKERS = {
    "achternaam": "Identiteitskenmerk",
    "toelichting": "onderwijskenmerk-11",
    "zorgen": "zorgkenmerk-22",
    "bevinding": "onderzoekskenmerk-33",
    "verklaring": "verklaringkenmerk-44",
}


def files() -> dict[str, bytes]:
    """The small regional process, whose school is also asked about care."""
    found = proef.files()
    found["forms/advies.form"] = proef.form(
        "advies",
        proef.choice("advies", "school_ib", "plek", "geen"),
        proef.text("toelichting", "O", "school_ib"),
        proef.field("textfield", "zorgen", "Z", "school_ib"),
    )
    return found
