"""Figures of the region without names: how questions for an exemption ended."""

from __future__ import annotations

import csv
import io
from datetime import date

from flask import Response, render_template, request

from service.operations import monitor
from service.operations.monitor import Line, Overview
from service.web.guard import pages
from service.web.render import now
from service.web.session import actor

blueprint = pages("monitoring", __name__)

_EARLIEST = 2020


@blueprint.get("/vrijstellingen")
def exemptions() -> str:
    """The overview of a school year."""
    page = _asked()
    begun = now().date() >= date(page.year + 1, 8, 1)
    earlier, later = max(page.year - 1, _EARLIEST), page.year + 1 if begun else None
    return render_template("vrijstellingen.html", page=page, earlier=earlier, later=later)


@blueprint.get("/vrijstellingen.csv")
def exemptions_csv() -> Response:
    """The same as a file for a spreadsheet."""
    page = _asked()
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";")
    writer.writerow(["Schooljaar", "Gemeente", "Samenwerkingsverband", *page.columns, "Totaal"])
    for line in page.lines:
        writer.writerow(
            [f"{page.year}-{page.year + 1}", line.municipality, line.partnership, *_cells(page, line)]
        )
    name = f"vrijstellingen-{page.year}-{page.year + 1}.csv"
    return Response(
        "\ufeff" + file.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _cells(page: Overview, line: Line) -> list[str]:
    few = f"minder dan {page.threshold}"
    return [few if count is None else str(count) for count in (*line.counts, line.total)]


def _asked() -> Overview:
    given = request.args.get("jaar", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == len("2026") else None
    return monitor.overview(actor(), year if year is None else max(year, _EARLIEST))
