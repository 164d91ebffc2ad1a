"""The little Markdown that form texts use (headings, lists, bold, links) as safe HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from markupsafe import Markup, escape

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)")
_LINK = re.compile(r"\[([^\]]+)\]\(((?:https?://|mailto:|tel:|/)[^)\s]*)\)")
_HEADING = re.compile(r"(#{1,4})\s+(.*)")
_BULLET = re.compile(r"[-*]\s+(.*)")


def render(text: object) -> Markup:
    """Markdown paragraphs to HTML; everything else is shown as it was typed."""
    blocks = re.split(r"\n\s*\n", str(text or "").strip())
    return Markup("\n").join(_block(block.strip().splitlines()) for block in blocks if block.strip())


def _block(lines: list[str]) -> Markup:
    heading = _HEADING.fullmatch(lines[0].strip())
    if heading:
        # Always one step below the page's h1, whatever depth the author chose; the class keeps the size.
        shown = Markup('<h2 class="s-text__h{0}">{1}</h2>').format(len(heading[1]), _inline(heading[2]))
        return shown + _block(lines[1:]) if lines[1:] else shown
    runs = groupby(lines, key=lambda line: bool(_BULLET.fullmatch(line.strip())))
    return Markup("").join(_list(run) if bulleted else _paragraph(run) for bulleted, run in runs)


def _paragraph(lines: Iterable[str]) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>").join(_inline(line) for line in lines))


def _list(lines: Iterable[str]) -> Markup:
    items = (_BULLET.sub(r"\1", line.strip()) for line in lines)
    return Markup("<ul>{}</ul>").format(
        Markup("").join(Markup("<li>{}</li>").format(_inline(item)) for item in items)
    )


def _inline(text: str) -> Markup:
    safe = str(escape(text))
    safe = _LINK.sub(r'<a class="nl-link" href="\2">\1</a>', safe)
    safe = _BOLD.sub(r"<strong>\1</strong>", safe)
    return Markup(_ITALIC.sub(r"<em>\1</em>", safe))  # noqa: S704  # escaped in the first line, only our own tags added
