"""A casus about policy holds no person: such a process maps none, asks none of a family, and takes no care data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.domain import DataClass, Finding
from service.publication.manifest import FILE, Manifest
from service.publication.package import Package, finding

_SUBJECTS = ("jeugdige", "beleid")
_FAMILY = frozenset({"ouder", "jeugdige"})
_ALLOWED = frozenset({DataClass.IDENTITY, DataClass.PROCESS})
_PERSON = ("jeugdige", "gezag", "verblijf")  # keys of [start] that tell who somebody is


def findings(package: Package, manifest: Manifest) -> Iterator[Finding]:
    """What a process about policy may not have, and the title that it needs."""
    if manifest.about not in _SUBJECTS:
        yield finding(
            "manifest-waarde",
            "casus.onderwerp",
            f"Het onderwerp ‘{manifest.about[:40]}’ bestaat niet.",
            "Kies jeugdige of beleid.",
            file=FILE,
        )
    if manifest.about != "beleid":
        return
    yield from _title(package, manifest)
    yield from _mapped(manifest)
    yield from _roles(manifest)
    yield from _classes(package)


def _title(package: Package, manifest: Manifest) -> Iterator[Finding]:
    form = package.forms.get(manifest.start_form)
    component = form.component(manifest.title) if form is not None and manifest.title else None
    if component is None:
        yield finding(
            "start-veld-ontbreekt",
            "start.onderwerp.titel",
            "Een casus over beleid heeft een titel nodig, en het startformulier vraagt er niet naar.",
            "Noem onder [start] het formulier, en onder [start.onderwerp] titel het veld met de titel.",
            file=FILE,
        )


def _mapped(manifest: Manifest) -> Iterator[Finding]:
    start = manifest.raw.get("start", {})
    given = start if isinstance(start, Mapping) else {}
    for key in _PERSON:
        if given.get(key):
            yield _person(
                f"start.{key}", f"[start] {key} wijst gegevens van een persoon aan.", "Haal het weg.", FILE
            )


def _roles(manifest: Manifest) -> Iterator[Finding]:
    places = {
        "start.wie": manifest.starters,
        **{f"rollen.{lane}": found for lane, found in manifest.roles.items()},
    }
    for place, found in places.items():
        for role in sorted(_FAMILY & set(found)):
            yield _person(place, f"De rol {role} hoort bij een kind.", "Haal de rol weg.", FILE)


def _classes(package: Package) -> Iterator[Finding]:
    for form in package.forms.values():
        for component in form.walk():
            if component.takes_answer and component.klasse not in _ALLOWED:
                yield _person(
                    component.path,
                    f"‘{component.label or component.path}’ heeft klasse {component.klasse.value}.",
                    "Geef klasse P, of I voor de naam van een contactpersoon.",
                    form.path,
                )


def _person(element: str, what: str, remedy: str, file: str) -> Finding:
    return finding(
        "beleid-met-persoon",
        element,
        f"Deze casus gaat over beleid, en niet over een persoon. {what}",
        remedy,
        file=file,
    )
