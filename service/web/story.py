"""The history of a case in Dutch sentences: one per kind of fact, so that a table of facts reads as a story."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.domain import Json
from service.operations.views import Story, StoryRow
from service.web import dates, sources, texts


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact as a line of the story."""

    row: StoryRow
    sentence: str
    detail: str  # what decided, what was written; "" when there is nothing to add
    weight: str  # stap | keuze | systeem | ingreep: how a reader should weigh it
    number: int  # of the step on the diagram; 0 when the fact belongs to no drawn step


_SENTENCES: Mapping[str, str] = {
    "instance:started": "Proces gestart",
    "instance:completed": "Proces afgerond",
    "instance:terminated": "Proces gestopt",
    "instance:cancelled": "Proces gestopt",
    "absence:recorded": "Afwezigheid en vervanging vastgelegd",
    "absence:revoked": "Afwezigheid en vervanging ingetrokken",
    "access:offered": "Brief gegeven om weer in te loggen",
    "access:renewed": "Nieuw wachtwoord gekozen",
    "guest:invited": "Iemand van buiten uitgenodigd voor één taak",
    "guest:joined": "Iemand van buiten kan de taak doen",
    "guest:removed": "Iemand van buiten kan de taak niet meer doen",
    "organisation:added": "Organisatie toegevoegd",
    "organisation:changed": "Organisatie gewijzigd",
    "organisation:ended": "Organisatie doet niet meer mee",
    "organisation:reopened": "Organisatie doet weer mee",
    "family:invited": "Iemand van de familie uitgenodigd",
    "mandate:given": "Mandaat voor een auditor of FG gegeven",
    "mandate:revoked": "Mandaat voor een auditor of FG ingetrokken",
    "member:changed": "Rollen van een medewerker gewijzigd",
    "member:invited": "Medewerker uitgenodigd",
    "member:joined": "Uitnodiging aangenomen",
    "member:removed": "Medewerker verwijderd",
    "member:uninvited": "Uitnodiging ingetrokken",
    "help:asked": "Hulp gevraagd via de openbare pagina",
    "help:handled": "Hulpvraag afgehandeld",
    "address:kept": "Verblijf van een gezinslid afgeschermd",
    "address:told": "Verblijf van een gezinslid niet meer afgeschermd",
    "custody:recorded": "Gezag vastgelegd",
    "casus:linked": "Gekoppeld aan een andere casus over hetzelfde kind",
    "casus:separated": "Vastgesteld dat een andere casus over een ander kind gaat",
    "letter:made": "Brief gemaakt",
    "note:supplemented": "Notitie in het dossier aangevuld",
    "note:withdrawn": "Notitie in het dossier ingetrokken",
    "note:written": "Notitie in het dossier geschreven",
    "consent:said": "Toestemming of bezwaar van de familie vastgelegd",
    "dossier:disclosed": "Gegevens verstrekt na ‘{name}’",
    "dossier:withheld": "Gegevens niet verstrekt na ‘{name}’, want er is geen toestemming",
    "emergency:opened": "Casus geopend met de noodknop",
    "sibling:asked": "Gevraagd naar de casus van een broer of zus",
    "sibling:linked": "Gekoppeld aan de casus van een broer of zus",
    "sibling:refused": "Koppeling met een broer of zus geweigerd",
    "sibling:separated": "Koppeling met een broer of zus weggehaald",
    "substitute:recorded": "Waarneming voor een collega vastgelegd",
    "instance:suspended": "Proces stilgezet",
    "instance:resumed": "Proces hervat",
    "instance:modified": "Proces met de hand verzet",
    "instance:migrated": "Proces overgezet naar een andere versie",
    "element:activated": "‘{name}’ begonnen",
    "element:completed": "‘{name}’ bereikt",
    "element:cancelled": "‘{name}’ vervallen",
    "flow:taken": "Verder via ‘{name}’",
    "task:created": "Taak ‘{name}’ klaargezet",
    "task:claimed": "Taak ‘{name}’ opgepakt",
    "task:unclaimed": "Taak ‘{name}’ teruggegeven",
    "task:assigned": "Taak ‘{name}’ toegewezen",
    "task:completed": "Taak ‘{name}’ afgerond",
    "task:cancelled": "Taak ‘{name}’ vervallen",
    "decision:evaluated": "Beslistabel ‘{name}’ toegepast",
    "participant:rebound": "Rol overgegaan naar een andere organisatie",
    "relocation:accepted": "Na een verhuizing nam een organisatie rollen over",
    "relocation:asked": "Verhuizing vastgelegd en gevraagd wie overneemt",
    "relocation:refused": "Een organisatie nam na een verhuizing geen rollen over",
    "relocation:withdrawn": "Vraag over een verhuizing teruggenomen",
    "task:changed": "Van taak ‘{name}’ de termijn, de voorrang of de kandidaten gewijzigd",
    "task:reoffered": "Taak ‘{name}’ naar een andere organisatie gegaan",
    "task:unassigned": "Taak ‘{name}’ teruggegeven",
    "expression:warned": "Formule zonder antwoord bij ‘{name}’",
    "error:thrown": "Fout gemeld door ‘{name}’",
    "escalation:thrown": "Escalatie gemeld door ‘{name}’",
    "job:created": "Opdracht ‘{name}’ klaargezet",
    "job:completed": "Opdracht ‘{name}’ uitgevoerd",
    "job:failed": "Opdracht ‘{name}’ mislukt",
    "message:sent": "Bericht ‘{name}’ verstuurd",
    "signal:sent": "Signaal ‘{name}’ verstuurd",
    "timer:fired": "Termijn bij ‘{name}’ verstreken",
    "message:delivered": "Bericht ‘{name}’ ontvangen",
    "incident:raised": "Vastgelopen bij ‘{name}’",
    "incident:resolved": "Weer op gang bij ‘{name}’",
    "variable:written": "Procesgegevens vastgelegd",
    "dossier:written": "Antwoorden in het dossier gezet",
    "dossier:read": "Dossier ingezien",
    "casus:opened": "Casus geopend",
    "casus:closed": "Casus gesloten",
    "history:read": "Geschiedenis ingezien",
}
_NAME = re.compile(r"(?: bij| door)? ‘\{name\}’|‘\{name\}’ ")
_STEPS = frozenset(
    {"task:completed", "instance:started", "instance:completed", "casus:opened", "casus:closed"}
)
_CHOICES = frozenset(
    {"decision:evaluated", "timer:fired", "message:delivered", "message:sent", "signal:sent"}
)
_TROUBLE = (
    "incident:",
    "error:",
    "escalation:",
    "job:failed",
    "intervention:",
    "instance:terminated",
    "instance:suspended",
    "instance:resumed",
    "instance:modified",
    "instance:migrated",
)
# Kinds that only make sense to somebody who checks the machine; folded away at first.
_TECHNICAL = frozenset(
    {"flow:taken", "element:activated", "variable:written", "element:completed", "expression:warned"}
)


def sentence(row: StoryRow) -> str:
    """What happened, in one sentence."""
    name = row.element_name or row.element
    pattern = _SENTENCES.get(row.kind)
    if pattern is None:
        return f"{row.kind.replace(':', ' · ')}{f' ({name})' if name else ''}"
    return pattern.format(name=name) if name else _NAME.sub("", pattern)


def lines(story: Story) -> list[Line]:
    """The whole story, with the numbers that the diagram shows."""
    numbers = step_numbers(story)
    return [
        Line(
            row=row,
            sentence=sentence(row),
            detail=_detail(row),
            weight=_weight(row.kind),
            number=numbers.get(row.element, 0),
        )
        for row in story.rows
    ]


def step_numbers(story: Story) -> dict[str, int]:
    """Element id -> its number on the diagram, in the order in which steps were reached first."""
    flows = {row.element for row in story.rows if row.kind == "flow:taken"}
    steps = [name for name in dict.fromkeys((*story.order, *story.open_elements)) if name not in flows]
    return {name: number for number, name in enumerate(steps, 1)}


def drawing(story: Story) -> dict[str, object]:
    """What the diagram needs to draw the path."""
    flows = {row.element for row in story.rows if row.kind == "flow:taken"}
    return {
        "numbers": step_numbers(story),
        "counts": dict(story.elements),
        "flows": [name for name in story.order if name in flows],
        "open": list(story.open_elements),
    }


def technical(kind: str) -> bool:
    """Whether a fact is folded away until somebody asks for every detail."""
    return kind in _TECHNICAL


def _weight(kind: str) -> str:
    if kind.startswith(_TROUBLE):
        return "ingreep"
    if kind in _STEPS:
        return "stap"
    return "keuze" if kind in _CHOICES else "systeem"


def _detail(row: StoryRow) -> str:
    if row.kind == "task:completed":
        return sources.of_fact(row.who, row.data)
    tell = _DETAILS.get(row.kind)
    return tell(row.data) if tell else ""


def _rules(data: Mapping[str, Json]) -> str:
    matched = data.get("matched_rules") or data.get("rules") or data.get("matched") or ()
    rules = [_rule(rule) for rule in matched] if isinstance(matched, (list, tuple)) else []
    outputs = data.get("outputs", data.get("output", data.get("value")))
    parts = [f"regel {', '.join(rules)}" if rules else "", f"uitkomst: {_plain(outputs)}" if outputs else ""]
    return " · ".join(filter(None, parts))


def _rule(rule: Json) -> str:
    if isinstance(rule, Mapping):
        index = rule.get("index")
        return str(index) if isinstance(index, int) else str(rule.get("rule_id", "?"))
    return str(rule)


def _plain(value: Json) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_plain(inner)}" for name, inner in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_plain(inner) for inner in value)
    return (
        {True: "ja", False: "nee", None: "leeg"}.get(value, str(value))
        if value in (True, False, None)
        else str(value)
    )


def _names(data: Mapping[str, Json]) -> str:
    names = data.get("names") or data.get("variables") or ()
    return ", ".join(str(name) for name in names) if isinstance(names, (list, tuple, Mapping)) else str(names)


def _message(data: Mapping[str, Json]) -> str:
    return str(data.get("message") or data.get("reason") or data.get("error_type") or "")


_DETAILS: Mapping[str, Callable[[Mapping[str, Json]], str]] = {
    "decision:evaluated": _rules,
    "variable:written": _names,
    "incident:raised": _message,
    "history:read": _message,
}


def by_whom(row: StoryRow) -> str:
    """In which role, for which organisation, somebody did it."""
    return ", ".join(filter(None, (texts.role(row.role) if row.role else "", row.organisation)))


def lasted(story: Story) -> str:
    """How long the process ran, or has been running."""
    return dates.span(story.started_at, story.ended_at)
