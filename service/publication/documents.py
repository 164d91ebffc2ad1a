"""The templates of letters on paper, brieven/*.md: a subject, plain Markdown, and FEEL between {{ and }}."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service import feel
from service.publication.letters import FOLDER, NoLetter

_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_ITEM = re.compile(r"(?:[-*]|(\d{1,3})[.)])\s+(.*)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]

#: What every letter knows beside the variables of its task.
GIVEN = frozenset({"jeugdige", "organisatie", "datum", "casusnummer", "telefoon"})
SORTS = frozenset({"brief", "besluit"})


@dataclass(frozen=True)
class Run:
    """Words of one kind within a paragraph."""

    text: str
    bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Block:
    """A paragraph, a heading or one item of a list."""

    kind: str  # heading paragraph bullet number
    runs: tuple[Run, ...]


class Unfilled(Exception):
    """A place that has no value in this casus; says which."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A template, read."""

    subject: str
    body: str

    def formulas(self) -> tuple[str, ...]:
        """What stands between the brackets."""
        return tuple(one.strip() for one in _PLACE.findall(self.subject + "\n" + self.body))

    def filled(
        self, context: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
    ) -> tuple[str, tuple[Block, ...]]:
        """Subject and blocks for one casus. Raises Unfilled for a place without a value.

        A value is put in after the Markdown is read: nothing that somebody typed becomes a heading.
        """

        def value(match: re.Match[str]) -> str:
            found = feel.evaluate(match[1].strip(), context, functions=functions)
            if found is None or found == "":
                raise Unfilled(match[1].strip()[:60])
            return told(found)

        subject = _PLACE.sub(value, self.subject)
        blocks = tuple(
            Block(kind=one.kind, runs=tuple(Run(_PLACE.sub(value, run.text), run.bold) for run in one.runs))
            for one in _blocks(self.body)
        )
        return subject, blocks


def document(headers: Mapping[str, str], files: Mapping[str, bytes]) -> Document:
    """The template that the headers of a task name. Raises NoLetter, in Dutch."""
    path = headers.get("sjabloon", "")
    content = files.get(path)
    if content is None or not path.startswith(FOLDER):
        raise NoLetter("Bij 'sjabloon' hoort een bestand uit de map brieven te staan")
    head, _, body = content.decode("utf-8", "replace").replace("\r\n", "\n").strip().partition("\n")
    if not head.startswith("# ") or not body.strip():
        raise NoLetter("De eerste regel van het sjabloon hoort '# Onderwerp' te zijn, met daaronder de tekst")
    found = Document(subject=head[2:].strip(), body=body.strip())
    for formula in found.formulas():
        try:
            feel.parse(formula)
        except feel.FeelSyntaxError as error:
            raise NoLetter(f"'{formula[:60]}' is geen goede formule") from error
    if headers.get("soort", "brief") not in SORTS:
        raise NoLetter("Bij 'soort' hoort brief of besluit te staan")
    return found


def told(value: Any) -> str:
    """A value as a letter says it: a day in full, a list with commas."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, (list, tuple)):
        return ", ".join(told(one) for one in value)
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return day(date.fromisoformat(str(value)[:10]))
    return str(feel.to_json(value))


def day(found: date) -> str:
    """ "14 maart 2027"."""
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def _blocks(body: str) -> Iterator[Block]:
    """Headings, paragraphs and lists; an item ends at the line, a paragraph at an empty one."""
    paragraph: list[str] = []
    for line in [*body.split("\n"), ""]:
        text, item = line.strip(), _ITEM.match(line.strip())
        if text and not text.startswith("#") and item is None:
            paragraph.append(text)
            continue
        if paragraph:
            yield Block(kind="paragraph", runs=_runs(" ".join(paragraph)))
            paragraph = []
        if item is not None:
            yield Block(kind="number" if item[1] else "bullet", runs=_runs(item[2]))
        elif text:
            yield Block(kind="heading", runs=_runs(text.lstrip("#").strip()))


def _runs(text: str) -> tuple[Run, ...]:
    parts = _BOLD.split(text)
    return tuple(Run(part, bold=number % 2 == 1) for number, part in enumerate(parts) if part)
