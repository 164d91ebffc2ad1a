"""The process owner's studio: the overview, the diagram, the check and publishing."""

from __future__ import annotations

from dataclasses import asdict

from flask import Response, flash, g, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from service.domain import Finding
from service.errors import Conflict, DiagramRejected
from service.operations import processes
from service.web import dates, texts
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("studio", __name__)

DIAGRAM = "proces.bpmn"
Answer = BaseResponse | str | tuple[str, int]


@blueprint.get("/studio")
def overview() -> str:
    """Every process with its version, its running cases and its concept."""
    return render_template("studio.html", rows=processes.overview(actor()))


@blueprint.get("/studio/<process_id>")
def show(process_id: str) -> str:
    """The diagram, ready to be changed."""
    return _page(process_id)


@blueprint.get("/studio/<process_id>/schema.bpmn")
def diagram(process_id: str) -> Response:
    """The diagram of the concept as it is stored."""
    concept = processes.concept(actor(), process_id)
    return Response(concept.files.get(DIAGRAM, b""), mimetype="application/xml")


@blueprint.post("/studio/<process_id>/concept")
def save(process_id: str) -> tuple[Response, int]:
    """Keep the diagram in the concept; asked by the modeler."""
    concept = processes.concept(actor(), process_id)
    files = {**concept.files, DIAGRAM: _diagram()}
    try:
        saved = processes.save(actor(), process_id, files, request.form.get("revision", 0, type=int))
    except Conflict:
        return jsonify(melding=texts.refusal("conflict").sentence), 409
    except DiagramRejected as error:
        return jsonify(melding=texts.refusal(error.code).sentence, bevindingen=_told(error.findings)), 400
    return jsonify(revision=saved.revision, bewaard=dates.clock_time(saved.saved_at)), 200


@blueprint.post("/studio/<process_id>/controle")
def check(process_id: str) -> Answer:
    """Check the concept, with the diagram as it is on screen when the modeler asks."""
    if "bpmn" in request.form:
        concept = processes.concept(actor(), process_id)
        found = processes.check(actor(), process_id, {**concept.files, DIAGRAM: _diagram()})
        return jsonify(bevindingen=_told(found))
    return _page(process_id, findings=processes.check(actor(), process_id), checked=True)


@blueprint.post("/studio/<process_id>/publiceren")
def publish(process_id: str) -> Answer:
    """Publish the concept as a new version, with the reason why."""
    reason = request.form.get("reden", "").strip()
    if not reason:
        return _page(process_id, error="Schrijf kort wat er verandert en waarom."), 422
    try:
        published = processes.publish(actor(), process_id, request.form.get("revision", 0, type=int), reason)
    except DiagramRejected as error:
        return _page(process_id, findings=error.findings, checked=True, reason=reason, refused=True), 422
    flash(_outcome(published.version, unchanged=published.unchanged), "goed")
    return redirect(url_for("studio.show", process_id=process_id))


def _page(process_id: str, **shown: object) -> str:
    g.inline_style = True  # bpmn-js styles its canvas inline
    concept = processes.concept(actor(), process_id)
    defaults: dict[str, object] = {
        "findings": (),
        "checked": False,
        "reason": "",
        "error": "",
        "refused": False,
    }
    return render_template("studio_proces.html", concept=concept, **{**defaults, **shown})


def _diagram() -> bytes:
    return request.form.get("bpmn", "").encode()


def _told(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    return [{**asdict(finding), "severity": str(finding.severity)} for finding in findings]


def _outcome(version: int, *, unchanged: bool) -> str:
    if unchanged:
        return f"Er is niets veranderd: versie {version} blijft in gebruik."
    return f"Versie {version} is gepubliceerd. Lopende casussen houden de versie waarmee zij begonnen."
