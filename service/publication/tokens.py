"""The token game on a net: every marking that can be reached, up to a limit, and how it was reached.

Only the first token that can move is tried where that is enough: other tokens lose nothing by waiting for it (partial
order reduction). Tokens early in the drawing go first, so two tokens that can meet do meet. Ends that take other tokens away come after them, then tokens in a loop without
a way out: the others would wait for those for ever, so there all are tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from service.publication.net import ABORT, AND_JOIN, STOP, Net, Way

MEETING = 2  # more tokens than this in one place are not followed further


class Token(NamedTuple):
    """One token: where, over which flow it came, which side events its activity still has, and whether it began as one."""

    place: str
    flow: str = ""
    pending: tuple[str, ...] = ()
    aside: bool = False


_WIDE = 100  # tokens
_TURNS = {STOP: 1, ABORT: 1}
_LAST = 2

Marking = tuple[Token, ...]
Move = tuple[str, Marking]  # the node that acted, and what is left after it


@dataclass
class Seen:
    """What the search saw."""

    markings: list[Marking] = field(default_factory=list)
    came_from: list[tuple[int, str]] = field(
        default_factory=list
    )  # marking before it and the node that acted
    after: list[list[tuple[int, str]]] = field(default_factory=list)  # marking -> (marking, node that acted)
    visited: set[str] = field(default_factory=set)  # nodes that a token came to
    acted: set[str] = field(default_factory=set)  # nodes that a token left
    stuck: list[int] = field(default_factory=list)  # markings with tokens of which none can move
    cost: int = 0  # markings, wide ones counted more than once
    complete: bool = True  # False: the limit was reached, or tokens piled up
    too_large: bool = False

    def path(self, index: int) -> list[str]:
        """The nodes that acted on the way to a marking."""
        found: list[str] = []
        while index >= 0:
            index, node = self.came_from[index]
            found.append(node)
        return found[-2::-1]


def search(net: Net, limit: int) -> Seen:
    """Play every way the net can go, breadth first, so that the first path to a marking is a shortest one."""
    seen, numbers = Seen(), dict[Marking, int]()
    for start in net.starts:
        _number((Token(start),), (-1, ""), seen, numbers)
    index = 0
    while index < len(seen.markings):
        if seen.cost > limit:
            seen.complete, seen.too_large = False, True
            break
        if crowded(net, seen.markings[index], MEETING + 1):
            seen.complete = False
        else:
            _expand(net, index, seen, numbers)
            if seen.markings[index] and not seen.after[index]:
                seen.stuck.append(index)
        index += 1
    return seen


def _expand(net: Net, index: int, seen: Seen, numbers: dict[Marking, int]) -> None:
    for place, moves in _moves(net, seen.markings[index]):
        for node, marking in moves:
            number = _number(marking, (index, node), seen, numbers)
            seen.after[index].append((number, node))
            seen.acted.add(node)
        if place not in net.endless:
            return


def _number(marking: Marking, origin: tuple[int, str], seen: Seen, numbers: dict[Marking, int]) -> int:
    if marking not in numbers:
        numbers[marking] = len(seen.markings)
        seen.markings.append(marking)
        seen.came_from.append(origin)
        seen.after.append([])
        seen.cost += 1 + len(marking) // _WIDE
        seen.visited |= {token.place for token in marking}
    return numbers[marking]


def crowded(net: Net, marking: Marking, least: int = MEETING) -> str:
    """A place where this many tokens of the main line are at once, "" when there is none; an end takes any number."""
    counts: dict[tuple[str, str], int] = {}
    for token in marking:
        if not token.aside and net.nodes[token.place].element.kind != "endEvent":
            key = (token.place, token.flow)
            counts[key] = counts.get(key, 0) + 1
            if counts[key] >= least:
                return token.place
    return ""


def _moves(net: Net, marking: Marking) -> Iterator[tuple[str, list[Move]]]:
    """The moves by place, the token that should go first first."""
    tried: set[str] = set()
    for token in sorted(set(marking), key=lambda token: (_turn(net, token), net.order[token.place], token)):
        if not net.nodes[token.place].waits:
            yield token.place, list(_left(net, marking, token))
        elif token.place not in tried and _fires(net, marking, token.place):
            yield token.place, list(_joined(net, marking, token.place))
        tried.add(token.place)


def _turn(net: Net, token: Token) -> int:
    """What takes others away goes after them, what never ends goes last."""
    if token.place in net.endless:
        return _LAST
    free = -1 if token.aside else 0  # the sooner it is gone, the fewer markings there are
    return _TURNS.get(net.nodes[token.place].rule, free)


def _fires(net: Net, marking: Marking, place: str) -> bool:
    filled = {token.flow for token in marking if token.place == place}
    if net.nodes[place].rule == AND_JOIN:
        return len(filled) >= len(net.incoming[place])
    empty = [flow for flow in net.incoming[place] if flow not in filled]
    return not empty or not any(
        any(token.place in net.reach(place, flow) for flow in empty)
        and not any(token.place in net.reach(place, flow) for flow in filled)
        for token in marking
        if token.place != place
    )


def _joined(net: Net, marking: Marking, place: str) -> Iterator[Move]:
    """One token of each flow goes in, one comes out."""
    left, used = list(marking), dict[str, Token]()
    for token in marking:
        if token.place == place and token.flow not in used:
            used[token.flow] = token
            left.remove(token)
    aside = all(token.aside for token in used.values())
    for way in net.nodes[place].ways or ((),):
        yield place, _with(left, _on(net, way, aside))


def _left(net: Net, marking: Marking, token: Token) -> Iterator[Move]:
    node, rest = net.nodes[token.place], list(marking)
    rest.remove(token)
    if node.rule in (STOP, ABORT):
        yield token.place, ()
        return
    if node.completes:
        for way in node.ways or ((),):
            yield token.place, _with(rest, _on(net, way, token.aside))
    if not node.completes:  # the error inside may go further out than the events on the border
        yield token.place, ()
    for event in node.exits:
        yield token.place, _with(rest, [Token(event, aside=token.aside)])
    for event in token.pending:
        staying = Token(
            token.place, token.flow, tuple(one for one in token.pending if one != event), token.aside
        )
        yield event, _with(rest, [staying, Token(event, aside=True)])


def _on(net: Net, way: Way, aside: bool) -> list[Token]:
    """Tokens behind these flows. Where they came from matters only where they have to wait."""
    found = []
    for flow in way:
        target = net.nodes[net.flows[flow].target]
        came = flow if target.waits else ""
        found.append(Token(target.element.id, came, target.asides, aside))
    return found


def _with(rest: list[Token], new: list[Token]) -> Marking:
    """What is beside the main line counts once in each place: in a loop it would pile up without end."""
    once = [token for token in new if not token.aside or token not in rest]
    return tuple(sorted([*rest, *once]))
