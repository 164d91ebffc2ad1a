"""Deployed definitions for /v2: processes, their diagrams and their forms."""

from __future__ import annotations

from service.access import Permission
from service.domain import Actor, DefinitionKey
from service.operations import catalog, deployments, searches
from service.operations.guard import Work, working
from service.operations.records import DefinitionRecord, FormRecord, Page, Query
from service.store import definitions as rows
from service.store.rows import Found


def search(actor: Actor, query: Query) -> Page[DefinitionRecord]:
    """Process definitions, all versions."""
    with working(actor) as work:
        _require(work, 0)
        found, total = rows.search(work.session, searches.of(query), "process")
        return Page(items=tuple(_record(work, row) for row in found), total=total)


def get(actor: Actor, key: int) -> DefinitionRecord:
    """One process definition."""
    with working(actor) as work:
        return _record(work, _found(work, key))


def xml(actor: Actor, key: int) -> bytes:
    """The diagram as it was deployed, byte for byte."""
    with working(actor) as work:
        row = _found(work, key)
        return rows.file(work.session, row.deployment_key, row.path) or b""


def start_form(actor: Actor, key: int) -> FormRecord | None:
    """The form of the start event; None when there is none."""
    with working(actor) as work:
        form = catalog.process(work.session, _found(work, key).key).start_form()
        row = rows.newest(work.session, "form", form.id) if form else None
        return form_record(work, row.key) if row is not None else None


def form(actor: Actor, key: int) -> FormRecord:
    """One form."""
    with working(actor) as work:
        _require(work, key)
        found = form_record(work, key)
        if found is None:
            raise work.missing("form", key)
        return found


def form_record(work: Work, key: int) -> FormRecord | None:
    """A form as deployed, by its key."""
    row = rows.get(work.session, key, "form")
    content = rows.file(work.session, row.deployment_key, row.path) if row is not None else None
    if row is None or content is None:
        return None
    return FormRecord(
        key=DefinitionKey(row.key), id=row.id, version=row.version, schema=content.decode("utf-8", "replace")
    )


def _require(work: Work, key: int) -> None:
    work.require(Permission.DEFINITION_READ, action="R", kind="definition", key=key)


def _found(work: Work, key: int) -> Found:
    _require(work, key)
    row = rows.get(work.session, key)
    if row is None:
        raise work.missing("definition", key)
    return row


def _record(work: Work, row: Found) -> DefinitionRecord:
    form = catalog.process(work.session, row.key).start_form()
    return deployments.record(row, form_id=form.id if form else "")
