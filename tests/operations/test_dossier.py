"""What is medical is sealed, stays out of process and history, and is read by its owner alone."""

from __future__ import annotations

import pytest
from sqlalchemy import Text, column, create_engine, func, or_, select, text

from service import engine
from service.config import Settings
from service.domain import Actor
from service.operations import audit, casussen, catalog, runtime, starts, tasks
from service.operations.views import Started
from service.store import connection, instances
from service.store.scopes import SERVICE, Scope
from service.store.session import transaction
from tests.operations import proef


@pytest.fixture
def casus(ouder: Actor, ib: Actor, arts: Actor) -> Started:
    """A casus with both advices given; the examination holds the marker."""
    started = starts.start(ouder, "proef", proef.started(), as_html=False)
    for actor, answers in (
        (ib, {"advies": "plek", "toelichting": "Zichtbaar voor school"}),
        (arts, {"conclusie": "nooit", "bevinding": proef.MARKER}),
    ):
        key = next(
            t.key for t in tasks.mine(actor, limit=500).tasks if t.casus_number == started.casus_number
        )
        tasks.complete(actor, key, answers, as_html=False, idempotency_key=f"{key}")
    return started


def shown(actor: Actor, casus: Started) -> set[str]:
    return {row.value for row in casussen.view(actor, casus.casus_number).dossier}


def test_each_partner_reads_what_the_matrix_gives_them(
    casus: Started, ib: Actor, arts: Actor, swv: Actor, ouder: Actor
) -> None:
    assert proef.MARKER in shown(arts, casus)
    assert proef.MARKER not in shown(ib, casus) | shown(swv, casus) | shown(ouder, casus)
    assert "Zichtbaar voor school" in shown(swv, casus)
    assert "Zichtbaar voor school" not in shown(arts, casus)


def test_what_stays_closed_is_named_by_class_only(casus: Started, swv: Actor) -> None:
    assert casussen.view(swv, casus.casus_number).hidden_classes == ("M",)


def test_no_table_holds_a_medical_answer_in_clear(casus: Started, settings: Settings) -> None:
    found: list[str] = []
    admin = create_engine(connection.dialect(runtime.database_url(settings, admin=True)))
    marked = {"marker": f"%{proef.MARKER}%", "hex": f"%{proef.MARKER.encode().hex()}%"}
    with admin.connect() as owner:
        names = owner.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        for table in names.scalars().all():
            rows = column("t", Text)
            source = text(f'(SELECT x::text AS t FROM "{table}" AS x) AS rows')  # noqa: S608  # names of the catalogue
            whole = select(func.count()).select_from(source)
            held = whole.where(or_(rows.like(marked["marker"]), rows.like(marked["hex"])))
            if owner.execute(held).scalar_one():
                found.append(table)
    admin.dispose()
    assert found == []


def test_process_variables_hold_decisions_and_no_dossier(casus: Started) -> None:
    with transaction(SERVICE) as session:
        row = instances.get(session, casus.instance_key)
        assert row is not None
        definition = catalog.process(session, row.definition_key).definition
    root = engine.set_variables(definition, row.state, {}, host=runtime.host()).variables
    assert root == {"casus_id": casus.casus_number, "advies": "plek", "conclusie": "nooit"}


def test_the_story_tells_steps_and_nobodys_answers(casus: Started, auditor: Actor) -> None:
    story = audit.story(auditor, casus.instance_key, "steekproef eerste kwartaal")
    told = repr(story)
    assert story.intact
    assert "Zichtbaar voor school" not in told
    assert "Noor" not in told
    finished = [row for row in story.rows if row.kind == "task:completed"]
    assert [row.element_name for row in finished] == ["Advies geven", "Onderzoek doen"]
    assert finished[0].who == "Esther V."
    assert finished[0].organisation == "Basisschool De Regenboogbrug"
    assert story.elements["Advies"] == 1
    assert story.order[0] == "Start"
    assert story.open_elements == ("Besluit",)


def test_reading_a_story_is_itself_logged(casus: Started, auditor: Actor) -> None:
    audit.story(auditor, casus.instance_key, "controle op verzoek van de fg")
    lines = audit.access(auditor, str(casus.instance_key), auditor.login)
    assert any("controle op verzoek van de fg" in line["ground"] for line in lines)


def test_a_refused_read_is_logged_with_its_reason(
    casus: Started, other_ib: Actor, auditor: Actor, ib: Actor
) -> None:
    key = next(iter(step.task_key for step in casussen.view(ib, casus.casus_number).processes[0].steps), None)
    assert key is None  # done: nothing to open
    before = refused_reads(auditor, other_ib)
    with pytest.raises(Exception, match="Expected"):
        casussen.view(other_ib, casus.casus_number)
    assert refused_reads(auditor, other_ib) == before + 1


def refused_reads(auditor: Actor, of: Actor) -> int:
    lines = audit.access(auditor, "", of.login)
    return sum(line["action"] == "R" and not line["allowed"] for line in lines)


def test_a_forgotten_filter_leaks_nothing(casus: Started, other_ib: Actor) -> None:
    """As the app role, in another organisation's scope, whole tables show no row of this casus."""
    scope = Scope(kind="person", account=other_ib.account, candidates=other_ib.candidates)
    with transaction(scope) as session:
        for table in ("casus", "subject", "casus_participant", "instance", "user_task", "task_candidate"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table  # noqa: S608  # a fixed list
    with transaction(SERVICE) as session:
        for klasse in "iozm":
            assert session.execute(text(f"SELECT count(*) FROM dossier_{klasse}")).scalar_one() == 0  # noqa: S608  # a fixed list
