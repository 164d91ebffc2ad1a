"""Nothing of class Z or M, and no BSN, stands in clear: not in a table, not in a file of the database, not in a log."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from service.config import Settings
from service.domain import SYSTEM, Actor, SubjectKey, TaskKey
from service.errors import AnswersRejected, IdempotencyMismatch, NotFound
from service.operations import (
    audit,
    bsn,
    casussen,
    deployments,
    guard,
    keys,
    messages,
    outbox,
    runtime,
    starts,
    tasks,
)
from service.operations.views import Started
from service.store import casus as casus_rows
from service.store import closed, instances
from service.store.scopes import SERVICE
from service.store.session import transaction
from tests.operations import proef
from tests.operations.conftest import person

NAME = "helder"  # this process and its forms: nobody else's tests meet them
CARE = "thuis-is-zorg-één-8123"
MEDICAL = "diagnose-ernstig-coëliakie-9417"
DRAFT = "concept-naïef-medisch-5530"
REFUSED = "geweigerd-antwoord-zoë-6642"
OUTPUT = "medisch-en-toch-uitvoer-één-2284"  # of class M, and declared as output: it steers the process
MESSAGE = "bericht-inhoud-reünie-7751"
NUMBER = "123456782"
WEIGHED = f"gewogen-{OUTPUT}"  # what a decision makes of it
SECRETS = (CARE, MEDICAL, DRAFT, REFUSED, OUTPUT, MESSAGE, NUMBER)


TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="wegen_model" name="Wegen" namespace="http://sluitend.example/helder">
  <decision id="helder_wegen" name="Wegen"><decisionTable id="tabel" hitPolicy="UNIQUE">
    <input id="in1" label="Oordeel"><inputExpression id="ie1" typeRef="string"><text>oordeel</text></inputExpression></input>
    <output id="uit1" name="gewogen" typeRef="string" />
    <rule id="r1"><inputEntry id="c1"><text>not("x")</text></inputEntry><outputEntry id="o1"><text>if oordeel = null then "niets" else "gewogen-" + oordeel</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="c2"><text>"x"</text></inputEntry><outputEntry id="o2"><text>"anders"</text></outputEntry></rule>
  </decisionTable></decision>
</definitions>
"""
_WEIGHS = """<bpmn:businessRuleTask id="Wegen" name="Wegen"><bpmn:extensionElements>
      <zeebe:calledDecision decisionId="helder_wegen" resultVariable="gewogen" /></bpmn:extensionElements>
      <bpmn:incoming>f5</bpmn:incoming><bpmn:outgoing>f5b</bpmn:outgoing></bpmn:businessRuleTask>
    <bpmn:parallelGateway id="Samen"><bpmn:incoming>f4</bpmn:incoming><bpmn:incoming>f5b</bpmn:incoming>"""


def _weighing(diagram: str) -> str:
    """The diagram with a decision between the examination and the join."""
    first = (
        '<bpmn:parallelGateway id="Samen"><bpmn:incoming>f4</bpmn:incoming><bpmn:incoming>f5</bpmn:incoming>'
    )
    assert first in diagram
    flow = '<bpmn:sequenceFlow id="f5" sourceRef="Onderzoek" targetRef="Samen" />'
    return (
        diagram.replace(first, _WEIGHS)
        .replace(
            flow, flow.replace("Samen", "Wegen") + flow.replace("f5", "f5b").replace("Onderzoek", "Wegen")
        )
        .replace(
            '<bpmn:lane id="Lane_arts" name="Jeugdarts">',
            '<bpmn:lane id="Lane_arts" name="Jeugdarts"><bpmn:flowNodeRef>Wegen</bpmn:flowNodeRef>',
        )
    )


def files() -> dict[str, bytes]:
    """The small process, with a question of class Z, forms of its own, and a decision on a medical answer."""
    found: dict[str, bytes] = {"wegen.dmn": TABLE.encode()}
    for path, content in proef.files().items():
        if path.endswith(".form"):
            whole = json.loads(content)
            whole["id"] = f"{NAME}_{whole['id']}"
            if path.endswith("advies.form"):
                whole["components"].append(proef.field("textfield", "thuis", "Z", "school_ib"))
            if path.endswith("onderzoek.form"):
                whole["components"].append(proef.field("textfield", "oordeel", "M", "jeugdarts"))
                whole["components"][-1]["properties"]["uitvoer"] = "ja"
            found[path.replace("forms/", f"forms/{NAME}_")] = json.dumps(whole).encode()
            continue
        changed = content.decode().replace('process id="proef"', f'process id="{NAME}"')
        if path.endswith(".bpmn"):
            changed = _weighing(changed)
        changed = changed.replace('id = "proef"', f'id = "{NAME}"')
        for form in ("aanmelding", "advies", "onderzoek", "besluit"):
            changed = changed.replace(f'formId="{form}"', f'formId="{NAME}_{form}"')
            changed = changed.replace(f'formulier = "{form}"', f'formulier = "{NAME}_{form}"')
        found[path] = changed.encode()
    return found


def task(actor: Actor, casus: Started) -> TaskKey:
    return next(
        one.key for one in tasks.mine(actor, limit=500).tasks if one.casus_number == casus.casus_number
    )


@contextlib.contextmanager
def listening(into: list[str]) -> Iterator[None]:
    """Everything that any logger says at any level, with its arguments and what was attached to it."""
    root = logging.getLogger()

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            into.append(f"{record.getMessage()} {record.__dict__!r} {record.exc_info!r}")

    ear = Ear(logging.NOTSET)
    loggers = [root, *(logging.getLogger(name) for name in ("service", "sqlalchemy", "sqlalchemy.engine"))]
    levels = [logger.level for logger in loggers]
    deaf = [logger for logger in loggers[1:] if not logger.propagate]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    for logger in [root, *deaf]:
        logger.addHandler(ear)
    try:
        yield
    finally:
        for logger in [root, *deaf]:
            logger.removeHandler(ear)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


@pytest.fixture(scope="module")
def said() -> list[str]:
    return []


@pytest.fixture(scope="module")
def run(service: runtime.Runtime, said: list[str]) -> Started:
    """A case with drafts, a refused answer, a repeat, messages, a look at everything and a bsn."""
    names = (
        "ouder.wilgenveen",
        "school_ib.regenboogbrug",
        "jeugdarts.ggd",
        "swv_po.samenwijs",
        "api.zilverbeek",
    )
    ouder, ib, arts, swv, api = (person(name) for name in names)
    with listening(said):
        with guard.working(SYSTEM) as work:
            deployments.publish(work, NAME, files(), reason="proef")
        started = starts.start(ouder, NAME, proef.started(), as_html=False, idempotency_key="helder-start")
        tasks.save_draft(arts, task(arts, started), {"bevinding": [DRAFT]})
        tasks.open(arts, task(arts, started))
        _refused(arts, task(arts, started))
        _done(
            arts,
            task(arts, started),
            {"conclusie": "nooit", "bevinding": MEDICAL, "verklaring": MEDICAL, "oordeel": OUTPUT},
        )
        tasks.save_draft(ib, task(ib, started), {"thuis": [DRAFT]})
        _done(ib, task(ib, started), {"advies": "plek", "toelichting": "Gewoon", "thuis": CARE})
        messages.publish(api, "helder-bericht", "ZB-1", {"inhoud": MESSAGE})
        with transaction(SERVICE) as session:
            outbox.signal(session, "helder-signaal", {"inhoud": MESSAGE}, at=runtime.now())
        _numbered(arts, started)
        for reader in (ouder, ib, arts, swv):
            casussen.view(reader, started.casus_number)
        with pytest.raises(NotFound):
            tasks.open(swv, TaskKey(started.instance_key))
        tasks.save_draft(swv, task(swv, started), {"uitkomst": [DRAFT]})
    return started


def _refused(actor: Actor, key: TaskKey) -> None:
    """An answer that is refused, and what the page then shows of it."""
    with pytest.raises(AnswersRejected) as refusal:
        tasks.complete(
            actor, key, {"conclusie": [REFUSED], "bevinding": [REFUSED]}, idempotency_key=f"w{key}"
        )
    assert REFUSED not in str(refusal.value)
    tasks.rejected_view(actor, key, {"bevinding": [REFUSED]}, refusal.value.errors)


def _done(actor: Actor, key: TaskKey, answers: dict[str, str]) -> None:
    """Sent, sent again, and sent with something else under the same key."""
    sent = tasks.complete(actor, key, answers, as_html=False, idempotency_key=f"h{key}")
    assert tasks.complete(actor, key, answers, as_html=False, idempotency_key=f"h{key}") == sent
    with pytest.raises(IdempotencyMismatch):
        tasks.complete(actor, key, {**answers, "extra": REFUSED}, as_html=False, idempotency_key=f"h{key}")


def _numbered(actor: Actor, casus: Started) -> None:
    with transaction(SERVICE) as session:
        row = casus_rows.by_number(session, casus.casus_number)
    assert row is not None
    subject = SubjectKey(row.subject_key)
    bsn.put(actor, subject, NUMBER, "Paspoort gezien")
    assert bsn.reveal(actor, subject, "Kennisgeving doen") == NUMBER


def forms_of(secret: str) -> dict[str, bytes]:
    """How a text can stand in bytes without being closed."""
    found = {
        "utf-8": secret.encode(),
        "utf-16-le": secret.encode("utf-16-le"),
        "utf-16-be": secret.encode("utf-16-be"),
    }
    found["json"] = json.dumps(secret)[1:-1].encode()
    found["latin-1"] = secret.encode("latin-1")
    for name in ("utf-8", "utf-16-le"):
        raw = found[name]
        found[f"hex {name}"] = raw.hex().encode()
        found[f"HEX {name}"] = raw.hex().upper().encode()
        for shift in range(3):  # base64 looks different for each place in a group of three
            inner = base64.b64encode(b"\0" * shift + raw)[4 if shift else 0 :]
            found[f"base64+{shift} {name}"] = inner[: len(inner) // 4 * 4 - 4]
    return found


def unpacked(raw: bytes) -> Iterator[bytes]:
    """The bytes, and what is in them when they are compressed or written as hex or base64."""
    yield raw
    for skip in (0, 1):  # a version byte may stand before
        for open_ in (lambda b: zlib.decompressobj(47).decompress(b), lzma.decompress):
            with contextlib.suppress(zlib.error, lzma.LZMAError, EOFError):
                yield open_(raw[skip:])


def leaks(raw: bytes) -> set[str]:
    return {
        f"{secret} as {form}"
        for content in unpacked(raw)
        for secret in SECRETS
        for form, needle in forms_of(secret).items()
        if needle in content
    }


def test_the_search_itself_finds_what_stands_in_clear() -> None:
    """A net with holes catches nothing: every form is found, compressed too."""
    for secret in SECRETS:
        for form, needle in forms_of(secret).items():
            assert len(needle) >= 8, form
            assert leaks(b"ervoor" + needle + b"erna"), form
            assert leaks(b"\x01" + zlib.compress(needle)), form
    assert leaks(base64.b64encode(b"12" + MEDICAL.encode() + b"345"))


def dumped(connection: psycopg.Connection, tables: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Per table what leaks: every column of every row, the bytes themselves and unpacked."""
    found: dict[str, set[str]] = {}
    for schema, table in tables:
        query = sql.SQL("SELECT * FROM {}").format(sql.Identifier(schema, table))
        with connection.cursor(binary=False) as cursor:
            columns = [one.name for one in cursor.execute(query).description or ()]
            rows = cursor.fetchall()
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                raw = bytes(value) if isinstance(value, (bytes, memoryview)) else repr(value).encode()
                if seen := leaks(raw):
                    found.setdefault(f"{schema}.{table}.{column}", set()).update(seen)
    return found


def tables_of(connection: psycopg.Connection) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        " AND has_schema_privilege(schemaname, 'USAGE')"
        " AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
    ).fetchall()


def test_a_dump_by_the_owner_holds_nothing_in_clear(run: Started, settings: Settings) -> None:
    with psycopg.connect(runtime.database_url(settings, admin=True)) as owner:
        tables = tables_of(owner)
        assert {
            ("public", "dossier_m"),
            ("public", "task_draft"),
            ("vault", "bsn"),
            ("public", "instance"),
        } <= set(tables)
        for schema, table in (("public", "dossier_m"), ("public", "dossier_z"), ("vault", "bsn")):
            count = owner.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
            assert count.fetchone() != (0,), table
        assert dumped(owner, tables) == {}


def test_a_dump_by_the_app_role_holds_nothing_in_clear(run: Started, settings: Settings) -> None:
    """With the app role's own rights, and every door that it can open for itself open."""
    with psycopg.connect(runtime.database_url(settings)) as app:
        app.execute("SELECT set_config('sluitend.kind', 'service', true)")
        cases = ",".join(str(key) for (key,) in app.execute("SELECT key FROM casus").fetchall())
        app.execute("SELECT set_config('sluitend.classes', 'I,O,Z,M', true)")
        app.execute("SELECT set_config('sluitend.casus', %s, true)", [cases])
        assert app.execute("SELECT count(*) FROM dossier_m").fetchone() != (0,)
        subjects = [key for (key,) in app.execute("SELECT key FROM subject").fetchall()]
        tables = tables_of(app)
        assert ("vault", "bsn") in tables
        assert dumped(app, [one for one in tables if one != ("vault", "bsn")]) == {}
        for key in subjects:
            app.execute("SELECT set_config('sluitend.vault', %s, true)", [str(key)])
            assert dumped(app, [("vault", "bsn")]) == {}


def test_the_files_of_the_database_and_its_log_hold_nothing_in_clear(
    run: Started, settings: Settings
) -> None:
    """Whoever carries off the disk: tables, indexes, write-ahead log, server log, the whole data folder."""
    with psycopg.connect(runtime.database_url(settings, admin=True), autocommit=True) as owner:
        owner.execute("CHECKPOINT")
        folder = Path(str(owner.execute("SHOW data_directory").fetchone()[0]))  # type: ignore[index]  # SHOW gives a row
    needles = [needle for secret in SECRETS for needle in forms_of(secret).values()]
    read = 0
    for place in {folder.parent, Path(settings.data_dir)}:
        for file in (one for one in place.rglob("*") if one.is_file()):
            content = file.read_bytes()
            read += len(content)
            assert not [needle for needle in needles if needle in content], file.name
    assert read > 10_000_000


def test_no_log_of_the_run_holds_an_answer(run: Started, said: list[str]) -> None:
    assert len(said) > 20
    assert leaks("\n".join(said).encode()) == set()


def test_an_output_of_a_medical_question_steers_the_process_and_stays_closed(
    run: Started, settings: Settings
) -> None:
    with psycopg.connect(runtime.database_url(settings, admin=True)) as owner:
        row = owner.execute("SELECT state FROM instance WHERE key = %s", [run.instance_key]).fetchone()
    assert row is not None
    assert bytes(row[0]).startswith(closed.MARK)
    with transaction(SERVICE) as session:
        opened = instances.get(session, run.instance_key)
    assert opened is not None
    assert any(OUTPUT.encode() in content for content in unpacked(bytes(opened.state)))


def test_who_audits_reads_what_a_decision_weighed_and_that_read_is_logged(
    run: Started, settings: Settings
) -> None:
    found = audit.story(person("auditor.zilverbeek"), run.instance_key, "Klacht van de ouders")
    weighed = next(row for row in found.rows if row.kind == "decision:evaluated")
    assert found.intact
    assert weighed.data["output"] == WEIGHED
    rules = weighed.data["rules"]
    assert isinstance(rules, list)
    assert [rule["inputs"] for rule in rules if isinstance(rule, dict)] == [{"Oordeel": OUTPUT}]
    with psycopg.connect(runtime.database_url(settings, admin=True)) as owner:
        lines = owner.execute(
            "SELECT classes FROM access_log WHERE object_kind = 'story' AND object_key = %s",
            [str(run.instance_key)],
        ).fetchall()
        told = owner.execute(
            "SELECT payload FROM fact WHERE kind = 'decision:evaluated' AND instance_key = %s",
            [run.instance_key],
        ).fetchone()
    assert ("MZ",) in lines
    assert told is not None
    kept = json.loads(told[0])["data"]
    assert [(one["rule"], one["index"]) for one in kept["rules"]] == [("r1", 1)]
    assert set(kept) & {"output", "without_rule"} == set()


def test_a_state_of_before_is_read_and_sealed_by_a_rotation(run: Started, settings: Settings) -> None:
    with transaction(SERVICE) as session:
        opened = instances.get(session, run.instance_key)
    assert opened is not None
    with psycopg.connect(runtime.database_url(settings, admin=True), autocommit=True) as owner:
        owner.execute("UPDATE instance SET state = %s WHERE key = %s", [opened.state, run.instance_key])
        with transaction(SERVICE) as session:
            again = instances.get(session, run.instance_key)
        assert again is not None
        assert again.state == opened.state
        assert keys.status().to_do == 1
        assert keys.rotate() == 1
        row = owner.execute("SELECT state FROM instance WHERE key = %s", [run.instance_key]).fetchone()
    assert row is not None
    assert leaks(bytes(row[0])) == set()
