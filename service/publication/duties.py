"""What a regional process owes beside a diagram that runs: roles, purpose and ground, forms with class and owner."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain import DataClass, Finding
from service.engine import Definition
from service.forms import Form
from service.publication import about_policy
from service.publication.manifest import FILE, ROLES, Manifest
from service.publication.package import Package, finding


def findings(package: Package, manifest: Manifest, definition: Definition, file: str) -> Iterator[Finding]:
    """Everything that a regional process still lacks."""
    yield from manifest.findings
    if manifest.id and manifest.id != definition.process_id:
        yield finding(
            "proces-id-anders",
            "proces.id",
            f"proces.toml noemt het proces ‘{manifest.id}’, het schema ‘{definition.process_id}’.",
            "Gebruik op beide plaatsen hetzelfde id.",
            file=FILE,
        )
    yield from _lanes(manifest, definition, file)
    yield from _basis(manifest)
    yield from _start(package, manifest, definition, file)
    yield from about_policy.findings(package, manifest)
    for form in package.forms.values():
        yield from _fields(form)


def _lanes(manifest: Manifest, definition: Definition, file: str) -> Iterator[Finding]:
    people = {element.id for element in definition.elements.values() if element.kind == "userTask"}
    for element in definition.elements.values():
        if element.id in people and not element.lane:
            yield finding(
                "taak-zonder-baan",
                element.id,
                f"De taak ‘{element.name or element.id}’ staat in geen enkele baan.",
                "Zet de taak in de baan van wie hem doet.",
                file=file,
            )
    for lane in definition.lanes:
        if people & set(lane.elements) and not manifest.roles.get(lane.id):
            yield finding(
                "baan-zonder-rol",
                lane.id,
                f"Bij de baan ‘{lane.name or lane.id}’ hoort nog geen rol.",
                f'Voeg in proces.toml onder [rollen] toe: "{lane.id}" = ["…"].',
                file=file,
            )
    for lane_id in sorted(set(manifest.roles) - {lane.id for lane in definition.lanes}):
        yield finding(
            "rol-zonder-baan",
            f"rollen.{lane_id}",
            f"proces.toml noemt de baan ‘{lane_id}’, maar die staat niet in het schema.",
            "Haal de regel weg of verbeter het id.",
            file=FILE,
            warn=True,
        )


def _basis(manifest: Manifest) -> Iterator[Finding]:
    roles = {role for found in manifest.roles.values() for role in found} | set(manifest.starters)
    for role in sorted(roles):
        basis = manifest.basis_of(role)
        if not basis.purpose and not manifest.purpose:
            yield finding(
                "doel-ontbreekt",
                f"gegevens.{role}",
                f"Voor de rol {role} staat er niet met welk doel gegevens worden gebruikt.",
                f'Voeg in proces.toml toe: [gegevens.{role}] doel = "…".',
                file=FILE,
            )
        if not basis.ground:
            yield finding(
                "grondslag-ontbreekt",
                f"gegevens.{role}",
                f"Voor de rol {role} staat er geen grondslag voor het gebruik van gegevens.",
                f'Voeg in proces.toml toe: [gegevens.{role}] grondslag = "…", of één grondslag voor alle rollen onder [gegevens].',
                file=FILE,
            )


def _start(package: Package, manifest: Manifest, definition: Definition, file: str) -> Iterator[Finding]:
    plain = [event for event in definition.start_events if event.kind == "none"]
    for event in plain:
        if not event.form_id and not manifest.start_form and not manifest.called_only:
            yield finding(
                "start-zonder-formulier",
                event.element,
                "Het begin heeft geen formulier.",
                "Koppel een formulier aan de startgebeurtenis, of noem het in proces.toml onder [start] formulier.",
                file=file,
            )
    yield from _without_casus(definition, file)
    if manifest.start_form and manifest.start_form not in package.forms:
        yield missing_form("start.formulier", manifest.start_form, FILE)
    form = package.forms.get(manifest.start_form or next((event.form_id for event in plain), ""))
    if form is None:
        return
    for name, path in manifest.subject.items():
        if form.component(path) is None:
            yield finding(
                "start-veld-ontbreekt",
                f"start.jeugdige.{name}",
                f"Het startformulier heeft geen veld ‘{path}’ voor {name} van de jeugdige.",
                "Voeg het veld toe of verbeter de naam.",
                file=FILE,
            )


def _without_casus(definition: Definition, file: str) -> Iterator[Finding]:
    """A process of the region is about one child: what begins it has to say which."""
    for event in definition.start_events:
        if event.kind in {"signal", "timer"}:
            yield finding(
                "start-zonder-casus",
                event.element,
                "Een signaal of de klok kan dit proces niet beginnen: er is dan geen jeugdige om wie het gaat.",
                "Begin met een formulier, of met een bericht dat het casusnummer als correlatiesleutel heeft.",
                file=file,
            )


def missing_form(element: str, form_id: str, file: str, *, warn: bool = False) -> Finding:
    """A form that is named but not there."""
    return finding(
        "formulier-ontbreekt",
        element,
        f"Het formulier ‘{form_id}’ zit niet bij het proces.",
        f"Voeg forms/{form_id}.form toe of kies een ander formulier.",
        file=file,
        warn=warn,
    )


def _fields(form: Form) -> Iterator[Finding]:
    for component in form.walk():
        if not component.takes_answer:
            continue
        if not component.klasse_given:
            yield finding(
                "veld-zonder-klasse",
                component.path,
                f"Bij ‘{component.label or component.path}’ staat niet wat voor gegeven het is.",
                "Geef in properties de klasse: I, O, Z, M of P.",
                file=form.path,
                warn=True,
            )
        elif component.klasse is not DataClass.PROCESS and not component.eigenaar:
            yield finding(
                "veld-zonder-eigenaar",
                component.path,
                f"Bij ‘{component.label or component.path}’ staat niet van wie het gegeven is.",
                "Geef in properties de eigenaar: de rol die het gegeven levert.",
                file=form.path,
                warn=True,
            )
        if component.eigenaar and component.eigenaar not in ROLES:
            yield finding(
                "rol-onbekend",
                component.path,
                f"De eigenaar ‘{component.eigenaar[:40]}’ is geen bestaande rol.",
                "Gebruik een rol uit docs/woordenlijst.md.",
                file=form.path,
            )
