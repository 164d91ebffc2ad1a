"""[[verstrekking]] in proces.toml: what a supplier gives to whom when a step is done, and on what ground."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.domain import Finding, Json
from service.engine import Definition
from service.publication.manifest import FILE, ROLES, Manifest
from service.publication.package import Package, finding

RULE = "verstrekking-onjuist"


def findings(package: Package, manifest: Manifest, definition: Definition) -> Iterator[Finding]:
    """Everything that keeps a disclosure from being made, or from being lawful."""
    given = manifest.raw.get("verstrekking", [])
    for number, one in enumerate(given if isinstance(given, list) else [given], start=1):
        if not isinstance(one, Mapping):
            yield _finding(
                number,
                "is geen tabel",
                "Schrijf [[verstrekking]] met bij, van, aan, formulier, wat, doel en grondslag.",
            )
            continue
        yield from _one(package, definition, number, one)


def _one(
    package: Package, definition: Definition, number: int, given: Mapping[str, Json]
) -> Iterator[Finding]:
    element = definition.elements.get(str(given.get("bij", "")))
    if element is None or element.kind != "userTask":
        yield _finding(number, "noemt bij ‘bij’ geen taak", "Noem het id van de taak waarna wordt verstrekt.")
    roles = [given.get("van"), *_texts(given.get("aan"))]
    if not _texts(given.get("aan")) or any(role not in ROLES for role in roles):
        yield _finding(
            number,
            "noemt een rol die niet bestaat",
            "Gebruik bij ‘van’ en ‘aan’ rollen uit docs/woordenlijst.md.",
        )
    form = package.forms.get(str(given.get("formulier", "")))
    if form is None:
        yield _finding(
            number,
            "noemt een formulier dat er niet is",
            "Noem het formulier waarvan antwoorden worden verstrekt.",
        )
    elif not _texts(given.get("wat")) or any(
        form.component(path) is None for path in _texts(given.get("wat"))
    ):
        yield _finding(
            number,
            "noemt een vraag die niet in het formulier staat",
            "Noem bij ‘wat’ de vragen van het formulier.",
        )
    for key in ("doel", "grondslag"):
        if not str(given.get(key) or "").strip():
            yield _finding(number, f"heeft geen {key}", f'Voeg toe: {key} = "…".')


def _texts(given: Json) -> list[str]:
    return [one for one in given if isinstance(one, str)] if isinstance(given, list) else []


def _finding(number: int, what: str, remedy: str) -> Finding:
    return finding(RULE, f"verstrekking.{number}", f"Verstrekking {number} {what}.", remedy, file=FILE)
