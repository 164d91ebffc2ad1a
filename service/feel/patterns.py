"""Patterns of XPath (DMN 1.5, section 10.3.4.3) as RE2 reads them: linear in time, so no pattern holds up a case."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import re2

from service.errors import Unanswered

MAX_PATTERN = 1_000
_FLAGS = frozenset("smixq")
_LAST = 0x10FFFF
Spans = list[tuple[int, int]]  # first and last character, both included

#: Unicode blocks that a pattern may name, `\p{IsBasicLatin}`.
_BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
}
_LETTER_SPANS: Spans = [(0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D)]
_NAME_START: Spans = [
    (0x3A, 0x3A),
    (0x5F, 0x5F),
    *_LETTER_SPANS,
    (0x37F, 0x1FFF),
    (0x2C00, 0x2FEF),
    (0x3001, 0xD7FF),
]
_NAME_PART: Spans = [*_NAME_START, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F)]
_SIMPLE: dict[str, Spans] = {
    "n": [(10, 10)],
    "r": [(13, 13)],
    "t": [(9, 9)],
    "s": [(9, 10), (13, 13), (32, 32)],
    "i": _NAME_START,
    "c": _NAME_PART,
}
_TIMES = re.compile(r"\{\d+(,\d*)?\}", re.ASCII)
_CATEGORY = re.compile(r"\{\^?(Is[A-Za-z0-9-]+|[A-Z][a-z]?)\}")


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> Any:
    """The pattern, ready to search with; raises ValueError for what is no pattern.

    References back to a group are refused: no engine can search for them in linear time.
    """
    if len(pattern) > MAX_PATTERN:
        raise Unanswered("the pattern is too long")
    if not set(flags) <= _FLAGS:
        raise Unanswered("flags are s, m, i, x or q")
    options = "".join(sorted({"s", "m", "i"} & set(flags)))
    text = re2.escape(pattern) if "q" in flags else _Translation(pattern, flags).whole()
    settings = re2.Options()
    settings.log_errors = False
    settings.max_mem = 8 << 20
    try:
        return re2.compile(f"(?{options}){text}" if options else text, settings)
    except re2.error as error:
        raise Unanswered("the pattern cannot be read") from error


class _Translation:
    """One pattern on its way from XPath to RE2."""

    def __init__(self, pattern: str, flags: str) -> None:
        self.pattern = _without_space(pattern) if "x" in flags else pattern
        self.dot = r"(?s:.)" if "s" in flags else r"[^\n\r]"
        self.at = 0

    def whole(self) -> str:
        made = []
        while self.at < len(self.pattern):
            made.append(self._next())
        return "".join(made)

    def _next(self) -> str:
        sign = self.pattern[self.at]
        if sign == "[":
            return self._class()
        if sign == "\\":
            return self._escape()
        self.at += 1
        if sign == ".":
            return self.dot
        if sign == "{":
            return self._times()
        if sign in "]}" or (
            sign == "(" and self.pattern.startswith("(?", self.at - 1) and not self._plain_group()
        ):
            raise Unanswered(f"'{sign}' is not expected in a pattern")
        return sign

    def _times(self) -> str:
        match = _TIMES.match(self.pattern, self.at - 1)
        if match is None:
            raise Unanswered("'{' stands before how often, e.g. {2,3}")
        self.at = match.end()
        return match.group()

    def _plain_group(self) -> bool:
        return self.pattern.startswith("?:", self.at)

    def _escape(self) -> str:
        following = self.pattern[self.at + 1 : self.at + 2]
        if following in set("nrtdDwW.\\?*+{}()[]|^$-") - {""}:
            if following in "dDwW":
                return _written(self._escaped_spans())
            self.at += 2
            return "\\" + following
        return _written(self._escaped_spans())

    def _escaped_spans(self) -> Spans:
        r"""The characters of an escape such as \d, \S or \p{Lu}."""
        sign = self.pattern[self.at + 1 : self.at + 2]
        self.at += 2
        if sign in {"p", "P"}:
            return self._category(negated=sign == "P")
        spans = _SIMPLE.get(sign.lower()) if sign not in {"N", "R", "T"} else None
        if sign and sign in "dDwW":
            spans = _category_spans("Nd") if sign in "dD" else _word_spans()
        elif spans is None:
            if not sign or sign not in "\\.?*+{}()[]|^$-":
                raise Unanswered(f"'\\{sign}' is no escape of a pattern")
            return [(ord(sign), ord(sign))]
        return _complement(spans) if sign.isupper() else spans

    def _category(self, *, negated: bool) -> Spans:
        match = _CATEGORY.match(self.pattern, self.at)
        if match is None:
            raise Unanswered("a category stands in braces")
        self.at = match.end()
        name = match.group(1)
        if name.startswith("Is"):
            if name[2:] not in _BLOCKS:
                raise Unanswered(f"'{name}' is no block that is known here")
            spans = [_BLOCKS[name[2:]]]
        else:
            spans = _category_spans(name)
        return _complement(spans) if negated else spans

    def _class(self) -> str:
        """A class in brackets; it stays negated, since without regard to case `[^Q]` does not take q."""
        negated = self.pattern.startswith("[^", self.at)
        return _written(_complement(self._set()) if negated else self._set(), negated=negated)

    def _set(self) -> Spans:
        """The characters of a class, without what is subtracted: `[A-Z-[OI]]`."""
        negated = self.pattern.startswith("[^", self.at)
        self.at += 1 + negated
        spans, begin = Spans(), self.at
        while not self.pattern.startswith(("]", "-["), self.at) or self.at == begin:
            spans += self._member()
        spans = _complement(spans) if negated else _union(spans)
        if self.pattern.startswith("-[", self.at):
            self.at += 1
            spans = _complement(_union(_complement(spans), self._set()))
        if not self.pattern.startswith("]", self.at):
            raise Unanswered("a class of characters ends after what is subtracted")
        self.at += 1
        return spans

    def _member(self) -> Spans:
        first = self._one()
        if not self._opens_range() or len(first) != 1 or first[0][0] != first[0][1]:
            return first
        self.at += 1
        last = self._one()
        if len(last) != 1 or last[0][0] != last[0][1] or last[0][0] < first[0][0]:
            raise Unanswered("a range of characters runs from low to high")
        return [(first[0][0], last[0][0])]

    def _opens_range(self) -> bool:
        return self.pattern.startswith("-", self.at) and self.pattern[self.at + 1 : self.at + 2] not in {
            "]",
            "[",
            "",
        }

    def _one(self) -> Spans:
        sign = self.pattern[self.at : self.at + 1]
        if sign == "\\":
            return self._escaped_spans()
        if not sign or sign in "[]":
            raise Unanswered("in a class of characters brackets are escaped, and it ends with ']'")
        self.at += 1
        return [(ord(sign), ord(sign))]


def _without_space(pattern: str) -> str:
    """The pattern under flag x: white space goes, but not in a class of characters (XPath, section 5.6.2)."""
    made: list[str] = []
    depth = 0
    escaped = False
    for sign in pattern:
        if sign in " \t\n\r" and depth == 0:
            continue
        made.append(sign)
        depth += ((sign == "[") - (sign == "]")) * (not escaped)
        escaped = sign == "\\" and not escaped
    return "".join(made)


def _union(*many: Spans) -> Spans:
    joined: Spans = []
    for low, high in sorted(span for spans in many for span in spans):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


def _complement(spans: Spans) -> Spans:
    made: Spans = []
    begin = 0
    for low, high in _union(spans):
        if low > begin:
            made.append((begin, low - 1))
        begin = high + 1
    return [*made, (begin, _LAST)] if begin <= _LAST else made


def _written(spans: Spans, *, negated: bool = False) -> str:
    """Spans as a class of RE2."""
    inside = "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in _union(spans))
    return f"[{'^' * negated}{inside}]" if inside else r"[^\x{0}-\x{10ffff}]"


@lru_cache(maxsize=64)
def _category_spans(name: str) -> Spans:
    """All characters of a Unicode category, e.g. L or Lu."""
    spans: Spans = []
    for code in range(_LAST + 1):
        if unicodedata.category(chr(code)).startswith(name):
            if spans and spans[-1][1] == code - 1:
                spans[-1] = (spans[-1][0], code)
            else:
                spans.append((code, code))
    if not spans:
        raise Unanswered(f"'{name}' is no category")
    return spans


@lru_cache(maxsize=1)
def _word_spans() -> Spans:
    """`\\w`: everything but punctuation, separators and others (XML Schema part 2, appendix F)."""
    return _complement(_union(_category_spans("P"), _category_spans("Z"), _category_spans("C")))
