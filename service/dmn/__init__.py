"""DMN decisions on FEEL: read, evaluate, tell which rules matched, find gaps. Pure."""

from __future__ import annotations

from service.dmn.advice import analyse
from service.dmn.evaluation import DecisionResult, evaluate
from service.dmn.frames import AskedTable, MatchedRule
from service.dmn.model import Decision, Model
from service.dmn.reader import read

__all__ = ["AskedTable", "Decision", "DecisionResult", "MatchedRule", "Model", "analyse", "evaluate", "read"]
