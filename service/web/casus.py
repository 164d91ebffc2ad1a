"""The casus: where it stands, who is involved, what was filled in."""

from __future__ import annotations

from flask import Response, g, render_template

from service.domain import DefinitionKey
from service.operations import casussen, emergencies, matches, processes
from service.web import render, timeline
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("casus", __name__)


@blueprint.get("/casus")
def mine() -> str:
    """The casussen in which this person has a part."""
    who = actor()
    return render_template(
        "casussen.html",
        heads=casussen.mine(who),
        former=casussen.formerly(who),
        emergency=emergencies.may_use(who),
        questions=len(matches.mine(who)),
    )


@blueprint.get("/casus/<number>")
def show(number: str) -> str:
    """One casus, as far as this person may see it."""
    g.inline_style = False
    view = casussen.view(actor(), number)
    return render_template(
        "casus.html",
        casus=view,
        answers=render.by_form(view.dossier),
        days=timeline.by_day(view.timeline),
        happened=timeline.sentence,
        word=render.role,
    )


@blueprint.get("/schema/<int:definition_key>.bpmn")
def diagram(definition_key: int) -> Response:
    """The diagram of a published version, for the drawing beside the steps."""
    return Response(
        processes.diagram(actor(), DefinitionKey(definition_key)),
        mimetype="application/xml",
        headers={"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff"},
    )
