"""DMN decisions on FEEL: read, evaluate, tell which rules matched. Pure."""

from __future__ import annotations

from service.dmn.evaluation import DecisionResult, evaluate
from service.dmn.frames import MatchedRule
from service.dmn.model import Decision, Model
from service.dmn.reader import read

__all__ = ["Decision", "DecisionResult", "MatchedRule", "Model", "evaluate", "read"]
