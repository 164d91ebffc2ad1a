"""The history that proves itself: canonical facts, hash chain, verification. Pure."""

from __future__ import annotations

from service.history.canonical import canonical
from service.history.chain import GENESIS, Break, Verification, link, verify
from service.history.facts import KINDS

__all__ = ["GENESIS", "KINDS", "Break", "Verification", "canonical", "link", "verify"]
