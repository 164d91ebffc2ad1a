"""Sets one letter as PDF/UA-1 with Typst. What it says comes in as data, so no word of it can become markup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typst

_TEMPLATE = (Path(__file__).parent / "letter.typ").read_bytes()


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything on the paper."""

    sender: str
    address: Sequence[str]  # lines under the sender
    place_and_date: str
    reference: str  # casus number
    subject: str
    blocks: Sequence[Mapping[str, Any]]  # {kind: heading paragraph bullet number, runs: [{text, bold}]}
    signature: Sequence[str]
    contact: str  # who to call, at the foot of each page
    logo: bytes = b""  # SVG or PNG; b"": the sender in letters alone
    logo_alt: str = ""


class NotSet(Exception):
    """Typst could not set it; says nothing of what the letter holds."""


def pdf(sheet: Sheet) -> bytes:
    """The letter as PDF/UA-1, A4, in Dutch. Raises NotSet for a logo that is no picture.

    The standard forbids signs that no font of this machine has, such as those of another script in a name: such a letter
    is tagged in the same way, but does not call itself PDF/UA.
    """
    told = {**asdict(sheet), "logo": list(sheet.logo), "logo_kind": _kind(sheet.logo)}
    given = {"letter": json.dumps(told, ensure_ascii=False)}
    try:
        return typst.compile(_TEMPLATE, format="pdf", sys_inputs=given, pdf_standards="ua-1")
    except typst.TypstError:
        try:
            return typst.compile(_TEMPLATE, format="pdf", sys_inputs=given)
        except typst.TypstError as error:
            raise NotSet("Expected a letter and a logo that Typst can set") from error


def _kind(logo: bytes) -> str:
    if not logo:
        return ""
    return "png" if logo.startswith(b"\x89PNG") else "svg"
