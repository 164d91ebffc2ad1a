"""What is wrong with a model as it is written: found when it is read, before anything runs."""

from __future__ import annotations

from collections.abc import Iterator

from service import feel
from service.dmn.model import Boxed, Decision, Model, Rule, Table
from service.dmn.types import Types
from service.domain import Finding, Severity

POLICIES = frozenset({"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE_ORDER", "OUTPUT_ORDER"})
AGGREGATIONS = frozenset({"", "SUM", "MIN", "MAX", "COUNT"})
_IN_ORDER = frozenset({"PRIORITY", "OUTPUT_ORDER"})


def findings(model: Model) -> Iterator[Finding]:
    """Everything that cannot work as it is written."""
    yield from _circles(model)
    types = Types(model.types)
    for decision in (*model.decisions.values(), *model.knowledge.values()):
        yield from _references(model, decision)
        if not model.imports and not types.known(decision.type):
            yield _type_unknown(decision.id, decision.type)
        if decision.logic is not None:
            names = frozenset(
                name for name in (*model.phrases, *scope_names(model, decision)) if not name.isidentifier()
            )
            yield from _boxed(decision.logic, names, decision.id)


def scope_names(model: Model, decision: Decision) -> Iterator[str]:
    """Names that the requirements of a decision bring into its expressions."""
    yield from decision.inputs
    for id_ in (*decision.requires, *decision.knowledge):
        for group in (model.decisions, model.knowledge, model.services):
            if id_ in group:
                yield group[id_].name
    yield from (one.name for one in model.imports if one.name)


def _fout(rule: str, element: str, reason: str, remedy: str) -> Finding:
    return Finding(element=element, rule=rule, severity=Severity.FOUT, reason=reason, remedy=remedy)


def _type_unknown(element: str, name: str) -> Finding:
    return Finding(
        element=element,
        rule="dmn-type-onbekend",
        severity=Severity.WAARSCHUWING,
        reason=f"Het type ‘{name}’ bestaat niet; de uitkomst wordt daarom niet gecontroleerd.",
        remedy="Kies een bestaand type, of maak dit type aan.",
    )


def _references(model: Model, decision: Decision) -> Iterator[Finding]:
    here = {*model.decisions, *model.knowledge, *model.services, *model.inputs}
    spaces = {one.namespace for one in model.imports}
    for one in decision.references:
        missing = one.namespace not in spaces if one.namespace else one.id not in here
        if missing:
            yield _fout(
                "dmn-verwijzing-ontbreekt",
                decision.id,
                f"‘{decision.title or decision.name}’ heeft ‘{one.id}’ nodig, maar dat bestaat niet.",
                "Verbind de beslissing opnieuw in het diagram, of importeer het andere bestand.",
            )


def _circles(model: Model) -> Iterator[Finding]:
    """Decisions that need themselves; found without recursion."""
    waiting = {
        id_: {one for one in d.requires if one in model.decisions} for id_, d in model.decisions.items()
    }
    free = [id_ for id_, needs in waiting.items() if not needs]
    users: dict[str, list[str]] = {}
    for id_, needs in waiting.items():
        for need in needs:
            users.setdefault(need, []).append(id_)
    while free:
        done = free.pop()
        del waiting[done]
        for user in users.get(done, ()):
            waiting[user].discard(done)
            if not waiting[user]:
                free.append(user)
    for id_ in waiting:
        yield _fout(
            "dmn-kringloop",
            id_,
            f"‘{model.decisions[id_].title or id_}’ heeft via een omweg zichzelf nodig.",
            "Haal een van de pijlen in de kring weg.",
        )


def _boxed(boxed: Boxed, names: frozenset[str], owner: str) -> Iterator[Finding]:
    where = boxed.id or owner
    if boxed.kind == "unknown":
        yield _fout(
            "dmn-taal",
            where,
            "Deze uitdrukking is niet in FEEL geschreven en kan niet worden uitgevoerd.",
            "Schrijf de uitdrukking in FEEL.",
        )
    elif boxed.kind == "literal":
        yield from _text(boxed.text, names, where)
    elif boxed.table is not None:
        yield from _table(boxed.table, names, boxed.table.id or where)
    names = names | {one.name for one in boxed.parameters if not one.name.isidentifier()}
    if boxed.body is not None:
        yield from _boxed(boxed.body, names, where)
    for entry in boxed.entries:
        yield from _boxed(entry.value, names, where)


def _text(text: str, names: frozenset[str], where: str, *, unary: bool = False) -> Iterator[Finding]:
    if not text:
        return
    try:
        (feel.compile_unary_tests if unary else feel.compile_expression)(text, names)
    except feel.FeelSyntaxError as error:
        yield _fout(
            "dmn-formule-onleesbaar",
            where,
            f"‘{text[:80]}’ is geen geldige FEEL (regel {error.line}, teken {error.column}).",
            "Verbeter de formule. Zet tekst tussen aanhalingstekens.",
        )


def _table(table: Table, names: frozenset[str], where: str) -> Iterator[Finding]:
    yield from _policy(table, where)
    for clause in table.inputs:
        yield from _text(clause.expression, names, where)
        yield from _text(clause.allowed, names, where, unary=True)
        if not clause.expression:
            yield _fout(
                "dmn-kolom-leeg",
                where,
                f"Een invoerkolom{f' (‘{clause.name}’)' if clause.name else ''} heeft geen formule.",
                "Vul in waar deze kolom naar kijkt.",
            )
    for clause in table.outputs:
        yield from _text(clause.allowed, names, where, unary=True)
        yield from _text(clause.default, names, where)
    for number, rule in enumerate(table.rules, 1):
        yield from _rule(table, rule, number, names)


def _policy(table: Table, where: str) -> Iterator[Finding]:
    aggregated = table.aggregation if table.hit_policy == "COLLECT" else ""
    if table.hit_policy not in POLICIES or aggregated not in AGGREGATIONS:
        yield _fout(
            "dmn-trefregel-onbekend",
            where,
            f"De trefregel ‘{table.hit_policy} {table.aggregation}’ bestaat niet.".replace(" ’", "’"),
            "Kies een trefregel van DMN, zoals UNIQUE of FIRST.",
        )
    elif table.hit_policy in _IN_ORDER and not any(one.allowed for one in table.outputs):
        yield _fout(
            "dmn-volgorde-ontbreekt",
            where,
            f"De trefregel {table.hit_policy.replace('_', ' ')} heeft een volgorde van uitkomsten nodig.",
            "Vul bij de uitvoerkolom de toegestane waarden in, de belangrijkste eerst.",
        )


def _rule(table: Table, rule: Rule, number: int, names: frozenset[str]) -> Iterator[Finding]:
    if len(rule.inputs) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
        yield _fout(
            "dmn-regel-onvolledig",
            rule.id,
            f"Regel {number} heeft niet evenveel vakken als de tabel kolommen heeft.",
            "Open de tabel in de bewerker en bewaar haar opnieuw.",
        )
    for cell in rule.inputs:
        yield from _text(cell, names, rule.id, unary=True)
    for cell in rule.outputs:
        yield from _text(cell, names, rule.id)
