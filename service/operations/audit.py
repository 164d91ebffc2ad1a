"""The auditor's work: find a case, read its story, see who looked, prove that nothing was changed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from service import history
from service.access import OPERATORS, Permission, decide
from service.domain import Actor, DefinitionKey, InstanceKey
from service.errors import BadRequest, NotAllowed
from service.history import Verification
from service.operations import catalog, evidence, mandates, runtime
from service.operations.catalog import Process
from service.operations.guard import Work, working
from service.operations.views import CaseRow, Story, StoryRow
from service.store import access_log, accounts, casus, facts, instances, organisations
from service.store.rows import Found
from service.store.scopes import SERVICE
from service.store.session import transaction

_REASON_LENGTH = 400  # characters of the auditor's reason that the access log keeps


def require(actor: Actor) -> None:
    """Raises NotAllowed for who may not read stories."""
    if not decide(actor, Permission.STORY_READ).allowed:
        raise NotAllowed


def search(actor: Actor, *, text: str = "") -> tuple[CaseRow, ...]:
    """Instances, newest first; those that match a casus number, key or process name when `text` is given."""
    with working(actor) as work:
        work.require(Permission.HISTORY_SEARCH, action="R", kind="history", key=0, hidden=False)
        work.go_on()
        held = mandates.reach(work)
        within = None if held.everything else (held.own, held.allowed)
        return tuple(
            _case(work, row) for row in instances.for_audit(work.session, text.strip(), within=within)
        )


def _case(work: Work, row: Found) -> CaseRow:
    process = catalog.process(work.session, row.definition_key) if row.outcome else None
    return CaseRow(
        instance_key=InstanceKey(row.key),
        casus_number=row.casus_number or "",
        process_name=row.process_name,
        version=row.version,
        status=row.status,
        outcome=process.element_name(row.outcome) if process else "",
        started_at=row.started_at,
        ended_at=row.ended_at,
        facts=row.facts,
    )


def story(actor: Actor, instance_key: InstanceKey, reason: str) -> Story:
    """The history of one instance; who reads it and why is logged."""
    with working(actor) as work:
        decision = work.require(Permission.STORY_READ, action="R", kind="story", key=instance_key)
        work.note(
            type(decision)(allowed=True, reason=f"inzagegrond: {reason[:_REASON_LENGTH]}"),
            "R",
            "story",
            instance_key,
            classes="P",
        )
        work.go_on()
        instance = instances.get(work.session, instance_key)
        if instance is None or not mandates.sees(work, instance.casus_key, mandates.reach(work)):
            raise work.missing("story", instance_key)
        process = catalog.process(work.session, instance.definition_key)
        found = facts.rows(work.session, instance_key)
        told = _rows(work, process, found, instance.casus_key)
        if any(evidence.CLOSED in row.payload for row in found):
            work.note(decision, "R", "story", instance_key, classes="MZ")
        number = casus.get(work.session, instance.casus_key) if instance.casus_key else None
        heads = instances.chain_head_of(work.session, instance_key)
        return Story(
            instance_key=instance_key,
            definition_key=DefinitionKey(instance.definition_key),
            process_id=process.id,
            process_name=process.name,
            version=process.version,
            casus_number=number.number if number is not None else "",
            status=instance.status,
            started_at=instance.started_at,
            ended_at=instance.ended_at,
            rows=told,
            elements=_counted(told),
            order=tuple(row.element for row in told if row.kind in _TAKEN and row.element),
            open_elements=_open(told),
            intact=history.verify(found, heads).broken is None,
        )


_TAKEN = frozenset({"element:activated", "flow:taken"})
_LEFT = frozenset({"element:completed", "element:cancelled"})


def _counted(rows: Sequence[StoryRow]) -> Mapping[str, int]:
    return Counter(row.element for row in rows if row.kind in _TAKEN and row.element)


def _open(rows: Sequence[StoryRow]) -> tuple[str, ...]:
    """Elements that were begun and not left, told by their tokens."""
    held: dict[object, str] = {}
    for row in rows:
        token = row.data.get("token", row.element)
        if row.kind == "element:activated":
            held[token] = row.element
        elif row.kind in _LEFT:
            held.pop(token, None)
        elif row.kind in {"instance:completed", "instance:terminated"}:
            held.clear()
    return tuple(dict.fromkeys(held.values()))


def _rows(work: Work, process: Process, found: Sequence[Any], casus_key: int | None) -> tuple[StoryRow, ...]:
    payloads = [json.loads(row.payload) for row in found]
    for payload in payloads:
        if casus_key is not None and evidence.CLOSED in payload["data"]:
            payload["data"] = evidence.open_values(work.session, casus_key, payload["data"])
    keys = {int(p["data"]["account"]) for p in payloads if str(p["data"].get("account", "")).isdigit()}
    names = accounts.names(work.session, keys)
    places = {o.key: o.name for o in organisations.everything(work.session, ended=True)}
    return tuple(
        _row(process, row, payload, names, places) for row, payload in zip(found, payloads, strict=True)
    )


def _row(
    process: Process,
    row: Any,
    payload: Mapping[str, Any],
    names: Mapping[int, str],
    places: Mapping[str, str],
) -> StoryRow:
    data = dict(payload["data"])
    account = data.pop("account", "")
    organisation = data.pop("organisation", "")
    return StoryRow(
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        element=payload["element"],
        element_name=process.element_name(payload["element"]) if payload["element"] else "",
        who=names.get(int(account), "Sluitend") if account else "Sluitend",
        role=data.pop("role", ""),
        organisation=places.get(organisation, organisation),
        data=data,
    )


def access(actor: Actor, object_key: str, account: str) -> list[dict[str, Any]]:
    """Allowed and refused accesses to one object, by one account, or both; newest first.

    account  key or login
    """
    with working(actor) as work:
        work.require(Permission.ACCESS_LOG_READ, action="R", kind="access-log", key=object_key or 0)
        if not object_key and not account:
            raise BadRequest("Expected an object, an actor, or both", field="object")
        work.go_on()
        key = _account_key(work, account)
        if account and key is None:
            return []
        held = mandates.reach(work)
        within = None if held.everything or OPERATORS & actor.roles else (held.own, held.allowed)
        return [
            {
                "at": line.at,
                "account": line.login or str(line.account_key),
                "role": line.role,
                "organisation": line.organisation_key,
                "action": line.action,
                "allowed": line.allowed,
                "object_kind": line.object_kind,
                "object_key": int(line.object_key) if line.object_key.isdigit() else 0,
                "classes": line.classes,
                "ground": line.ground,
                "on_behalf": line.on_behalf,
            }
            for line in access_log.read(work.session, object_key=object_key, account_key=key, within=within)
        ]


def _account_key(work: Work, account: str) -> int | None:
    if not account:
        return None
    if account.isdigit() and len(account) < 19:
        return int(account)
    found = accounts.by_login(work.session, account.lower())
    return int(found.key) if found is not None else None


def verify() -> Verification:
    """Recompute every chain against the heads that are kept apart; names the first break."""
    runtime.current()
    with transaction(SERVICE) as session:
        return history.verify(facts.every(session), facts.heads(session))
