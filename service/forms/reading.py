"""Form-js JSON to a Form. Whatever is wrong becomes a finding; reading never raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from service.domain import DataClass, Finding, Json, Severity
from service.forms.checking import check
from service.forms.model import CHOICES, INPUTS, SHOWN, Component, Form, Option

MAX_BYTES = 1_000_000
MAX_COMPONENTS = 500
MAX_DEPTH = 8
MAX_OPTIONS = 1000
SCHEMA_VERSION = 19

SUPPORTED = INPUTS | SHOWN | {"group", "dynamiclist", "expression"}
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)
_HEADING = re.compile(r"\s*#{1,6}\s+(.+)")


@dataclass(frozen=True)
class _Inherited:
    """What a component takes over from the group or list around it."""

    path: str = ""
    klasse: str = ""
    eigenaar: str = ""
    depth: int = 0


@dataclass
class _Reader:
    """Collects findings while the tree is read."""

    file: str
    findings: list[Finding] = field(default_factory=list)
    count: int = 0
    seen: set[str] = field(default_factory=set)

    def report(
        self, rule: str, element: str, reason: str, remedy: str, severity: Severity = Severity.FOUT
    ) -> None:
        self.findings.append(
            Finding(
                element=element, rule=rule, severity=severity, reason=reason, remedy=remedy, file=self.file
            )
        )


@lru_cache(maxsize=512)
def read(form: bytes, *, path: str = "") -> Form:
    """A form definition from form-js JSON; the same bytes give the same object.

    path  file inside the process folder, for the findings
    """
    reader = _Reader(path)
    whole = _whole(form, reader)
    if whole is None:
        return Form(id="", title="", components=(), findings=tuple(reader.findings), path=path)
    form_id = _text(whole.get("id"))
    if not form_id:
        reader.report(
            "formulier-zonder-id",
            "",
            "Het formulier heeft geen id.",
            "Geef het formulier een id, zoals de naam van het bestand.",
        )
    components = tuple(_components(whole.get("components"), _Inherited(), reader))
    return Form(
        id=form_id,
        title=_title(whole, components) or form_id,
        components=components,
        findings=tuple(reader.findings),
        intro=_properties(whole).get("inleiding", ""),
        path=path,
    )


def _whole(form: bytes, reader: _Reader) -> Mapping[str, Json] | None:
    if len(form) > MAX_BYTES:
        reader.report(
            "formulier-te-groot", "", "Het formulier is groter dan 1 MB.", "Maak er meer formulieren van."
        )
        return None
    try:
        whole = json.loads(form.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        where = f" (regel {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        reader.report(
            "formulier-onleesbaar",
            "",
            f"Het bestand is geen leesbare JSON{where}.",
            "Bewaar het formulier opnieuw in de formulierbewerker.",
        )
        return None
    if not isinstance(whole, dict) or not isinstance(whole.get("components"), list):
        reader.report(
            "formulier-onleesbaar",
            "",
            "Het bestand is geen formulier van form-js.",
            "Kies een bestand met de uitgang .form.",
        )
        return None
    _check_kind(whole, reader)
    return whole


def _refuse_constant(name: str) -> None:
    raise ValueError(f"Expected JSON, but found {name}")


def _check_kind(whole: Mapping[str, Json], reader: _Reader) -> None:
    if whole.get("type", "default") != "default":
        reader.report("formulier-soort", "", "Dit is geen gewoon formulier.", 'Zet "type" op "default".')
    version = whole.get("schemaVersion")
    if isinstance(version, (int, float)) and version > SCHEMA_VERSION:
        reader.report(
            "formulier-versie",
            "",
            f"Het formulier is gemaakt voor een nieuwere form-js (schemaVersion {version:g}).",
            f"Bewaar het met een bewerker voor schemaVersion {SCHEMA_VERSION}.",
        )


def _title(whole: Mapping[str, Json], components: tuple[Component, ...]) -> str:
    given = _text(whole.get("title")) or _properties(whole).get("titel", "")
    first = next((c.text for c in components if c.type == "text"), "")
    heading = _HEADING.match(first)
    return given or (heading[1].strip() if heading else "")


def _components(found: Json, inherited: _Inherited, reader: _Reader) -> Iterator[Component]:
    if not isinstance(found, list):
        return
    if inherited.depth > MAX_DEPTH:
        reader.report(
            "formulier-te-diep",
            inherited.path,
            f"Onderdelen staan meer dan {MAX_DEPTH} niveaus diep.",
            "Zet de vragen minder diep in groepen.",
        )
        return
    for one in found:
        reader.count += 1
        if reader.count == MAX_COMPONENTS + 1:
            reader.report(
                "formulier-te-groot",
                "",
                f"Het formulier heeft meer dan {MAX_COMPONENTS} onderdelen.",
                "Maak er meer formulieren van.",
            )
        if reader.count > MAX_COMPONENTS:
            return
        component = _component(one, inherited, reader) if isinstance(one, dict) else None
        if component is not None:
            yield component


def _component(found: Mapping[str, Json], inherited: _Inherited, reader: _Reader) -> Component | None:
    kind = _text(found.get("type"))
    label = _text(found.get("label")) or _text(found.get("dateLabel")) or _text(found.get("timeLabel"))
    name = _text(found.get("key")) or _text(found.get("id")) or label
    if kind not in SUPPORTED:
        reader.report(
            "onderdeel-onbekend",
            name,
            f"Het onderdeel ‘{label or name or kind}’ is van de soort {kind or 'onbekend'}, en die kan de dienst niet tonen.",
            "Kies een van de onderdelen die in docs/formulieren.md staan.",
        )
        return None
    if kind == "button":
        return None
    return _known(kind, found, label, inherited, reader)


def _known(
    kind: str, found: Mapping[str, Json], label: str, inherited: _Inherited, reader: _Reader
) -> Component:
    properties = _settings(found) | _properties(found)
    key = _key(kind, found, inherited, reader)
    path = f"{inherited.path}.{key}" if inherited.path and key else key or inherited.path
    klasse = properties.get("klasse", "") or inherited.klasse
    eigenaar = properties.get("eigenaar", "") or inherited.eigenaar
    validation = found.get("validate")
    component = Component(
        type=kind,
        key=key,
        path=path,
        label=label,
        description=_text(found.get("description")),
        required=_mapping(validation).get("required") is True,
        klasse=_klasse(klasse, path, reader),
        klasse_given=bool(klasse),
        eigenaar=eigenaar,
        uitvoer=properties.get("uitvoer", "").lower() in {"ja", "true"},
        subtype=_text(found.get("subtype")) or "date" if kind == "datetime" else "",
        text=_text(found.get("text" if kind == "text" else "content")) if kind in {"text", "html"} else "",
        expression=_formula(found.get("expression")),
        hide=_formula(_mapping(found.get("conditional")).get("hide")),
        readonly=found.get("disabled") is True or found.get("readonly") is True,
        default=found.get("defaultValue"),
        options=tuple(_options(kind, found.get("values"), path, reader)),
        options_from=_formula(found.get("valuesExpression")) or _text(found.get("valuesKey")),
        validation=_mapping(validation),
        properties=properties,
        rows=_count(found.get("defaultRepetitions")) if kind == "dynamiclist" else 0,
        children=tuple(
            _components(
                found.get("components"), _Inherited(path, klasse, eigenaar, inherited.depth + 1), reader
            )
        ),
    )
    check(component, reader.report)
    return component


def _key(kind: str, found: Mapping[str, Json], inherited: _Inherited, reader: _Reader) -> str:
    """The key under which the answer is kept; a group without path adds nothing to the path."""
    if kind in SHOWN:
        return ""
    key = _text(found.get("path" if kind in {"group", "dynamiclist"} else "key"))
    label = _text(found.get("label")) or kind
    if not key:
        if kind != "group":
            reader.report(
                "veld-zonder-naam",
                inherited.path,
                f"Het onderdeel ‘{label}’ heeft geen sleutel.",
                "Geef het een sleutel (key).",
            )
        return ""
    path = f"{inherited.path}.{key}" if inherited.path else key
    if not _KEY.fullmatch(key):
        reader.report(
            "veld-naam-ongeldig",
            path,
            f"De sleutel van ‘{label}’ kan niet als naam worden gebruikt.",
            "Gebruik alleen letters zonder accent, cijfers en _; begin met een letter. Gebruik een groep voor namen met een punt.",
        )
        return ""
    if path in reader.seen:
        reader.report(
            "veld-naam-dubbel",
            path,
            f"De sleutel ‘{path}’ komt meer dan een keer voor.",
            "Geef elk veld een eigen sleutel.",
        )
        return ""
    reader.seen.add(path)
    return key


def _klasse(given: str, path: str, reader: _Reader) -> DataClass:
    try:
        return DataClass(given) if given else DataClass.PROCESS
    except ValueError:
        reader.report(
            "veld-klasse-onbekend",
            path,
            f"De gegevensklasse ‘{given[:20]}’ bestaat niet.",
            "Kies I, O, Z, M of P.",
        )
        return DataClass.MEDICAL  # the most closed one, until it is mended


def _options(kind: str, found: Json, path: str, reader: _Reader) -> Iterator[Option]:
    if kind not in CHOICES or not isinstance(found, list):
        return
    if len(found) > MAX_OPTIONS:
        reader.report(
            "formulier-te-groot",
            path,
            f"De vraag heeft meer dan {MAX_OPTIONS} keuzes.",
            "Gebruik een tekstveld of deel de vraag op.",
        )
    seen = set()
    for one in found[:MAX_OPTIONS]:
        option = option_from(one)
        if option is None or str(option.value) in seen:
            reader.report(
                "keuze-dubbel",
                path,
                "Een keuze heeft geen waarde, of dezelfde waarde als een andere.",
                "Geef elke keuze een eigen waarde.",
            )
            continue
        seen.add(str(option.value))
        yield option


def option_from(found: Json) -> Option | None:
    """An option from {"value", "label"} or from a bare scalar; None when it is neither."""
    value = found.get("value") if isinstance(found, Mapping) else found
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or value == "":
        return None
    label = _text(found.get("label")) if isinstance(found, Mapping) else ""
    return Option(value=value, label=label or str(value))


def _text(found: Json) -> str:
    return found.strip() if isinstance(found, str) else ""


def _formula(found: Json) -> str:
    """FEEL without the `=` in front."""
    return _text(found).removeprefix("=").strip()


def _mapping(found: Json) -> Mapping[str, Json]:
    return found if isinstance(found, dict) else {}


def _count(found: Json) -> int:
    return min(max(found, 0), 20) if isinstance(found, int) else 0


def _settings(found: Mapping[str, Json]) -> dict[str, str]:
    """Settings that form-js keeps beside `properties`, under the names that we use there."""
    digits = found.get("decimalDigits")
    made = {"decimalen": str(digits)} if isinstance(digits, int) and not isinstance(digits, bool) else {}
    return made | ({"min": "vandaag"} if found.get("disallowPassedDates") is True else {})


def _properties(found: Mapping[str, Json]) -> dict[str, str]:
    given = _mapping(found.get("properties"))
    return {
        key: str(value).strip() for key, value in given.items() if isinstance(value, (str, int, float, bool))
    }
