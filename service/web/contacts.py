"""Whom to call in each municipality, and who decides when parties do not agree."""

from __future__ import annotations

from flask import render_template

from service.operations import contacts
from service.web.guard import pages
from service.web.render import now
from service.web.session import actor

blueprint = pages("contacts", __name__)


@blueprint.get("/aanspreekpunten")
def show() -> str:
    """The register of contacts and mandates."""
    return render_template("aanspreekpunten.html", page=contacts.register(actor()), today=now().date())
