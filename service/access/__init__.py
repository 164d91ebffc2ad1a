"""Who may do what: the permissions, the role by class matrix of the region, and one decision with its reason."""

from __future__ import annotations

from service.access.matrix import Binding, Readable, readable, readable_classes
from service.access.permissions import Permission
from service.access.policy import OPERATORS, Decision, Resource, decide

__all__ = [
    "OPERATORS",
    "Binding",
    "Decision",
    "Permission",
    "Readable",
    "Resource",
    "decide",
    "readable",
    "readable_classes",
]
