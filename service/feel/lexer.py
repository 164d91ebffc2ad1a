"""FEEL text to tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.feel.values import FeelSyntaxError

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "instance",
        "of",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)
_SPACE = r"[\s\u00a0\u1680\u180e\u2000-\u200b\u202f\u205f\u3000\ufeff]+"
_TOKEN = re.compile(
    rf"(?P<space>{_SPACE}|//[^\n]*|/\*.*?\*/)"
    r"|(?P<number>\d+(?:\.(?!\.)\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<name>(?:[^\W\d]|[?$_\U00010000-\U000EFFFF])(?:\w|[?$_'\U00010000-\U000EFFFF])*)"
    r"|(?P<op>\*\*|\.\.|->|<=|>=|!=|[-+*/<>=(){}\[\],:.@|])",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u\{?[0-9a-fA-F]{4,6}\}?|U[0-9a-fA-F]{6}|.)", re.DOTALL)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
MAX_TEXT = 100_000
_SIGNS = frozenset({"op", "keyword"})


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `kind` is number, string, name, keyword, op or end."""

    kind: str
    text: str
    at: int
    spaced: bool  # white space stood before it

    @property
    def sign(self) -> str:
        """The operator or keyword that it is; "" for all other tokens, whose text may look like one."""
        return self.text if self.kind in _SIGNS else ""


def place(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def tokens(text: str) -> list[Token]:
    """All tokens of an expression and the end token."""
    if len(text) > MAX_TEXT:
        raise FeelSyntaxError(f"Expected at most {MAX_TEXT} characters, but got {len(text)}")
    found: list[Token] = []
    at, spaced = 0, False
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise FeelSyntaxError(f"Unexpected character {text[at]!r}", *place(text, at))
        kind, word = str(match.lastgroup), match.group()
        if kind == "space":
            spaced = True
        else:
            kind = "keyword" if kind == "name" and word in KEYWORDS else kind
            found.append(Token(kind, unescape(word) if kind == "string" else word, at, spaced))
            spaced = False
        at = match.end()
    found.append(Token("end", "", len(text), spaced))
    return found


def unescape(literal: str) -> str:
    """A string literal's value."""

    def one(match: re.Match[str]) -> str:
        word = match.group(1)
        if word[0] in "uU" and len(word) > 1:
            code = int(word[1:].strip("{}"), 16)
            return chr(code) if code <= 0x10FFFF else ""
        return _SIMPLE.get(word, "\\" + word)

    body = _ESCAPE.sub(one, literal[1:-1])
    return body.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
