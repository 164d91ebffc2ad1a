"""What every part of the parser reads with: the tokens, the place, and the names that are known."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterable

from service.feel import nodes as n
from service.feel.lexer import Token, place, tokens
from service.feel.values import FeelSyntaxError

MAX_DEPTH = 60
Phrases = dict[str, list[tuple[str, ...]]]


def phrases(names: Iterable[str]) -> Phrases:
    """Names of more than one token by their first token, longest first."""
    found: Phrases = {}
    for name in names:
        if not name.isidentifier():
            parts = tuple(token.text for token in _safe_tokens(name))
            if len(parts) > 1:
                found.setdefault(parts[0], []).append(parts)
    for known in found.values():
        known.sort(key=len, reverse=True)
    return found


def _safe_tokens(name: str) -> list[Token]:
    try:
        return tokens(name)[:-1]
    except FeelSyntaxError:
        return []


def spelled(parts: tuple[str, ...]) -> str:
    """Token texts as one name: words with single spaces, signs as they stand."""
    spelled = parts[0]
    for before, after in itertools.pairwise(parts):
        both_words = (before[-1].isalnum() or before[-1] in "_?'") and (
            after[0].isalnum() or after[0] in "_?"
        )
        spelled += f" {after}" if both_words else after
    return spelled


class Reader(ABC):
    """One parse of one text: where it stands, and what it knows."""

    def __init__(self, text: str, known: Phrases) -> None:
        self.text = text
        self.known = {first: list(parts) for first, parts in known.items()}
        self.tokens = tokens(text)
        self.at = 0
        self.depth = 0

    @abstractmethod
    def expression(self) -> n.Node:
        """Any expression that stands here."""

    @abstractmethod
    def sum(self) -> n.Node:
        """An expression without comparison or logic."""

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def fail(self, expected: str) -> FeelSyntaxError:
        found = f"{self.token.text!r}" if self.token.kind != "end" else "the end"
        line, column = place(self.text, self.token.at)
        return FeelSyntaxError(f"Expected {expected}, but got {found}", line, column, expected)

    def accept(self, *texts: str) -> str:
        """Take the next token when it is one of these operators or keywords; "" otherwise."""
        token = self.token
        if token.kind in {"op", "keyword"} and token.text in texts:
            self.at += 1
            return token.text
        return ""

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.fail(f"'{text}'")

    def ahead(self, *texts: str) -> bool:
        upcoming = self.tokens[self.at : self.at + len(texts)]
        return [token.text for token in upcoming if token.kind != "string"] == list(texts)

    def nest(self) -> None:
        """One level deeper; whoever asks for it comes back up with `depth -= 1`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"at most {MAX_DEPTH} levels of nesting")

    def advance(self) -> int:
        at = self.token.at
        self.at += 1
        return at

    def phrase(self) -> str:
        """The longest known name with spaces or signs that stands here, taken; "" when none does."""
        for parts in self.known.get(self.token.text, ()):
            upcoming = self.tokens[self.at : self.at + len(parts)]
            if tuple(token.text for token in upcoming) == parts and all(t.kind != "string" for t in upcoming):
                self.at += len(parts)
                return spelled(parts)
        return ""

    def learn(self, name: str) -> None:
        for first, parts in phrases([name]).items():
            self.known.setdefault(first, []).extend(parts)
            self.known[first].sort(key=len, reverse=True)
