"""All built-in functions of FEEL by name."""

from __future__ import annotations

from service.feel.builtins import contexts, conversion, lists, numbers, ranges, strings, temporal
from service.feel.running import FeelFunction

BUILTINS: dict[str, FeelFunction] = {}
for _module in (conversion, strings, numbers, lists, temporal, ranges, contexts):
    BUILTINS.update(_module.FUNCTIONS.functions)
