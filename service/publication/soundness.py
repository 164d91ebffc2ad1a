"""Soundness: no token waits for ever, nothing is dead, no token runs into another, every run can end.

What conditions say is not looked at: every flow may be taken. So what never happens here never happens at all (`fout`);
what can happen here depends on the data, and is a `waarschuwing`. See docs/decisions/0009-soundness.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.domain import Finding, Severity
from service.engine import Definition
from service.publication.choices import Choices
from service.publication.net import PASS, Net, build
from service.publication.tokens import Seen, crowded, search

LIMIT = 50_000  # markings in all nets of one process together: a few seconds
_SHOWN = 12  # elements of a path that a finding names
_THROWS = frozenset({"message", "signal", "escalation"})


def findings(definition: Definition, file: str, *, limit: int = LIMIT) -> Iterator[Finding]:
    """What can go wrong with the tokens of a process; nothing for one that cannot run as it is drawn."""
    if not definition.runnable:
        return
    completes: dict[str, bool] = {}
    for scope in _innermost_first(definition):
        net = build(definition, scope, completes)
        seen = search(net, limit)
        limit = max(limit - seen.cost, 0)
        completes[scope] = _completes(definition, net, seen)
        yield from _told(definition, net, seen, file)


def _innermost_first(definition: Definition) -> list[str]:
    scopes = [e.id for e in definition.elements.values() if e.is_subprocess]
    return [*sorted(scopes, key=lambda id_: -_depth(definition, id_)), ""]


def _depth(definition: Definition, id_: str) -> int:
    depth = 0
    while id_:
        depth, id_ = depth + 1, definition.elements[id_].parent
    return depth


def _completes(definition: Definition, net: Net, seen: Seen) -> bool:
    """Whether a subprocess can be left by its own flows; an event subprocess may catch what would abort it."""
    if not seen.complete or any(
        e.triggered_by_event and e.parent == net.scope for e in definition.elements.values()
    ):
        return True
    return any(
        not seen.markings[target] and not net.nodes[node].aborts
        for moves in seen.after
        for target, node in moves
    )


def _told(definition: Definition, net: Net, seen: Seen, file: str) -> Iterator[Finding]:
    if seen.too_large:
        yield _finding(
            net.scope or definition.process_id,
            "samenhang-te-groot",
            "Dit deel heeft zoveel mogelijke verlopen dat niet alles is nagegaan. Of het nooit vastloopt, is dus niet zeker.",
            "Splits het in subprocessen die elk apart worden nagegaan.",
            file,
            Severity.OPMERKING,
        )
    never = _never(net, seen)
    choices = Choices(definition)
    yield from _deadlocks(net, seen, never, choices, file)
    yield from _meetings(net, seen, choices, file)
    if seen.complete:
        yield from _dead(net, seen, never, file)
        yield from _endless(net, seen, file)
        yield from _ends(net, seen, file)


def _never(net: Net, seen: Seen) -> frozenset[str]:
    """The joins that a token comes to and none ever leaves."""
    if not seen.complete:
        return frozenset()
    return frozenset(id_ for id_ in seen.visited if net.nodes[id_].waits and id_ not in seen.acted)


def _depends(net: Net, seen: Seen, index: int, choices: Choices) -> tuple[str, Severity]:
    """How sure it is that data can go this way: choices about the same variable may exclude each other."""
    shared = choices.shared(seen.path(index))
    if not shared:
        return "", Severity.WAARSCHUWING
    names = " en ".join(f"‘{name}’" for name in shared[:3])
    return (
        f" Of dat echt kan, hangt ervan af: meer dan één keuze op deze weg gaat over {names}.",
        Severity.OPMERKING,
    )


def _deadlocks(net: Net, seen: Seen, never: frozenset[str], choices: Choices, file: str) -> Iterator[Finding]:
    told: set[str] = set()
    for index in seen.stuck:
        for place in dict.fromkeys(token.place for token in seen.markings[index]):
            if place in told or (net.rescued and place not in never):
                continue
            told.add(place)
            yield from _deadlock(net, seen, index, place, never, choices, file)


def _deadlock(
    net: Net, seen: Seen, index: int, place: str, never: frozenset[str], choices: Choices, file: str
) -> Iterator[Finding]:
    filled = {token.flow for token in seen.markings[index] if token.place == place}
    empty = [net.flows[flow].source for flow in net.incoming[place] if flow not in filled]
    waits = f"Dan wacht {_name(net, place)} op {_names(net, empty)}, maar daar komt niets meer vandaan."
    if place in never:
        yield _finding(
            place,
            "vastlopen-zeker",
            f"Voorbij {_name(net, place)} komt het proces nooit. Zo loopt het vast: {_path(net, seen, index)}. {waits}",
            "Voeg samen met dezelfde soort gateway als waarmee het splitst.",
            file,
            Severity.FOUT,
        )
    else:
        depends, severity = _depends(net, seen, index, choices)
        yield _finding(
            place,
            "vastlopen-mogelijk",
            f"Het proces kan vastlopen. Bijvoorbeeld: {_path(net, seen, index)}. {waits}{depends}",
            "Voeg samen met dezelfde soort gateway als waarmee het splitst, of laat elke pijl altijd een token geven.",
            file,
            severity,
        )


def _meetings(net: Net, seen: Seen, choices: Choices, file: str) -> Iterator[Finding]:
    """Two tokens in one place: the first place only, what comes after it follows from it."""
    for index, marking in enumerate(seen.markings):
        if place := crowded(net, marking):
            depends, severity = _depends(net, seen, index, choices)
            yield _finding(
                place,
                "samenloop-dubbel",
                f"Bij {_name(net, place)} komt het proces twee keer tegelijk, en alles daarna gebeurt dubbel. "
                f"Bijvoorbeeld: {_path(net, seen, index)}.{depends}",
                "Voeg parallelle takken samen met een parallelle of inclusieve gateway.",
                file,
                severity,
            )
            return


def _dead(net: Net, seen: Seen, never: frozenset[str], file: str) -> Iterator[Finding]:
    """Nodes that no token comes to although one comes right before them."""
    for id_ in net.nodes.keys() - seen.visited:
        before = {net.flows[flow].source for flow in net.incoming.get(id_, ())} & seen.visited
        if before and not before & never:
            yield _finding(
                id_,
                "activiteit-dood",
                f"Bij {_name(net, id_)} komt het proces nooit, want {_names(net, sorted(before))} gaat nooit gewoon verder.",
                "Geef het subproces ervoor ook een gewoon einde, of haal de pijl weg.",
                file,
                Severity.FOUT,
            )


def _endless(net: Net, seen: Seen, file: str) -> Iterator[Finding]:
    """Markings from which there is always a next step, and never the last."""
    before: dict[int, list[int]] = {}
    for index, moves in enumerate(seen.after):
        for target, _ in moves:
            before.setdefault(target, []).append(index)
    ending = _closure((i for i, marking in enumerate(seen.markings) if not marking), before)
    ending |= _closure(seen.stuck, before)
    lost = [number for number in range(len(seen.markings)) if number not in ending]
    if lost and not net.rescued:
        index, place = next(
            (
                (number, token.place)
                for number in lost
                for token in seen.markings[number]
                if token.place in net.endless
            ),
            (lost[0], seen.markings[lost[0]][0].place),
        )
        yield _finding(
            place,
            "einde-onbereikbaar",
            f"Vanaf {_name(net, place)} kan het proces niet meer eindigen. Zo komt het daar: {_path(net, seen, index)}.",
            "Geef de lus een uitgang naar een einde.",
            file,
            Severity.WAARSCHUWING,
        )


def _closure(roots: Iterable[int], before: dict[int, list[int]]) -> set[int]:
    found: set[int] = set()
    ahead = list(roots)
    while ahead:
        index = ahead.pop()
        if index not in found:
            found.add(index)
            ahead += before.get(index, [])
    return found


def _ends(net: Net, seen: Seen, file: str) -> Iterator[Finding]:
    """Ends that tell something outside more than once in one run. What runs beside the main line is not counted."""
    if any(node.asides for node in net.nodes.values()):
        return
    telling = [
        id_
        for id_, node in net.nodes.items()
        if node.element.kind == "endEvent" and node.rule == PASS and node.element.event is not None
    ]
    for id_ in telling:
        event = net.nodes[id_].element.event
        if event is not None and event.kind in _THROWS and _twice(id_, seen):
            yield _finding(
                id_,
                "einde-meermaals",
                f"Het einde {_name(net, id_)} kan in één zaak meer dan één keer worden bereikt, en meldt zich dan telkens.",
                "Voeg de takken eerst samen.",
                file,
                Severity.WAARSCHUWING,
            )


def _twice(end: str, seen: Seen) -> bool:
    targets = [target for moves in seen.after for target, node in moves if node == end]
    found: set[int] = set()
    while targets:
        index = targets.pop()
        if index in found:
            continue
        found.add(index)
        for target, node in seen.after[index]:
            if node == end:
                return True
            targets.append(target)
    return False


def _path(net: Net, seen: Seen, index: int) -> str:
    nodes = seen.path(index)
    shown = [_name(net, node) for node in nodes[-_SHOWN:]]
    return " → ".join((["…"] if len(nodes) > _SHOWN else []) + shown) or "meteen bij het begin"


def _name(net: Net, id_: str) -> str:
    return f"‘{net.nodes[id_].element.name or id_}’"


def _names(net: Net, ids: list[str]) -> str:
    return " en ".join(_name(net, id_) for id_ in ids[:3])


def _finding(element: str, rule: str, reason: str, remedy: str, file: str, severity: Severity) -> Finding:
    return Finding(element=element, rule=rule, severity=severity, reason=reason, remedy=remedy, file=file)
