"""The gate: everything that has to be right before a process is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from service import dmn, engine
from service.clock import Clock
from service.domain import Finding, Severity
from service.engine import source
from service.errors import DiagramRejected
from service.publication import dialects, disclosing, duties, names, schema, services, soundness, structure
from service.publication.manifest import FILE
from service.publication.package import Package, finding
from service.publication.playing import ScenarioResult, run_scenario, untaken
from service.publication.scenario import ScenarioUnreadable, read_scenario

MAX_FILES = 300
MAX_BYTES = 30_000_000
SCENARIOS = "voorbeelden/"


def check(
    package: Package,
    *,
    functions: Mapping[str, Callable[..., Any]],
    clock: Clock,
    technical: bool = False,
) -> tuple[Finding, ...]:
    """What is wrong with a process, file by file; the same finding is told once.

    functions  host functions of FEEL, from the region's registers
    clock      for what a form checks against today while scenarios are read; scenarios have a clock of their own
    technical  a deployment through /v2 without proces.toml: owes no roles, purpose or data classes
    """
    del clock  # scenarios pin their own; kept for checks that depend on the day
    found = [*_size(package)] or [*_all(package, functions, technical)]
    return tuple(dict.fromkeys(found))


def refuses(findings: Iterable[Finding], *, technical: bool = False) -> bool:
    """Whether these findings stop publication: a `fout` always, a `waarschuwing` a regional process, an `opmerking` nothing."""
    stopping = {Severity.FOUT} if technical else {Severity.FOUT, Severity.WAARSCHUWING}
    return any(one.severity in stopping for one in findings)


def _size(package: Package) -> Iterator[Finding]:
    if len(package.files) > MAX_FILES or sum(map(len, package.files.values())) > MAX_BYTES:
        yield finding(
            "pakket-te-groot",
            "",
            f"Het proces heeft meer dan {MAX_FILES} bestanden of is groter dan 30 MB.",
            "Haal bestanden weg die niet bij het proces horen.",
        )
    for path in sorted(package.files):
        if not path or path.startswith("/") or "\\" in path or ".." in path.split("/"):
            yield finding(
                "pakket-pad",
                "",
                f"De bestandsnaam ‘{path[:80]}’ kan niet.",
                "Gebruik een naam binnen de map.",
                file=path,
            )


def _all(package: Package, functions: Mapping[str, Callable[..., Any]], technical: bool) -> Iterator[Finding]:
    yield from _decisions(package)
    yield from _forms(package, functions)
    if not technical and package.manifest is None:
        yield finding(
            "manifest-ontbreekt",
            "",
            "Er is geen proces.toml.",
            "Voeg proces.toml toe; docs/regels.md zegt wat erin staat.",
            file=FILE,
        )
    if not technical and not package.diagrams:
        yield finding(
            "schema-ontbreekt", "", "Er is geen processchema.", "Voeg proces.bpmn toe.", file="proces.bpmn"
        )
    runnable = None
    for path in package.diagrams:
        yield from _drawing(package, path)
        definitions, rejected = read_diagram(package, path)
        yield from rejected
        for definition in definitions:
            yield from _definition(package, definition, path, functions, technical)
            runnable = runnable or (definition if definition.runnable else None)
    if runnable is not None and not technical:
        yield from _scenarios(package, runnable, functions)


def _drawing(package: Package, path: str) -> Iterator[Finding]:
    """What the file as a whole says; one that cannot be read is told by `read_diagram`."""
    try:
        root = source.parse(package.files[path])
    except DiagramRejected:
        return
    for rule in (
        dialects.findings,
        structure.findings,
        schema.findings,
    ):  # the schema changes its copy, so last
        yield from rule(root, path)


def read_diagram(package: Package, path: str) -> tuple[list[engine.Definition], list[Finding]]:
    """The processes of one BPMN file, or why it cannot be read."""
    try:
        ids = engine.process_ids(package.files[path])
        read = [package.definition(path, id_) for id_ in ids]
    except DiagramRejected as error:
        return [], [_in(one, path) for one in error.findings]
    if not read:
        nothing = finding(
            "schema-zonder-proces",
            "",
            "Het schema bevat geen proces dat kan worden uitgevoerd.",
            "Zet ‘uitvoerbaar’ aan bij het proces.",
            file=path,
        )
        return [], [nothing]
    return read, []


def _definition(
    package: Package,
    definition: engine.Definition,
    path: str,
    functions: Mapping[str, Callable[..., Any]],
    technical: bool,
) -> Iterator[Finding]:
    for one in definition.findings:
        if (
            one.rule == "aanroep-onbekend"
            and definition.elements[one.element].called_element in package.neighbours
        ):
            continue
        # Without a form nobody can do the task, and /v2 clients are no help in a regional process.
        heavier = one.rule == "taak-zonder-formulier" and not technical
        yield _in(replace(one, severity=Severity.FOUT) if heavier else one, path)
    for element in definition.elements.values():
        if _static(element.form_id) and element.form_id not in package.forms:
            yield duties.missing_form(element.id, element.form_id, path, warn=technical)
    yield from names.findings(package, definition, functions=functions, file=path)
    yield from soundness.findings(definition, path)
    if not technical and package.manifest is not None:
        yield from duties.findings(package, package.manifest, definition, path)
        yield from disclosing.findings(package, package.manifest, definition)
        yield from services.findings(package, package.manifest, definition, path)


def _static(text: str) -> bool:
    return bool(text) and not text.lstrip().startswith("=")


def _in(one: Finding, path: str) -> Finding:
    return one if one.file else replace(one, file=path)


def _decisions(package: Package) -> Iterator[Finding]:
    where: dict[str, str] = {}
    for path in package.paths(".dmn"):
        try:
            model = dmn.read(package.files[path])
        except DiagramRejected as error:
            yield from (_in(one, path) for one in error.findings)
            continue
        yield from (_in(one, path) for one in (*model.findings, *dmn.analyse(package.files[path])))
        for id_ in model.decisions:
            if where.setdefault(id_, path) != path:
                yield finding(
                    "beslissing-dubbel",
                    id_,
                    f"De beslissing ‘{id_}’ staat ook in {where[id_]}.",
                    "Geef elke beslissing een eigen id.",
                    file=path,
                )


def _forms(package: Package, functions: Mapping[str, Callable[..., Any]]) -> Iterator[Finding]:
    where: dict[str, str] = {}
    for path, form in package.read_forms.items():
        yield from form.findings
        yield from names.unreadable_formulas(form, functions)
        if form.id and where.setdefault(form.id, path) != path:
            yield finding(
                "formulier-id-dubbel",
                "",
                f"Het formulier-id ‘{form.id}’ staat ook in {where[form.id]}.",
                "Geef elk formulier een eigen id.",
                file=path,
            )


def play_scenarios(
    package: Package, definition: engine.Definition, functions: Mapping[str, Callable[..., Any]]
) -> tuple[ScenarioResult, ...]:
    """Every scenario of the package, played; one that cannot be read has that as its problem."""
    results = []
    for path in package.paths(".toml"):
        if path.startswith(SCENARIOS):
            try:
                scenario = read_scenario(package.files[path], path=path)
            except ScenarioUnreadable as error:
                results.append(ScenarioResult(name=path, file=path, problems=(str(error),)))
                continue
            results.append(run_scenario(package, scenario, definition, functions=functions))
    return tuple(results)


def coverage(package: Package, functions: Mapping[str, Callable[..., Any]]) -> tuple[int, tuple[str, ...]]:
    """How many flows the process of a package has, and those that none of its scenarios comes by."""
    results = play_scenarios(package, package.main, functions)
    return len(package.main.flows), untaken(package.main, results)


def _scenarios(
    package: Package, definition: engine.Definition, functions: Mapping[str, Callable[..., Any]]
) -> Iterator[Finding]:
    results = play_scenarios(package, definition, functions)
    if not results:
        yield finding(
            "voorbeeld-ontbreekt",
            "",
            "Het proces heeft geen enkel voorbeeld dat laat zien dat het werkt.",
            "Voeg er een toe in de map voorbeelden; docs/voorbeelden.md zegt hoe.",
            warn=True,
        )
    for result in results:
        for problem in result.problems:
            yield finding(
                "voorbeeld-mislukt",
                "",
                f"Het voorbeeld ‘{result.name}’ klopt niet. {problem}",
                "Herstel het proces of het voorbeeld.",
                file=result.file,
            )
