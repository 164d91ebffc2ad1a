"""Service tasks that Sluitend does itself, in a regional process: complete before anybody waits for them."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain import Finding
from service.engine import Definition, Element
from service.publication import letters
from service.publication.manifest import Manifest
from service.publication.package import Package, finding


def findings(package: Package, manifest: Manifest, definition: Definition, file: str) -> Iterator[Finding]:
    """What would be an incident in every case."""
    held = {role for roles in manifest.roles.values() for role in roles}
    for element in definition.elements.values():
        if element.job_type == "mail":
            yield from _mail(package, element, held, file)
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


def _told(element: Element, name: str) -> bool:
    return bool(element.headers.get(name)) or any(one.target == name for one in element.inputs)
