"""What a mail of a process says: its template is plain words with a link, and no data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

FOLDER = "brieven/"
LINK = "{{link}}"
_PLACE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_LONGEST_SUBJECT = 120  # signs


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Subject and text, with the place of the link."""

    subject: str
    text: str


class NoLetter(ValueError):
    """There is none, or it cannot be sent; says why, in Dutch."""


class WithData(NoLetter):
    """It wants to say more than a mail may."""


def letter(headers: Mapping[str, str], files: Mapping[str, bytes]) -> Letter:
    """The letter of a task: the template that its headers name, or the words in them.

    Headers stand in the diagram; an input could bring data, so it does not count here.
    """
    path = headers.get("sjabloon", "")
    if path:
        content = files.get(path)
        if content is None or not path.startswith(FOLDER):
            raise NoLetter("Bij 'sjabloon' hoort een bestand uit de map brieven te staan")
        found = _read(content)
        missing = "De eerste regel van het sjabloon hoort '# Onderwerp' te zijn, met daaronder de tekst"
    else:
        found = Letter(subject=headers.get("onderwerp", "").strip(), text=headers.get("tekst", "").strip())
        missing = "Bij de mail horen 'sjabloon', of 'onderwerp' en 'tekst' te staan"
    if not found.subject or len(found.subject) > _LONGEST_SUBJECT or not found.text:
        raise NoLetter(missing)
    if set(_PLACE.findall(found.subject + found.text)) - {LINK}:
        raise WithData("In een mail mag alleen {{link}} worden ingevuld: gegevens horen niet in mail")
    return found


def _read(content: bytes) -> Letter:
    head, _, body = content.decode("utf-8", "replace").replace("\r\n", "\n").strip().partition("\n")
    return Letter(subject=head[2:].strip() if head.startswith("# ") else "", text=body.strip())
