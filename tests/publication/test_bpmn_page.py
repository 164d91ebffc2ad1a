"""docs/bpmn.md names every element of BPMN, and what it says of each is what the gate does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import SpiffWorkflow
from lxml import etree

from service.domain import Severity
from tests.engine.diagrams import boundary, bpmn, chain, end, flow, message, node, start, timer, user
from tests.publication.conftest import Gate

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "bpmn.md").read_text(encoding="utf-8")
SCHEMA = Path(SpiffWorkflow.__file__).parent / "bpmn" / "parser" / "schema" / "Semantic.xsd"
ROWS = dict(re.findall(r"^\| [^|]+ \| `(\w+)` \| (ja|tekening|geweigerd) \|", PAGE, re.M))
ROOTS = message("m", "bericht", "=1") + (
    '<signal id="sg" name="sein"/><error id="er" name="f" errorCode="F"/><escalation id="es" name="e" escalationCode="E"/>'
)
EVENTS = {
    "zonder soort": "",
    "timer (datum, duur, herhaling)": timer("duration", "P1D"),
    "bericht": '<messageEventDefinition messageRef="m"/>',
    "signaal": '<signalEventDefinition signalRef="sg"/>',
    "fout": '<errorEventDefinition errorRef="er"/>',
    "escalatie": '<escalationEventDefinition escalationRef="es"/>',
    "beëindigen": "<terminateEventDefinition/>",
    "annulering": "<cancelEventDefinition/>",
    "koppeling (link)": '<linkEventDefinition name="verder"/>',
    "voorwaarde": "<conditionalEventDefinition><condition>=x</condition></conditionalEventDefinition>",
    "compensatie": "<compensateEventDefinition/>",
}  # fmt: skip
COLUMNS = ("start", "vangen", "werpen", "rand", "einde", "gebeurtenis-subproces")


def refused(gate: Gate, body: str) -> set[str]:
    found = gate({"p.bpmn": bpmn(body, roots=ROOTS)}, technical=True)
    return {one.rule for one in found if one.severity is Severity.FOUT}


def test_every_element_of_the_schema_is_on_the_page() -> None:
    groups = ("flowElement", "artifact")
    schema = etree.parse(SCHEMA).getroot()
    names = {str(one.get("name")) for one in schema if one.get("substitutionGroup") in groups}
    assert names == ROWS.keys()


@pytest.mark.parametrize("tag", [tag for tag, told in ROWS.items() if told != "ja"])
def test_what_is_not_run_is_refused_or_only_drawn(gate: Gate, tag: str) -> None:
    extra = {
        "association": ' sourceRef="a" targetRef="s"',
        "choreographyTask": ' initiatingParticipantRef="q"',
        "subChoreography": ' initiatingParticipantRef="q"',
        "callChoreography": ' initiatingParticipantRef="q"',
    }
    thing = f'<{tag} id="x"{extra.get(tag, "")}/>'
    body = start() + user("a") + end() + chain("s", "a", "e")
    expected = "element-niet-ondersteund" in refused(gate, body + thing)
    assert expected == (ROWS[tag] == "geweigerd")
    if ROWS[tag] == "tekening":
        assert refused(gate, body + thing) == set()


def events_on_the_page() -> dict[str, list[bool]]:
    table = PAGE.split("## Gebeurtenissen")[1].split("\n*")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[4:] if line]
    return {row[0]: [cell.startswith("ja") for cell in row[1:]] for row in rows}


def places(event: str, what: str) -> list[str]:
    """The same event at every place of the table."""
    line = chain("s", "a", "e")
    catch = node("intermediateCatchEvent", "x", what)
    throw = node("intermediateThrowEvent", "y", what)
    pair = start() + catch + throw + end() + chain("s", "y") + chain("x", "e")
    caught = pair if event == "koppeling (link)" else start() + catch + end() + chain("s", "x", "e")
    thrown = pair if event == "koppeling (link)" else start() + throw + end() + chain("s", "y", "e")
    inside = start("i") + node("exclusiveGateway", "q", default="q_k") + end("f", what) + end("k")
    inside += chain("i", "q", "k") + flow("q", "f", "=x")  # it may also end well, or nothing follows it
    holder = node("transaction", "a", inside) if event == "annulering" else user("a")
    border = start() + holder + boundary("r", "a", what) + end() + end("g") + line + chain("r", "g")
    ending = border if event == "annulering" else start() + node("subProcess", "a", inside) + end() + line
    handler = node("startEvent", "h", what) + end("f") + chain("h", "f")
    return [
        start("s", what) + user("a") + end() + line,
        caught,
        thrown,
        border,
        ending,
        start() + user("a") + end() + line + node("subProcess", "u", handler, triggeredByEvent="true"),
    ]


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("place", COLUMNS)
def test_an_event_runs_where_the_page_says_so(gate: Gate, event: str, place: str) -> None:
    column = COLUMNS.index(place)
    told = events_on_the_page().get(event, [False] * len(COLUMNS))
    assert (refused(gate, places(event, EVENTS[event])[column]) == set()) == told[column]


def test_the_page_knows_no_other_events() -> None:
    assert events_on_the_page().keys() <= EVENTS.keys()
