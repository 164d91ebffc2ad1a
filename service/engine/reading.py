"""A diagram as a frozen Definition with findings: everything that is worked out once per version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from service import dmn, feel
from service.domain import Finding, Severity
from service.engine import elements, lanes, source
from service.engine.expressions import is_feel
from service.engine.expressions import source as expression_of
from service.engine.parser import OurParser, read_elements
from service.engine.rules import check
from service.engine.rules.diagram import Diagram
from service.engine.rules.feel import expressions_of
from service.engine.source import Xml, b, z
from service.engine.specs.process import Process
from service.engine.values import Calls, Definition, Element, Flow, StartEvent
from service.errors import DiagramRejected


def process_ids(bpmn: bytes) -> tuple[str, ...]:
    """The ids of the executable processes in a file. Raises DiagramRejected for unreadable XML."""
    root = source.parse(bpmn)
    return tuple(process.get("id", "") for process in _executable(root))


def _executable(root: Xml) -> list[Xml]:
    return [node for node in root.findall(b("process")) if node.get("isExecutable") != "false"]


def read(
    bpmn: bytes,
    *,
    process_id: str | None = None,
    decisions: Mapping[str, bytes] | None = None,
    called: Mapping[str, Definition] | None = None,
) -> Definition:
    """One process of a file, ready to run, with everything that is wrong with it.

    process_id  which process; the first executable one when None
    decisions   DMN files by name
    called      definitions that call activities may call, by process id
    Raises DiagramRejected only where the XML cannot be read or holds no such process.
    """
    root = source.parse(bpmn)
    process = _chosen(root, process_id)
    found, lane_of = read_elements(root, process)
    flows = {flow.id: flow for flow in map(elements.flow, process.iter(b("sequenceFlow"))) if flow.id}
    known, files = _decisions(decisions or {})
    diagram = Diagram(root, process, found, flows, frozenset(known), frozenset(called or {}))
    findings = check(diagram)
    specs: dict[str, Process] = {}
    if not any(finding.severity is Severity.FOUT for finding in findings):
        specs = _specs(OurParser(root, process, found), called or {}, known, files)
    read_names, written_names = _names(found, flows)
    return Definition(
        process_id=process.get("id", ""),
        name=process.get("name") or process.get("id", ""),
        findings=findings,
        elements=MappingProxyType(found),
        lanes=lanes.all_of(process, lane_of, found),
        flows=MappingProxyType(flows),
        start_events=_starts(found),
        fingerprint=_fingerprint(bpmn, process.get("id", ""), files, called or {}),
        names_read=read_names,
        names_written=written_names,
        version_tag=_version_tag(process),
        runnable=bool(specs),
        specs=MappingProxyType(specs),
        decisions=MappingProxyType(known),
        decision_files=files,
        calls=Calls(tagged=_own_tags(process, called or {})),
    )


def _chosen(root: Xml, process_id: str | None) -> Xml:
    processes = root.findall(b("process"))
    chosen = (
        [p for p in processes if p.get("id") == process_id] if process_id else _executable(root) or processes
    )
    if not chosen or not chosen[0].get("id"):
        what = f"het proces '{process_id}'" if process_id else "een proces met een id"
        finding = Finding(
            element=process_id or "",
            rule="proces-ontbreekt",
            severity=Severity.FOUT,
            reason=f"Het bestand bevat niet {what}.",
            remedy="Voeg het proces toe of kies het juiste bestand.",
        )
        raise DiagramRejected((finding,), finding.reason)
    return chosen[0]


def _decisions(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[bytes, ...]]:
    """Decision id to its file; an unreadable file yields nothing here, the DMN check tells why."""
    known: dict[str, bytes] = {}
    for xml in files.values():
        try:
            known.update(dict.fromkeys(dmn.read(xml).decisions, xml))
        except DiagramRejected:
            continue
    return known, tuple(dict.fromkeys(files.values()))


def _specs(
    parser: OurParser, called: Mapping[str, Definition], known: Mapping[str, bytes], files: tuple[bytes, ...]
) -> dict[str, Process]:
    own = parser.specs()
    for spec in own.values():
        spec.decisions, spec.decision_files = MappingProxyType(dict(known)), files
        for node in spec.task_specs.values():
            if (inner := getattr(node, "inner", None)) is not None:
                inner.boundaries = ()
        spec.freeze()
    others = {name: spec for other in called.values() for name, spec in other.specs.items()}
    return {**others, **own}


def _starts(found: Mapping[str, Element]) -> tuple[StartEvent, ...]:
    return tuple(
        StartEvent(
            element=element.id,
            kind=element.event.kind if element.event else "none",
            name=element.name,
            form_id=element.form_id,
            message=element.event.name if element.event else "",
            timer=element.event.timer if element.event else "",
            text=element.event.text if element.event else "",
        )
        for element in found.values()
        if element.kind == "startEvent" and not element.parent
    )


def _own_tags(process: Xml, called: Mapping[str, Definition]) -> Mapping[tuple[str, str], str]:
    """The version tags of this deployment's own processes."""
    tags = {process.get("id", ""): _version_tag(process)} | {
        id: one.version_tag for id, one in called.items()
    }
    return MappingProxyType({(id, tag): "" for id, tag in tags.items() if tag})


def _version_tag(process: Xml) -> str:
    tag = process.find(f"{b('extensionElements')}/{z('versionTag')}")
    return tag.get("value", "") if tag is not None else ""


def _fingerprint(
    bpmn: bytes, process_id: str, files: tuple[bytes, ...], called: Mapping[str, Definition]
) -> str:
    """One text for the content: file, process, decisions and called processes."""
    digest = hashlib.sha256()
    for part in (
        bpmn,
        process_id.encode(),
        *sorted(files),
        *sorted(d.fingerprint.encode() for d in called.values()),
    ):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _names(found: Mapping[str, Element], flows: Mapping[str, Flow]) -> tuple[frozenset[str], frozenset[str]]:
    """Variables that the process itself reads and writes; forms and start data are not in it."""
    read_names: set[str] = set()
    for text in texts(found, flows):
        try:
            read_names |= feel.reads(text)
        except feel.FeelSyntaxError:
            continue
    written: set[str] = set()
    for element in found.values():
        written |= {mapping.target.split(".")[0] for mapping in (*element.inputs, *element.outputs)}
        if element.result_variable:
            written.add(element.result_variable)
        if element.kind == "businessRuleTask" and element.called_decision and not element.result_variable:
            written.add("result")
        if element.loop is not None:
            written |= {element.loop.item, element.loop.output_collection, "loopCounter"}
    return frozenset(read_names), frozenset(written - {""})


def texts(found: Mapping[str, Element], flows: Mapping[str, Flow]) -> Iterator[str]:
    """Every FEEL expression of the process, without its equals sign."""
    for element in found.values():
        for _, text in expressions_of(element):
            yield text
    for flow in flows.values():
        if flow.condition:
            yield expression_of(flow.condition) if is_feel(flow.condition) else flow.condition


def describe(definition: Definition) -> str:
    """Everything in the specs as text: unchanged for as long as nothing writes to them."""
    return json.dumps(
        {name: _described(spec) for name, spec in definition.specs.items()}, sort_keys=True, default=str
    )


def _described(spec: Process) -> Any:
    return {
        name: {
            key: repr(value)
            for key, value in vars(node).items()
            if key not in ("_wf_spec", "inner", "boundaries")
        }
        | {"boundaries": [boundary.name for boundary in node.boundaries]}
        for name, node in spec.task_specs.items()
    }
