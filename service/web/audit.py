"""The auditor's pages: find a case, say why, read its story beside the diagram that ran."""

from __future__ import annotations

from flask import render_template, request

from service.domain import InstanceKey
from service.operations import audit, mandates
from service.web import story as stories
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("auditor", __name__)

SHORTEST_REASON = 10  # characters; "test" is no reason
SHORT_REASON = (
    "Schrijf in een korte zin waarom u deze geschiedenis bekijkt, bijvoorbeeld ‘Steekproef tweede kwartaal’."
)


@blueprint.get("/audit")
def search() -> str:
    """The cases that match what the auditor looks for."""
    asked = request.args.get("zoek", "").strip()
    rows = audit.search(actor(), text=asked)
    return render_template("audit.html", rows=rows, asked=asked, reach=mandates.mine(actor()))


@blueprint.get("/audit/<int:key>")
def ask(key: int) -> str:
    """Ask for the reason before anything is shown."""
    audit.require(actor())
    return render_template("audit_reden.html", key=key, error="", reason="")


@blueprint.post("/audit/<int:key>")
def read(key: int) -> str | tuple[str, int]:
    """The story of one instance; the reason is logged with it."""
    reason = request.form.get("reden", "").strip()
    if len(reason) < SHORTEST_REASON:
        return render_template("audit_reden.html", key=key, error=SHORT_REASON, reason=reason), 422
    story = audit.story(actor(), InstanceKey(key), reason)
    return render_template(
        "verhaal.html",
        story=story,
        lines=stories.lines(story),
        drawing=stories.drawing(story),
        reason=reason,
        technical=stories.technical,
        by_whom=stories.by_whom,
        lasted=stories.lasted(story),
    )
