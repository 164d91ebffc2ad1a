"""Who may do what: the permissions, the role by class matrix of the region, and one decision with its reason."""

from __future__ import annotations

from service.access.consent import READING, SHARING, Consent, ConsentMatrix, Rule, Stage
from service.access.matrix import MATRIX, Binding, Readable
from service.access.permissions import Permission
from service.access.policy import GUARDIANS, OPERATORS, Decision, Resource, decide
from service.access.reading import Disclosure, Held, Reader, Rights, Situation, may_hold, reads

__all__ = [
    "GUARDIANS",
    "MATRIX",
    "OPERATORS",
    "READING",
    "SHARING",
    "Binding",
    "Consent",
    "ConsentMatrix",
    "Decision",
    "Disclosure",
    "Held",
    "Permission",
    "Readable",
    "Reader",
    "Resource",
    "Rights",
    "Rule",
    "Situation",
    "Stage",
    "decide",
    "may_hold",
    "reads",
]
