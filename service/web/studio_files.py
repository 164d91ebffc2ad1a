"""The other files of a process (forms, decision tables, letters) as text, for who knows what they do."""

from __future__ import annotations

import json
import re

from flask import flash, redirect, render_template, request, url_for

from service.errors import Conflict, NotFound
from service.operations import processes
from service.web import texts
from service.web.guard import pages
from service.web.session import actor
from service.web.studio import Answer

blueprint = pages("studio_files", __name__)

_FORM_ID = re.compile(r"[a-z][a-z0-9_]{1,60}")


@blueprint.get("/studio/<process_id>/bestanden")
def files(process_id: str) -> str:
    """All files of the concept, and a way to add a form."""
    concept = processes.concept(actor(), process_id)
    return render_template("studio_bestanden.html", concept=concept, error="", form_id="", title="", role="")


@blueprint.post("/studio/<process_id>/bestanden")
def add_form(process_id: str) -> Answer:
    """Add a form with one question, to go on from."""
    concept = processes.concept(actor(), process_id)
    form_id, title = request.form.get("formulier", "").strip(), request.form.get("titel", "").strip()
    role = request.form.get("rol", "").strip()
    path = f"forms/{form_id}.form"
    error = _refused(form_id, title, exists=path in concept.files)
    if error:
        page = render_template(
            "studio_bestanden.html", concept=concept, error=error, form_id=form_id, title=title, role=role
        )
        return page, 422
    processes.save(
        actor(), process_id, {**concept.files, path: _first_form(form_id, title, role)}, concept.revision
    )
    flash(f"Formulier ‘{title}’ is toegevoegd. Gebruik in het schema het formulier-id {form_id}.", "goed")
    return redirect(url_for("studio_files.edit_file", process_id=process_id, path=path))


@blueprint.get("/studio/<process_id>/bestanden/<path:path>")
def edit_file(process_id: str, path: str) -> str:
    """One file as text."""
    concept = processes.concept(actor(), process_id)
    if path not in concept.files:
        raise NotFound
    text = concept.files[path].decode("utf-8", errors="replace")
    return render_template("studio_bestand.html", concept=concept, path=path, text=text, error="")


@blueprint.post("/studio/<process_id>/bestanden/<path:path>")
def save_file(process_id: str, path: str) -> Answer:
    """Keep one file in the concept."""
    concept = processes.concept(actor(), process_id)
    if path not in concept.files:
        raise NotFound
    text = request.form.get("tekst", "").replace("\r\n", "\n")
    try:
        processes.save(
            actor(),
            process_id,
            {**concept.files, path: text.encode()},
            request.form.get("revision", 0, type=int),
        )
    except Conflict:
        page = render_template(
            "studio_bestand.html",
            concept=concept,
            path=path,
            text=text,
            error=texts.refusal("conflict").sentence,
        )
        return page, 409
    flash(f"{path} is bewaard in het concept.", "goed")
    return redirect(url_for("studio_files.edit_file", process_id=process_id, path=path))


def _refused(form_id: str, title: str, *, exists: bool) -> str:
    if not _FORM_ID.fullmatch(form_id):
        return "Gebruik voor het formulier-id kleine letters, cijfers en _, bijvoorbeeld tweede_gesprek."
    if exists:
        return f"Er is al een formulier {form_id}. Kies een ander id."
    return "" if title else "Geef het formulier een titel, bijvoorbeeld ‘Tweede gesprek’."


def _first_form(form_id: str, title: str, role: str) -> bytes:
    """A form-js form with one question, answered by `role`."""
    question = {
        "type": "textarea",
        "id": f"{form_id}_toelichting",
        "key": f"{form_id}_toelichting",
        "label": "Toelichting",
        "validate": {"required": True, "maxLength": 2000},
        "properties": {
            "klasse": "O",
            "eigenaar": role,
            "toelichting": "Schrijf alleen op wat nodig is voor de volgende stap.",
        },
    }
    form = {
        "type": "default",
        "id": form_id,
        "schemaVersion": 19,
        "exporter": {"name": "Sluitend", "version": "1"},
        "components": [{"type": "text", "id": f"{form_id}_kop", "text": f"# {title}"}, question],
    }
    return (json.dumps(form, ensure_ascii=False, indent=2) + "\n").encode()
