"""Service tasks that Sluitend does itself, in a regional process: complete before anybody waits for them."""

from __future__ import annotations

from collections.abc import Iterator

from service import feel
from service.domain import DataClass, Finding
from service.engine import Definition, Element
from service.publication import documents, letters, names
from service.publication.manifest import Manifest
from service.publication.package import Package, finding


def findings(package: Package, manifest: Manifest, definition: Definition, file: str) -> Iterator[Finding]:
    """What would be an incident in every case."""
    held = {role for roles in manifest.roles.values() for role in roles}
    for element in definition.elements.values():
        if element.job_type == "mail":
            yield from _mail(package, element, held, file)
        elif element.job_type == "brief":
            yield from _letter(package, definition, element, held, file)
        elif element.job_type == "http-json" and not _told(element, "url"):
            yield finding(
                "aanroep-zonder-adres",
                element.id,
                f"Bij ‘{element.name or element.id}’ staat niet welk adres wordt aangeroepen.",
                "Vul ‘url’ in, als input of header.",
                file=file,
            )


def _mail(package: Package, element: Element, held: set[str], file: str) -> Iterator[Finding]:
    name = element.name or element.id
    try:
        letters.letter(element.headers, package.files)
    except letters.NoLetter as error:
        with_data = isinstance(error, letters.WithData)
        yield finding(
            "mail-met-gegevens" if with_data else "mail-onvolledig",
            element.id,
            f"De mail van ‘{name}’ kan zo niet weg: {error}.",
            "Haal de gegevens uit de tekst; wie inlogt, ziet ze."
            if with_data
            else "Vul ‘sjabloon’ in, of ‘onderwerp’ en ‘tekst’.",
            file=file,
        )
    roles = element.headers.get("aan", "").split()
    if not _told(element, "aan") or (roles and set(roles) - held):
        yield finding(
            "mail-zonder-rol",
            element.id,
            f"De mail van ‘{name}’ gaat naar een rol die niemand in dit proces heeft.",
            "Vul bij ‘aan’ een of meer rollen uit proces.toml in.",
            file=file,
        )


def _letter(
    package: Package, definition: Definition, element: Element, held: set[str], file: str
) -> Iterator[Finding]:
    name = element.name or element.id
    try:
        template = documents.document(element.headers, package.files)
    except letters.NoLetter as error:
        yield finding(
            "brief-onvolledig",
            element.id,
            f"De brief van ‘{name}’ kan zo niet worden gemaakt: {error}.",
            "Herstel de headers van de taak, of het sjabloon in de map brieven.",
            file=file,
        )
        return
    known = names.written(package, definition) | documents.GIVEN | {one.target for one in element.inputs}
    reads = {one for formula in template.formulas() for one in feel.reads(formula)}
    for unknown in sorted(reads - known):
        yield finding(
            "brief-naam-onbekend",
            element.id,
            f"De brief van ‘{name}’ vult ‘{unknown}’ in, maar dat is nergens bekend.",
            "Verbeter de naam, of geef het veld uitvoer: ja.",
            file=element.headers["sjabloon"],
        )
    roles = element.headers.get("aan", "").split()
    if not roles or set(roles) - held:
        yield finding(
            "brief-zonder-rol",
            element.id,
            f"De brief van ‘{name}’ is voor een rol die niemand in dit proces heeft.",
            "Vul bij ‘aan’ een of meer rollen uit proces.toml in.",
            file=file,
        )
    yield from _openness(package, element, reads, file)


def _openness(package: Package, element: Element, reads: set[str], file: str) -> Iterator[Finding]:
    """A letter is kept in the class that its header names: that has to be the most sensitive of what it says."""
    order = [
        one.value
        for one in (
            DataClass.PROCESS,
            DataClass.IDENTITY,
            DataClass.EDUCATION,
            DataClass.CARE,
            DataClass.MEDICAL,
        )
    ]
    said = element.headers.get("klasse", DataClass.IDENTITY.value)
    used = [
        c.klasse.value
        for form in package.forms.values()
        for c in form.walk()
        if c.takes_answer and c.path in reads
    ]
    needed = max(used, key=order.index, default=DataClass.IDENTITY.value)
    if said not in order or order.index(said) < order.index(needed):
        yield finding(
            "brief-klasse",
            element.id,
            f"De brief van ‘{element.name or element.id}’ zegt iets van klasse {needed}, maar staat als klasse {said[:10]}.",
            f"Zet bij de headers van de taak: klasse = {needed}.",
            file=file,
        )


def _told(element: Element, name: str) -> bool:
    return bool(element.headers.get(name)) or any(one.target == name for one in element.inputs)
