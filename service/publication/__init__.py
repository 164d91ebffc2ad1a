"""The publication gate: diagram, forms, decisions, duties and scenarios checked as one. Pure."""

from __future__ import annotations

from service.publication.gate import check, coverage, play_scenarios, refuses
from service.publication.manifest import ROLES, Basis, Manifest, read_manifest
from service.publication.package import Package
from service.publication.playing import ScenarioResult, run_scenario, untaken
from service.publication.scenario import Expected, Scenario, ScenarioStep, ScenarioUnreadable, read_scenario

__all__ = [
    "ROLES",
    "Basis",
    "Expected",
    "Manifest",
    "Package",
    "Scenario",
    "ScenarioResult",
    "ScenarioStep",
    "ScenarioUnreadable",
    "check",
    "coverage",
    "play_scenarios",
    "read_manifest",
    "read_scenario",
    "refuses",
    "run_scenario",
    "untaken",
]
