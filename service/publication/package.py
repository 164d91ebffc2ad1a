"""A process as a set of files, read once: diagram, forms, decisions, manifest, scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from service import dmn, engine, forms
from service.domain import Finding, Severity
from service.errors import DiagramRejected
from service.forms import Form
from service.publication.manifest import FILE, Manifest, read_manifest

DIAGRAM = "proces.bpmn"


@dataclass(frozen=True)
class Package:
    """The files of one process by path: proces.bpmn, *.dmn, proces.toml, forms/*.form, voorbeelden/*.toml, …"""

    files: Mapping[str, bytes]
    neighbours: Mapping[str, Package] = field(
        default_factory=dict, compare=False
    )  # that it may call, by process id

    @cached_property
    def main(self) -> engine.Definition:
        """The process of this package. Raises DiagramRejected."""
        path = self.diagrams[0]
        return self.definition(path, engine.process_ids(self.files[path])[0])

    @cached_property
    def manifest(self) -> Manifest | None:
        """The read proces.toml; None for a technical process."""
        content = self.files.get(FILE)
        return read_manifest(content) if content is not None else None

    @cached_property
    def read_forms(self) -> Mapping[str, Form]:
        """Every form file, read, by path."""
        return {path: forms.read(self.files[path], path=path) for path in self.paths(".form")}

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """The forms by id. Of two forms with one id the first file counts; the gate reports the other."""
        found: dict[str, Form] = {}
        for form in self.read_forms.values():
            found.setdefault(form.id, form)
        return found

    @cached_property
    def decisions(self) -> Mapping[str, bytes]:
        """The DMN file of each decision id; unreadable files are left to the gate."""
        return {id_: self.files[path] for path in self.paths(".dmn") for id_ in self.decision_ids(path)}

    def decision_ids(self, path: str) -> frozenset[str]:
        """The decisions in one DMN file; empty when it cannot be read."""
        try:
            return frozenset(dmn.read(self.files[path]).decisions)
        except DiagramRejected:
            return frozenset()

    @cached_property
    def diagrams(self) -> tuple[str, ...]:
        """The BPMN files, the main one first."""
        return tuple(sorted(self.paths(".bpmn"), key=lambda path: (path != DIAGRAM, path)))

    def paths(self, ending: str) -> tuple[str, ...]:
        """The files with this ending, in order of name."""
        return tuple(sorted(path for path in self.files if path.endswith(ending)))

    def definition(self, path: str, process_id: str) -> engine.Definition:
        """One process of one diagram, with the decisions and processes of this package. Raises DiagramRejected."""
        alone = engine.read(self.files[path], process_id=process_id, decisions=self.decisions)
        names = {element.called_element for element in alone.elements.values()} - {"", process_id}
        if not names:
            return alone
        called = {
            name: engine.read(self.files[file], process_id=name, decisions=self.decisions)
            for name, file in self._processes().items()
            if name in names
        }
        return engine.read(self.files[path], process_id=process_id, decisions=self.decisions, called=called)

    def _processes(self) -> dict[str, str]:
        """Process id -> file; a diagram that cannot be read has none."""
        found: dict[str, str] = {}
        for path in self.diagrams:
            try:
                found |= dict.fromkeys(engine.process_ids(self.files[path]), path)
            except DiagramRejected:
                continue
        return found


def finding(
    rule: str, element: str, reason: str, remedy: str, *, file: str = "", warn: bool = False
) -> Finding:
    """A finding of this package's own rules: a `fout`, or with `warn` a `waarschuwing`."""
    severity = Severity.WAARSCHUWING if warn else Severity.FOUT
    return Finding(element=element, rule=rule, severity=severity, reason=reason, remedy=remedy, file=file)
