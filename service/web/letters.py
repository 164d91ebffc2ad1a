"""Letters of a casus, to keep or print."""

from __future__ import annotations

from flask import Response

from service.operations import letters
from service.web.guard import pages
from service.web.session import actor

blueprint = pages("letters", __name__)


@blueprint.get("/casus/<number>/brieven/<int:key>.pdf")
def show(number: str, key: int) -> Response:
    """One letter as PDF."""
    found = letters.read(actor(), number, key)
    return Response(
        found.content,
        mimetype="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{found.name}"',
            "Content-Security-Policy": "default-src 'none'",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
